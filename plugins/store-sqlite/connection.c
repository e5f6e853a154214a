/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening, closing, waiting and failing. The journal is a WAL with synchronous=NORMAL: a killed process loses
 * nothing that was committed, a power cut may lose the last commits as a whole but never tears one. That is
 * enough because everything a lost commit held can be read again from the lists, and no other machine has
 * seen its epoch.
 */
#include "connection.h"

#include "base/clock.h"
#include "query.h"
#include "schema.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
    PROGRESS_INSTRUCTIONS = 4000, /* between two looks at the cancel flag: well below a millisecond */
    BUSY_PAUSE_MS = 5,
    LOG_LEFT_BYTES = 256 << 10,    /* a larger write-ahead log is not left behind */
    BUSY_AFTER_CANCEL_US = 500000, /* how long the outcome of a cancelled run may wait for another writer */
};

int64_t store_now_us(const struct store *store)
{
    return store->host->now_us(store->host);
}

static int on_progress(void *context)
{
    const struct store *store = context;
    return store->interruptible && store->host->cancelled(store->host);
}

/* Another connection writes: waits a moment, or gives up. */
static int on_busy(void *context, int count)
{
    struct store *store = context;
    const struct sluice_host *host = store->host;
    int64_t now_us = host->monotonic_us(host);
    if (count == 0)
        store->busy_since_us = now_us;
    int64_t waited_us = now_us - store->busy_since_us;
    if (waited_us >= store->options->busy_timeout.ms * US_PER_MS)
        return 0;
    if (!host->cancelled(host)) {
        host->sleep(host, NULL, BUSY_PAUSE_MS);
        return 1;
    }
    if (store->interruptible || waited_us >= BUSY_AFTER_CANCEL_US)
        return 0;
    poll(NULL, 0, BUSY_PAUSE_MS);
    return 1;
}

/* Who holds the unfinished run, for the message of a busy store; readers are never blocked. */
static const char *writer_name(struct store *store)
{
    sqlite3_stmt *statement = NULL;
    const char *name = NULL;
    sqlite3_prepare_v2(store->db, "SELECT holder FROM sync_runs WHERE state <> 'done'", -1, &statement, NULL);
    if (statement != NULL && sqlite3_step(statement) == SQLITE_ROW)
        name = arena_text(&store->result, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return name == NULL ? "another program" : name;
}

static enum sluice_status fail_busy(struct store *store, struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    if (host->cancelled(host))
        return host->fail(host, err, SLUICE_CANCELLED, "cancelled while waiting for the store");
    return host->retry(
        host, err, 0, "store busy: %s has been writing to %s for %lld s; try again when it is done",
        writer_name(store), store->options->path, (long long)(store->options->busy_timeout.ms / 1000));
}

enum sluice_status store_fail(struct store *store, int rc, struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    const char *path = store->options->path;
    const char *reason = store->db == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(store->db);
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail_busy(store, err);
    case SQLITE_INTERRUPT:
        return host->fail(host, err, SLUICE_CANCELLED, "cancelled while working on the store");
    case SQLITE_FULL:
        return host->fail(host, err, SLUICE_IO, "%s: the disk is full; free some space and run again", path);
    case SQLITE_IOERR:
        return host->fail(host, err, SLUICE_IO, "%s: reading or writing failed (%s); check the disk", path,
                          sqlite3_errstr(sqlite3_extended_errcode(store->db)));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return host->fail(host, err, SLUICE_AUTH,
                          "%s cannot be written; give this user the right to the file and "
                          "its folder",
                          path);
    case SQLITE_CANTOPEN:
        return host->fail(host, err, SLUICE_CONFIG,
                          "%s cannot be opened (%s); check that its folder exists and is "
                          "writable",
                          path, reason);
    case SQLITE_CORRUPT:
        return host->fail(host, err, SLUICE_CONFIG,
                          "%s is damaged (%s); restore it from a backup or choose another "
                          "path",
                          path, reason);
    case SQLITE_NOTADB:
        return host->fail(host, err, SLUICE_CONFIG, "%s is no SQLite database; choose another path", path);
    case SQLITE_NOMEM:
        return store_no_memory(store, err);
    case SQLITE_CONSTRAINT:
        return host->retry(host, err, 0, "%s was changed by someone else meanwhile (%s); run again", path,
                           reason);
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        return host->fail(host, err, SLUICE_DATA, "%s does not take a value: %s", path, reason);
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
        return host->fail(host, err, SLUICE_CONFIG, "%s: %s; its tables are not those that Sluice made", path,
                          reason);
    default:
        return host->fail(host, err, SLUICE_FATAL, "%s: %s (SQLite %d)", path, reason, rc);
    }
}

enum sluice_status store_no_memory(struct store *store, struct sluice_error *err)
{
    return store->host->fail(store->host, err, SLUICE_IO,
                             "out of memory; give the process more or lower the limits");
}

enum sluice_status store_execute(struct store *store, const char *sql, struct sluice_error *err)
{
    int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? SLUICE_OK : store_fail(store, rc, err);
}

static enum sluice_status connection_tune(struct store *store, struct sluice_error *err)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF;"
             "PRAGMA cache_size = -%llu; PRAGMA journal_size_limit = 67108864;",
             (unsigned long long)(store->options->cache_size.bytes / 1024));
    return store_execute(store, sql, err);
}

static bool database_exists(const struct store *store)
{
    struct stat status;
    return stat(store->options->path, &status) == 0 && status.st_size > 0;
}

/* The folder that the database is to lie in, when only that one is missing; any failure shows when it is
 * opened. */
static void folder_make(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path || (size_t)(slash - path) >= sizeof folder)
        return;
    memcpy(folder, path, (size_t)(slash - path));
    folder[slash - path] = '\0';
    mkdir(folder, 0777);
}

enum sluice_status store_open(struct store *store, enum store_open how, struct sluice_error *err)
{
    store->absent = how == STORE_OPEN_EXISTING && !database_exists(store);
    if (how == STORE_OPEN_CREATE)
        folder_make(store->options->path);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_CREATE;
    const char *path = store->absent ? ":memory:" : store->options->path;
    int rc = sqlite3_open_v2(path, &store->db, flags, NULL);
    enum sluice_status status = rc == SQLITE_OK ? SLUICE_OK : store_fail(store, rc, err);
    if (status == SLUICE_OK) {
        sqlite3_busy_handler(store->db, on_busy, store);
        sqlite3_progress_handler(store->db, PROGRESS_INSTRUCTIONS, on_progress, store);
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        status = connection_tune(store, err);
    }
    if (status != SLUICE_OK)
        store_close(store);
    return status;
}

/*
 * Moves the write-ahead log into the database file, so that a copy of that file is whole. A run that found
 * nothing new leaves its few rows about itself in the log: the syncs of the disk would be most of its time.
 * Others that use the database now do it when they close. A failure loses nothing: the log stays and is read
 * with the file.
 */
static void log_settle(struct store *store)
{
    char path[PATH_MAX + 8];
    struct stat log = {.st_size = 0};
    snprintf(path, sizeof path, "%s-wal", store->options->path);
    bool large = stat(path, &log) == 0 && log.st_size > LOG_LEFT_BYTES;
    if (!large && !store->lists_changed)
        return;
    sqlite3_busy_handler(store->db, NULL, NULL);
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    store->lists_changed = false;
}

void store_close(struct store *store)
{
    if (store->db != NULL && !store->absent)
        log_settle(store);
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    sqlite3_close(store->db);
    store->db = NULL;
}

enum sluice_status store_enter(struct store *store, enum store_call call, struct sluice_error *err)
{
    store->interruptible = call == STORE_LONG;
    struct arena oldest = store->previous;
    store->previous = store->result;
    store->result = oldest;
    arena_reset(&store->result);
    if (store->absent && database_exists(store))
        store_close(store);
    if (store->db != NULL)
        return SLUICE_OK;
    enum sluice_status status = store_open(store, STORE_OPEN_EXISTING, err);
    if (status == SLUICE_OK)
        status = schema_require(store, err);
    if (status != SLUICE_OK)
        store_close(store);
    return status;
}

enum sluice_status transaction_begin(struct transaction *transaction, struct sluice_error *err)
{
    struct store *store = transaction->store;
    if (store->absent)
        return store->host->fail(store->host, err, SLUICE_CONFIG,
                                 "there is no store at %s yet; a sync creates it", store->options->path);
    struct query begin = query_begin(store, SQL_begin);
    enum sluice_status status = query_run(&begin, err);
    transaction->open = status == SLUICE_OK;
    return status;
}

enum sluice_status transaction_enter(struct transaction *transaction, enum store_call call,
                                     struct sluice_error *err)
{
    enum sluice_status status = store_enter(transaction->store, call, err);
    return status == SLUICE_OK ? transaction_begin(transaction, err) : status;
}

enum sluice_status transaction_commit(struct transaction *transaction, struct sluice_error *err)
{
    struct query commit = query_begin(transaction->store, SQL_commit);
    enum sluice_status status = query_run(&commit, err);
    transaction->open = status != SLUICE_OK;
    return status;
}

void transaction_end(struct transaction *transaction)
{
    if (!transaction->open || sqlite3_get_autocommit(transaction->store->db))
        return;
    struct query rollback = query_begin(transaction->store, SQL_rollback);
    query_run(&rollback, NULL);
}
