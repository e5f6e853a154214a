/* SPDX-License-Identifier: Apache-2.0 */
/* One thing to tell: which words it becomes, whether anyone wants to hear it, and its way to the webhook. */
#ifndef DAEMON_NOTICE_H
#define DAEMON_NOTICE_H

#include "daemon/notify.h"

enum notice_kind { NOTICE_RUN, NOTICE_MISSED, NOTICE_TEST };

struct notice {
    enum notice_kind kind;
    char run_id[SLUICE_ID_SIZE];
    enum sluice_outcome outcome;
    bool throttled;
    char message[512];
    const char *schedule;
    uint64_t missed;
    int64_t next_us;
};

/*
 * Asks the store what there is to say about it and posts {"event", "run_id", "outcome", "message",
 * "suppliers": [{"name", "outcome", "error_type", "message"}], "at"}. OK also when nobody wants to hear it. The
 * webhook's address, which may hold a secret, is in no message.
 */
enum sluice_status notice_tell(const struct host_services *services, const struct sync_setup *setup,
                               const struct notify_options *options, const struct notice *notice,
                               struct sluice_error *err);

#endif
