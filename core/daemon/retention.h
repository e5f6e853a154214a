/* SPDX-License-Identifier: Apache-2.0 */
/* Prunes what the store need not keep any longer, every few hours. */
#ifndef DAEMON_RETENTION_H
#define DAEMON_RETENTION_H

#include "daemon/daemon.h"

struct retention {
    const struct retention_options *options;
    const struct clock *clock;
    int64_t due_us; /* monotonic */
};

/* The first time is soon, but not in the middle of everything's beginning. */
void retention_begin(struct retention *retention, const struct retention_options *options,
                     const struct host_services *services);
/* Prunes when it is time to; else OK at once. */
enum sluice_status retention_prune(struct retention *retention, struct instance *store,
                                   struct sluice_error *err);

#endif
