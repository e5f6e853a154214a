/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sheet through the API: what it is, then its cells, in one request or in windows of rows. All windows are
 * fetched before the first row is handed out: documents lie in files, so that costs no memory, it shows
 * whether someone edited the sheet meanwhile, and the content is known before a row is decoded.
 */
#include "sheet.h"
#include "api.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "formats/source.h"
#include "formats/xlsx/number.h"
#include "hints.h"
#include "tabs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#define GRID_FIELDS "sheets(data(rowData(values(effectiveValue(numberValue),formattedValue))))"

enum { TEAR_TRIES = 3, PATH_SIZE = 2048 };
_Static_assert(XLSX_NUMBER_TEXT_SIZE <= VALUES_DECIMAL_SIZE, "a number has room");

struct sheet {
    struct metadata metadata;
    const struct tab *tab;
    const struct sluice_document **windows;
    size_t n_windows, current;
    uint64_t window_rows; /* 0: one window holds all */
    struct merges *merges;
    struct values_reader *reader; /* of the current window, or NULL */
};

/* ---- Fetching ---- */

enum sluice_status sheet_metadata(struct cursor *cursor, struct metadata *ret_metadata,
                                  struct sluice_error *err)
{
    char path[PATH_SIZE];
    const struct sluice_document *document = NULL;
    struct sluice_error why;
    snprintf(path, sizeof path, "/v4/spreadsheets/%s?includeGridData=false&prettyPrint=false&fields=%s",
             cursor->address.id, METADATA_FIELDS);
    enum sluice_status status = api_get(cursor->self, API_SHEETS, path, cursor->name, &document, err);
    if (status != SLUICE_OK)
        return status;
    status = metadata_read(document->data, document->size, ret_metadata, &why);
    document->release(document);
    if (status != SLUICE_OK)
        return cursor->self->host->fail(cursor->self->host, err, status, "%s: %s", cursor->name, why.message);
    return SLUICE_OK;
}

static void windows_release(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->n_windows; i++)
        if (sheet->windows[i] != NULL)
            sheet->windows[i]->release(sheet->windows[i]);
    free(sheet->windows);
    sheet->windows = NULL;
    sheet->n_windows = 0;
}

static enum sluice_status window_fetch(struct cursor *cursor, size_t i,
                                       const struct sluice_document **ret_document, struct sluice_error *err)
{
    const struct sheet *sheet = cursor->way;
    char path[PATH_SIZE] = "";
    uint64_t first = sheet->window_rows == 0 ? 0 : i * sheet->window_rows + 1;
    uint64_t last = first + sheet->window_rows - 1;
    if (last > sheet->tab->n_rows)
        last = sheet->tab->n_rows;
    bool exact = cursor->self->config->values.index == VALUES_EXACT;
    snprintf(path, sizeof path, "/v4/spreadsheets/%s%s", cursor->address.id, exact ? "?ranges=" : "/values/");
    if (!tabs_range(sheet->tab, first, last, path, sizeof path - 192))
        return cursor->self->host->fail(cursor->self->host, err, SLUICE_CONFIG,
                                        "the title of the tab '%.40s…' is too long; shorten it",
                                        sheet->tab->title);
    size_t used = strlen(path);
    snprintf(path + used, sizeof path - used, "%s",
             exact ? "&prettyPrint=false&fields=" GRID_FIELDS : "?prettyPrint=false");
    return api_get(cursor->self, API_SHEETS, path, cursor->name, ret_document, err);
}

static enum sluice_status size_check(const struct cursor *cursor, const struct tab *tab,
                                     struct sluice_error *err)
{
    const struct config *config = cursor->self->config;
    if (tab->n_columns == 0 || tab->n_rows <= (uint64_t)config->max_cells / tab->n_columns)
        return SLUICE_OK;
    return cursor->self->host->fail(cursor->self->host, err, SLUICE_DATA,
                                    "the tab '%.100s' of %s has %" PRIu64 " x %" PRIu64
                                    " cells; delete empty rows and columns, or raise 'max_cells'",
                                    tab->title, cursor->name, tab->n_rows, tab->n_columns);
}

/* How many rows a window has: none when all cells fit into one. */
static uint64_t window_rows(const struct config *config, const struct tab *tab)
{
    uint64_t columns = tab->n_columns > 0 ? tab->n_columns : 1;
    uint64_t rows = (uint64_t)config->window_cells / columns;
    rows = rows > 0 ? rows : 1;
    return tab->n_rows > rows ? rows : 0;
}

static enum sluice_status windows_fetch(struct cursor *cursor, struct sluice_error *err)
{
    struct sheet *sheet = cursor->way;
    sheet->window_rows = window_rows(cursor->self->config, sheet->tab);
    size_t n = sheet->window_rows == 0 ? 1 : (size_t)((sheet->tab->n_rows - 1) / sheet->window_rows + 1);
    sheet->windows = calloc(n, sizeof *sheet->windows);
    if (sheet->windows == NULL)
        return source_no_memory(cursor->self->host, err);
    sheet->n_windows = n;
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < n && status == SLUICE_OK; i++)
        status = window_fetch(cursor, i, &sheet->windows[i], err);
    return status;
}

/* ---- Edits meanwhile ---- */

/* Whether the first window reads as before. */
static enum sluice_status first_window_same(struct cursor *cursor, bool *ret_same, struct sluice_error *err)
{
    const struct sheet *sheet = cursor->way;
    const struct sluice_document *again = NULL;
    enum sluice_status status = window_fetch(cursor, 0, &again, err);
    if (status != SLUICE_OK)
        return status;
    *ret_same = strcmp(again->sha256, sheet->windows[0]->sha256) == 0;
    again->release(again);
    return SLUICE_OK;
}

/* One reading of everything; *ret_torn: someone edited the sheet between two windows. */
static enum sluice_status read_whole(struct cursor *cursor, bool *ret_torn, struct sluice_error *err)
{
    struct sheet *sheet = cursor->way;
    char before[HINTS_TEXT_SIZE] = "", after[HINTS_TEXT_SIZE] = "";
    bool same = true;
    windows_release(sheet);
    metadata_free(&sheet->metadata);
    cursor->notice[0] = '\0';
    enum sluice_status status = sheet_metadata(cursor, &sheet->metadata, err);
    if (status == SLUICE_OK)
        status = tabs_choose(cursor, &sheet->metadata, &sheet->tab, err);
    if (status == SLUICE_OK)
        status = size_check(cursor, sheet->tab, err);
    if (status != SLUICE_OK)
        return status;
    if (window_rows(cursor->self->config, sheet->tab) != 0)
        hints_version(cursor->self, cursor->address.id, before);
    status = windows_fetch(cursor, err);
    if (status != SLUICE_OK || sheet->n_windows == 1)
        return status;
    if (before[0] != '\0')
        hints_version(cursor->self, cursor->address.id, after);
    if (before[0] != '\0' && after[0] != '\0')
        same = strcmp(before, after) == 0;
    else
        status = first_window_same(cursor, &same, err);
    *ret_torn = !same;
    return status;
}

static enum sluice_status read_steady(struct cursor *cursor, struct sluice_error *err)
{
    bool torn = false;
    for (int i = 0; i < TEAR_TRIES; i++) {
        torn = false;
        enum sluice_status status = read_whole(cursor, &torn, err);
        if (status != SLUICE_OK || !torn)
            return status;
    }
    return cursor->self->host->retry(
        cursor->self->host, err, 0,
        "%s was edited each of %d times while it was read; it is tried again later", cursor->name,
        (int)TEAR_TRIES);
}

/* ---- Which content ---- */

static void hash_text(XXH3_state_t *state, const char *text)
{
    XXH3_128bits_update(state, text == NULL ? "" : text, text == NULL ? 1 : strlen(text) + 1);
}

/* "cells:HASH|TOKEN": cells, and all else that a row is read with; then where Drive's list of changes stood
 * before they were read. */
static enum sluice_status version_make(struct cursor *cursor, const char *token, struct sluice_error *err)
{
    const struct sheet *sheet = cursor->way;
    const struct tab *tab = sheet->tab;
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return source_no_memory(cursor->self->host, err);
    XXH3_128bits_reset(state);
    for (size_t i = 0; i < sheet->n_windows; i++)
        hash_text(state, sheet->windows[i]->sha256);
    hash_text(state, sheet->metadata.locale);
    hash_text(state, tab->title);
    XXH3_128bits_update(state, &tab->gid, sizeof tab->gid);
    for (size_t i = 0; i < tab->n_merges; i++) {
        const struct merge *merge = &tab->merges[i];
        const uint64_t corners[] = {merge->first_row, merge->last_row, merge->first_column,
                                    merge->last_column};
        XXH3_128bits_update(state, corners, sizeof corners);
    }
    if (tab->n_hidden_rows > 0)
        XXH3_128bits_update(state, tab->hidden_rows, tab->n_hidden_rows * sizeof *tab->hidden_rows);
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    snprintf(cursor->version, sizeof cursor->version, "cells:%016" PRIx64 "%016" PRIx64 "|%s",
             (uint64_t)hash.high64, (uint64_t)hash.low64, token);
    return SLUICE_OK;
}

static bool same_content(const char *version, const char *known)
{
    size_t n = strcspn(version, "|");
    return known != NULL && strncmp(version, known, n) == 0 && known[n] == '|';
}

/* The token of a version of ours, or "". */
static const char *token_of(const char *known)
{
    const char *bar = known == NULL || strncmp(known, "cells:", 6) != 0 ? NULL : strchr(known, '|');
    return bar == NULL ? "" : bar + 1;
}

/* ---- Rows ---- */

/* A binary number as the decimal that was meant: 15 significant digits. */
static uint32_t decimal(struct sluice_cell digits, char ret_text[VALUES_DECIMAL_SIZE])
{
    struct xlsx_number number;
    return xlsx_number_read(digits, &number) ? xlsx_number_write(&number, ret_text) : 0;
}

static enum sluice_status window_begin(struct cursor *cursor, struct sluice_error *err)
{
    struct sheet *sheet = cursor->way;
    const struct sluice_document *document = sheet->windows[sheet->current];
    const struct sluice_host *host = cursor->self->host;
    const struct values_options options = {
        .first_line = sheet->current * sheet->window_rows + 1,
        .merges = sheet->merges,
        .decimal = cursor->self->config->values.index == VALUES_EXACT ? decimal : NULL,
        .hidden = sheet->tab->hidden_rows,
        .n_hidden = sheet->tab->n_hidden_rows,
        .reject = source_reject,
        .reject_context = (void *)(uintptr_t)host,
    };
    struct sluice_error why;
    enum sluice_status status =
        values_open(document->data, document->size, document, &options, &sheet->reader, &why);
    return status == SLUICE_OK ? status : host->fail(host, err, status, "%s: %s", cursor->name, why.message);
}

static enum sluice_status sheet_next(struct cursor *cursor, const struct sluice_batch **ret_batch,
                                     struct sluice_error *err)
{
    struct sheet *sheet = cursor->way;
    const struct sluice_host *host = cursor->self->host;
    while (sheet->current < sheet->n_windows) {
        struct sluice_error why;
        enum sluice_status status = sheet->reader == NULL ? window_begin(cursor, err) : SLUICE_OK;
        if (status != SLUICE_OK)
            return status;
        status = values_next(sheet->reader, ret_batch, &why);
        if (status != SLUICE_OK && status != SLUICE_END)
            return host->fail(host, err, status, "%s: %s", cursor->name, why.message);
        if (status == SLUICE_OK)
            return status;
        values_close(sheet->reader);
        sheet->reader = NULL;
        sheet->windows[sheet->current]->release(sheet->windows[sheet->current]);
        sheet->windows[sheet->current++] = NULL;
    }
    return SLUICE_END;
}

static void sheet_close(struct cursor *cursor)
{
    struct sheet *sheet = cursor->way;
    values_close(sheet->reader);
    windows_release(sheet);
    merges_free(sheet->merges);
    metadata_free(&sheet->metadata);
    free(sheet);
}

/* ---- Opening ---- */

static void describe(struct cursor *cursor)
{
    const struct sheet *sheet = cursor->way;
    const char *locale = cursor->self->config->locale;
    snprintf(cursor->link, sizeof cursor->link,
             "https://docs.google.com/spreadsheets/d/%s/edit#gid=%" PRId64 "&range={column}{row}",
             cursor->address.id, sheet->tab->gid);
    cursor->description.title = sheet->metadata.title;
    cursor->description.sheet = sheet->tab->title;
    cursor->description.locale = locale != NULL && *locale != '\0' ? locale : sheet->metadata.locale;
    cursor->description.link_template = cursor->link;
}

enum sluice_status sheet_open(struct cursor *cursor, const char *known, struct sluice_error *err)
{
    struct gsheets *self = cursor->self;
    char token[HINTS_TEXT_SIZE] = "";
    if (hints_unchanged(self, cursor->address.id, token_of(known)))
        return SLUICE_UNCHANGED;
    hints_token(self, cursor->address.id, token);
    struct sheet *sheet = calloc(1, sizeof *sheet);
    if (sheet == NULL)
        return source_no_memory(cursor->self->host, err);
    cursor->way = sheet;
    cursor->next = sheet_next;
    cursor->close = sheet_close;
    enum sluice_status status = read_steady(cursor, err);
    if (status == SLUICE_OK)
        status = version_make(cursor, token, err);
    if (status != SLUICE_OK)
        return status;
    if (same_content(cursor->version, known))
        return SLUICE_UNCHANGED;
    sheet->merges = merges_new(sheet->tab->merges, sheet->tab->n_merges);
    if (sheet->merges == NULL)
        return source_no_memory(cursor->self->host, err);
    describe(cursor);
    return SLUICE_OK;
}
