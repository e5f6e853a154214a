/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks as threads. A monitor waits on the monotonic clock, so a wall clock that jumps wakes nobody. */
#include "base/task.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct task {
    pthread_t thread;
    void (*run)(void *);
    void *argument;
};

struct monitor {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

static void *task_main(void *argument)
{
    struct task *task = argument;
    task->run(task->argument);
    return NULL;
}

/* Signals are the main thread's: a task starts with all of them blocked. */
static struct task *thread_spawn(const struct task_runtime *runtime, void (*run)(void *), void *argument)
{
    (void)runtime;
    struct task *task = calloc(1, sizeof *task);
    if (task == NULL)
        return NULL;
    task->run = run;
    task->argument = argument;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&task->thread, NULL, task_main, task);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed != 0) {
        free(task);
        return NULL;
    }
    return task;
}

static void thread_join(struct task *task)
{
    pthread_join(task->thread, NULL);
    free(task);
}

static struct monitor *thread_monitor_new(const struct task_runtime *runtime)
{
    (void)runtime;
    struct monitor *monitor = calloc(1, sizeof *monitor);
    if (monitor == NULL)
        return NULL;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&monitor->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&monitor->mutex, NULL);
    return monitor;
}

static void thread_monitor_free(struct monitor *monitor)
{
    if (monitor == NULL)
        return;
    pthread_cond_destroy(&monitor->changed);
    pthread_mutex_destroy(&monitor->mutex);
    free(monitor);
}

static void thread_enter(struct monitor *monitor)
{
    pthread_mutex_lock(&monitor->mutex);
}

static void thread_leave(struct monitor *monitor)
{
    pthread_mutex_unlock(&monitor->mutex);
}

static void thread_wait(struct monitor *monitor, int64_t timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += timeout_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&monitor->changed, &monitor->mutex, &until);
}

static void thread_wake_all(struct monitor *monitor)
{
    pthread_cond_broadcast(&monitor->changed);
}

const struct task_runtime *task_system(void)
{
    static const struct task_runtime system = {
        .spawn = thread_spawn,
        .join = thread_join,
        .monitor_new = thread_monitor_new,
        .monitor_free = thread_monitor_free,
        .enter = thread_enter,
        .leave = thread_leave,
        .wait = thread_wait,
        .wake_all = thread_wake_all,
    };
    return &system;
}
