/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commit: one message with the differences, prices, rejects, what was accepted, the fence, the job's
 * outcome and COMMIT. The server does it without this side, so no lock of a shared row waits for a client
 * that was stopped.
 */
#include "plugins/stores/calls.h"
#include "query.h"
#include "snapshot.h"

enum { NO_JUMP = 1000000, GONE_CEILING = 4 << 20, GONE_AT_ONCE = 1 << 20 };

static enum sluice_status gone_flush(struct snapshot *snapshot, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    if (snapshot->way != COMPARED_HERE || snapshot->stat.figures.gone == 0)
        return SLUICE_OK;
    _cleanup_(buffer_free) struct buffer gone = BUFFER_INIT(GONE_CEILING);
    rows_begin(&gone);
    enum sluice_status status = stage_prepare(snapshot, err);
    for (size_t i = 0; i < snapshot->known.n && status == SLUICE_OK; i++) {
        const struct known *entry = &snapshot->known.entries[i];
        if (!known_is_gone(entry))
            continue;
        row_begin(&gone, 1);
        row_bytes(&gone, entry->id, sizeof entry->id);
        if (gone.size > GONE_AT_ONCE)
            status = copy_in(store, sql_of(SQL_copy_gone), &gone, err);
    }
    store->stage_used = snapshot->gone_staged = true;
    return status == SLUICE_OK && !rows_are_none(&gone) ? copy_in(store, sql_of(SQL_copy_gone), &gone, err)
                                                        : status;
}

/* ---- The statements of the message ---- */

static void send_at(struct snapshot *snapshot, enum statement which)
{
    struct query query = query_begin(snapshot->store, which);
    bind_text(&query, snapshot->way == LOADED ? snapshot->at : NULL);
    query_send(&query);
}

static void send_plain(struct snapshot *snapshot, enum statement which)
{
    struct query query = query_begin(snapshot->store, which);
    query_send(&query);
}

static void send_of_supplier(struct snapshot *snapshot, enum statement which)
{
    struct query query = query_begin(snapshot->store, which);
    bind_id(&query, snapshot->job.supplier_id);
    query_send(&query);
}

static void items_send(struct snapshot *snapshot)
{
    const struct sluice_figures *figures = &snapshot->stat.figures;
    if (snapshot->gone_staged)
        send_plain(snapshot, SQL_merge_gone);
    if (snapshot->staged) {
        if (snapshot->way == LOADED && snapshot->staged_twice)
            send_plain(snapshot, SQL_stage_settle);
        send_at(snapshot, SQL_merge_prices);
        send_at(snapshot, SQL_merge_update);
    }
    if (snapshot->staged && snapshot->way != LOADED && figures->inserted > 0) {
        send_of_supplier(snapshot, SQL_merge_insert);
        send_plain(snapshot, SQL_merge_first_prices);
    }
    if (figures->inserted + figures->updated + figures->gone > 0)
        send_of_supplier(snapshot, SQL_merge_supplier);
}

static void rejects_send(struct snapshot *snapshot)
{
    struct query query = query_begin(snapshot->store, SQL_merge_rejects);
    if (!snapshot->rejects_staged)
        return;
    bind_id(&query, snapshot->job.run_id);
    bind_id(&query, snapshot->job.supplier_id);
    query_send(&query);
}

static void version_send(struct snapshot *snapshot, const struct sluice_snapshot_commit *commit)
{
    const struct sluice_figures *figures = &snapshot->stat.figures;
    struct query query = query_begin(snapshot->store, SQL_merge_version);
    bind_text(&query, snapshot->job.supplier_id);
    bind_text(&query, commit->version);
    bind_text(&query, commit->fingerprint);
    bind_text(&query, commit->mapping);
    bind_int(&query, (int64_t)(figures->inserted + figures->updated + figures->unchanged));
    bind_id(&query, snapshot->job.run_id);
    bind_int(&query, snapshot->full ? 0 : 1);
    query_send(&query);
}

static enum sluice_status merge(struct snapshot *snapshot, const struct sluice_snapshot_commit *commit,
                                struct sluice_error *err)
{
    struct store *store = snapshot->store;
    const struct sluice_job_outcome *outcome = commit->outcome;
    if (!snapshot->loading)
        transaction_begin(store);
    snapshot->loading = false;
    items_send(snapshot);
    rejects_send(snapshot);
    version_send(snapshot, commit);
    approval_use(store, snapshot->job.supplier_id);
    fence_job(store, &snapshot->job);
    job_end(store, &snapshot->job, outcome,
            outcome->figures == NULL ? &snapshot->stat.figures : outcome->figures);
    return transaction_commit(store, err);
}

enum sluice_status store_snapshot_commit(void *instance, void *snapshot,
                                         const struct sluice_snapshot_commit *commit,
                                         struct sluice_error *err)
{
    struct store *store = instance;
    struct snapshot *own = snapshot;
    struct job_key job = own->job;
    enum sluice_status status = snapshot_resume(own, STORE_LONG, err);
    if (own->dry)
        status = store->host->fail(store->host, err, SLUICE_FATAL, "a dry snapshot cannot be committed");
    if (status == SLUICE_OK && !own->diffed)
        status = snapshot_diff(own, NO_JUMP, err);
    if (status == SLUICE_OK)
        status = rejects_flush(own, err);
    if (status == SLUICE_OK)
        status = stage_flush(own, err);
    if (status == SLUICE_OK)
        status = gone_flush(own, err);
    if (status == SLUICE_OK)
        status = merge(own, commit, err);
    snapshot_free(own);
    return lost_or(store, &job, status, err);
}

/* ---- Ending without items ---- */

static enum sluice_status keep_rejects(struct snapshot *snapshot, const struct sluice_job_outcome *outcome,
                                       struct sluice_error *err)
{
    struct store *store = snapshot->store;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (snapshot->link != store->n_links)
        snapshot->rejects_staged = snapshot->stage_clean = false; /* what was staged went with the link */
    if (status == SLUICE_OK)
        status = rejects_flush(snapshot, err);
    if (status != SLUICE_OK)
        return status;
    transaction_begin(store);
    rejects_send(snapshot);
    fence_job(store, &snapshot->job);
    job_end(store, &snapshot->job, outcome, outcome->figures);
    return transaction_commit(store, err);
}

enum sluice_status store_snapshot_abort(void *instance, void *snapshot,
                                        const struct sluice_job_outcome *outcome, struct sluice_error *err)
{
    struct snapshot *own = snapshot;
    enum sluice_status status = SLUICE_OK;
    (void)instance;
    snapshot_yield(own);
    if (outcome != NULL && !own->dry)
        status = keep_rejects(own, outcome, err);
    snapshot_free(own);
    return status;
}
