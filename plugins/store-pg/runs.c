/* SPDX-License-Identifier: Apache-2.0 */
/*
 * At most one run is unfinished: an index of the schema keeps it so, these calls only report it. Each is one
 * message to the server, so no lock is held while this side thinks.
 */
#include "runs.h"

#include "base/buffer.h"
#include "fence.h"
#include "plugins/stores/calls.h"
#include "plugins/stores/names.h"
#include "plugins/stores/text_list.h"

#include <stdio.h>
#include <string.h>

enum { SCOPE_CEILING = 4 << 20, REQUESTS_MOST = 8, COLUMN_IS_ASKED = 16, COLUMN_SCOPE };

/* What is asked for when there is no such run. */
enum otherwise { NO_RUN, THE_UNFINISHED_RUN };

/* ---- Reading ---- */

/* `run_id` NULL: the unfinished one. */
static void run_ask(struct store *store, const char *run_id, enum otherwise otherwise, struct query *question)
{
    *question = query_begin_kept(store, SQL_run_get);
    bind_id(question, run_id);
    bind_int(question, otherwise == THE_UNFINISHED_RUN);
    query_ask(question);
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

/* OK with the run, END when there is none. */
static enum sluice_status run_take(struct query *question, const struct sluice_run **ret_run,
                                   struct sluice_error *err)
{
    struct store *store = question->store;
    if (!query_next(question))
        return SLUICE_END;
    size_t n = (size_t)PQntuples(question->result);
    struct sluice_run *run = arena_alloc(&store->result, sizeof *run);
    const char **scope = arena_alloc(&store->result, (n + 1) * sizeof *scope);
    if (run == NULL || scope == NULL)
        return store_no_memory(store, err);
    run->struct_size = sizeof *run;
    run_fill(question, run);
    do {
        if (column_text(question, COLUMN_SCOPE) != NULL)
            scope[run->n_scope++] = column_keep(question, COLUMN_SCOPE);
    } while (query_next(question));
    run->scope = scope;
    if (store->result.failed)
        return store_no_memory(store, err);
    *ret_run = run;
    return SLUICE_OK;
}

/* ---- Requests ---- */

enum sluice_status run_request_send(struct store *store, const struct sluice_request *request,
                                    struct query *ret_asked, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer scope = BUFFER_INIT(SCOPE_CEILING);
    text_list_json(&scope, request->scope, request->n_scope);
    if (scope.failed && !scope.is_full)
        return store_no_memory(store, err);
    if (scope.failed)
        return store->host->fail(store->host, err, SLUICE_DATA,
                                 "the run names too many suppliers; name none for all");
    struct query query = query_begin_kept(store, SQL_run_put);
    bind_id(&query, request->run_id);
    bind_text(&query, trigger_name(request->trigger));
    bind_int(&query, request->flags);
    bind_text(&query, scope.data);
    bind_text(&query, request->by);
    bind_time(&query, request->tick_us);
    query_send(&query);
    run_ask(store, request->run_id, THE_UNFINISHED_RUN, ret_asked);
    return SLUICE_OK;
}

static enum sluice_status fail_running(struct store *store, const struct sluice_run *run,
                                       struct sluice_error *err)
{
    return store->host->fail(store->host, err, SLUICE_BUSY, "run %s is in progress, held by %s", run->run_id,
                             run->holder == NULL ? "nobody yet" : run->holder);
}

/* OK with the run that was asked for, BUSY with another one, END without any. */
static enum sluice_status own_or_other(struct query *question, const struct sluice_run **ret_run,
                                       struct sluice_error *err)
{
    enum sluice_status status = run_take(question, ret_run, err);
    bool other = status == SLUICE_OK && PQgetvalue(question->result, 0, COLUMN_IS_ASKED)[0] != '1';
    return other ? fail_running(question->store, *ret_run, err) : status;
}

enum sluice_status run_request_take(struct query *asked, const struct sluice_run **ret_run,
                                    struct sluice_error *err)
{
    struct store *store = asked->store;
    enum sluice_status status = own_or_other(asked, ret_run, err);
    if (status == SLUICE_END)
        return store->host->retry(store->host, err, 0, "%s: another run ended just now; try again",
                                  store->where);
    return status;
}

static enum sluice_status request_once(struct store *store, const struct sluice_request *request,
                                       const struct sluice_run **ret_run, struct sluice_error *err)
{
    _cleanup_(query_end) struct query asked = {0};
    transaction_begin(store);
    enum sluice_status status = run_request_send(store, request, &asked, err);
    if (status == SLUICE_OK)
        status = transaction_commit(store, err);
    else
        transaction_rollback(store);
    return status == SLUICE_OK ? run_request_take(&asked, ret_run, err) : status;
}

/* A look that writes nothing and waits for nobody, so that many may ask often. */
static enum sluice_status look_first(struct store *store, const char *run_id,
                                     const struct sluice_run **ret_run, struct sluice_error *err)
{
    _cleanup_(query_end) struct query question = {0};
    run_ask(store, run_id, THE_UNFINISHED_RUN, &question);
    enum sluice_status status = store_exchange(store, err);
    return status == SLUICE_OK ? own_or_other(&question, ret_run, err) : status;
}

enum sluice_status store_request_put(void *instance, const struct sluice_request *request,
                                     const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    status = look_first(store, request->run_id, ret_run, err);
    if (status != SLUICE_END)
        return status;
    for (int i = 0; i < REQUESTS_MOST; i++) {
        status = request_once(store, request, ret_run, err);
        if (status != SLUICE_RETRY || store->link == NULL)
            break;
    }
    return status;
}

enum sluice_status store_request_cancel(void *instance, const char *run_id, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_run_cancel);
    transaction_begin(store);
    bind_id(&query, run_id);
    query_ask(&query);
    status = transaction_commit(store, err);
    return status == SLUICE_OK && !query_next(&query) ? SLUICE_END : status;
}

/* ---- Holding a run ---- */

/* OK with the run as it then stands, and whether it was granted; END when there is none. */
static enum sluice_status claim_once(struct store *store, const struct sluice_claim *claim,
                                     const struct sluice_run **ret_run, bool *ret_granted,
                                     struct sluice_error *err)
{
    _cleanup_(query_end) struct query question = {0};
    _cleanup_(query_end) struct query grant = query_begin_kept(store, SQL_run_grant);
    struct query lock = query_begin_kept(store, SQL_run_lock);
    transaction_begin(store);
    bind_id(&lock, claim->run_id);
    query_send(&lock);
    bind_id(&grant, claim->run_id);
    bind_text(&grant, claim->holder);
    bind_int(&grant, claim->lease_ms);
    bind_int(&grant, claim->previous_is_dead != 0);
    query_ask(&grant);
    run_ask(store, claim->run_id, NO_RUN, &question);
    enum sluice_status status = transaction_commit(store, err);
    if (status == SLUICE_OK)
        status = run_take(&question, ret_run, err);
    if (status == SLUICE_OK)
        *ret_granted = query_next(&grant);
    return status;
}

/* Whether that holder claimed the run no longer ago than `since_us` of our own monotonic clock is. */
static bool claimed_since(struct store *store, const struct sluice_claim *claim, const struct sluice_run *run,
                          int64_t since_us)
{
    _cleanup_(query_end) struct query clock = query_begin(store, SQL_clock);
    if (run->holder == NULL || strcmp(run->holder, claim->holder) != 0 ||
        query_run(&clock, NULL) != SLUICE_OK || !query_next(&clock))
        return false;
    int64_t claimed_us = run->lease_until_us - claim->lease_ms * US_PER_MS;
    return column_int(&clock, 0) - claimed_us <= store->host->monotonic_us(store->host) - since_us;
}

/* A claim of which the server did not say whether it counts is made once more: either that one counts, or the
 * first has made us the holder. */
enum sluice_status store_run_claim(void *instance, const struct sluice_claim *claim,
                                   const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    int64_t since_us = store->host->monotonic_us(store->host);
    bool granted = false;
    status = claim_once(store, claim, ret_run, &granted, err);
    if (status == SLUICE_UNKNOWN && link_open(store, NULL) == SLUICE_OK) {
        status = claim_once(store, claim, ret_run, &granted, err);
        granted = status == SLUICE_OK && (granted || claimed_since(store, claim, *ret_run, since_us));
    }
    if (status != SLUICE_OK || granted)
        return status;
    return (*ret_run)->state == SLUICE_RUN_DONE ? SLUICE_END : fail_running(store, *ret_run, err);
}

enum sluice_status store_run_renew(void *instance, const char *run_id, int64_t epoch, int64_t lease_ms,
                                   const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query question = {0};
    struct query extend = query_begin_kept(store, SQL_run_extend);
    transaction_begin(store);
    bind_id(&extend, run_id);
    bind_int(&extend, epoch);
    bind_int(&extend, lease_ms);
    query_send(&extend);
    run_ask(store, run_id, NO_RUN, &question);
    fence_run(store, run_id, epoch);
    status = transaction_commit(store, err);
    return status == SLUICE_OK ? run_take(&question, ret_run, err) : status;
}

enum sluice_status store_run_finish(void *instance, const char *run_id, int64_t epoch,
                                    enum sluice_outcome outcome, const char *message,
                                    struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query question = {0};
    _cleanup_(query_end) struct query end = query_begin_kept(store, SQL_run_end);
    struct query jobs = query_begin_kept(store, SQL_run_end_jobs);
    const struct sluice_run *run = NULL;
    transaction_begin(store);
    bind_id(&end, run_id);
    bind_int(&end, epoch);
    bind_text(&end, outcome_name(outcome));
    bind_text(&end, message);
    query_ask(&end);
    bind_id(&jobs, run_id);
    bind_int(&jobs, epoch);
    query_send(&jobs);
    status = transaction_commit(store, err);
    if (status != SLUICE_OK || query_next(&end))
        return status;
    run_ask(store, run_id, NO_RUN, &question);
    status = store_exchange(store, err);
    if (status == SLUICE_OK)
        status = run_take(&question, &run, err);
    if (status == SLUICE_OK && run->state == SLUICE_RUN_DONE && run->epoch == epoch)
        return SLUICE_END;
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    return store->host->fail(store->host, err, SLUICE_LOST,
                             "the run was taken over or ended meanwhile; nothing was written");
}
