/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Google Sheets as price lists: an address as copied from the browser, read through the API where there are
 * credentials and by the public ways where there are none. This file chooses the way; cursor.h names them.
 */
#include "gsheets.h"

#include "api.h"
#include "base/cleanup.h"
#include "cursor.h"
#include "discover.h"
#include "tabs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const values_choices[] = {"shown", "exact", NULL};

#define OPTION(field, default_text, ...) \
    SLUICE_OPTION(struct config, field, #field, default_text, __VA_ARGS__)

static const struct sluice_option options[] = {
    OPTION(credentials, NULL, "Key file of a service account; without it, only public sheets are read.",
           .flags = SLUICE_OPTION_PATH),
    OPTION(api_key, NULL, "API key, for public sheets with their tabs' titles; `credentials` goes first."),
    OPTION(gid, NULL, "Id of the tab to read, instead of the one in the address."),
    OPTION(sheet, NULL, "Title of the tab to read, instead of the one in the address."),
    OPTION(values, "shown",
           "Cells as `shown`, or `exact` with the numbers behind them, which takes 13 times the bytes.",
           .choices = values_choices),
    OPTION(locale, NULL, "Locale of the numbers, such as de_DE, instead of the sheet's own."),
    OPTION(allow_ids, NULL,
           "Ids of the only spreadsheets that may be read with these credentials; none: all."),
    OPTION(reads_per_minute, "60", "Quota of read requests for one account, counted for all processes."),
    OPTION(project_reads_per_minute, "300", "The same for the Google Cloud project."),
    OPTION(burst, "4", "How many of these may be made at once."),
    OPTION(window_cells, "500000", "Most cells of one request; larger tabs are read in windows of rows."),
    OPTION(max_cells, "10000000", "Most cells of a tab; a larger one is refused."),
    OPTION(drive_hints, "true", "Asks Drive which sheets have changed, and reads only these."),
    OPTION(api_base, "https://sheets.googleapis.com", "Where the Sheets API is."),
    OPTION(drive_base, "https://www.googleapis.com", "Where the Drive API is."),
    OPTION(docs_base, "https://docs.google.com", "Where public sheets are."),
    OPTION(download_base, "https://drive.google.com", "Where public files are."),
};

/* ---- Life ---- */

static enum sluice_status config_check(const struct sluice_host *host, const struct config *config,
                                       struct sluice_error *err)
{
    const struct {
        const char *name;
        int64_t value, least, most;
    } ranges[] = {
        {"burst", config->burst, 1, 1000},
        {"reads_per_minute", config->reads_per_minute, config->burst + 1, 1000000},
        {"project_reads_per_minute", config->project_reads_per_minute, config->burst + 1, 1000000},
        {"window_cells", config->window_cells, 1, 10000000},
        {"max_cells", config->max_cells, 1, 100000000},
    };
    for (size_t i = 0; i < ELEMENTS(ranges); i++)
        if (ranges[i].value < ranges[i].least || ranges[i].value > ranges[i].most)
            return host->fail(host, err, SLUICE_CONFIG, "%s is %lld; write %lld to %lld", ranges[i].name,
                              (long long)ranges[i].value, (long long)ranges[i].least,
                              (long long)ranges[i].most);
    return SLUICE_OK;
}

static void gsheets_destroy(void *instance)
{
    struct gsheets *self = instance;
    access_free(self->access);
    free(self);
}

static enum sluice_status gsheets_create(const struct sluice_host *host, const void *options_struct,
                                         void **ret_instance, struct sluice_error *err)
{
    const struct config *config = options_struct;
    struct gsheets *self = calloc(1, sizeof *self);
    if (self == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more");
    self->host = host;
    self->config = config;
    enum sluice_status status = config_check(host, config, err);
    if (status == SLUICE_OK)
        status = access_new(host, config->credentials, config->api_key.text, &self->access, err);
    if (status != SLUICE_OK) {
        gsheets_destroy(self);
        return status;
    }
    *ret_instance = self;
    return SLUICE_OK;
}

/* ---- Cursors ---- */

void cursor_notice(struct cursor *cursor, const char *format, ...)
{
    size_t used = strlen(cursor->notice);
    va_list args;
    if (used > 0 && used + 2 < sizeof cursor->notice) {
        memcpy(cursor->notice + used, "; ", sizeof "; ");
        used += 2;
    }
    va_start(args, format);
    vsnprintf(cursor->notice + used, sizeof cursor->notice - used, format, args);
    va_end(args);
}

static void way_close(struct cursor *cursor)
{
    if (cursor->way != NULL)
        cursor->close(cursor);
    cursor->way = NULL;
}

static void gsheets_close(void *instance, void *open_cursor)
{
    struct cursor *cursor = open_cursor;
    (void)instance;
    way_close(cursor);
    free(cursor);
}

static bool id_allowed(const struct gsheets *self, const char *id)
{
    const struct sluice_list *allowed = &self->config->allow_ids;
    for (size_t i = 0; i < allowed->n_items; i++)
        if (strcmp(allowed->items[i], id) == 0)
            return true;
    return allowed->n_items == 0;
}

static enum sluice_status address_take(const struct gsheets *self, const char *location,
                                       struct cursor *cursor, struct sluice_error *err)
{
    const struct sluice_host *host = self->host;
    const char *why = "";
    if (!address_parse(location, &cursor->address, &why))
        return host->fail(
            host, err, SLUICE_CONFIG,
            "this is not the address of a Google sheet: %s; copy it from the browser while the sheet is "
            "open",
            why);
    const struct address *address = &cursor->address;
    snprintf(cursor->name, sizeof cursor->name, "https://docs.google.com/%s%s",
             address->kind == ADDRESS_PUBLISHED ? "spreadsheets/d/e/"
             : address->kind == ADDRESS_FILE    ? "file/d/"
                                                : "spreadsheets/d/",
             address->id);
    if (!id_allowed(self, address->id))
        return host->fail(host, err, SLUICE_CONFIG,
                          "%s is not among 'allow_ids'; add %s there if it is meant", cursor->name,
                          address->id);
    return SLUICE_OK;
}

static enum sluice_status way_open(struct cursor *cursor, const char *known, struct sluice_error *err)
{
    const struct address *address = &cursor->address;
    if (address->kind == ADDRESS_PUBLISHED)
        return address->as_csv ? export_open(cursor, known, err) : page_way_open(cursor, known, err);
    if (access_kind(cursor->self->access) == ACCESS_NOBODY)
        return address->kind == ADDRESS_FILE ? workbook_open(cursor, known, err)
                                             : export_open(cursor, known, err);
    bool file_first = address->kind == ADDRESS_FILE;
    enum sluice_status status =
        file_first ? workbook_open(cursor, known, err) : sheet_open(cursor, known, err);
    if (status != SLUICE_END)
        return status;
    way_close(cursor);
    return file_first ? sheet_open(cursor, known, err) : workbook_open(cursor, known, err);
}

static enum sluice_status gsheets_open(void *instance, const struct sluice_open_request *request,
                                       void **ret_cursor, const struct sluice_description **ret_description,
                                       struct sluice_error *err)
{
    struct gsheets *self = instance;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL)
        return self->host->fail(self->host, err, SLUICE_IO, "out of memory; give the process more");
    cursor->self = self;
    cursor->description.struct_size = sizeof cursor->description;
    enum sluice_status status = address_take(self, request->location, cursor, err);
    if (status == SLUICE_OK)
        status = way_open(cursor, request->version, err);
    if (status != SLUICE_OK) {
        gsheets_close(self, cursor);
        return status;
    }
    if (cursor->address.was_query)
        cursor_notice(cursor, "the address was a query (gviz), which drops cells; the sheet itself was read");
    cursor->description.notice = cursor->notice[0] == '\0' ? NULL : cursor->notice;
    *ret_cursor = cursor;
    *ret_description = &cursor->description;
    return SLUICE_OK;
}

static enum sluice_status gsheets_next(void *instance, void *open_cursor,
                                       const struct sluice_batch **ret_batch, const char **ret_version,
                                       struct sluice_error *err)
{
    struct cursor *cursor = open_cursor;
    (void)instance;
    enum sluice_status status = cursor->next(cursor, ret_batch, err);
    if (status == SLUICE_END)
        *ret_version = cursor->version;
    return status;
}

static enum sluice_status gsheets_discover(void *instance, const char *location,
                                           void (*found)(void *context,
                                                         const struct sluice_discovery *discovery),
                                           void *context, struct sluice_error *err)
{
    struct gsheets *self = instance;
    struct cursor cursor = {.self = self};
    enum sluice_status status = address_take(self, location, &cursor, err);
    return status == SLUICE_OK ? discover_tabs(&cursor, found, context, err) : status;
}

static const struct sluice_source source = {.struct_size = sizeof source,
                                            .open = gsheets_open,
                                            .next = gsheets_next,
                                            .close = gsheets_close,
                                            .discover = gsheets_discover};

const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_SOURCE,
    .name = "gsheets",
    .version = "0.1.0",
    .summary = "Google Sheets, private, public and published",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .config_size = sizeof(struct config),
    .create = gsheets_create,
    .destroy = gsheets_destroy,
    .source = &source,
};
