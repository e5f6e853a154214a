/* SPDX-License-Identifier: Apache-2.0 */
#include "fence.h"

#include "plugins/stores/names.h"
#include "query.h"

void fence_run(struct store *store, const char *run_id, int64_t epoch)
{
    struct query query = query_begin(store, SQL_fence_run);
    bind_id(&query, run_id);
    bind_int(&query, epoch);
    query_send(&query);
}

static void bind_job(struct query *query, const struct job_key *job)
{
    bind_id(query, job->run_id);
    bind_int(query, job->epoch);
    bind_id(query, job->supplier_id);
    bind_int(query, job->attempt);
}

void fence_job(struct store *store, const struct job_key *job)
{
    struct query query = query_begin(store, SQL_fence_job);
    bind_job(&query, job);
    query_send(&query);
}

static void log_outcome(struct store *store, const struct job_key *job,
                        const struct sluice_job_outcome *outcome)
{
    if (outcome->outcome == SLUICE_OUTCOME_CANCELLED)
        return;
    struct query query = query_begin(store, SQL_log_put);
    bind_id(&query, job->run_id);
    bind_id(&query, job->supplier_id);
    bind_text(&query, outcome_error_type(outcome));
    bind_text(&query, outcome->message == NULL ? "" : outcome->message);
    bind_null(&query);
    bind_null(&query);
    query_send(&query);
}

void job_end(struct store *store, const struct job_key *job, const struct sluice_job_outcome *outcome,
             const struct sluice_figures *figures)
{
    static const struct sluice_figures none;
    const struct sluice_figures *f = figures == NULL ? &none : figures;
    struct query query = query_begin(store, SQL_job_end);
    bind_id(&query, job->run_id);
    bind_id(&query, job->supplier_id);
    bind_text(&query, outcome_name(outcome->outcome));
    bind_text(&query, outcome_error_type(outcome));
    bind_text(&query, outcome->message);
    const uint64_t counts[] = {
        f->rows_read, f->skipped,    f->inserted, f->updated, f->unchanged,
        f->rejected,  f->duplicates, f->gone,     f->rounded, (uint64_t)f->elapsed_us / 1000};
    for (size_t i = 0; i < ELEMENTS(counts); i++)
        bind_int(&query, (int64_t)counts[i]);
    query_send(&query);
    log_outcome(store, job, outcome);
}

void approval_use(struct store *store, const char *supplier_id)
{
    struct query query = query_begin(store, SQL_approval_use);
    bind_id(&query, supplier_id);
    query_send(&query);
}

enum sluice_status lost_or(struct store *store, const struct job_key *job, enum sluice_status status,
                           struct sluice_error *err)
{
    bool dry = job->run_id[0] == '\0';
    if (dry || store->link != NULL || status != SLUICE_RETRY ||
        store_enter(store, STORE_SHORT, NULL) != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_job_is_ours);
    bind_job(&query, job);
    if (query_run(&query, NULL) != SLUICE_OK || query_next(&query))
        return status;
    return store->host->fail(store->host, err, SLUICE_LOST,
                             "the job was taken over or ended meanwhile; nothing was written");
}
