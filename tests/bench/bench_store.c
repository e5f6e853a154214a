/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store alone: bench_store PLUGIN.so FOLDER [ROWS]. Drives the calls of one supplier's list of ROWS
 * (200,000) items of eight columns through the vtable: a first list, the same again, 5 % changed. Prints one
 * JSON object a phase:
 * {"phase": …, "rows": …, "seconds": …, "peak_kib": …}.
 */
#include "base/cleanup.h"
#include "base/random.h"
#include "config/config.h"
#include "host/instance.h"

#include <sluice/store.h>
#include <string.h>
#include <sys/resource.h>

enum { BATCH = 1024, TEXT = 256, LEASE_MS = 3600000 };

struct bench {
    const struct sluice_store *calls;
    void *store;
    struct sluice_error err;
    char run_id[SLUICE_ID_SIZE];
    uint64_t rows;
};

struct batch {
    struct sluice_item items[BATCH];
    char text[BATCH][3][TEXT];
    size_t n;
};

static void must(struct bench *bench, const char *what, enum sluice_status status)
{
    if (status == SLUICE_OK)
        return;
    fprintf(stderr, "bench_store: %s: %s (%s)\n", what, status_name(status), bench->err.message);
    exit(EXIT_FAILURE);
}

static double now(void)
{
    return (double)clock_system()->monotonic_us(clock_system()) / 1e6;
}

static void report(const struct bench *bench, const char *phase, double since)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"phase\": \"%s\", \"rows\": %llu, \"seconds\": %.3f, \"peak_kib\": %ld}\n", phase,
           (unsigned long long)bench->rows, now() - since, usage.ru_maxrss);
    fflush(stdout);
}

static struct sluice_cell cell(const char *text, int n)
{
    return (struct sluice_cell){.ptr = text, .len = (uint32_t)n};
}

/* Row i of the list; `change_every` > 0 gives every such row another price. */
static void item_make(struct batch *batch, uint64_t i, uint64_t change_every)
{
    char(*text)[TEXT] = batch->text[batch->n];
    struct sluice_item *item = &batch->items[batch->n++];
    unsigned long long n = i;
    item->sku = cell(text[0], snprintf(text[0], TEXT, "SKU-%08llu", n * 2654435761u % 100000000u));
    item->name = cell(text[1], snprintf(text[1], TEXT, "Article number %llu of the list", n));
    item->currency = cell("EUR", 3);
    item->characteristics = cell(
        text[2],
        snprintf(text[2], TEXT,
                 "{\"Brand\":\"Brand %llu\",\"Unit\":\"piece\",\"Stock\":\"%llu\",\"EAN\":\"40%011llu\"}",
                 n % 97, n % 1000, n));
    bool changed = change_every > 0 && i % change_every == 0;
    item->price = (int64_t)(i % 100000 + 1) * 100 + changed;
    item->line = i + 2;
    uint64_t hash[2] = {i * UINT64_C(0x9e3779b97f4a7c15), (uint64_t)item->price};
    memcpy(item->hash.bytes, hash, sizeof hash);
}

static void list_sync(struct bench *bench, const char *phase, uint64_t change_every)
{
    static struct batch batch;
    uint32_t total = 0;
    struct sluice_request request = {.struct_size = sizeof request};
    uuid_make(random_system(), clock_system()->wall_us(clock_system()), request.run_id);
    const struct sluice_run *run = NULL;
    const struct sluice_job *job = NULL;
    must(bench, "request_put", bench->calls->request_put(bench->store, &request, &run, &bench->err));
    struct sluice_claim claim = {.struct_size = sizeof claim, .holder = "bench", .lease_ms = LEASE_MS};
    must(bench, "run_claim", bench->calls->run_claim(bench->store, &claim, &run, &bench->err));
    int64_t epoch = run->epoch;
    struct sluice_supplier supplier = {.struct_size = sizeof supplier,
                                       .flags = SLUICE_SUPPLIER_ACTIVE,
                                       .key = "bench",
                                       .name = "Bench",
                                       .source_type = "csv",
                                       .source_url = "list.csv"};
    struct sluice_suppliers_sync sync = {.struct_size = sizeof sync,
                                         .run_id = request.run_id,
                                         .epoch = epoch,
                                         .suppliers = &supplier,
                                         .n_suppliers = 1};
    const struct sluice_suppliers_change *change = NULL;
    must(bench, "suppliers_sync", bench->calls->suppliers_sync(bench->store, &sync, &change, &bench->err));
    must(bench, "jobs_enqueue",
         bench->calls->jobs_enqueue(bench->store, request.run_id, epoch, &total, &bench->err));
    must(bench, "job_claim",
         bench->calls->job_claim(bench->store, NULL, "bench", LEASE_MS, &job, &bench->err));
    double since = now();
    struct sluice_snapshot_open open = {.struct_size = sizeof open, .job = job};
    void *snapshot = NULL;
    must(bench, "snapshot_open", bench->calls->snapshot_open(bench->store, &open, &snapshot, &bench->err));
    for (uint64_t i = 0; i < bench->rows;) {
        for (batch.n = 0; batch.n < BATCH && i < bench->rows; i++)
            item_make(&batch, i, change_every);
        must(bench, "snapshot_write",
             bench->calls->snapshot_write(bench->store, snapshot, batch.items, batch.n, &bench->err));
    }
    report(bench, "  staged", since);
    const struct sluice_snapshot_stat *stat = NULL;
    must(bench, "snapshot_stat",
         bench->calls->snapshot_stat(bench->store, snapshot, 3.0, &stat, &bench->err));
    report(bench, "  compared", since);
    struct sluice_job_outcome outcome = {.struct_size = sizeof outcome,
                                         .outcome = SLUICE_OUTCOME_SUCCESS,
                                         .error_type = "SUCCESS",
                                         .message = ""};
    struct sluice_snapshot_commit commit = {
        .struct_size = sizeof commit, .version = phase, .outcome = &outcome};
    must(bench, "snapshot_commit",
         bench->calls->snapshot_commit(bench->store, snapshot, &commit, &bench->err));
    report(bench, phase, since);
    must(bench, "run_finish",
         bench->calls->run_finish(bench->store, request.run_id, epoch, SLUICE_OUTCOME_SUCCESS, NULL,
                                  &bench->err));
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bench_store PLUGIN.so FOLDER [ROWS]\n");
        return 64;
    }
    struct bench bench = {.rows = argc > 3 ? strtoull(argv[3], NULL, 10) : 200000};
    struct host_services services = {.clock = clock_system(), .random = random_system()};
    const struct sluice_plugin *plugin = NULL;
    must(&bench, argv[1], plugin_load(argv[1], SLUICE_STORE, &plugin, &bench.err));
    char path[512];
    snprintf(path, sizeof path, "store.path=%s/bench.db", argv[2]);
    const char *const defaults[] = {path};
    struct config_input input = {.defaults = defaults, .n_defaults = 1};
    _cleanup_(config_freep) struct config *config = NULL;
    must(&bench, "configuration", config_load(&input, &config, &bench.err));
    _cleanup_free_ void *options = calloc(1, plugin->config_size);
    must(&bench, "options",
         config_fill(config, "store", plugin->options, plugin->n_options, options, &bench.err));
    struct instance *instance = NULL;
    must(&bench, "create", instance_create(&services, plugin, options, "bench", &instance, &bench.err));
    bench.calls = plugin->store;
    bench.store = instance->self;
    const struct sluice_schema *schema = NULL;
    must(&bench, "schema", bench.calls->schema(bench.store, SLUICE_SCHEMA_MIGRATE, &schema, &bench.err));
    list_sync(&bench, "first", 0);
    list_sync(&bench, "equal", 0);
    list_sync(&bench, "5 % changed", 20);
    instance_destroy(instance);
    return EXIT_SUCCESS;
}
