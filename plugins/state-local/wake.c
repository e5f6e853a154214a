/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waking is writing the file `wake`; waiting is watching the folder for it (inotify). The watch stays from
 * the first wait on, so a wake between two waits is not missed.
 */
#include "wake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

static const char file_name[] = "wake";
enum { EVENTS_SIZE = 4096 };

enum sluice_status state_wake(void *instance, struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    _cleanup_close_ int fd = -1;
    return folder_open(state, file_name, O_WRONLY | O_CREAT | O_TRUNC, &fd, err);
}

static enum sluice_status watch(struct state *state, struct sluice_error *err)
{
    if (state->watch_fd >= 0)
        return SLUICE_OK;
    if (mkdir(state->path, 0700) != 0 && errno != EEXIST)
        return fail_errno(state, err, errno, "");
    _cleanup_close_ int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0 && errno == EMFILE)
        return state->host->fail(
            state->host, err, SLUICE_IO,
            "state %s: no more folders can be watched; raise fs.inotify.max_user_instances", state->path);
    if (fd < 0 || inotify_add_watch(fd, state->path, IN_CLOSE_WRITE | IN_ONLYDIR) < 0)
        return fail_errno(state, err, errno, file_name);
    state->watch_fd = fd;
    fd = -1;
    return SLUICE_OK;
}

/* Takes what the watch has to say: was a wake among it? Lost events count as one. */
static bool woken(int watch_fd)
{
    _Alignas(struct inotify_event) char events[EVENTS_SIZE];
    bool found = false;
    ssize_t n = read(watch_fd, events, sizeof events);
    while (n > 0) {
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *event = (const void *)(events + at);
            found |=
                (event->mask & IN_Q_OVERFLOW) != 0 || (event->len > 0 && strcmp(event->name, file_name) == 0);
            at += (ssize_t)(sizeof *event + event->len);
        }
        n = read(watch_fd, events, sizeof events);
    }
    return found;
}

enum sluice_status state_wait(void *instance, int64_t timeout_ms, struct sluice_error *err)
{
    struct state *state = instance;
    const struct sluice_host *host = state->host;
    arena_reset(&state->result);
    enum sluice_status status = watch(state, err);
    if (status != SLUICE_OK)
        return status;
    int64_t until_us = host->monotonic_us(host) + timeout_ms * 1000;
    struct pollfd fds[] = {{.fd = state->watch_fd, .events = POLLIN},
                           {.fd = host->cancel_fd(host), .events = POLLIN}};
    while (!woken(state->watch_fd)) {
        if (host->cancelled(host))
            return host->fail(host, err, SLUICE_CANCELLED, "cancelled while waiting for work");
        int64_t left_ms = (until_us - host->monotonic_us(host) + 999) / 1000;
        if (left_ms <= 0)
            return SLUICE_END;
        if (poll(fds, 2, left_ms > INT32_MAX ? INT32_MAX : (int)left_ms) < 0 && errno != EINTR)
            return fail_errno(state, err, errno, file_name);
    }
    return SLUICE_OK;
}
