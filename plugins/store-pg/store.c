/* SPDX-License-Identifier: Apache-2.0 */
/* The store on a PostgreSQL server. Here are its options and its instances. */
#include "plugins/stores/calls.h"
#include "query.h"
#include "snapshot.h"

enum { RESULT_CEILING = 64 << 20 };

static const struct sluice_option options[] = {
    SLUICE_OPTION(
        struct store_options, url, "url", NULL,
        "Where the database is: `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`, or libpq's `key=value` "
        "pairs.",
        .flags = SLUICE_OPTION_REQUIRED),
    SLUICE_OPTION(struct store_options, schema, "schema", "public",
                  "The schema with Sluice's tables; a migration creates it."),
    SLUICE_OPTION(struct store_options, connect_timeout, "connect_timeout", "10s",
                  "How long the server may take to let us in."),
    SLUICE_OPTION(struct store_options, lock_timeout, "lock_timeout", "10s",
                  "How long a statement waits for a lock that another session holds."),
    SLUICE_OPTION(struct store_options, statement_timeout, "statement_timeout", "5m",
                  "How long one statement may take."),
    SLUICE_OPTION(
        struct store_options, compare_memory, "compare_memory", "64MiB",
        "Memory, per worker, for comparing a list with what is stored; a list beyond it is compared in the "
        "database, with `0B` every one."),
};

static enum sluice_status store_create(const struct sluice_host *host, const void *config,
                                       void **ret_instance, struct sluice_error *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more or lower the limits");
    *store = (struct store){
        .host = host,
        .result = ARENA_INIT(RESULT_CEILING),
        .previous = ARENA_INIT(RESULT_CEILING),
        .options = config,
        .random = store_random(host),
    };
    *ret_instance = store;
    return SLUICE_OK;
}

static void store_destroy(void *instance)
{
    struct store *store = instance;
    snapshot_free(store->snapshot);
    store_close(store);
    arena_free(&store->result);
    arena_free(&store->previous);
    free(store);
}

enum sluice_status store_clock(void *instance, int64_t *ret_now_us, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_connect(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_clock);
    status = query_run(&query, err);
    if (status == SLUICE_OK && query_next(&query))
        *ret_now_us = column_int(&query, 0);
    return status;
}

const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_STORE,
    .n_options = ELEMENTS(options),
    .name = "store-pg",
    .version = "0.1.0",
    .summary = "Suppliers, items and runs on a PostgreSQL server",
    .options = options,
    .config_size = sizeof(struct store_options),
    .create = store_create,
    .destroy = store_destroy,
    .store = &store_calls,
};
