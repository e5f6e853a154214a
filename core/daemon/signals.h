/* SPDX-License-Identifier: Apache-2.0 */
/* The signals that the daemon takes, as a descriptor: no handler runs in the middle of anything. */
#ifndef DAEMON_SIGNALS_H
#define DAEMON_SIGNALS_H

#include "base/error.h"

#include <signal.h>

struct signals {
    int fd;
    sigset_t former;
};

/* Blocks SIGTERM, SIGINT and SIGHUP for this thread and those it makes. */
enum sluice_status signals_begin(struct signals *signals, struct sluice_error *err);
void signals_end(struct signals *signals); /* [cleanup] accepts one that did not begin (fd -1) */

/* The next one that came, 0: none. */
int signals_take(const struct signals *signals);

#endif
