/* SPDX-License-Identifier: Apache-2.0 */
/* The table that a store gives to the host. */
#include "calls.h"

const struct sluice_store store_calls = {
    .struct_size = sizeof store_calls,
    .schema = store_schema,
    .clock = store_clock,
    .request_put = store_request_put,
    .request_cancel = store_request_cancel,
    .run_claim = store_run_claim,
    .run_renew = store_run_renew,
    .run_finish = store_run_finish,
    .suppliers_sync = store_suppliers_sync,
    .jobs_enqueue = store_jobs_enqueue,
    .job_claim = store_job_claim,
    .job_renew = store_job_renew,
    .job_finish = store_job_finish,
    .job_release = store_job_release,
    .job_lookup = store_job_lookup,
    .snapshot_open = store_snapshot_open,
    .snapshot_write = store_snapshot_write,
    .snapshot_reject = store_snapshot_reject,
    .snapshot_stat = store_snapshot_stat,
    .snapshot_commit = store_snapshot_commit,
    .snapshot_abort = store_snapshot_abort,
    .hold_put = store_hold_put,
    .hold_decide = store_hold_decide,
    .master_approval = store_master_approval,
    .schedule_get = store_schedule_get,
    .schedule_begin = store_schedule_begin,
    .schedule_pause = store_schedule_pause,
    .ticks_put = store_ticks_put,
    .audit_put = store_audit_put,
    .prune = store_prune,
    .query = store_query,
};

static void host_random(const struct random_source *random, void *bytes, size_t n)
{
    const struct sluice_host *host = random->context;
    host->random(host, bytes, n);
}

struct random_source store_random(const struct sluice_host *host)
{
    union {
        const struct sluice_host *constant;
        void *context;
    } pointer = {.constant = host};
    return (struct random_source){.bytes = host_random, .context = pointer.context};
}
