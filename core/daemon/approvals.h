/* SPDX-License-Identifier: Apache-2.0 */
/* An approval asks for another read of what was held. Whoever gives one while a run is at work cannot queue that read: it
 * is queued here once the run has ended. */
#ifndef DAEMON_APPROVALS_H
#define DAEMON_APPROVALS_H

#include "daemon/daemon.h"

/* Queues a run for the approvals that were given since the newest run was asked for, unless that one is unfinished. Each
 * is read again once: a run that was asked for later has had its chance. */
enum sluice_status approvals_queue(struct instance *store, const struct host_services *services, bool *ret_queued,
                                   struct sluice_error *err);

#endif
