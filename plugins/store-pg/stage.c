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

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

enum {
    STAT_CEILING = 4 << 20,
    REJECT_CEILING = 64 << 10,
    ROWS_CEILING = 64 << 20, /* of a buffer: far more than FLUSH_SIZE and one row */
    FLUSH_SIZE = 1 << 20,
    LOAD_REJECTS_MOST = 4 << 20, /* beside a load they stay here, to be kept whatever becomes of it */
    ENTRY_LEAST = 80,            /* bytes of memory that a known SKU takes at least */
    COMPARE_LEAST = 1 << 20,     /* with less memory every list is compared in the database */
    LEASE_MS = 60000,
};

/* ---- Beginning and ending ---- */

/* Version 7 (RFC 9562) with a counter in its last bits, so that ids grow in the order in which they are made.
 */
static void ids_begin(struct snapshot *snapshot)
{
    const struct sluice_host *host = snapshot->store->host;
    uint8_t *id = snapshot->first_id;
    uint64_t ms = (uint64_t)host->now_us(host) / (uint64_t)US_PER_MS;
    host->random(host, id, sizeof snapshot->first_id);
    for (int i = 0; i < 6; i++)
        id[i] = (uint8_t)(ms >> (40 - 8 * i));
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x70);
    id[8] = (uint8_t)((id[8] & 0x1f) | 0x80); /* room to count */
}

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

/* The bytes of a UUID's text. */
static void id_read(const char *text, uint8_t ret_id[16])
{
    size_t n = 0;
    for (unsigned value; n < 16 && sscanf(text, "%2x", &value) == 1; text += text[2] == '-' ? 3 : 2)
        ret_id[n++] = (uint8_t)value;
}

void snapshot_yield(struct snapshot *snapshot)
{
    if (snapshot == NULL || !snapshot->loading)
        return;
    snapshot->loading = false;
    snapshot->yielded = true;
    transaction_rollback(snapshot->store);
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    snapshot_yield(snapshot);
    snapshot->store->snapshot = NULL;
    known_end(&snapshot->known);
    buffer_free(&snapshot->items);
    buffer_free(&snapshot->load);
    buffer_free(&snapshot->prices);
    buffer_free(&snapshot->rejects);
    buffer_free(&snapshot->json);
    arena_free(&snapshot->arena);
    free(snapshot);
}

enum sluice_status snapshot_resume(struct snapshot *snapshot, enum store_call call, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    enum sluice_status status = store_resume(store, call, err);
    if (status != SLUICE_OK)
        return status;
    if (snapshot->link == store->n_links && !snapshot->yielded)
        return SLUICE_OK;
    return store->host->retry(store->host, err, 0, "%s forgot what was staged, because the link broke",
                              store->where);
}

/* A dry snapshot may be of a supplier that is not stored: then it is compared with nothing. */
static enum sluice_status supplier_find(struct snapshot *snapshot, const char *key, struct sluice_error *err)
{
    if (!snapshot->dry)
        return SLUICE_OK;
    snapshot->job.supplier_id[0] = '\0';
    _cleanup_(query_end) struct query query = query_begin(snapshot->store, SQL_supplier_by_key);
    bind_text(&query, key);
    enum sluice_status status = query_run(&query, err);
    if (status == SLUICE_OK && query_next(&query))
        snprintf(snapshot->job.supplier_id, SLUICE_ID_SIZE, "%s", column_text(&query, 0));
    return status;
}

/* The job's row names the server process that works for it: this one, also after a link broke. */
static enum sluice_status backend_tell(struct snapshot *snapshot, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    struct query query = query_begin(store, SQL_job_backend);
    if (snapshot->dry || store->claimed_on == store->n_links)
        return SLUICE_OK;
    bind_id(&query, snapshot->job.run_id);
    bind_id(&query, snapshot->job.supplier_id);
    bind_int(&query, snapshot->job.attempt);
    bind_text(&query, store->backend_pid);
    bind_text(&query, store->backend_start);
    query_send(&query);
    enum sluice_status status = store_exchange(store, err);
    if (status == SLUICE_OK)
        store->claimed_on = store->n_links;
    return status;
}

/* ---- What is known ---- */

static enum sluice_status take_known(void *context, struct copied *row, struct sluice_error *err)
{
    struct snapshot *snapshot = context;
    struct sluice_cell id = copied_field(row), hash = copied_field(row), gone = copied_field(row),
                       sku = copied_field(row);
    if (id.len != 16 || hash.len != 16 || gone.len != 1)
        return copy_unknown(snapshot->store, err);
    struct known *entry = known_add(&snapshot->known, sku);
    if (entry == NULL) { /* it is counted, and too much */
        snapshot->way = COMPARED_IN_DATABASE;
        return SLUICE_OK;
    }
    memcpy(entry->id, id.ptr, 16);
    memcpy(entry->hash, hash.ptr, 16);
    entry->flags = KNOWN_STORED | (gone.ptr[0] != 0 ? KNOWN_GONE : 0);
    return SLUICE_OK;
}

static enum sluice_status known_read(struct snapshot *snapshot, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    char most[NUMBER_SIZE];
    size_t limit = store->options->compare_memory.bytes / ENTRY_LEAST + 1;
    snprintf(most, sizeof most, "%zu", limit);
    known_begin(&snapshot->known, &store->random, store->options->compare_memory.bytes);
    if (snapshot->job.supplier_id[0] == '\0')
        return SLUICE_OK;
    char *sql = sql_with(store, SQL_known_items, snapshot->job.supplier_id, most);
    if (sql == NULL)
        return store_no_memory(store, err);
    enum sluice_status status = copy_out(store, sql, take_known, snapshot, err);
    if (status == SLUICE_OK && snapshot->known.n >= limit)
        snapshot->way = COMPARED_IN_DATABASE;
    return status;
}

static enum sluice_status time_ask(struct snapshot *snapshot, struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(snapshot->store, SQL_now);
    enum sluice_status status = query_run(&query, err);
    if (status != SLUICE_OK || !query_next(&query))
        return status;
    snprintf(snapshot->at, sizeof snapshot->at, "%s", column_text(&query, 0));
    snapshot->at_us = time_read(snapshot->at);
    return SLUICE_OK;
}

static enum sluice_status way_find(struct snapshot *snapshot, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    enum sluice_status status = SLUICE_OK;
    if (store->beyond_memory == snapshot->key_hash || store->options->compare_memory.bytes < COMPARE_LEAST)
        snapshot->way = COMPARED_IN_DATABASE;
    else
        status = known_read(snapshot, err);
    store->beyond_memory = 0;
    if (snapshot->way == COMPARED_IN_DATABASE)
        known_end(&snapshot->known);
    else if (status == SLUICE_OK && snapshot->known.n == 0 && !snapshot->dry) {
        snapshot->way = LOADED;
        id_read(snapshot->job.supplier_id, snapshot->supplier);
        status = time_ask(snapshot, err);
    }
    return status;
}

static enum sluice_status snapshot_begin(struct snapshot *snapshot, const char *key, struct sluice_error *err)
{
    struct store *store = snapshot->store;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status == SLUICE_OK)
        status = supplier_find(snapshot, key, err);
    if (status == SLUICE_OK)
        status = backend_tell(snapshot, err);
    if (status == SLUICE_OK)
        status = way_find(snapshot, err);
    snapshot->link = store->n_links;
    return status;
}

enum sluice_status store_snapshot_open(void *instance, const struct sluice_snapshot_open *open,
                                       void **ret_snapshot, struct sluice_error *err)
{
    struct store *store = instance;
    struct job_key job = job_key(open->job);
    if (store->snapshot != NULL)
        return store->host->fail(store->host, err, SLUICE_FATAL,
                                 "a snapshot is open already on this instance");
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (snapshot == NULL)
        return store_no_memory(store, err);
    *snapshot = (struct snapshot){
        .store = store,
        .job = job,
        .key_hash = XXH3_64bits(open->job->key, strlen(open->job->key)),
        .dry = open->dry != 0,
        .full = open->full != 0,
        .items = BUFFER_INIT(ROWS_CEILING),
        .load = BUFFER_INIT(ROWS_CEILING),
        .prices = BUFFER_INIT(ROWS_CEILING),
        .rejects = BUFFER_INIT(ROWS_CEILING),
        .json = BUFFER_INIT(REJECT_CEILING),
        .arena = ARENA_INIT(STAT_CEILING),
    };
    rows_begin(&snapshot->items);
    rows_begin(&snapshot->load);
    rows_begin(&snapshot->prices);
    rows_begin(&snapshot->rejects);
    ids_begin(snapshot);
    enum sluice_status status = snapshot_begin(snapshot, open->job->key, err);
    if (status != SLUICE_OK) {
        snapshot_free(snapshot);
        return status;
    }
    store->snapshot = snapshot;
    *ret_snapshot = snapshot;
    return SLUICE_OK;
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
