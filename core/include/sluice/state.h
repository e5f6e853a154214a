/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state contract: who holds the lock, what is moving now, wake-ups, token buckets. A hint that may lose
 * everything at any moment: no call's answer decides what the store decides. Every call is [run]; results
 * returned through `ret_…` live until the next call on the same instance. destroy () releases nothing.
 */
#ifndef SLUICE_STATE_H
#define SLUICE_STATE_H

#include <sluice/plugin.h>

struct sluice_lock_holder {
    uint32_t struct_size;
    uint32_t provably_dead; /* 1: its process cannot act any more; tell the store and take over */
    const char *run_id;
    const char *who; /* host and pid for people, or NULL */
};

/* What readers see; `status` is idle, syncing_master or processing_suppliers. */
struct sluice_progress {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t epoch;
    const char *status;
    const char *run_id;      /* NULL when idle */
    uint32_t current, total; /* finished jobs and all; total 0: unknown yet */
    int64_t started_us;      /* microseconds since 1970 UTC, 0: none */
    int64_t last_run_us;     /* end of the last run that ended well, 0: none */
    const char *waiting_for; /* what the run waits for, such as "quota", or NULL */
    int64_t waiting_until_us;
};

struct sluice_bucket {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;
    uint32_t per_minute;
    uint32_t burst;
    uint32_t cost;
};

struct sluice_state {
    uint32_t struct_size;
    uint32_t reserved;

    /* OK: ours until the time to live ends. OK with *ret_holder set: ours, and the former holder was provably
     * dead. BUSY: *ret_holder has it. */
    enum sluice_status (*lock)(void *instance, const char *run_id, int64_t ttl_ms,
                               const struct sluice_lock_holder **ret_holder, struct sluice_error *err);
    enum sluice_status (*renew)(void *instance, const char *run_id, int64_t ttl_ms,
                                struct sluice_error *err); /* LOST */
    enum sluice_status (*release)(void *instance, const char *run_id,
                                  struct sluice_error *err); /* only its own */
    /* Who holds it, without taking it; END: nobody. */
    enum sluice_status (*holder)(void *instance, const struct sluice_lock_holder **ret_holder,
                                 struct sluice_error *err);

    /* Ignored when a higher epoch is there already. */
    enum sluice_status (*publish)(void *instance, const struct sluice_progress *progress,
                                  struct sluice_error *err);
    enum sluice_status (*observe)(void *instance, const struct sluice_progress **ret_progress,
                                  struct sluice_error *err); /* END: nothing known */

    enum sluice_status (*wake)(void *instance, struct sluice_error *err); /* everyone that waits */
    /* OK: woken, END: time is over. */
    enum sluice_status (*wait)(void *instance, int64_t timeout_ms, struct sluice_error *err);

    /* Takes `cost` tokens now (*ret_wait_ms 0), or takes none and says how long until they are there. */
    enum sluice_status (*take)(void *instance, const struct sluice_bucket *bucket, int64_t *ret_wait_ms,
                               struct sluice_error *err);
};

#endif
