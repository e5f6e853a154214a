/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collecting a list: each row is compared with what is known of its SKU, and only what differs is sent, some
 * hundred kilobytes at a time. No COPY stays open between two calls: a client that stops inside one escapes
 * every time-out of the server.
 */
#include "snapshot.h"

#include "plugins/stores/calls.h"
#include "plugins/stores/reject.h"
#include "query.h"

#include <string.h>

enum {
    FLUSH_SIZE = 1 << 20,
    LOAD_REJECTS_MOST = 4 << 20, /* beside a load they stay here, to be kept whatever becomes of it */
    LEASE_MS = 60000,
};

/* The next of the ids that ids_begin () in open.c began. */
static void id_make(struct snapshot *snapshot, uint8_t ret_id[16])
{
    uint64_t rest = 0;
    memcpy(ret_id, snapshot->first_id, 16);
    for (int i = 8; i < 16; i++)
        rest = rest << 8 | ret_id[i];
    rest += snapshot->n_ids++;
    for (int i = 15; i >= 8; i--, rest >>= 8)
        ret_id[i] = (uint8_t)rest;
}

/* ---- Sending ---- */

enum sluice_status stage_prepare(struct snapshot *snapshot, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    enum sluice_status status = SLUICE_OK;
    if (snapshot->stage_clean)
        return SLUICE_OK;
    if (!store->stage_made || store->stage_used)
        status = store_execute(store, sql_of(store->stage_made ? SQL_stage_empty : SQL_stage_make), err);
    snapshot->stage_clean = store->stage_made = status == SLUICE_OK;
    store->stage_used = false;
    return status;
}

static enum sluice_status stage_send(struct snapshot *snapshot, enum statement which, struct buffer *rows,
                                     bool *there, struct sluice_error *err)
{
    if (rows_are_none(rows))
        return SLUICE_OK;
    enum sluice_status status = stage_prepare(snapshot, err);
    if (status != SLUICE_OK)
        return status;
    snapshot->store->stage_used = true;
    *there = true;
    return copy_in(snapshot->store, sql_of(which), rows, err);
}

static enum sluice_status load_begin(struct snapshot *snapshot, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    if (snapshot->loading)
        return SLUICE_OK;
    enum sluice_status status = stage_prepare(snapshot, err); /* for what a duplicate corrects */
    if (status != SLUICE_OK)
        return status;
    struct query patience = query_begin(store, SQL_load_patience);
    transaction_begin(store);
    bind_int(&patience, store->lease_ms > 0 ? store->lease_ms : LEASE_MS);
    query_send(&patience);
    status = store_exchange(store, err);
    snapshot->loading = status == SLUICE_OK;
    return status;
}

static enum sluice_status load_flush(struct snapshot *snapshot, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    enum sluice_status status = load_begin(snapshot, err);
    if (status == SLUICE_OK && !rows_are_none(&snapshot->load))
        status = copy_in(store, sql_of(SQL_load_items), &snapshot->load, err);
    if (status == SLUICE_OK && !rows_are_none(&snapshot->prices))
        status = copy_in(store, sql_of(SQL_load_prices), &snapshot->prices, err);
    return status;
}

enum sluice_status stage_flush(struct snapshot *snapshot, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    if (snapshot->way == LOADED && snapshot->known.n > 0)
        status = load_flush(snapshot, err);
    if (status != SLUICE_OK)
        return status;
    enum statement which = snapshot->way == COMPARED_IN_DATABASE ? SQL_copy_rows : SQL_copy_items;
    return stage_send(snapshot, which, &snapshot->items, &snapshot->staged, err);
}

enum sluice_status rejects_flush(struct snapshot *snapshot, struct sluice_error *err)
{
    return stage_send(snapshot, SQL_copy_rejects, &snapshot->rejects, &snapshot->rejects_staged, err);
}

/* ---- Items ---- */

static void stage_item(struct snapshot *snapshot, const struct sluice_item *item, const uint8_t id[16],
                       int is_new)
{
    struct buffer *rows = &snapshot->items;
    row_begin(rows, 9);
    row_int8(rows, (int64_t)item->line);
    row_bool(rows, is_new);
    row_bytes(rows, id, 16);
    row_bytes(rows, item->sku.ptr, item->sku.len);
    row_bytes(rows, item->hash.bytes, sizeof item->hash.bytes);
    row_bytes(rows, item->name.ptr, item->name.len);
    row_price(rows, item->price);
    row_bytes(rows, item->currency.ptr, item->currency.len);
    row_json(rows, item->characteristics);
}

static void load_item(struct snapshot *snapshot, const struct sluice_item *item, const uint8_t id[16])
{
    struct buffer *rows = &snapshot->load;
    row_begin(rows, 10);
    row_bytes(rows, id, 16);
    row_bytes(rows, snapshot->supplier, 16);
    row_bytes(rows, item->sku.ptr, item->sku.len);
    row_bytes(rows, item->name.ptr, item->name.len);
    row_price(rows, item->price);
    row_bytes(rows, item->currency.ptr, item->currency.len);
    row_json(rows, item->characteristics);
    row_bytes(rows, item->hash.bytes, sizeof item->hash.bytes);
    row_time(rows, snapshot->at_us);
    row_time(rows, snapshot->at_us);
    rows = &snapshot->prices;
    row_begin(rows, 4);
    row_bytes(rows, id, 16);
    row_time(rows, snapshot->at_us);
    row_price(rows, item->price);
    row_bytes(rows, item->currency.ptr, item->currency.len);
}

static void beat(struct snapshot *snapshot, const struct known *entry, uint64_t line)
{
    if (snapshot->n_beaten < SHOWN_DUPLICATES)
        snapshot->beaten[snapshot->n_beaten] =
            (struct beaten){.entry = (size_t)(entry - snapshot->known.entries), .line = line};
    snapshot->n_beaten++;
}

/* The next attempt at this list takes the other way. */
static enum sluice_status beyond_memory(struct snapshot *snapshot, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    store->beyond_memory = snapshot->key_hash;
    return store->host->retry(
        store->host, err, 1,
        "the list is too large for store.compare_memory and is compared in the database");
}

static enum sluice_status take_item(struct snapshot *snapshot, const struct sluice_item *item,
                                    struct sluice_error *err)
{
    uint8_t id[16];
    if (snapshot->way == COMPARED_IN_DATABASE) {
        id_make(snapshot, id);
        stage_item(snapshot, item, id, 1);
        return SLUICE_OK;
    }
    struct known *entry = known_find(&snapshot->known, item->sku);
    if (entry == NULL) {
        entry = known_add(&snapshot->known, item->sku);
        if (entry == NULL)
            return beyond_memory(snapshot, err);
        id_make(snapshot, entry->id);
    }
    if (entry->line > item->line) {
        beat(snapshot, entry, item->line);
        return SLUICE_OK;
    }
    if (entry->line != 0)
        beat(snapshot, entry, entry->line);
    entry->line = item->line;
    bool staged = (entry->flags & KNOWN_STAGED) != 0;
    bool same = !snapshot->full && (entry->flags & (KNOWN_STORED | KNOWN_GONE)) == KNOWN_STORED &&
                memcmp(entry->hash, item->hash.bytes, sizeof entry->hash) == 0;
    if (same && !staged)
        return SLUICE_OK;
    snapshot->staged_twice |= staged;
    entry->flags |= KNOWN_STAGED;
    if (snapshot->way == LOADED && !staged)
        load_item(snapshot, item, entry->id);
    else
        stage_item(snapshot, item, entry->id, snapshot->way != LOADED && (entry->flags & KNOWN_STORED) == 0);
    return SLUICE_OK;
}

enum sluice_status store_snapshot_write(void *instance, void *snapshot, const struct sluice_item *items,
                                        size_t n, struct sluice_error *err)
{
    struct snapshot *own = snapshot;
    (void)instance;
    own->diffed = false;
    enum sluice_status status = snapshot_resume(own, STORE_LONG, err);
    for (size_t i = 0; i < n && status == SLUICE_OK; i++) {
        status = take_item(own, &items[i], err);
        if (status == SLUICE_OK && own->items.size + own->load.size > FLUSH_SIZE)
            status = stage_flush(own, err);
    }
    return lost_or(own->store, &own->job, status, err);
}

/* ---- Rejects ---- */

static enum sluice_status take_reject(struct snapshot *snapshot, const struct sluice_reject *reject,
                                      struct sluice_error *err)
{
    struct buffer *rows = &snapshot->rejects;
    reject_json(reject, &snapshot->json);
    if (snapshot->json.failed)
        return store_no_memory(snapshot->store, err);
    row_begin(rows, 5);
    row_int8(rows, (int64_t)++snapshot->n_rejects);
    row_bytes(rows, reject->code, (uint32_t)strlen(reject->code));
    row_bytes(rows, reject->message, (uint32_t)strlen(reject->message));
    row_int8(rows, (int64_t)reject->line);
    row_json(rows, (struct sluice_cell){.ptr = snapshot->json.data, .len = (uint32_t)snapshot->json.size});
    if (snapshot->way == LOADED)
        return rows->size > LOAD_REJECTS_MOST ? beyond_memory(snapshot, err) : SLUICE_OK;
    return rows->size > FLUSH_SIZE ? rejects_flush(snapshot, err) : SLUICE_OK;
}

enum sluice_status store_snapshot_reject(void *instance, void *snapshot, const struct sluice_reject *rejects,
                                         size_t n, struct sluice_error *err)
{
    struct snapshot *own = snapshot;
    (void)instance;
    enum sluice_status status = snapshot_resume(own, STORE_LONG, err);
    for (size_t i = 0; i < n && status == SLUICE_OK; i++)
        status = take_reject(own, &rejects[i], err);
    return lost_or(own->store, &own->job, status, err);
}
