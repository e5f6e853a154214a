/* SPDX-License-Identifier: Apache-2.0 */
/* The merge: one transaction that writes the differences, prices, rejects and the outcome, and checks the
 * fence last. */
#include "snapshot.h"

#include "plugins/stores/calls.h"
#include "query.h"

enum { NO_JUMP = 1000000 };

static enum sluice_status merge_last_id(struct store *store, int64_t *ret_id, struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(store, SQL_merge_last_id);
    enum sluice_status status = query_step(&query, err);
    if (status == SLUICE_OK)
        *ret_id = column_int(&query, 0);
    return status;
}

static enum sluice_status merge_items(struct snapshot *snapshot, int64_t now_us, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    int64_t last_id = 0;
    enum sluice_status status = merge_last_id(store, &last_id, err);
    if (status != SLUICE_OK)
        return status;
    struct query gone = query_begin(store, SQL_merge_gone);
    bind_time(&gone, now_us);
    status = query_run(&gone, err);
    if (status != SLUICE_OK)
        return status;
    struct query update = query_begin(store, SQL_merge_update);
    bind_time(&update, now_us);
    status = query_run(&update, err);
    if (status != SLUICE_OK)
        return status;
    struct query insert = query_begin(store, SQL_merge_insert);
    bind_text(&insert, snapshot->job.supplier_id);
    bind_time(&insert, now_us);
    bind_int(&insert, last_id);
    status = query_run(&insert, err);
    if (status != SLUICE_OK)
        return status;
    struct query prices = query_begin(store, SQL_merge_prices);
    bind_time(&prices, now_us);
    bind_int(&prices, last_id);
    status = query_run(&prices, err);
    if (status != SLUICE_OK)
        return status;
    struct query supplier = query_begin(store, SQL_merge_supplier);
    bind_text(&supplier, snapshot->job.supplier_id);
    bind_time(&supplier, now_us);
    return query_run(&supplier, err);
}

static enum sluice_status merge_rejects(struct snapshot *snapshot, int64_t now_us, struct sluice_error *err)
{
    struct query query = query_begin(snapshot->store, SQL_merge_rejects);
    bind_text(&query, snapshot->job.run_id);
    bind_text(&query, snapshot->job.supplier_id);
    bind_time(&query, now_us);
    return query_run(&query, err);
}

static enum sluice_status merge_version(struct snapshot *snapshot,
                                        const struct sluice_snapshot_commit *commit, int64_t now_us,
                                        struct sluice_error *err)
{
    const struct sluice_figures *figures = &snapshot->stat.figures;
    struct query query = query_begin(snapshot->store, SQL_merge_version);
    bind_text(&query, snapshot->job.supplier_id);
    bind_text(&query, commit->version);
    bind_text(&query, commit->fingerprint);
    bind_text(&query, commit->mapping);
    bind_int(&query, (int64_t)(figures->inserted + figures->updated + figures->unchanged));
    bind_text(&query, snapshot->job.run_id);
    bind_time(&query, now_us);
    bind_int(&query, snapshot->full ? 0 : 1);
    return query_run(&query, err);
}

static bool changes_items(const struct snapshot *snapshot)
{
    const struct sluice_figures *figures = &snapshot->stat.figures;
    return figures->inserted + figures->updated + figures->gone > 0;
}

static enum sluice_status merge(struct snapshot *snapshot, const struct sluice_snapshot_commit *commit,
                                struct sluice_error *err)
{
    struct store *store = snapshot->store;
    const struct sluice_job_outcome *outcome = commit->outcome;
    int64_t now_us = store_now_us(store);
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_begin(&transaction, err);
    if (status == SLUICE_OK && changes_items(snapshot))
        status = merge_items(snapshot, now_us, err);
    if (status == SLUICE_OK)
        status = merge_rejects(snapshot, now_us, err);
    if (status == SLUICE_OK)
        status = merge_version(snapshot, commit, now_us, err);
    if (status == SLUICE_OK)
        status = approval_use(store, snapshot->job.supplier_id, now_us, err);
    /* The fence asks for a running job, so it stands before the job's own end and nothing else follows that.
     */
    if (status == SLUICE_OK)
        status = fence_job(store, &snapshot->job, err);
    if (status == SLUICE_OK)
        status = job_end(store, &snapshot->job, outcome,
                         outcome->figures == NULL ? &snapshot->stat.figures : outcome->figures, now_us, err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}

enum sluice_status store_snapshot_commit(void *instance, void *snapshot,
                                         const struct sluice_snapshot_commit *commit,
                                         struct sluice_error *err)
{
    struct store *store = instance;
    struct snapshot *own = snapshot;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (own->dry)
        status = store->host->fail(store->host, err, SLUICE_FATAL, "a dry snapshot cannot be committed");
    if (status == SLUICE_OK && !own->diffed)
        status = snapshot_diff(own, NO_JUMP, err);
    if (status == SLUICE_OK)
        status = merge(own, commit, err);
    store->lists_changed |= status == SLUICE_OK;
    snapshot_free(own);
    return status;
}

static enum sluice_status keep_rejects(struct snapshot *snapshot, const struct sluice_job_outcome *outcome,
                                       struct sluice_error *err)
{
    struct store *store = snapshot->store;
    int64_t now_us = store_now_us(store);
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_begin(&transaction, err);
    if (status == SLUICE_OK)
        status = merge_rejects(snapshot, now_us, err);
    if (status == SLUICE_OK)
        status = fence_job(store, &snapshot->job, err);
    if (status == SLUICE_OK)
        status = job_end(store, &snapshot->job, outcome, outcome->figures, now_us, err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}

enum sluice_status store_snapshot_abort(void *instance, void *snapshot,
                                        const struct sluice_job_outcome *outcome, struct sluice_error *err)
{
    struct store *store = instance;
    struct snapshot *own = snapshot;
    enum sluice_status status = SLUICE_OK;
    if (outcome != NULL && !own->dry) {
        if (!sqlite3_get_autocommit(store->db)) /* a write to the stage had failed: end its transaction */
            status = store_execute(store, "ROLLBACK", err);
        if (status == SLUICE_OK)
            status = store_enter(store, STORE_SHORT, err);
        if (status == SLUICE_OK)
            status = keep_rejects(own, outcome, err);
    }
    snapshot_free(own);
    return status;
}
