/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/stores/calls.h"
#include "plugins/stores/names.h"
#include "runs.h"

static void schedule_ask(struct store *store, const char *name, struct query *query)
{
    *query = query_begin(store, SQL_schedule_get);
    bind_text(query, name);
    query_ask(query);
}

/* OK with the schedule, END when its name is unknown. */
static enum sluice_status schedule_take(struct query *query, const struct sluice_schedule **ret_schedule,
                                        struct sluice_error *err)
{
    if (!query_next(query))
        return SLUICE_END;
    struct sluice_schedule *schedule = arena_alloc(&query->store->result, sizeof *schedule);
    if (schedule == NULL)
        return store_no_memory(query->store, err);
    *schedule = (struct sluice_schedule){
        .struct_size = sizeof *schedule,
        .name = column_keep(query, 0),
        .paused = (uint32_t)column_int(query, 1),
        .reason = column_keep(query, 2),
        .by = column_keep(query, 3),
        .paused_us = column_time(query, 4),
        .definition = column_keep(query, 5),
        .anchor_us = column_time(query, 6),
        .accounted_us = column_time(query, 7),
        .waiting_us = column_time(query, 8),
    };
    if (query->store->result.failed)
        return store_no_memory(query->store, err);
    *ret_schedule = schedule;
    return SLUICE_OK;
}

enum sluice_status store_schedule_get(void *instance, const char *name,
                                      const struct sluice_schedule **ret_schedule, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = {0};
    schedule_ask(store, name, &query);
    status = store_exchange(store, err);
    return status == SLUICE_OK ? schedule_take(&query, ret_schedule, err) : status;
}

enum sluice_status store_schedule_begin(void *instance, const struct sluice_schedule *schedule,
                                        const struct sluice_schedule **ret_schedule, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query kept = {0};
    struct query begin = query_begin(store, SQL_schedule_begin);
    transaction_begin(store);
    bind_text(&begin, schedule->name);
    bind_text(&begin, schedule->definition);
    bind_time(&begin, schedule->anchor_us);
    bind_time(&begin, schedule->accounted_us);
    query_send(&begin);
    schedule_ask(store, schedule->name, &kept);
    status = transaction_commit(store, err);
    return status == SLUICE_OK ? schedule_take(&kept, ret_schedule, err) : status;
}

enum sluice_status store_schedule_pause(void *instance, const char *name, enum sluice_pause pause,
                                        const char *reason, const char *by, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_schedule_pause);
    transaction_begin(store);
    bind_text(&query, name);
    bind_int(&query, pause == SLUICE_PAUSE);
    bind_text(&query, reason);
    bind_text(&query, by);
    query_ask(&query);
    status = transaction_commit(store, err);
    return status == SLUICE_OK && !query_next(&query) ? SLUICE_END : status;
}

static void account_ask(struct store *store, const struct sluice_ticks *ticks, struct query *query)
{
    *query = query_begin(store, SQL_schedule_account);
    bind_text(query, ticks->schedule);
    bind_time(query, ticks->from_us);
    bind_time(query, ticks->until_us);
    bind_time(query, ticks->waiting_us);
    bind_text(query, ticks->definition);
    query_ask(query);
}

static enum sluice_status ticks_send(struct store *store, const struct sluice_ticks *ticks,
                                     struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    for (uint32_t i = 0; i < ticks->n_ticks && status == SLUICE_OK; i++) {
        const struct sluice_tick *tick = &ticks->ticks[i];
        struct query query = query_begin(store, SQL_tick_put);
        bind_text(&query, ticks->schedule);
        bind_time(&query, tick->nominal_us);
        bind_text(&query, tick_state_name(tick->state));
        bind_id(&query, tick->run_id);
        bind_int(&query, (int64_t)tick->count);
        query_send(&query);
        if (store->n_pending > PENDING_MOST / 2)
            status = store_exchange(store, err);
    }
    return status;
}

/* The account is moved first and seen before anything else is sent: who comes too late leaves at once. */
static enum sluice_status account_move(struct store *store, const struct sluice_ticks *ticks,
                                       struct sluice_error *err)
{
    _cleanup_(query_end) struct query account = {0};
    transaction_begin(store);
    account_ask(store, ticks, &account);
    enum sluice_status status = store_exchange(store, err);
    if (status == SLUICE_OK && !query_next(&account))
        return store->host->fail(store->host, err, SLUICE_LOST,
                                 "schedule %s was accounted for by someone else; read it again",
                                 ticks->schedule);
    return status;
}

static enum sluice_status request_in_account(struct store *store, const struct sluice_request *request,
                                             const struct sluice_run **ret_run, struct sluice_error *err)
{
    _cleanup_(query_end) struct query asked = {0};
    enum sluice_status status = run_request_send(store, request, &asked, err);
    if (status == SLUICE_OK)
        status = store_exchange(store, err);
    return status == SLUICE_OK ? run_request_take(&asked, ret_run, err) : status;
}

enum sluice_status store_ticks_put(void *instance, const struct sluice_ticks *ticks,
                                   const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct store *store = instance;
    const struct sluice_run *run = NULL;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status == SLUICE_OK)
        status = account_move(store, ticks, err);
    if (status == SLUICE_OK)
        status = ticks_send(store, ticks, err);
    if (status == SLUICE_OK && ticks->request != NULL)
        status = request_in_account(store, ticks->request, &run, err);
    if (status == SLUICE_OK)
        status = transaction_commit(store, err);
    else
        transaction_rollback(store);
    if ((status == SLUICE_OK || status == SLUICE_BUSY) && run != NULL)
        *ret_run = run;
    return status;
}

enum sluice_status store_audit_put(void *instance, const struct sluice_audit *audit, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_audit_put);
    transaction_begin(store);
    bind_text(&query, audit->who);
    bind_text(&query, audit->what);
    bind_text(&query, audit->detail);
    bind_text(&query, audit->from);
    query_send(&query);
    return transaction_commit(store, err);
}

/* An age of 0 keeps that kind for ever. */
static void delete_older(struct store *store, enum statement which, int64_t age_us)
{
    if (age_us <= 0)
        return;
    struct query query = query_begin(store, which);
    bind_int(&query, age_us);
    query_send(&query);
}

enum sluice_status store_prune(void *instance, const struct sluice_retention *retention,
                               struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status != SLUICE_OK)
        return status;
    static const enum statement with_runs[] = {SQL_prune_logs, SQL_prune_jobs, SQL_prune_runs,
                                               SQL_prune_audit};
    struct query keep = query_begin(store, SQL_prune_keep);
    transaction_begin(store);
    query_send(&keep);
    for (size_t i = 0; i < ELEMENTS(with_runs); i++)
        delete_older(store, with_runs[i], retention->logs_us);
    delete_older(store, SQL_prune_ticks, retention->ticks_us);
    delete_older(store, SQL_prune_holds, retention->holds_us);
    return transaction_commit(store, err);
}
