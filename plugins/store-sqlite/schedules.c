/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/stores/calls.h"
#include "plugins/stores/names.h"
#include "query.h"
#include "runs.h"

/* OK with the schedule, END when its name is unknown. */
static enum sluice_status schedule_read(struct store *store, const char *name,
                                        const struct sluice_schedule **ret_schedule, struct sluice_error *err)
{
    struct sluice_schedule *schedule = arena_alloc(&store->result, sizeof *schedule);
    if (schedule == NULL)
        return store_no_memory(store, err);
    _cleanup_(query_end) struct query query = query_begin(store, SQL_schedule_get);
    bind_text(&query, name);
    enum sluice_status status = query_step(&query, err);
    if (status != SLUICE_OK)
        return status;
    *schedule = (struct sluice_schedule){
        .struct_size = sizeof *schedule,
        .name = column_keep(&query, 0),
        .paused = (uint32_t)column_int(&query, 1),
        .reason = column_keep(&query, 2),
        .by = column_keep(&query, 3),
        .paused_us = column_time(&query, 4),
        .definition = column_keep(&query, 5),
        .anchor_us = column_time(&query, 6),
        .accounted_us = column_time(&query, 7),
        .waiting_us = column_time(&query, 8),
    };
    if (store->result.failed)
        return store_no_memory(store, err);
    *ret_schedule = schedule;
    return SLUICE_OK;
}

enum sluice_status store_schedule_get(void *instance, const char *name,
                                      const struct sluice_schedule **ret_schedule, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    return status == SLUICE_OK ? schedule_read(store, name, ret_schedule, err) : status;
}

enum sluice_status store_schedule_begin(void *instance, const struct sluice_schedule *schedule,
                                        const struct sluice_schedule **ret_schedule, struct sluice_error *err)
{
    struct store *store = instance;
    const struct sluice_schedule *kept = NULL;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_schedule_begin);
    bind_text(&query, schedule->name);
    bind_text(&query, schedule->definition);
    bind_time(&query, schedule->anchor_us);
    bind_time(&query, schedule->accounted_us);
    status = query_run(&query, err);
    if (status == SLUICE_OK)
        status = schedule_read(store, schedule->name, &kept, err);
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        *ret_schedule = kept;
    return status;
}

enum sluice_status store_schedule_pause(void *instance, const char *name, enum sluice_pause pause,
                                        const char *reason, const char *by, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_schedule_pause);
    bind_text(&query, name);
    bind_int(&query, pause == SLUICE_PAUSE);
    bind_text(&query, reason);
    bind_text(&query, by);
    bind_time(&query, store_now_us(store));
    status = query_run(&query, err);
    if (status == SLUICE_OK && query_changes(store) == 0)
        return SLUICE_END;
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}

/* LOST unless the schedule is still accounted for up to where the caller read it. */
static enum sluice_status account_move(struct store *store, const struct sluice_ticks *ticks,
                                       struct sluice_error *err)
{
    struct query query = query_begin(store, SQL_schedule_account);
    bind_text(&query, ticks->schedule);
    bind_time(&query, ticks->from_us);
    bind_time(&query, ticks->until_us);
    bind_time(&query, ticks->waiting_us);
    bind_text(&query, ticks->definition);
    enum sluice_status status = query_run(&query, err);
    if (status == SLUICE_OK && query_changes(store) == 0)
        return store->host->fail(store->host, err, SLUICE_LOST,
                                 "schedule %s was accounted for by someone else; read it again",
                                 ticks->schedule);
    return status;
}

static enum sluice_status tick_insert(struct store *store, const char *schedule,
                                      const struct sluice_tick *tick, int64_t now_us,
                                      struct sluice_error *err)
{
    struct query query = query_begin(store, SQL_tick_put);
    bind_text(&query, schedule);
    bind_time(&query, tick->nominal_us);
    bind_text(&query, tick_state_name(tick->state));
    bind_text(&query, tick->run_id);
    bind_int(&query, (int64_t)tick->count);
    bind_time(&query, now_us);
    return query_run(&query, err);
}

enum sluice_status store_ticks_put(void *instance, const struct sluice_ticks *ticks,
                                   const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct store *store = instance;
    const struct sluice_run *run = NULL;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status == SLUICE_OK)
        status = account_move(store, ticks, err);
    int64_t now_us = store_now_us(store);
    for (uint32_t i = 0; i < ticks->n_ticks && status == SLUICE_OK; i++)
        status = tick_insert(store, ticks->schedule, &ticks->ticks[i], now_us, err);
    if (status == SLUICE_OK && ticks->request != NULL)
        status = run_request(store, ticks->request, &run, err);
    if (status == SLUICE_BUSY && run != NULL)
        *ret_run = run;
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK && run != NULL)
        *ret_run = run;
    return status;
}

enum sluice_status store_audit_put(void *instance, const struct sluice_audit *audit, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_audit_put);
    bind_text(&query, audit->who);
    bind_text(&query, audit->what);
    bind_text(&query, audit->detail);
    bind_text(&query, audit->from);
    bind_time(&query, store_now_us(store));
    status = query_run(&query, err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}

/* An age of 0 keeps that kind for ever. */
static enum sluice_status delete_older(struct store *store, enum statement which, int64_t age_us,
                                       struct sluice_error *err)
{
    if (age_us <= 0)
        return SLUICE_OK;
    struct query query = query_begin(store, which);
    bind_time(&query, store_now_us(store) - age_us);
    return query_run(&query, err);
}

static enum sluice_status prune_runs(struct store *store, int64_t age_us, struct sluice_error *err)
{
    static const enum statement order[] = {SQL_prune_logs, SQL_prune_jobs, SQL_prune_runs, SQL_prune_audit};
    struct query keep = query_begin(store, SQL_prune_keep);
    enum sluice_status status = query_run(&keep, err);
    for (size_t i = 0; i < ELEMENTS(order) && status == SLUICE_OK; i++)
        status = delete_older(store, order[i], age_us, err);
    if (status != SLUICE_OK)
        return status;
    struct query forget = query_begin(store, SQL_prune_forget);
    return query_run(&forget, err);
}

enum sluice_status store_prune(void *instance, const struct sluice_retention *retention,
                               struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_LONG, err);
    if (status == SLUICE_OK)
        status = prune_runs(store, retention->logs_us, err);
    if (status == SLUICE_OK)
        status = delete_older(store, SQL_prune_ticks, retention->ticks_us, err);
    if (status == SLUICE_OK)
        status = delete_older(store, SQL_prune_holds, retention->holds_us, err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}
