/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_pipeline PLUGIN LIST ROUNDS: fetch, decode, map and handle rejects of one list without a store,
 * beside libcsv decoding the same file with callbacks that only count. In turns; prints one line "ours_us
 * peer_us" a round.
 */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/random.h"
#include "config/config.h"
#include "host/instance.h"
#include "ingest/list.h"

#include <csv.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct pipeline {
    struct host_services services;
    struct instance *source;
    struct ingest_options ingest;
    const char *location;
    uint64_t items;
};

static enum sluice_status count_items(void *context, const struct sluice_item *items, size_t n,
                                      struct sluice_error *err)
{
    (void)items, (void)err;
    ((struct pipeline *)context)->items += n;
    return SLUICE_OK;
}

static enum sluice_status drop_rejects(void *context, const struct sluice_reject *rejects, size_t n,
                                       struct sluice_error *err)
{
    (void)context, (void)rejects, (void)n, (void)err;
    return SLUICE_OK;
}

static enum sluice_status read_rows(const struct sluice_source *source, void *self, void *cursor,
                                    struct list_reader *reader, struct sluice_error *err)
{
    for (;;) {
        const struct sluice_batch *batch = NULL;
        const char *version = NULL;
        enum sluice_status status = source->next(self, cursor, &batch, &version, err);
        if (status != SLUICE_OK)
            return status == SLUICE_END ? SLUICE_OK : status;
        status = list_reader_batch(reader, batch, err);
        batch->release(batch);
        if (status != SLUICE_OK)
            return status;
    }
}

static enum sluice_status read_list(struct pipeline *pipeline, struct sluice_error *err)
{
    const struct sluice_source *source = pipeline->source->plugin->source;
    const struct sluice_open_request request = {.struct_size = sizeof request,
                                                .location = pipeline->location};
    const struct list_sink sink = {.context = pipeline, .items = count_items, .rejects = drop_rejects};
    const struct sluice_description *description = NULL;
    struct list_reader *reader = NULL;
    const struct list_report *report = NULL;
    void *cursor = NULL;
    enum sluice_status status = source->open(pipeline->source->self, &request, &cursor, &description, err);
    if (status != SLUICE_OK)
        return status;
    status = list_reader_new(&pipeline->ingest, "list.csv", description, &sink, &reader, err);
    if (status == SLUICE_OK)
        status = read_rows(source, pipeline->source->self, cursor, reader, err);
    if (status == SLUICE_OK)
        status = list_reader_finish(reader, &report, err);
    list_reader_free(reader);
    source->close(pipeline->source->self, cursor);
    return status;
}

static void count_cell(void *text, size_t n, void *context)
{
    (void)text, (void)n;
    ++*(uint64_t *)context;
}

static void count_row(int end, void *context)
{
    (void)end;
    ++*(uint64_t *)context;
}

/* What libcsv alone takes for the file, in microseconds; -1 when it cannot be read. */
static int64_t libcsv_us(const char *path)
{
    static char buffer[1 << 20];
    const struct clock *clock = clock_system();
    uint64_t counted = 0;
    struct csv_parser parser;
    int64_t started = clock->monotonic_us(clock);
    _cleanup_close_ int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || csv_init(&parser, 0) != 0)
        return -1;
    ssize_t n = 0;
    while ((n = read(file, buffer, sizeof buffer)) > 0)
        csv_parse(&parser, buffer, (size_t)n, count_cell, count_row, &counted);
    csv_fini(&parser, count_cell, count_row, &counted);
    csv_free(&parser);
    return n < 0 || counted == 0 ? -1 : clock->monotonic_us(clock) - started;
}

static enum sluice_status prepare(struct config *config, const char *plugin_path, struct pipeline *pipeline,
                                  struct fetch_options *fetch, struct sluice_error *err)
{
    const struct sluice_plugin *plugin = NULL;
    enum sluice_status status = plugin_load(plugin_path, SLUICE_SOURCE, &plugin, err);
    if (status != SLUICE_OK)
        return status;
    void *options = calloc(1, plugin->config_size); /* kept until the process ends */
    if (options == NULL)
        return error_no_memory(err);
    status = config_fill(config, "sources.csv", plugin->options, plugin->n_options, options, err);
    if (status == SLUICE_OK)
        status = config_fill(config, "fetch", fetch_option_table, fetch_option_count, fetch, err);
    if (status == SLUICE_OK)
        status =
            config_fill(config, "ingest", ingest_option_table, ingest_option_count, &pipeline->ingest, err);
    if (status != SLUICE_OK)
        return status;
    pipeline->services =
        (struct host_services){.clock = clock_system(), .random = random_system(), .fetch = fetch};
    return instance_create(&pipeline->services, plugin, options, "bench", &pipeline->source, err);
}

static int fail(const struct sluice_error *err)
{
    fprintf(stderr, "bench_pipeline: %s\n", err->message);
    return 1;
}

static int measure(struct pipeline *pipeline, long rounds)
{
    const struct clock *clock = clock_system();
    struct sluice_error err = {0};
    for (long round = 0; round < rounds; round++) {
        int64_t started = clock->monotonic_us(clock);
        if (read_list(pipeline, &err) != SLUICE_OK)
            return fail(&err);
        int64_t ours = clock->monotonic_us(clock) - started;
        printf("%" PRId64 " %" PRId64 "\n", ours, libcsv_us(pipeline->location));
    }
    return pipeline->items > 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bench_pipeline PLUGIN LIST ROUNDS\n");
        return 64;
    }
    char root[4096];
    snprintf(root, sizeof root, "fetch.roots=%s", argv[2]);
    const char *const set[] = {root};
    const struct config_input input = {.set = set, .n_set = 1};
    struct pipeline pipeline = {.location = argv[2]};
    struct fetch_options fetch = {0};
    struct config *config = NULL;
    struct sluice_error err = {0};
    enum sluice_status status = config_load(&input, &config, &err);
    if (status == SLUICE_OK)
        status = prepare(config, argv[1], &pipeline, &fetch, &err);
    int code = status == SLUICE_OK ? measure(&pipeline, strtol(argv[3], NULL, 10)) : fail(&err);
    instance_destroy(pipeline.source);
    config_free(config);
    return code;
}
