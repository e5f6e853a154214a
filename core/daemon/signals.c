/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/signals.h"

#include <errno.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum sluice_status signals_begin(struct signals *signals, struct sluice_error *err)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    signals->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals->fd < 0)
        return error_errno(err, errno, "signals");
    pthread_sigmask(SIG_BLOCK, &set, &signals->former);
    return SLUICE_OK;
}

void signals_end(struct signals *signals)
{
    if (signals->fd < 0)
        return;
    pthread_sigmask(SIG_SETMASK, &signals->former, NULL);
    close(signals->fd);
    signals->fd = -1;
}

int signals_take(const struct signals *signals)
{
    struct signalfd_siginfo info;
    if (read(signals->fd, &info, sizeof info) != (ssize_t)sizeof info)
        return 0;
    return (int)info.ssi_signo;
}
