/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stop_signals.h"

#include "cli/exit.h"
#include "cli/output.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct stop_signals {
    struct cancel *cancel;
    int signals, end; /* descriptors */
    sigset_t former;
    pthread_t thread;
};

static void *wait_for_signals(void *argument)
{
    struct stop_signals *self = argument;
    struct pollfd fds[] = {{.fd = self->signals, .events = POLLIN}, {.fd = self->end, .events = POLLIN}};
    for (;;) {
        struct signalfd_siginfo info;
        poll(fds, 2, -1);
        if (fds[1].revents != 0)
            return NULL;
        if (fds[0].revents == 0 || read(self->signals, &info, sizeof info) != (ssize_t)sizeof info)
            continue;
        if (cancel_requested(self->cancel))
            _exit(EXIT_INTERRUPTED);
        cancel_request(self->cancel);
        output_note("stopping; what is finished stays. Once more stops at once");
    }
}

static void signals_free(struct stop_signals *self)
{
    if (self->signals >= 0)
        close(self->signals);
    if (self->end >= 0)
        close(self->end);
    free(self);
}

struct stop_signals *stop_signals_begin(struct cancel *cancel)
{
    struct stop_signals *self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    self->cancel = cancel;
    self->signals = signalfd(-1, &set, SFD_CLOEXEC);
    self->end = eventfd(0, EFD_CLOEXEC);
    if (self->signals >= 0 && self->end >= 0 && pthread_sigmask(SIG_BLOCK, &set, &self->former) == 0) {
        if (pthread_create(&self->thread, NULL, wait_for_signals, self) == 0)
            return self;
        pthread_sigmask(SIG_SETMASK, &self->former, NULL);
    }
    signals_free(self);
    return NULL;
}

void stop_signals_end(struct stop_signals *self)
{
    const uint64_t one = 1;
    if (self == NULL)
        return;
    if (write(self->end, &one, sizeof one) == (ssize_t)sizeof one)
        pthread_join(self->thread, NULL);
    pthread_sigmask(SIG_SETMASK, &self->former, NULL);
    signals_free(self);
}
