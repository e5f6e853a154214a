/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a snapshot: what is stored of the supplier is read first, and decides which way the list takes.
 */
#include "snapshot.h"

#include "plugins/stores/calls.h"
#include "query.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

enum {
    STAT_CEILING = 4 << 20,
    REJECT_CEILING = 64 << 10,
    ROWS_CEILING = 64 << 20, /* of a buffer: far more than FLUSH_SIZE and one row */
    ENTRY_LEAST = 80,        /* bytes of memory that a known SKU takes at least */
    COMPARE_LEAST = 1 << 20, /* with less memory every list is compared in the database */
};

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
