/* SPDX-License-Identifier: Apache-2.0 */
/* Columns that are not the master's are never written. What is stored is read first; all changes then travel
 * in messages of some dozens of statements, the fence with the last. */
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
    bool same_as_before; /* the master */
};

static enum sluice_status next_stored(void *context, struct supplier_stored *ret_stored,
                                      struct sluice_error *err)
{
    struct query *query = &((struct syncing *)context)->stored;
    (void)err;
    if (!query_next(query))
        return SLUICE_END;
    *ret_stored = (struct supplier_stored){
        column_text(query, 0), column_text(query, 1), column_text(query, 2),    column_text(query, 3),
        column_text(query, 4), column_text(query, 6), column_int(query, 5) != 0};
    return SLUICE_OK;
}

/* Adds a statement and empties a message that has become long. */
static enum sluice_status send(struct query *query, struct sluice_error *err)
{
    query_send(query);
    return query->store->n_pending > PENDING_MOST / 2 ? store_exchange(query->store, err) : SLUICE_OK;
}

static enum sluice_status create(void *context, const struct sluice_supplier *row, struct sluice_error *err)
{
    struct store *store = ((struct syncing *)context)->store;
    char id[UUID_TEXT_SIZE];
    uuid_make(&store->random, store->host->now_us(store->host), id);
    struct query query = query_begin(store, SQL_supplier_insert);
    bind_id(&query, id);
    bind_text(&query, row->key);
    bind_text(&query, row->name);
    bind_text(&query, row->source_type);
    bind_text(&query, row->source_url);
    bind_int(&query, (row->flags & SLUICE_SUPPLIER_ACTIVE) != 0);
    bind_text(&query, row->notes);
    return send(&query, err);
}

static enum sluice_status update(void *context, const struct supplier_stored *stored,
                                 const struct sluice_supplier *row, struct sluice_error *err)
{
    struct query query = query_begin(((struct syncing *)context)->store, SQL_supplier_update);
    bind_id(&query, stored->id);
    bind_text(&query, row->name);
    bind_text(&query, row->source_type);
    bind_text(&query, row->source_url);
    bind_int(&query, (row->flags & SLUICE_SUPPLIER_ACTIVE) != 0);
    bind_text(&query, row->notes);
    return send(&query, err);
}

static enum sluice_status deactivate(void *context, const struct supplier_stored *stored,
                                     struct sluice_error *err)
{
    struct query query = query_begin(((struct syncing *)context)->store, SQL_supplier_deactivate);
    bind_id(&query, stored->id);
    return send(&query, err);
}

static enum sluice_status rejects_send(struct syncing *syncing, struct sluice_error *err)
{
    const struct sluice_suppliers_sync *sync = syncing->merge.sync;
    _cleanup_(buffer_free) struct buffer json = BUFFER_INIT(REJECT_CEILING);
    for (size_t i = 0; i < sync->n_rejects; i++) {
        const struct sluice_reject *reject = &sync->rejects[i];
        reject_json(reject, &json);
        if (json.failed)
            return store_no_memory(syncing->store, err);
        struct query query = query_begin(syncing->store, SQL_log_put);
        bind_id(&query, sync->run_id);
        bind_null(&query);
        bind_text(&query, reject->code);
        bind_text(&query, reject->message);
        bind_int(&query, (int64_t)reject->line);
        bind_text(&query, json.data);
        enum sluice_status status = send(&query, err);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}

/* Remembers what was accepted. The same master read again writes nothing, its rejects neither. */
static enum sluice_status master_send(struct syncing *syncing, struct sluice_error *err)
{
    const struct sluice_suppliers_sync *sync = syncing->merge.sync;
    if (syncing->same_as_before)
        return SLUICE_OK;
    struct query query = query_begin(syncing->store, SQL_master_put);
    bind_text(&query, sync->version);
    bind_text(&query, sync->fingerprint);
    bind_text(&query, sync->signature);
    bind_int(&query, master_valid_rows(sync));
    bind_id(&query, sync->run_id);
    enum sluice_status status = send(&query, err);
    return status == SLUICE_OK ? rejects_send(syncing, err) : status;
}

/* What is stored: the suppliers stay in syncing->stored. */
static enum sluice_status stored_read(struct syncing *syncing, struct sluice_error *err)
{
    _cleanup_(query_end) struct query master = query_begin(syncing->store, SQL_master_get);
    if (!syncing->merge.sync->dry)
        transaction_begin(syncing->store);
    query_ask(&master);
    query_ask(&syncing->stored);
    enum sluice_status status = store_exchange(syncing->store, err);
    if (status != SLUICE_OK || !query_next(&master))
        return status;
    const struct master_accepted accepted = {column_text(&master, 0), column_text(&master, 1),
                                             column_text(&master, 2), (uint32_t)column_int(&master, 3)};
    syncing->merge.change->present_before = accepted.valid_rows;
    syncing->same_as_before = master_is_same(&accepted, syncing->merge.sync);
    return SLUICE_OK;
}

static enum sluice_status sync_all(struct syncing *syncing, struct sluice_error *err)
{
    const struct sluice_suppliers_sync *sync = syncing->merge.sync;
    enum sluice_status status = stored_read(syncing, err);
    if (status == SLUICE_OK)
        status = supplier_merge_run(&syncing->merge, err);
    if (status != SLUICE_OK || sync->dry)
        return status;
    status = master_send(syncing, err);
    if (status != SLUICE_OK)
        return status;
    approval_use(syncing->store, NULL);
    fence_run(syncing->store, sync->run_id, sync->epoch);
    return transaction_commit(syncing->store, err);
}

enum sluice_status store_suppliers_sync(void *instance, const struct sluice_suppliers_sync *sync,
                                        const struct sluice_suppliers_change **ret_change,
                                        struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status != SLUICE_OK)
        return status;
    struct syncing syncing = {.store = store, .stored = query_begin(store, SQL_suppliers_all)};
    syncing.merge = (struct supplier_merge){.context = &syncing,
                                            .next = next_stored,
                                            .create = create,
                                            .update = update,
                                            .deactivate = deactivate};
    if (!supplier_merge_begin(&syncing.merge, &store->result, sync))
        return store_no_memory(store, err);
    status = sync_all(&syncing, err);
    query_end(&syncing.stored);
    if (status != SLUICE_OK) {
        transaction_rollback(store);
        return status;
    }
    supplier_merge_end(&syncing.merge);
    *ret_change = syncing.merge.change;
    return SLUICE_OK;
}
