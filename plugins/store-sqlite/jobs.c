/* SPDX-License-Identifier: Apache-2.0 */
/* An attempt is named by run, epoch, supplier and attempt number; only the current one can change anything.
 */
#include "base/clock.h"
#include "fence.h"
#include "plugins/stores/calls.h"
#include "query.h"

#include <stdio.h>
#include <string.h>

static enum sluice_status enqueue(struct store *store, const char *run_id, struct sluice_error *err)
{
    struct query state = query_begin(store, SQL_run_to_suppliers);
    bind_text(&state, run_id);
    enum sluice_status status = query_run(&state, err);
    if (status != SLUICE_OK || query_changes(store) == 0)
        return status; /* it had been done before */
    struct query jobs = query_begin(store, SQL_jobs_enqueue);
    bind_text(&jobs, run_id);
    return query_run(&jobs, err);
}

enum sluice_status store_jobs_enqueue(void *instance, const char *run_id, int64_t epoch, uint32_t *ret_total,
                                      struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status == SLUICE_OK)
        status = enqueue(store, run_id, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query count = query_begin(store, SQL_jobs_count);
    bind_text(&count, run_id);
    status = query_step(&count, err);
    uint32_t total = status == SLUICE_OK ? (uint32_t)column_int(&count, 0) : 0;
    query_end(&count);
    if (status == SLUICE_OK)
        status = fence_run(store, run_id, epoch, err);
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        *ret_total = total;
    return status;
}

static enum sluice_status job_read(struct store *store, const char *run_id, const char *supplier_id,
                                   const struct sluice_job **ret_job, struct sluice_error *err)
{
    struct sluice_job *job = arena_alloc(&store->result, sizeof *job);
    if (job == NULL)
        return store_no_memory(store, err);
    _cleanup_(query_end) struct query query = query_begin(store, SQL_job_get);
    bind_text(&query, run_id);
    bind_text(&query, supplier_id);
    enum sluice_status status = query_step(&query, err);
    if (status != SLUICE_OK)
        return status;
    job->struct_size = sizeof *job;
    job->attempt = (uint32_t)column_int(&query, 0);
    snprintf(job->run_id, sizeof job->run_id, "%s", column_text(&query, 1));
    snprintf(job->supplier_id, sizeof job->supplier_id, "%s", column_text(&query, 2));
    job->epoch = column_int(&query, 3);
    job->key = column_keep(&query, 4);
    job->name = column_keep(&query, 5);
    job->source_type = column_keep(&query, 6);
    job->source_url = column_keep(&query, 7);
    job->version = column_keep(&query, 8);
    job->fingerprint = column_keep(&query, 9);
    job->mapping = column_keep(&query, 10);
    job->flags = (uint32_t)column_int(&query, 11);
    job->reads_since_full = (uint32_t)column_int(&query, 12);
    job->deaths = (uint32_t)column_int(&query, 13);
    status = approval_find(store, supplier_id, &job->approval, err);
    if (status == SLUICE_OK && store->result.failed)
        status = store_no_memory(store, err);
    if (status == SLUICE_OK)
        *ret_job = job;
    return status;
}

/* END or BUSY, when no job is free. */
static enum sluice_status nothing_free(struct store *store, const char *run_id, struct sluice_error *err)
{
    struct query query = query_begin(store, SQL_job_busy);
    bind_text(&query, run_id);
    enum sluice_status status = query_step(&query, err);
    query_end(&query);
    if (status != SLUICE_OK)
        return status;
    return store->host->fail(store->host, err, SLUICE_BUSY,
                             "every unfinished job is leased by another worker");
}

static enum sluice_status job_take(struct store *store, const char *run_id, const char *supplier_id,
                                   const char *worker, int64_t lease_ms, struct sluice_error *err)
{
    int64_t now_us = store_now_us(store);
    struct query query = query_begin(store, SQL_job_take);
    bind_text(&query, run_id);
    bind_text(&query, supplier_id);
    bind_text(&query, worker);
    bind_time(&query, now_us + lease_ms * US_PER_MS);
    bind_time(&query, now_us);
    return query_run(&query, err);
}

enum sluice_status store_job_claim(void *instance, const char *run_id, const char *worker, int64_t lease_ms,
                                   const struct sluice_job **ret_job, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_job_free);
    bind_text(&query, run_id);
    bind_time(&query, store_now_us(store));
    status = query_step(&query, err);
    if (status == SLUICE_END)
        return nothing_free(store, run_id, err);
    if (status != SLUICE_OK)
        return status;
    const char *of_run = column_keep(&query, 0);
    const char *supplier_id = column_keep(&query, 1);
    query_end(&query);
    if (of_run == NULL || supplier_id == NULL)
        return store_no_memory(store, err);
    const struct sluice_job *job = NULL;
    status = job_take(store, of_run, supplier_id, worker, lease_ms, err);
    if (status == SLUICE_OK)
        status = job_read(store, of_run, supplier_id, &job, err);
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        *ret_job = job;
    return status;
}

static enum sluice_status extend_both(struct store *store, const struct job_key *job, int64_t until_us,
                                      struct sluice_error *err)
{
    struct query extend = query_begin(store, SQL_job_extend);
    bind_text(&extend, job->run_id);
    bind_text(&extend, job->supplier_id);
    bind_time(&extend, until_us);
    enum sluice_status status = query_run(&extend, err);
    if (status != SLUICE_OK)
        return status;
    struct query run = query_begin(store, SQL_run_extend);
    bind_text(&run, job->run_id);
    bind_int(&run, job->epoch);
    bind_time(&run, until_us);
    return query_run(&run, err);
}

enum sluice_status store_job_renew(void *instance, const struct sluice_job *job, int64_t lease_ms,
                                   uint32_t *ret_cancelled, struct sluice_error *err)
{
    struct store *store = instance;
    struct job_key key = job_key(job);
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status == SLUICE_OK)
        status = extend_both(store, &key, store_now_us(store) + lease_ms * US_PER_MS, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_run_cancelled);
    bind_text(&query, key.run_id);
    uint32_t cancelled = 0;
    if (query_step(&query, err) == SLUICE_OK)
        cancelled = (uint32_t)column_int(&query, 0);
    query_end(&query);
    status = fence_job(store, &key, err);
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        *ret_cancelled = cancelled;
    return status;
}

/* A list found unchanged is a read, too: after enough of them one compares in full. */
static enum sluice_status count_read(struct store *store, const char *supplier_id, uint32_t outcome,
                                     struct sluice_error *err)
{
    if (outcome != SLUICE_OUTCOME_UNCHANGED)
        return SLUICE_OK;
    struct query query = query_begin(store, SQL_version_seen_again);
    bind_text(&query, supplier_id);
    return query_run(&query, err);
}

enum sluice_status store_job_finish(void *instance, const struct sluice_job *job,
                                    const struct sluice_job_outcome *outcome, struct sluice_error *err)
{
    struct store *store = instance;
    struct job_key key = job_key(job);
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status == SLUICE_OK)
        status = fence_job(store, &key, err);
    if (status == SLUICE_OK)
        status = count_read(store, key.supplier_id, outcome->outcome, err);
    if (status == SLUICE_OK)
        status = job_end(store, &key, outcome, outcome->figures, store_now_us(store), err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}

enum sluice_status store_job_release(void *instance, const struct sluice_job *job, struct sluice_error *err)
{
    struct store *store = instance;
    struct job_key key = job_key(job);
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status == SLUICE_OK)
        status = fence_job(store, &key, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_job_release);
    bind_text(&query, key.run_id);
    bind_text(&query, key.supplier_id);
    status = query_run(&query, err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
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
    bind_text(&query, run_id);
    bind_text(&query, supplier_id);
    status = query_step(&query, err);
    if (status != SLUICE_OK)
        return status;
    uint32_t current = (uint32_t)column_int(&query, 1);
    if (attempt > current)
        return SLUICE_END;
    if (attempt < current)
        return store->host->fail(store->host, err, SLUICE_LOST,
                                 "attempt %u committed nothing: attempt %u followed it", attempt, current);
    *ret_state = job_state_of(column_text(&query, 0));
    return SLUICE_OK;
}
