/* SPDX-License-Identifier: Apache-2.0 */
#include "processes.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_PROCESSES = 64, GIVE_UP_SECONDS = 120 };

void process_die(void)
{
    raise(SIGKILL);
    abort();
}

static void child(struct scene *scene, struct shared *shared, size_t i,
                  void (*part)(struct scene *scene, struct shared *shared, size_t i))
{
    alarm(GIVE_UP_SECONDS);
    const char *failure = scene_try(scene, part, shared, i);
    if (failure != NULL)
        snprintf(shared->failure, sizeof shared->failure, "process %zu: %s", i, failure);
    _exit(failure == NULL ? EXIT_SUCCESS : EXIT_FAILURE);
}

struct shared *processes_run(struct scene *scene, size_t n,
                             void (*part)(struct scene *scene, struct shared *shared, size_t i))
{
    expect(scene, n <= MOST_PROCESSES, "the case wants too many processes");
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    expect(scene, shared != MAP_FAILED, "no shared memory");
    pid_t pids[MOST_PROCESSES];
    for (size_t i = 0; i < n; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            child(scene, shared, i, part);
    }
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        int status = 0;
        if (pids[i] < 0 || waitpid(pids[i], &status, 0) != pids[i])
            failed++;
        else if (WIFSIGNALED(status) ? WTERMSIG(status) != SIGKILL : status != 0)
            failed++;
    }
    expect(scene, failed == 0, "%zu of %zu processes failed: %s", failed, n, shared->failure);
    return shared;
}
