/* SPDX-License-Identifier: Apache-2.0 */
/* Price lists in Excel workbooks, from files and from HTTP: joins the host's fetch with the decoder of
 * formats/xlsx. */
#include "base/cleanup.h"
#include "formats/source.h"
#include "formats/xlsx/source.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct config {
    const char *sheet;
};

static const struct sluice_option options[] = {
    SLUICE_OPTION(struct config, sheet, "sheet", NULL,
                  "Title of the tab to read; the first visible one when unset."),
};

struct instance {
    const struct sluice_host *host;
    const struct config *config;
};

/* One list being read. The document is ours until close (); batches retain it themselves. */
struct cursor {
    const struct sluice_document *document;
    struct xlsx_reader *reader;
    struct sluice_description description;
};

static enum sluice_status book_create(const struct sluice_host *host, const void *config, void **ret_instance,
                                      struct sluice_error *err)
{
    struct instance *instance = calloc(1, sizeof *instance);
    if (instance == NULL)
        return source_no_memory(host, err);
    *instance = (struct instance){.host = host, .config = config};
    *ret_instance = instance;
    return SLUICE_OK;
}

static void book_close(void *instance, void *open_cursor)
{
    (void)instance;
    struct cursor *cursor = open_cursor;
    xlsx_close(cursor->reader);
    if (cursor->document != NULL)
        cursor->document->release(cursor->document);
    free(cursor);
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : found - digits < 16 ? (int)(found - digits) : (int)(found - digits) - 6;
}

/* "%D0%9F" as it comes from a browser's address line; in place. */
static void percent_decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        int high = from[0] == '%' ? hex_value(from[1]) : -1;
        int low = high >= 0 ? hex_value(from[2]) : -1;
        *to++ = (char)(low >= 0 ? high << 4 | low : *from);
        from += low >= 0 ? 2 : 0;
    }
    *to = '\0';
}

/* Cuts the title of a tab off an address; NULL when there is none. A '#' in the name of a file is part of it.
 */
static char *fragment_take(char *location)
{
    char *hash = strrchr(location, '#');
    if (hash == NULL || hash[1] == '\0')
        return NULL;
    size_t n = (size_t)(hash - location);
    bool is_url = strstr(location, "://") != NULL;
    bool is_workbook =
        n > 5 && (strncasecmp(hash - 5, ".xlsx", 5) == 0 || strncasecmp(hash - 5, ".xlsm", 5) == 0);
    if (!is_url && !is_workbook)
        return NULL;
    *hash = '\0';
    percent_decode(hash + 1);
    return hash + 1;
}

static enum sluice_status book_fetch(const struct instance *self, const char *location, const char *version,
                                     const struct sluice_document **ret_document, struct sluice_error *err)
{
    const struct sluice_fetch_request fetch = {
        .struct_size = sizeof fetch, .location = location, .version = version};
    return self->host->fetch(self->host, &fetch, ret_document, err);
}

static enum sluice_status cursor_start(const struct instance *self, const struct sluice_open_request *request,
                                       struct cursor *cursor, struct sluice_error *err)
{
    _cleanup_free_ char *location = strdup(request->location);
    if (location == NULL)
        return source_no_memory(self->host, err);
    const char *sheet = fragment_take(location);
    if (self->config->sheet != NULL)
        sheet = self->config->sheet;
    enum sluice_status status = book_fetch(self, location, request->version, &cursor->document, err);
    if (status == SLUICE_OK)
        status = xlsx_source_open(self->host, cursor->document, sheet, &cursor->reader, err);
    return status;
}

static enum sluice_status book_open(void *instance, const struct sluice_open_request *request,
                                    void **ret_cursor, const struct sluice_description **ret_description,
                                    struct sluice_error *err)
{
    struct instance *self = instance;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL)
        return source_no_memory(self->host, err);
    enum sluice_status status = cursor_start(self, request, cursor, err);
    if (status != SLUICE_OK) {
        book_close(self, cursor);
        return status;
    }
    cursor->description = (struct sluice_description){.struct_size = sizeof cursor->description,
                                                      .title = cursor->document->name,
                                                      .sheet = xlsx_sheet(cursor->reader),
                                                      .link_template = xlsx_link_template(cursor->reader),
                                                      .notice = xlsx_notice(cursor->reader)};
    *ret_cursor = cursor;
    *ret_description = &cursor->description;
    return SLUICE_OK;
}

static enum sluice_status book_next(void *instance, void *open_cursor, const struct sluice_batch **ret_batch,
                                    const char **ret_version, struct sluice_error *err)
{
    struct instance *self = instance;
    struct cursor *cursor = open_cursor;
    enum sluice_status status =
        xlsx_source_next(self->host, cursor->document, cursor->reader, ret_batch, err);
    if (status == SLUICE_END)
        *ret_version = cursor->document->version;
    return status;
}

static enum sluice_status book_discover(void *instance, const char *given,
                                        void (*found)(void *context,
                                                      const struct sluice_discovery *discovery),
                                        void *context, struct sluice_error *err)
{
    struct instance *self = instance;
    const struct sluice_document *document = NULL;
    _cleanup_free_ char *location = strdup(given);
    if (location == NULL)
        return source_no_memory(self->host, err);
    fragment_take(location);
    enum sluice_status status = book_fetch(self, location, NULL, &document, err);
    if (status != SLUICE_OK)
        return status;
    status = xlsx_source_discover(self->host, document, found, context, err);
    document->release(document);
    return status;
}

static const struct sluice_source source = {.struct_size = sizeof source,
                                            .open = book_open,
                                            .next = book_next,
                                            .close = book_close,
                                            .discover = book_discover};

const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_SOURCE,
    .name = "xlsx",
    .version = "0.1.0",
    .summary = "Excel workbooks from files and from the web",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .config_size = sizeof(struct config),
    .create = book_create,
    .destroy = free,
    .source = &source,
};
