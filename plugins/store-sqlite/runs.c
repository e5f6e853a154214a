/* SPDX-License-Identifier: Apache-2.0 */
/* At most one run is unfinished: an index of the schema keeps it so, these calls only report it. */
#include "runs.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "fence.h"
#include "plugins/stores/calls.h"
#include "plugins/stores/names.h"
#include "plugins/stores/text_list.h"
#include "query.h"

#include <stdio.h>
#include <string.h>

enum { SCOPE_CEILING = 4 << 20 };

static enum sluice_status scope_read(struct store *store, struct sluice_run *run, struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(store, SQL_run_scope);
    bind_text(&query, run->run_id);
    size_t capacity = 0;
    const char **scope = NULL;
    enum sluice_status status;
    while ((status = query_step(&query, err)) == SLUICE_OK) {
        if (run->n_scope == capacity) {
            capacity = capacity == 0 ? 16 : capacity * 2;
            const char **larger = arena_alloc(&store->result, capacity * sizeof *larger);
            if (larger == NULL)
                return store_no_memory(store, err);
            if (run->n_scope > 0)
                memcpy(larger, scope, run->n_scope * sizeof *scope);
            scope = larger;
        }
        scope[run->n_scope++] = column_keep(&query, 0);
    }
    run->scope = scope;
    return status == SLUICE_END ? SLUICE_OK : status;
}

static void run_fill(const struct query *query, struct sluice_run *run)
{
    snprintf(run->run_id, sizeof run->run_id, "%s", column_text(query, 0));
    run->state = run_state_of(column_text(query, 1));
    run->outcome = outcome_of(column_text(query, 2));
    run->trigger = trigger_of(column_text(query, 3));
    run->flags = (uint32_t)column_int(query, 4);
    run->cancel_requested = (uint32_t)column_int(query, 5);
    run->epoch = column_int(query, 6);
    run->holder = column_keep(query, 7);
    run->jobs_total = (uint32_t)column_int(query, 8);
    run->jobs_done = (uint32_t)column_int(query, 9);
    run->lease_until_us = column_time(query, 10);
    run->started_us = column_time(query, 11);
    run->finished_us = column_time(query, 12);
    run->master_version = column_keep(query, 13);
    run->master_fingerprint = column_keep(query, 14);
    run->master_signature = column_keep(query, 15);
}

/* OK with the run, END when there is none of that id. */
static enum sluice_status run_read(struct store *store, const char *run_id, const struct sluice_run **ret_run,
                                   struct sluice_error *err)
{
    struct sluice_run *run = arena_alloc(&store->result, sizeof *run);
    if (run == NULL)
        return store_no_memory(store, err);
    run->struct_size = sizeof *run;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_run_get);
    bind_text(&query, run_id);
    enum sluice_status status = query_step(&query, err);
    if (status != SLUICE_OK)
        return status;
    run_fill(&query, run);
    status = scope_read(store, run, err);
    if (status == SLUICE_OK && store->result.failed)
        status = store_no_memory(store, err);
    if (status == SLUICE_OK)
        *ret_run = run;
    return status;
}

/* OK with the one unfinished run, END when there is none. */
static enum sluice_status unfinished_read(struct store *store, const struct sluice_run **ret_run,
                                          struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(store, SQL_run_unfinished);
    enum sluice_status status = query_step(&query, err);
    return status == SLUICE_OK ? run_read(store, column_text(&query, 0), ret_run, err) : status;
}

static enum sluice_status run_insert(struct store *store, const struct sluice_request *request,
                                     struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer scope = BUFFER_INIT(SCOPE_CEILING);
    text_list_json(&scope, request->scope, request->n_scope);
    if (scope.failed && !scope.is_full)
        return store_no_memory(store, err);
    if (scope.failed)
        return store->host->fail(store->host, err, SLUICE_DATA,
                                 "the run names too many suppliers; name none for all");
    struct query query = query_begin(store, SQL_run_put);
    bind_text(&query, request->run_id);
    bind_text(&query, trigger_name(request->trigger));
    bind_int(&query, request->flags);
    bind_text(&query, scope.data);
    bind_text(&query, request->by);
    bind_time(&query, request->tick_us);
    bind_time(&query, store_now_us(store));
    return query_run(&query, err);
}

static enum sluice_status fail_running(struct store *store, const struct sluice_run *run,
                                       struct sluice_error *err)
{
    return store->host->fail(store->host, err, SLUICE_BUSY, "run %s is in progress, held by %s", run->run_id,
                             run->holder == NULL ? "nobody yet" : run->holder);
}

enum sluice_status run_request(struct store *store, const struct sluice_request *request,
                               const struct sluice_run **ret_run, struct sluice_error *err)
{
    enum sluice_status status = run_read(store, request->run_id, ret_run, err);
    if (status != SLUICE_END)
        return status;
    status = unfinished_read(store, ret_run, err);
    if (status == SLUICE_OK)
        return fail_running(store, *ret_run, err);
    if (status == SLUICE_END)
        status = run_insert(store, request, err);
    return status == SLUICE_OK ? run_read(store, request->run_id, ret_run, err) : status;
}

enum sluice_status store_request_put(void *instance, const struct sluice_request *request,
                                     const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    const struct sluice_run *run = NULL;
    status = run_request(store, request, &run, err);
    if (status == SLUICE_BUSY)
        *ret_run = run;
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        *ret_run = run;
    return status;
}

enum sluice_status store_request_cancel(void *instance, const char *run_id, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_run_cancel);
    bind_text(&query, run_id);
    status = query_run(&query, err);
    if (status == SLUICE_OK && query_changes(store) == 0)
        return SLUICE_END;
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}

/* OK when nobody works on the run any more, BUSY when somebody does. */
static enum sluice_status leases_ended(struct store *store, const struct sluice_claim *claim,
                                       const struct sluice_run *run, struct sluice_error *err)
{
    if (claim->previous_is_dead != 0)
        return SLUICE_OK;
    struct query query = query_begin(store, SQL_run_leased);
    bind_text(&query, run->run_id);
    bind_time(&query, store_now_us(store));
    enum sluice_status status = query_step(&query, err);
    query_end(&query);
    if (status == SLUICE_END)
        return SLUICE_OK;
    return status == SLUICE_OK ? fail_running(store, run, err) : status;
}

static enum sluice_status run_grant(struct store *store, const struct sluice_claim *claim, const char *run_id,
                                    struct sluice_error *err)
{
    int64_t now_us = store_now_us(store);
    struct query grant = query_begin(store, SQL_run_grant);
    bind_text(&grant, run_id);
    bind_text(&grant, claim->holder);
    bind_time(&grant, now_us + claim->lease_ms * US_PER_MS);
    bind_time(&grant, now_us);
    enum sluice_status status = query_run(&grant, err);
    if (status != SLUICE_OK)
        return status;
    struct query rescue = query_begin(store, SQL_run_rescue_jobs);
    bind_text(&rescue, run_id);
    return query_run(&rescue, err);
}

static enum sluice_status run_to_claim(struct store *store, const char *run_id,
                                       const struct sluice_run **ret_run, struct sluice_error *err)
{
    if (run_id == NULL)
        return unfinished_read(store, ret_run, err);
    const struct sluice_run *run = NULL;
    enum sluice_status status = run_read(store, run_id, &run, err);
    if (status != SLUICE_OK)
        return status;
    if (run->state == SLUICE_RUN_DONE)
        return SLUICE_END;
    *ret_run = run;
    return SLUICE_OK;
}

enum sluice_status store_run_claim(void *instance, const struct sluice_claim *claim,
                                   const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    const struct sluice_run *run = NULL;
    status = run_to_claim(store, claim->run_id, &run, err);
    if (status != SLUICE_OK)
        return status;
    status = leases_ended(store, claim, run, err);
    if (status == SLUICE_BUSY)
        *ret_run = run;
    if (status == SLUICE_OK)
        status = run_grant(store, claim, run->run_id, err);
    if (status == SLUICE_OK)
        status = run_read(store, run->run_id, &run, err);
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        *ret_run = run;
    return status;
}

enum sluice_status store_run_renew(void *instance, const char *run_id, int64_t epoch, int64_t lease_ms,
                                   const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query extend = query_begin(store, SQL_run_extend);
    bind_text(&extend, run_id);
    bind_int(&extend, epoch);
    bind_time(&extend, store_now_us(store) + lease_ms * US_PER_MS);
    status = query_run(&extend, err);
    const struct sluice_run *run = NULL;
    if (status == SLUICE_OK)
        status = fence_run(store, run_id, epoch, err);
    if (status == SLUICE_OK)
        status = run_read(store, run_id, &run, err);
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        *ret_run = run;
    return status;
}

static enum sluice_status run_end(struct store *store, const char *run_id, enum sluice_outcome outcome,
                                  const char *message, struct sluice_error *err)
{
    int64_t now_us = store_now_us(store);
    struct query jobs = query_begin(store, SQL_run_end_jobs);
    bind_text(&jobs, run_id);
    bind_time(&jobs, now_us);
    enum sluice_status status = query_run(&jobs, err);
    if (status != SLUICE_OK)
        return status;
    struct query end = query_begin(store, SQL_run_end);
    bind_text(&end, run_id);
    bind_text(&end, outcome_name(outcome));
    bind_text(&end, message);
    bind_time(&end, now_us);
    return query_run(&end, err);
}

enum sluice_status store_run_finish(void *instance, const char *run_id, int64_t epoch,
                                    enum sluice_outcome outcome, const char *message,
                                    struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    const struct sluice_run *run = NULL;
    status = run_read(store, run_id, &run, err);
    if (status == SLUICE_OK && run->state == SLUICE_RUN_DONE && run->epoch == epoch)
        return SLUICE_END;
    if (status == SLUICE_OK || status == SLUICE_END)
        status = fence_run(store, run_id, epoch, err);
    if (status == SLUICE_OK)
        status = run_end(store, run_id, outcome, message, err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}
