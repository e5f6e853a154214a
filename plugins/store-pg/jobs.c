/* SPDX-License-Identifier: Apache-2.0 */
/* An attempt is named by run, epoch, supplier and attempt number; only the current one can change anything.
 */
#include "fence.h"
#include "plugins/stores/calls.h"
#include "query.h"

#include <stdio.h>
#include <string.h>

enum sluice_status store_jobs_enqueue(void *instance, const char *run_id, int64_t epoch, uint32_t *ret_total,
                                      struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query state = query_begin(store, SQL_run_to_suppliers);
    struct query jobs = query_begin(store, SQL_jobs_enqueue);
    _cleanup_(query_end) struct query count = query_begin(store, SQL_jobs_count);
    transaction_begin(store);
    bind_id(&state, run_id);
    bind_int(&state, epoch);
    query_send(&state);
    bind_id(&jobs, run_id);
    bind_int(&jobs, epoch);
    query_send(&jobs);
    bind_id(&count, run_id);
    query_ask(&count);
    fence_run(store, run_id, epoch);
    status = transaction_commit(store, err);
    if (status == SLUICE_OK && query_next(&count))
        *ret_total = (uint32_t)column_int(&count, 0);
    return status;
}

static enum sluice_status job_read(const struct query *query, const struct sluice_job **ret_job,
                                   struct sluice_error *err)
{
    struct arena *arena = &query->store->result;
    struct sluice_job *job = arena_alloc(arena, sizeof *job);
    struct sluice_approval *approval = arena_alloc(arena, sizeof *approval);
    if (job == NULL || approval == NULL)
        return store_no_memory(query->store, err);
    job->struct_size = sizeof *job;
    job->attempt = (uint32_t)column_int(query, 0);
    snprintf(job->run_id, sizeof job->run_id, "%s", column_text(query, 1));
    snprintf(job->supplier_id, sizeof job->supplier_id, "%s", column_text(query, 2));
    job->epoch = column_int(query, 3);
    job->key = column_keep(query, 4);
    job->name = column_keep(query, 5);
    job->source_type = column_keep(query, 6);
    job->source_url = column_keep(query, 7);
    job->version = column_keep(query, 8);
    job->fingerprint = column_keep(query, 9);
    job->mapping = column_keep(query, 10);
    job->flags = (uint32_t)column_int(query, 11);
    job->reads_since_full = (uint32_t)column_int(query, 12);
    job->deaths = (uint32_t)column_int(query, 13);
    if (column_text(query, 14) != NULL) {
        approval->struct_size = sizeof *approval;
        approval->hold_id = column_keep(query, 14);
        approval->guard = column_keep(query, 15);
        approval->content_hash = column_keep(query, 16);
        approval->figure = strtod(column_text(query, 17), NULL);
        job->approval = approval;
    }
    if (arena->failed)
        return store_no_memory(query->store, err);
    *ret_job = job;
    return SLUICE_OK;
}

/* END or BUSY, when no job is free. */
static enum sluice_status nothing_free(struct store *store, const char *run_id, struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(store, SQL_job_busy);
    bind_id(&query, run_id);
    enum sluice_status status = query_run(&query, err);
    if (status != SLUICE_OK || !query_next(&query))
        return status == SLUICE_OK ? SLUICE_END : status;
    return store->host->fail(store->host, err, SLUICE_BUSY,
                             "every unfinished job is leased by another worker");
}

enum sluice_status store_job_claim(void *instance, const char *run_id, const char *worker, int64_t lease_ms,
                                   const struct sluice_job **ret_job, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query share = query_begin(store, SQL_run_share);
    _cleanup_(query_end) struct query take = query_begin(store, SQL_job_take);
    transaction_begin(store);
    bind_id(&share, run_id);
    query_send(&share);
    bind_id(&take, run_id);
    bind_text(&take, worker);
    bind_int(&take, lease_ms);
    bind_text(&take, store->backend_pid);
    bind_text(&take, store->backend_start);
    query_ask(&take);
    status = transaction_commit(store, err);
    if (status != SLUICE_OK)
        return status;
    store->lease_ms = lease_ms;
    store->claimed_on = store->n_links;
    return query_next(&take) ? job_read(&take, ret_job, err) : nothing_free(store, run_id, err);
}

enum sluice_status store_job_renew(void *instance, const struct sluice_job *job, int64_t lease_ms,
                                   uint32_t *ret_cancelled, struct sluice_error *err)
{
    struct store *store = instance;
    struct job_key key = job_key(job);
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query run = query_begin(store, SQL_run_extend);
    struct query extend = query_begin(store, SQL_job_extend);
    _cleanup_(query_end) struct query cancelled = query_begin(store, SQL_run_cancelled);
    transaction_begin(store);
    bind_id(&run, key.run_id);
    bind_int(&run, key.epoch);
    bind_int(&run, lease_ms);
    query_send(&run);
    bind_id(&extend, key.run_id);
    bind_id(&extend, key.supplier_id);
    bind_int(&extend, key.attempt);
    bind_int(&extend, lease_ms);
    query_send(&extend);
    bind_id(&cancelled, key.run_id);
    query_ask(&cancelled);
    fence_job(store, &key);
    status = transaction_commit(store, err);
    if (status == SLUICE_OK && query_next(&cancelled))
        *ret_cancelled = (uint32_t)column_int(&cancelled, 0);
    return status;
}

/* A list found unchanged is a read, too: after enough of them one compares in full. */
static void count_read(struct store *store, const char *supplier_id, uint32_t outcome)
{
    if (outcome != SLUICE_OUTCOME_UNCHANGED)
        return;
    struct query query = query_begin(store, SQL_version_seen_again);
    bind_text(&query, supplier_id);
    query_send(&query);
}

enum sluice_status store_job_finish(void *instance, const struct sluice_job *job,
                                    const struct sluice_job_outcome *outcome, struct sluice_error *err)
{
    struct store *store = instance;
    struct job_key key = job_key(job);
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    transaction_begin(store);
    count_read(store, key.supplier_id, outcome->outcome);
    fence_job(store, &key);
    job_end(store, &key, outcome, outcome->figures);
    return transaction_commit(store, err);
}

enum sluice_status store_job_release(void *instance, const struct sluice_job *job, struct sluice_error *err)
{
    struct store *store = instance;
    struct job_key key = job_key(job);
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_job_release);
    transaction_begin(store);
    fence_job(store, &key);
    bind_id(&query, key.run_id);
    bind_id(&query, key.supplier_id);
    query_send(&query);
    return transaction_commit(store, err);
}

static enum sluice_job_state job_state_of(const char *name)
{
    if (strcmp(name, "waiting") == 0)
        return SLUICE_JOB_WAITING;
    return strcmp(name, "running") == 0 ? SLUICE_JOB_RUNNING : SLUICE_JOB_DONE;
}

enum sluice_status store_job_lookup(void *instance, const char *run_id, const char *supplier_id,
                                    uint32_t attempt, enum sluice_job_state *ret_state,
                                    struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_job_state);
    bind_id(&query, run_id);
    bind_id(&query, supplier_id);
    status = query_run(&query, err);
    if (status != SLUICE_OK)
        return status;
    if (!query_next(&query))
        return SLUICE_END;
    uint32_t current = (uint32_t)column_int(&query, 1);
    if (attempt > current)
        return SLUICE_END;
    if (attempt < current)
        return store->host->fail(store->host, err, SLUICE_LOST,
                                 "attempt %u committed nothing: attempt %u followed it", attempt, current);
    *ret_state = job_state_of(column_text(&query, 0));
    return SLUICE_OK;
}
