/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One instance of the store: its connection, its options and what it last returned. The connection is opened
 * by the first call that needs it. A database that does not exist yet is stood in for by an empty one in
 * memory, which reads like a new store and refuses every write, so that a dry run leaves no file behind.
 */
#ifndef STORE_SQLITE_CONNECTION_H
#define STORE_SQLITE_CONNECTION_H

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/random.h"
#include "sql.h"

#include <sluice/store.h>
#include <sqlite3.h>

struct store_options {
    const char *path;
    struct sluice_duration busy_timeout;
    const char *temp_dir;
    struct sluice_size cache_size;
};

struct snapshot;

struct store {
    const struct sluice_host *host;
    const struct store_options *options;
    struct random_source random;
    sqlite3 *db; /* NULL until first needed */
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct snapshot *snapshot; /* the one that is open, or NULL */
    struct arena result;       /* what the last call returned */
    struct arena previous;     /* what the one before returned: it may be an argument of the last */
    int64_t busy_since_us;     /* when the current wait for another writer began; monotonic */
    bool absent;               /* the database does not exist yet: db is an empty one in memory */
    bool interruptible;        /* the current call stops when the host is cancelled */
    bool lists_changed;        /* suppliers, items or tables were written: the file alone is to hold them */
};

/* A call that may take long stops when the host is cancelled. A short one does not, so that the outcome of a
 * cancelled run can still be written. */
enum store_call { STORE_SHORT, STORE_LONG };
enum store_open { STORE_OPEN_EXISTING, STORE_OPEN_CREATE };

/* Begins a call: forgets what the last but one returned, opens the database when it is not, checks its
 * version.
 */
enum sluice_status store_enter(struct store *store, enum store_call call, struct sluice_error *err);
/* Opens the database without looking at its version; a missing one becomes a stand-in unless it is to be
 * created. */
enum sluice_status store_open(struct store *store, enum store_open how, struct sluice_error *err);
void store_close(struct store *store);
int64_t store_now_us(const struct store *store);

/* Turns the connection's last failure into a status and a sentence. */
enum sluice_status store_fail(struct store *store, int rc, struct sluice_error *err);
enum sluice_status store_no_memory(struct store *store, struct sluice_error *err);
/* Runs SQL that gives no rows. */
enum sluice_status store_execute(struct store *store, const char *sql, struct sluice_error *err);

/*
 * A write: begun for writing at once (BEGIN IMMEDIATE), so that it never has to upgrade and fail half-way.
 * Rolled back at the end of its scope unless it was committed.
 *
 *     _cleanup_(transaction_end) struct transaction transaction = {.store = store};
 *     enum sluice_status status = transaction_enter (&transaction, STORE_SHORT, err);
 */
struct transaction {
    struct store *store;
    bool open;
};
enum sluice_status transaction_begin(struct transaction *transaction, struct sluice_error *err);
/* Begins a call of the contract that is one write: store_enter () and transaction_begin (). */
enum sluice_status transaction_enter(struct transaction *transaction, enum store_call call,
                                     struct sluice_error *err);
enum sluice_status transaction_commit(struct transaction *transaction, struct sluice_error *err);
void transaction_end(struct transaction *transaction); /* [cleanup] */

#endif
