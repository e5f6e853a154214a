/* SPDX-License-Identifier: Apache-2.0 */
/* The embedded store: one SQLite file. Here are its options and its instances. */
#include "plugins/stores/calls.h"
#include "snapshot.h"

enum { RESULT_CEILING = 64 << 20 };

static const struct sluice_option options[] = {
    SLUICE_OPTION(struct store_options, path, "path", "./sluice.db", "The database file; a sync creates it.",
                  .flags = SLUICE_OPTION_PATH),
    SLUICE_OPTION(struct store_options, busy_timeout, "busy_timeout", "5s",
                  "How long a write waits while another program writes."),
    SLUICE_OPTION(struct store_options, temp_dir, "temp_dir", NULL,
                  "Folder for the rows of a list until they are committed; by default that of the database.",
                  .flags = SLUICE_OPTION_PATH),
    SLUICE_OPTION(struct store_options, cache_size, "cache_size", "8MiB",
                  "Memory for pages of the database, per connection."),
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
    (void)err;
    *ret_now_us = store_now_us(instance);
    return SLUICE_OK;
}

const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_STORE,
    .n_options = ELEMENTS(options),
    .name = "store-sqlite",
    .version = "0.1.0",
    .summary = "Suppliers, items and runs in one SQLite file",
    .options = options,
    .config_size = sizeof(struct store_options),
    .create = store_create,
    .destroy = store_destroy,
    .store = &store_calls,
};
