/* SPDX-License-Identifier: Apache-2.0 */
#include "schedules.h"

#include "names.h"
#include "query.h"

enum sluice_status store_schedule_get(void *instance, const char *name,
                                      const struct sluice_schedule **ret_schedule, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct sluice_schedule *schedule = arena_alloc(&store->result, sizeof *schedule);
    if (schedule == NULL)
        return store_no_memory(store, err);
    _cleanup_(query_end) struct query query = query_begin(store, SQL_schedule_get);
    bind_text(&query, name);
    status = query_step(&query, err);
    if (status != SLUICE_OK)
        return status;
    *schedule = (struct sluice_schedule){
        .struct_size = sizeof *schedule,
        .name = column_keep(&query, 0),
        .paused = (uint32_t)column_int(&query, 1),
        .reason = column_keep(&query, 2),
        .by = column_keep(&query, 3),
        .anchor_us = column_time(&query, 4),
    };
    *ret_schedule = schedule;
    return SLUICE_OK;
}

enum sluice_status store_schedule_put(void *instance, const struct sluice_schedule *schedule,
                                      struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_schedule_put);
    bind_text(&query, schedule->name);
    bind_int(&query, schedule->paused);
    bind_text(&query, schedule->reason);
    bind_text(&query, schedule->by);
    bind_time(&query, schedule->anchor_us);
    status = query_run(&query, err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}

enum sluice_status store_tick_put(void *instance, const struct sluice_tick *tick, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_tick_put);
    bind_text(&query, tick->schedule);
    bind_time(&query, tick->nominal_us);
    bind_text(&query, tick_state_name(tick->state));
    bind_text(&query, tick->run_id);
    bind_int(&query, (int64_t)tick->count);
    bind_time(&query, store_now_us(store));
    status = query_run(&query, err);
    if (status == SLUICE_OK && query_changes(store) == 0)
        return store->host->fail(store->host, err, SLUICE_BUSY, "this tick of %s is accounted for",
                                 tick->schedule);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
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
