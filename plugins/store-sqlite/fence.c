/* SPDX-License-Identifier: Apache-2.0 */
#include "fence.h"

#include "plugins/stores/names.h"
#include "query.h"

/* One row says yes. */
static enum sluice_status passes(struct query *query, const char *what, struct sluice_error *err)
{
    const struct sluice_host *host = query->store->host;
    enum sluice_status status = query_step(query, err);
    query_end(query);
    if (status != SLUICE_END)
        return status;
    return host->fail(host, err, SLUICE_LOST, "%s was taken over or ended meanwhile; nothing was written",
                      what);
}

enum sluice_status fence_run(struct store *store, const char *run_id, int64_t epoch, struct sluice_error *err)
{
    struct query query = query_begin(store, SQL_fence_run);
    bind_text(&query, run_id);
    bind_int(&query, epoch);
    return passes(&query, "the run", err);
}

enum sluice_status fence_job(struct store *store, const struct job_key *job, struct sluice_error *err)
{
    struct query query = query_begin(store, SQL_fence_job);
    bind_text(&query, job->run_id);
    bind_int(&query, job->epoch);
    bind_text(&query, job->supplier_id);
    bind_int(&query, job->attempt);
    return passes(&query, "the job", err);
}

static enum sluice_status log_outcome(struct store *store, const struct job_key *job,
                                      const struct sluice_job_outcome *outcome, int64_t now_us,
                                      struct sluice_error *err)
{
    if (outcome->outcome == SLUICE_OUTCOME_CANCELLED)
        return SLUICE_OK;
    struct query query = query_begin(store, SQL_log_put);
    bind_text(&query, job->run_id);
    bind_text(&query, job->supplier_id);
    bind_text(&query, outcome_error_type(outcome));
    bind_text(&query, outcome->message == NULL ? "" : outcome->message);
    bind_null(&query);
    bind_null(&query);
    bind_time(&query, now_us);
    return query_run(&query, err);
}

enum sluice_status job_end(struct store *store, const struct job_key *job,
                           const struct sluice_job_outcome *outcome, const struct sluice_figures *figures,
                           int64_t now_us, struct sluice_error *err)
{
    static const struct sluice_figures none;
    const struct sluice_figures *f = figures == NULL ? &none : figures;
    struct query query = query_begin(store, SQL_job_end);
    bind_text(&query, job->run_id);
    bind_text(&query, job->supplier_id);
    bind_text(&query, outcome_name(outcome->outcome));
    bind_text(&query, outcome_error_type(outcome));
    bind_text(&query, outcome->message);
    bind_time(&query, now_us);
    const uint64_t counts[] = {
        f->rows_read, f->skipped,    f->inserted, f->updated, f->unchanged,
        f->rejected,  f->duplicates, f->gone,     f->rounded, (uint64_t)f->elapsed_us / 1000};
    for (size_t i = 0; i < ELEMENTS(counts); i++)
        bind_int(&query, (int64_t)counts[i]);
    enum sluice_status status = query_run(&query, err);
    return status == SLUICE_OK ? log_outcome(store, job, outcome, now_us, err) : status;
}

enum sluice_status approval_find(struct store *store, const char *supplier_id,
                                 const struct sluice_approval **ret_approval, struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(store, SQL_approval_get);
    bind_text(&query, supplier_id);
    bind_time(&query, store_now_us(store));
    enum sluice_status status = query_step(&query, err);
    if (status == SLUICE_END) {
        *ret_approval = NULL;
        return SLUICE_OK;
    }
    if (status != SLUICE_OK)
        return status;
    struct sluice_approval *approval = arena_alloc(&store->result, sizeof *approval);
    if (approval == NULL)
        return store_no_memory(store, err);
    approval->struct_size = sizeof *approval;
    approval->hold_id = column_keep(&query, 0);
    approval->guard = column_keep(&query, 1);
    approval->content_hash = column_keep(&query, 2);
    approval->figure = sqlite3_column_double(query.statement, 3);
    if (store->result.failed)
        return store_no_memory(store, err);
    *ret_approval = approval;
    return SLUICE_OK;
}

enum sluice_status approval_use(struct store *store, const char *supplier_id, int64_t now_us,
                                struct sluice_error *err)
{
    struct query query = query_begin(store, SQL_approval_use);
    bind_text(&query, supplier_id);
    bind_time(&query, now_us);
    return query_run(&query, err);
}
