/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Price lists in CSV and TSV, from files and from HTTP: the smallest complete source, and the one to copy
 * for your own. Fetching is the host's, decoding is formats/csv's; what remains is to join the two.
 */
#include "formats/csv_source.h"
#include "formats/source.h"

#include <stdlib.h>

/* What the configuration can set; the type of the field decides what a user may write. */
static const struct sluice_option options[] = {
    SLUICE_OPTION(
        struct csv_words, delimiter, "delimiter", NULL,
        "Character between cells: one of , ; | or any other ASCII character, or 'tab'; detected when unset."),
    SLUICE_OPTION(struct csv_words, encoding, "encoding", NULL,
                  "Encoding of the text, for example windows-1251; detected when unset."),
    SLUICE_OPTION(struct csv_words, quote, "quote", "\"", "Character around quoted cells, or 'none'."),
    SLUICE_OPTION(struct csv_words, sheet, "sheet", NULL, "Always an error: a CSV file has no tabs."),
};

/* An instance belongs to one worker, which reads one list after another with it. */
struct instance {
    const struct sluice_host *host;
    const struct csv_words *config;
};

/* A cursor is one list being read. The document is ours until close (); batches retain it themselves. */
struct cursor {
    const struct sluice_document *document;
    struct csv_reader *reader;
    struct sluice_description description;
};

static enum sluice_status stub_create(const struct sluice_host *host, const void *config, void **ret_instance,
                                      struct sluice_error *err)
{
    struct instance *instance = calloc(1, sizeof *instance);
    if (instance == NULL)
        return source_no_memory(host, err);
    *instance = (struct instance){.host = host, .config = config};
    *ret_instance = instance;
    return SLUICE_OK;
}

static void stub_close(void *instance, void *open_cursor)
{
    (void)instance;
    struct cursor *cursor = open_cursor;
    csv_close(cursor->reader);
    if (cursor->document != NULL)
        cursor->document->release(cursor->document);
    free(cursor);
}

static enum sluice_status stub_open(void *instance, const struct sluice_open_request *request,
                                    void **ret_cursor, const struct sluice_description **ret_description,
                                    struct sluice_error *err)
{
    struct instance *self = instance;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL)
        return source_no_memory(self->host, err);
    /* The version of the last accepted read goes along: the same bytes answer UNCHANGED, which we pass on. */
    const struct sluice_fetch_request fetch = {
        .struct_size = sizeof fetch, .location = request->location, .version = request->version};
    enum sluice_status status = self->host->fetch(self->host, &fetch, &cursor->document, err);
    if (status == SLUICE_OK)
        status = csv_source_open(self->host, cursor->document, self->config, &cursor->reader, err);
    if (status != SLUICE_OK) {
        stub_close(self, cursor);
        return status;
    }
    cursor->description = (struct sluice_description){.struct_size = sizeof cursor->description,
                                                      .title = cursor->document->name,
                                                      .notice = csv_notice(cursor->reader)};
    *ret_cursor = cursor;
    *ret_description = &cursor->description;
    return SLUICE_OK;
}

static enum sluice_status stub_next(void *instance, void *open_cursor, const struct sluice_batch **ret_batch,
                                    const char **ret_version, struct sluice_error *err)
{
    struct instance *self = instance;
    struct cursor *cursor = open_cursor;
    enum sluice_status status = csv_source_next(self->host, cursor->document, cursor->reader, ret_batch, err);
    if (status == SLUICE_END)
        *ret_version = cursor->document->version;
    return status;
}

static const struct sluice_source source = {
    .struct_size = sizeof source, .open = stub_open, .next = stub_next, .close = stub_close};

/* The one symbol that the engine looks for. */
const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_SOURCE,
    .name = "csv-stub",
    .version = "0.1.0",
    .summary = "CSV and TSV from files and from the web",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .config_size = sizeof(struct csv_words),
    .create = stub_create,
    .destroy = free,
    .source = &source,
};
