/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Price lists in CSV and TSV, from files and from HTTP: the smallest complete source, and the one to copy
 * when you write your own. Fetching is the host's, decoding is formats/csv's; what remains is to join the
 * two.
 */
#include "base/error.h"
#include "formats/csv.h"
#include "formats/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the configuration can set. The table below names each field; its type decides what the user may write.
 */
struct config {
    const char *delimiter, *encoding, *quote, *sheet;
};

static const struct sluice_option options[] = {
    SLUICE_OPTION(
        struct config, delimiter, "delimiter", NULL,
        "Character between cells: one of , ; | or any other ASCII character, or 'tab'; detected when unset."),
    SLUICE_OPTION(struct config, encoding, "encoding", NULL,
                  "Encoding of the text, for example windows-1251; detected when unset."),
    SLUICE_OPTION(struct config, quote, "quote", "\"", "Character around quoted cells, or 'none'."),
    SLUICE_OPTION(struct config, sheet, "sheet", NULL, "Always an error: a CSV file has no tabs."),
};

/* An instance belongs to one worker, which reads one list after another with it. */
struct instance {
    const struct sluice_host *host;
    const struct config *config;
};

/* A cursor is one list being read. The document stays ours until close (); batches retain it by themselves.
 */
struct cursor {
    const struct sluice_document *document;
    struct csv_reader *reader;
    struct sluice_description description;
    char notice[128];
};

static enum sluice_status stub_create(const struct sluice_host *host, const void *config, void **ret_instance,
                                      struct sluice_error *err)
{
    struct instance *instance = calloc(1, sizeof *instance);
    if (instance == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more");
    instance->host = host;
    instance->config = config;
    *ret_instance = instance;
    return SLUICE_OK;
}

static void stub_close(void *self, void *open_cursor)
{
    (void)self;
    struct cursor *cursor = open_cursor;
    csv_close(cursor->reader);
    if (cursor->document != NULL)
        cursor->document->release(cursor->document);
    free(cursor);
}

/* "tab" and "none" are words because white space and nothing are hard to see in a configuration file. */
static enum sluice_status options_read(const struct instance *self, struct csv_options *ret_options,
                                       struct sluice_error *err)
{
    const struct config *config = self->config;
    const char *delimiter = config->delimiter == NULL ? "" : config->delimiter;
    const char *quote = config->quote == NULL ? "\"" : config->quote;
    if (config->sheet != NULL)
        return self->host->fail(self->host, err, SLUICE_CONFIG,
                                "there is no tab '%s': a CSV file has none; remove the option 'sheet'",
                                config->sheet);
    if (strcmp(delimiter, "tab") == 0 || strcmp(delimiter, "\\t") == 0)
        delimiter = "\t";
    if (strlen(delimiter) > 1)
        return self->host->fail(self->host, err, SLUICE_CONFIG,
                                "the delimiter '%s' is longer than one character; name one, or 'tab'",
                                delimiter);
    if (strcmp(quote, "none") != 0 && strlen(quote) != 1)
        return self->host->fail(self->host, err, SLUICE_CONFIG,
                                "the quote '%s' is not one character; name one, or 'none'", quote);
    ret_options->delimiter = delimiter[0];
    ret_options->quote = strcmp(quote, "none") == 0 ? CSV_QUOTE_NONE : (unsigned char)quote[0];
    ret_options->encoding = config->encoding;
    return SLUICE_OK;
}

/* Rows that cannot be decoded go straight to the engine, which counts and keeps them. */
static void forward_reject(void *context, const struct sluice_source_reject *reject)
{
    const struct sluice_host *host = context;
    host->reject(host, reject);
}

static enum sluice_status cursor_start(struct instance *self, struct cursor *cursor,
                                       const struct csv_options *csv_options, struct sluice_error *err)
{
    const struct sluice_host *host = self->host;
    const struct sluice_document *document = cursor->document;
    /* A list that must be signed in for answers with a page, and with status 200. Better no list than that
     * one. */
    if (html_is_page(document->content_type, document->data, document->size))
        return host->fail(
            host, err, SLUICE_AUTH,
            "%s is a web page, not a list: it probably asks to sign in; share the list with everyone "
            "who has the link, or use the address of its CSV export",
            document->name);
    struct sluice_error why; /* the decoder knows no host: its message becomes ours */
    enum sluice_status status =
        csv_open(document->data, document->size, document, csv_options, &cursor->reader, &why);
    if (status != SLUICE_OK)
        return host->fail(host, err, status, "%s: %s", document->name, why.message);
    const char delimiter = csv_delimiter(cursor->reader);
    snprintf(cursor->notice, sizeof cursor->notice, "read as %s with delimiter %.*s",
             csv_encoding(cursor->reader), delimiter == '\t' ? 3 : 1, delimiter == '\t' ? "TAB" : &delimiter);
    cursor->description = (struct sluice_description){
        .struct_size = sizeof cursor->description, .title = document->name, .notice = cursor->notice};
    return SLUICE_OK;
}

static enum sluice_status stub_open(void *instance, const struct sluice_open_request *request,
                                    void **ret_cursor, const struct sluice_description **ret_description,
                                    struct sluice_error *err)
{
    struct instance *self = instance;
    struct csv_options csv_options = {.reject = forward_reject,
                                      .reject_context = (void *)(uintptr_t)self->host};
    enum sluice_status status = options_read(self, &csv_options, err);
    if (status != SLUICE_OK)
        return status;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL)
        return self->host->fail(self->host, err, SLUICE_IO, "out of memory; give the process more");
    /* The version of the last accepted read goes along: the same bytes answer UNCHANGED, which we pass on. */
    const struct sluice_fetch_request fetch = {
        .struct_size = sizeof fetch, .location = request->location, .version = request->version};
    status = self->host->fetch(self->host, &fetch, &cursor->document, err);
    if (status == SLUICE_OK)
        status = cursor_start(self, cursor, &csv_options, err);
    if (status != SLUICE_OK) {
        stub_close(self, cursor);
        return status;
    }
    *ret_cursor = cursor;
    *ret_description = &cursor->description;
    return SLUICE_OK;
}

static enum sluice_status stub_next(void *instance, void *open_cursor, const struct sluice_batch **ret_batch,
                                    const char **ret_version, struct sluice_error *err)
{
    struct instance *self = instance;
    struct cursor *cursor = open_cursor;
    struct sluice_error why;
    enum sluice_status status = csv_next(cursor->reader, ret_batch, &why);
    if (status == SLUICE_END)
        *ret_version = cursor->document->version;
    else if (status != SLUICE_OK)
        return self->host->fail(self->host, err, status, "%s: %s", cursor->document->name, why.message);
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
    .config_size = sizeof(struct config),
    .create = stub_create,
    .destroy = free,
    .source = &source,
};
