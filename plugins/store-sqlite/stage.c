/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Staging: an attached database in a file that is unlinked as soon as it is open, so that neither a crash nor
 * a kill leaves it behind, and whose memory is bounded by its page cache. It needs no journal: when a write
 * to it fails the whole snapshot is given up.
 */
#include "base/decimal.h"
#include "plugins/stores/calls.h"
#include "plugins/stores/reject.h"
#include "query.h"
#include "snapshot.h"

#include <stdio.h>
#include <string.h>

enum { STAT_CEILING = 4 << 20, REJECT_CEILING = 64 << 10, PATH_SIZE = 4096 };

/* The folder of the stage: temp_dir, else that of the database. */
static void stage_path(struct store *store, char path[PATH_SIZE])
{
    char id[UUID_TEXT_SIZE];
    uuid_make(&store->random, store_now_us(store), id);
    const char *folder = store->options->temp_dir;
    size_t length = folder == NULL ? 0 : strlen(folder);
    if (folder == NULL) {
        folder = store->options->path;
        const char *slash = strrchr(folder, '/');
        length = slash == NULL ? 0 : (size_t)(slash - folder);
        if (slash == folder)
            length = 1;
    }
    if (length == 0)
        snprintf(path, PATH_SIZE, ".sluice-stage-%s", id);
    else
        snprintf(path, PATH_SIZE, "%.*s/.sluice-stage-%s", (int)length, folder, id);
}

static enum sluice_status run_each(struct store *store, const enum statement *statements, size_t n,
                                   struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < n && status == SLUICE_OK; i++) {
        struct query query = query_begin(store, statements[i]);
        status = query_run(&query, err);
    }
    return status;
}

static enum sluice_status stage_attach(struct store *store, struct sluice_error *err)
{
    char path[PATH_SIZE];
    stage_path(store, path);
    struct query attach = query_begin(store, SQL_stage_attach);
    bind_text(&attach, path);
    enum sluice_status status = query_run(&attach, err);
    if (status != SLUICE_OK)
        return status;
    status = store_execute(store,
                           "PRAGMA stage.journal_mode = OFF; PRAGMA stage.synchronous = OFF;"
                           "PRAGMA stage.locking_mode = EXCLUSIVE; PRAGMA stage.cache_size = -8192;",
                           err);
    static const enum statement tables[] = {SQL_stage_items, SQL_stage_rejects, SQL_stage_changes};
    if (status == SLUICE_OK)
        status = run_each(store, tables, ELEMENTS(tables), err);
    unlink(path);
    return status;
}

/* Every statement lets go first: SQLite detaches nothing that is in use. */
static void stage_detach(struct store *store)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_reset(store->statements[i]);
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_exec(store->db, "DETACH stage", NULL, NULL, NULL);
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    if (snapshot->store->db != NULL)
        stage_detach(snapshot->store);
    snapshot->store->snapshot = NULL;
    arena_free(&snapshot->arena);
    buffer_free(&snapshot->json);
    free(snapshot);
}

/* A dry snapshot may be of a supplier that is not stored: then it is compared with nothing. */
static enum sluice_status supplier_find(struct snapshot *snapshot, const char *key, struct sluice_error *err)
{
    if (!snapshot->dry)
        return SLUICE_OK;
    snapshot->job.supplier_id[0] = '\0';
    _cleanup_(query_end) struct query query = query_begin(snapshot->store, SQL_supplier_by_key);
    bind_text(&query, key);
    enum sluice_status status = query_step(&query, err);
    if (status == SLUICE_END)
        return SLUICE_OK;
    if (status == SLUICE_OK)
        snprintf(snapshot->job.supplier_id, SLUICE_ID_SIZE, "%s", column_text(&query, 0));
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
        .dry = open->dry != 0,
        .full = open->full != 0,
        .arena = ARENA_INIT(STAT_CEILING),
        .json = BUFFER_INIT(REJECT_CEILING),
    };
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status == SLUICE_OK)
        status = supplier_find(snapshot, open->job->key, err);
    if (status == SLUICE_OK)
        status = stage_attach(store, err);
    if (status != SLUICE_OK) {
        snapshot_free(snapshot);
        return status;
    }
    store->snapshot = snapshot;
    *ret_snapshot = snapshot;
    return SLUICE_OK;
}

static enum sluice_status stage_item(struct store *store, const struct sluice_item *item,
                                     struct sluice_error *err)
{
    char price[DECIMAL_TEXT_SIZE];
    decimal_format(item->price, price);
    struct query query = query_begin(store, SQL_stage_put);
    bind_cell(&query, item->sku);
    bind_int(&query, (int64_t)item->line);
    bind_blob(&query, item->hash.bytes, sizeof item->hash.bytes);
    bind_cell(&query, item->name);
    bind_text(&query, price);
    bind_cell(&query, item->currency);
    bind_cell(&query, item->characteristics);
    return query_run(&query, err);
}

static enum sluice_status stage_begin(struct store *store, struct sluice_error *err)
{
    return store_execute(store, "BEGIN", err);
}

/* A failed write leaves the transaction open; snapshot_free () ends it with the stage. */
static enum sluice_status stage_end(struct store *store, enum sluice_status status, struct sluice_error *err)
{
    return status == SLUICE_OK ? store_execute(store, "COMMIT", err) : status;
}

enum sluice_status store_snapshot_write(void *instance, void *snapshot, const struct sluice_item *items,
                                        size_t n, struct sluice_error *err)
{
    struct store *store = instance;
    ((struct snapshot *)snapshot)->diffed = false;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status == SLUICE_OK)
        status = stage_begin(store, err);
    if (status != SLUICE_OK)
        return status;
    for (size_t i = 0; i < n && status == SLUICE_OK; i++)
        status = stage_item(store, &items[i], err);
    return stage_end(store, status, err);
}

static enum sluice_status stage_reject(struct snapshot *snapshot, const struct sluice_reject *reject,
                                       struct sluice_error *err)
{
    reject_json(reject, &snapshot->json);
    if (snapshot->json.failed)
        return store_no_memory(snapshot->store, err);
    struct query query = query_begin(snapshot->store, SQL_stage_put_reject);
    bind_text(&query, reject->code);
    bind_text(&query, reject->message);
    bind_int(&query, (int64_t)reject->line);
    bind_text(&query, snapshot->json.data);
    return query_run(&query, err);
}

enum sluice_status store_snapshot_reject(void *instance, void *snapshot, const struct sluice_reject *rejects,
                                         size_t n, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status == SLUICE_OK)
        status = stage_begin(store, err);
    if (status != SLUICE_OK)
        return status;
    for (size_t i = 0; i < n && status == SLUICE_OK; i++)
        status = stage_reject(snapshot, &rejects[i], err);
    return stage_end(store, status, err);
}
