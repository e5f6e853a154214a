/* SPDX-License-Identifier: Apache-2.0 */
/* The store on a PostgreSQL server. Here are its options, its instances and the table of its calls. */
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

static void host_random(const struct random_source *random, void *bytes, size_t n)
{
    const struct sluice_host *host = random->context;
    host->random(host, bytes, n);
}

static enum sluice_status store_create(const struct sluice_host *host, const void *config,
                                       void **ret_instance, struct sluice_error *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more or lower the limits");
    union {
        const struct sluice_host *constant;
        void *context;
    } host_pointer = {.constant = host};
    *store = (struct store){
        .host = host,
        .result = ARENA_INIT(RESULT_CEILING),
        .previous = ARENA_INIT(RESULT_CEILING),
        .options = config,
        .random = {.bytes = host_random, .context = host_pointer.context},
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

static enum sluice_status store_clock(void *instance, int64_t *ret_now_us, struct sluice_error *err)
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

static const struct sluice_store calls = {
    .struct_size = sizeof calls,
    .schema = store_schema,
    .clock = store_clock,
    .request_put = store_request_put,
    .request_cancel = store_request_cancel,
    .run_claim = store_run_claim,
    .run_renew = store_run_renew,
    .run_finish = store_run_finish,
    .suppliers_sync = store_suppliers_sync,
    .jobs_enqueue = store_jobs_enqueue,
    .job_claim = store_job_claim,
    .job_renew = store_job_renew,
    .job_finish = store_job_finish,
    .job_release = store_job_release,
    .job_lookup = store_job_lookup,
    .snapshot_open = store_snapshot_open,
    .snapshot_write = store_snapshot_write,
    .snapshot_reject = store_snapshot_reject,
    .snapshot_stat = store_snapshot_stat,
    .snapshot_commit = store_snapshot_commit,
    .snapshot_abort = store_snapshot_abort,
    .hold_put = store_hold_put,
    .hold_decide = store_hold_decide,
    .master_approval = store_master_approval,
    .schedule_get = store_schedule_get,
    .schedule_begin = store_schedule_begin,
    .schedule_pause = store_schedule_pause,
    .ticks_put = store_ticks_put,
    .audit_put = store_audit_put,
    .prune = store_prune,
    .query = store_query,
};

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
    .store = &calls,
};
