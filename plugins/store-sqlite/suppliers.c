/* SPDX-License-Identifier: Apache-2.0 */
/* Columns that are not the master's are never written. */
#include "base/clock.h"
#include "fence.h"
#include "plugins/stores/calls.h"
#include "plugins/stores/reject.h"
#include "plugins/stores/supplier_merge.h"
#include "query.h"

enum { REJECT_CEILING = 64 << 10 };

/* One call of suppliers_sync (). */
struct syncing {
    struct store *store;
    struct supplier_merge merge;
    struct query stored;
    int64_t now_us;
};

static enum sluice_status next_stored(void *context, struct supplier_stored *ret_stored,
                                      struct sluice_error *err)
{
    struct query *query = &((struct syncing *)context)->stored;
    enum sluice_status status = query_step(query, err);
    if (status == SLUICE_OK)
        *ret_stored = (struct supplier_stored){
            column_text(query, 0), column_text(query, 1), column_text(query, 2),    column_text(query, 3),
            column_text(query, 4), column_text(query, 6), column_int(query, 5) != 0};
    return status;
}

static enum sluice_status create(void *context, const struct sluice_supplier *row, struct sluice_error *err)
{
    struct syncing *syncing = context;
    char id[UUID_TEXT_SIZE];
    uuid_make(&syncing->store->random, syncing->now_us, id);
    struct query query = query_begin(syncing->store, SQL_supplier_insert);
    bind_text(&query, id);
    bind_text(&query, row->key);
    bind_text(&query, row->name);
    bind_text(&query, row->source_type);
    bind_text(&query, row->source_url);
    bind_int(&query, (row->flags & SLUICE_SUPPLIER_ACTIVE) != 0);
    bind_text(&query, row->notes);
    bind_time(&query, syncing->now_us);
    return query_run(&query, err);
}

static enum sluice_status update(void *context, const struct supplier_stored *stored,
                                 const struct sluice_supplier *row, struct sluice_error *err)
{
    struct syncing *syncing = context;
    struct query query = query_begin(syncing->store, SQL_supplier_update);
    bind_text(&query, stored->id);
    bind_text(&query, row->name);
    bind_text(&query, row->source_type);
    bind_text(&query, row->source_url);
    bind_int(&query, (row->flags & SLUICE_SUPPLIER_ACTIVE) != 0);
    bind_text(&query, row->notes);
    bind_time(&query, syncing->now_us);
    return query_run(&query, err);
}

static enum sluice_status deactivate(void *context, const struct supplier_stored *stored,
                                     struct sluice_error *err)
{
    struct syncing *syncing = context;
    struct query query = query_begin(syncing->store, SQL_supplier_deactivate);
    bind_text(&query, stored->id);
    bind_time(&query, syncing->now_us);
    return query_run(&query, err);
}

static enum sluice_status rejects_put(struct syncing *syncing, struct sluice_error *err)
{
    const struct sluice_suppliers_sync *sync = syncing->merge.sync;
    _cleanup_(buffer_free) struct buffer json = BUFFER_INIT(REJECT_CEILING);
    for (size_t i = 0; i < sync->n_rejects; i++) {
        const struct sluice_reject *reject = &sync->rejects[i];
        reject_json(reject, &json);
        if (json.failed)
            return store_no_memory(syncing->store, err);
        struct query query = query_begin(syncing->store, SQL_log_put);
        bind_text(&query, sync->run_id);
        bind_null(&query);
        bind_text(&query, reject->code);
        bind_text(&query, reject->message);
        bind_int(&query, (int64_t)reject->line);
        bind_text(&query, json.data);
        bind_time(&query, syncing->now_us);
        enum sluice_status status = query_run(&query, err);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}

/* Remembers what was accepted. The same master read again writes nothing, its rejects neither. */
static enum sluice_status master_put(struct syncing *syncing, bool same_as_before, struct sluice_error *err)
{
    const struct sluice_suppliers_sync *sync = syncing->merge.sync;
    if (same_as_before)
        return SLUICE_OK;
    struct query query = query_begin(syncing->store, SQL_master_put);
    bind_text(&query, sync->version);
    bind_text(&query, sync->fingerprint);
    bind_text(&query, sync->signature);
    bind_int(&query, master_valid_rows(sync));
    bind_text(&query, sync->run_id);
    bind_time(&query, syncing->now_us);
    enum sluice_status status = query_run(&query, err);
    return status == SLUICE_OK ? rejects_put(syncing, err) : status;
}

static enum sluice_status master_read(struct syncing *syncing, bool *ret_same, struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(syncing->store, SQL_master_get);
    enum sluice_status status = query_step(&query, err);
    if (status == SLUICE_END)
        return SLUICE_OK;
    if (status != SLUICE_OK)
        return status;
    const struct master_accepted accepted = {column_text(&query, 0), column_text(&query, 1),
                                             column_text(&query, 2), (uint32_t)column_int(&query, 3)};
    syncing->merge.change->present_before = accepted.valid_rows;
    *ret_same = master_is_same(&accepted, syncing->merge.sync);
    return SLUICE_OK;
}

static enum sluice_status sync_all(struct syncing *syncing, struct sluice_error *err)
{
    bool same_as_before = false;
    enum sluice_status status = master_read(syncing, &same_as_before, err);
    if (status == SLUICE_OK) {
        _cleanup_(query_end) struct query stored = query_begin(syncing->store, SQL_suppliers_all);
        syncing->stored = stored;
        status = supplier_merge_run(&syncing->merge, err);
    }
    if (status != SLUICE_OK || syncing->merge.sync->dry)
        return status;
    status = master_put(syncing, same_as_before, err);
    return status == SLUICE_OK ? approval_use(syncing->store, NULL, syncing->now_us, err) : status;
}

enum sluice_status store_suppliers_sync(void *instance, const struct sluice_suppliers_sync *sync,
                                        const struct sluice_suppliers_change **ret_change,
                                        struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status != SLUICE_OK)
        return status;
    struct syncing syncing = {.store = store, .now_us = store_now_us(store)};
    syncing.merge = (struct supplier_merge){.context = &syncing,
                                            .next = next_stored,
                                            .create = create,
                                            .update = update,
                                            .deactivate = deactivate};
    if (!supplier_merge_begin(&syncing.merge, &store->result, sync))
        return store_no_memory(store, err);
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    if (!sync->dry)
        status = transaction_begin(&transaction, err);
    if (status == SLUICE_OK)
        status = sync_all(&syncing, err);
    if (status == SLUICE_OK && !sync->dry)
        status = fence_run(store, sync->run_id, sync->epoch, err);
    if (status == SLUICE_OK && !sync->dry)
        status = transaction_commit(&transaction, err);
    if (status != SLUICE_OK)
        return status;
    store->lists_changed |= !sync->dry;
    supplier_merge_end(&syncing.merge);
    *ret_change = syncing.merge.change;
    return SLUICE_OK;
}
