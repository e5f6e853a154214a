/* SPDX-License-Identifier: Apache-2.0 */
/* One function per object, each walking its members and passing over those it does not know. Lists grow by
 * doubling inside the arena, whose ceiling bounds them all. */
#include "metadata.h"

#include "base/error.h"
#include "base/text.h"
#include "formats/json_scan.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_CEILING ((size_t)32 << 20)

enum { TITLE_BYTES = 1024 };

struct reading {
    struct json_scan scan;
    struct metadata *metadata;
    size_t tab_capacity, merge_capacity, hidden_capacity; /* the latter two of the tab at hand */
};

static void fault(struct reading *reading, const char *what)
{
    if (reading->scan.fault == NULL)
        reading->scan.fault = what;
}

/* ---- Values ---- */

static const char *text_take(struct reading *reading)
{
    struct json_span span;
    struct sluice_cell text;
    if (!json_scan_string(&reading->scan, &span))
        return NULL;
    if (span.len > TITLE_BYTES || json_span_text(span, &reading->metadata->arena, &text) != JSON_TEXT_OK) {
        fault(reading, "a text that is too long or none");
        return NULL;
    }
    const char *copy = arena_copy(&reading->metadata->arena, text.ptr, text.len);
    if (copy == NULL)
        fault(reading, "it is too large");
    return copy;
}

/* Indices, sizes and ids: whole and not below 0. */
static int64_t number_take(struct reading *reading)
{
    char digits[32];
    struct json_span span;
    if (!json_scan_number(&reading->scan, &span))
        return 0;
    size_t n = span.len < sizeof digits ? span.len : sizeof digits - 1;
    memcpy(digits, span.ptr, n);
    digits[n] = '\0';
    long long number = strtoll(digits, NULL, 10);
    return number < 0 ? 0 : number;
}

static bool bool_take(struct reading *reading)
{
    bool is_true = json_scan_peek(&reading->scan) == 't';
    json_scan_literal(&reading->scan, is_true ? "true" : "false");
    return is_true;
}

/* Room for one more of n elements; NULL sets a fault. */
static void *grow(struct reading *reading, void *list, size_t n, size_t *capacity, size_t element)
{
    if (n < *capacity)
        return list;
    size_t wanted = *capacity * 2 + 8;
    void *grown = arena_alloc(&reading->metadata->arena, wanted * element);
    if (grown == NULL) {
        fault(reading, "it is too large");
        return NULL;
    }
    if (n > 0)
        memcpy(grown, list, n * element);
    *capacity = wanted;
    return grown;
}

/* ---- A tab ---- */

/* Ends that are not there are the grid's. */
static void merge_take(struct reading *reading, struct tab *tab)
{
    unsigned state = 0;
    struct json_span key;
    int64_t first_row = 0, last_row = 0, first_column = 0, last_column = 0;
    while (json_scan_member(&reading->scan, &state, &key)) {
        int64_t *place = json_span_is(key, "startRowIndex")      ? &first_row
                         : json_span_is(key, "endRowIndex")      ? &last_row
                         : json_span_is(key, "startColumnIndex") ? &first_column
                         : json_span_is(key, "endColumnIndex")   ? &last_column
                                                                 : NULL;
        if (place == NULL)
            json_scan_skip(&reading->scan);
        else
            *place = number_take(reading);
    }
    struct merge *list =
        grow(reading, tab->merges, tab->n_merges, &reading->merge_capacity, sizeof *tab->merges);
    if (list == NULL || last_row <= first_row || last_column <= first_column || last_column > UINT32_MAX)
        return;
    tab->merges = list;
    tab->merges[tab->n_merges++] = (struct merge){(uint64_t)first_row + 1, (uint64_t)last_row,
                                                  (uint32_t)first_column + 1, (uint32_t)last_column};
}

static bool row_is_hidden(struct reading *reading)
{
    unsigned state = 0;
    struct json_span key;
    bool hidden = false;
    while (json_scan_member(&reading->scan, &state, &key)) {
        if (json_span_is(key, "hiddenByUser") || json_span_is(key, "hiddenByFilter"))
            hidden = bool_take(reading) || hidden;
        else
            json_scan_skip(&reading->scan);
    }
    return hidden;
}

static void hidden_add(struct reading *reading, struct tab *tab, uint64_t row)
{
    if (tab->n_hidden_rows > 0 && tab->hidden_rows[tab->n_hidden_rows - 1].last + 1 == row) {
        tab->hidden_rows[tab->n_hidden_rows - 1].last = row;
        return;
    }
    struct row_range *list = grow(reading, tab->hidden_rows, tab->n_hidden_rows, &reading->hidden_capacity,
                                  sizeof *tab->hidden_rows);
    if (list == NULL)
        return;
    tab->hidden_rows = list;
    tab->hidden_rows[tab->n_hidden_rows++] = (struct row_range){row, row};
}

/* One piece of a tab's grid. startRow is absent when it is 0, and comes before rowMetadata otherwise. */
static void data_take(struct reading *reading, struct tab *tab)
{
    unsigned state = 0, rows = 0;
    struct json_span key;
    uint64_t row = 1;
    while (json_scan_member(&reading->scan, &state, &key)) {
        if (json_span_is(key, "startRow")) {
            row += (uint64_t)number_take(reading);
        } else if (json_span_is(key, "rowMetadata")) {
            for (rows = 0; json_scan_element(&reading->scan, &rows); row++)
                if (row_is_hidden(reading))
                    hidden_add(reading, tab, row);
        } else {
            json_scan_skip(&reading->scan);
        }
    }
}

static void size_take(struct reading *reading, struct tab *tab)
{
    unsigned state = 0;
    struct json_span key;
    while (json_scan_member(&reading->scan, &state, &key)) {
        if (json_span_is(key, "rowCount"))
            tab->n_rows = (uint64_t)number_take(reading);
        else if (json_span_is(key, "columnCount"))
            tab->n_columns = (uint64_t)number_take(reading);
        else
            json_scan_skip(&reading->scan);
    }
}

static void tab_properties(struct reading *reading, struct tab *tab)
{
    unsigned state = 0;
    struct json_span key, type;
    while (json_scan_member(&reading->scan, &state, &key)) {
        if (json_span_is(key, "sheetId"))
            tab->gid = number_take(reading);
        else if (json_span_is(key, "title"))
            tab->title = text_take(reading);
        else if (json_span_is(key, "hidden"))
            tab->hidden = bool_take(reading);
        else if (json_span_is(key, "gridProperties"))
            size_take(reading, tab);
        else if (json_span_is(key, "sheetType"))
            tab->is_grid = json_scan_string(&reading->scan, &type) && json_span_is(type, "GRID");
        else
            json_scan_skip(&reading->scan);
    }
}

static void tab_take(struct reading *reading)
{
    struct metadata *metadata = reading->metadata;
    unsigned state = 0, list = 0;
    struct json_span key;
    struct tab tab = {.title = "", .is_grid = true};
    reading->merge_capacity = reading->hidden_capacity = 0;
    while (json_scan_member(&reading->scan, &state, &key)) {
        list = 0;
        if (json_span_is(key, "properties"))
            tab_properties(reading, &tab);
        else if (json_span_is(key, "merges"))
            while (json_scan_element(&reading->scan, &list))
                merge_take(reading, &tab);
        else if (json_span_is(key, "data"))
            while (json_scan_element(&reading->scan, &list))
                data_take(reading, &tab);
        else
            json_scan_skip(&reading->scan);
    }
    struct tab *tabs =
        grow(reading, metadata->tabs, metadata->n_tabs, &reading->tab_capacity, sizeof *metadata->tabs);
    if (tabs == NULL || tab.title == NULL)
        return;
    metadata->tabs = tabs;
    metadata->tabs[metadata->n_tabs++] = tab;
}

/* ---- The spreadsheet ---- */

static void properties_take(struct reading *reading)
{
    struct metadata *metadata = reading->metadata;
    unsigned state = 0;
    struct json_span key;
    while (json_scan_member(&reading->scan, &state, &key)) {
        if (json_span_is(key, "title"))
            metadata->title = text_take(reading);
        else if (json_span_is(key, "locale"))
            metadata->locale = text_take(reading);
        else if (json_span_is(key, "timeZone"))
            metadata->time_zone = text_take(reading);
        else
            json_scan_skip(&reading->scan);
    }
}

enum sluice_status metadata_read(const char *text, uint64_t size, struct metadata *ret_metadata,
                                 struct sluice_error *err)
{
    struct metadata metadata = {.arena = ARENA_INIT(ARENA_CEILING)};
    struct reading reading = {.scan = json_scan_of(text, size), .metadata = &metadata};
    struct json_scan *scan = &reading.scan;
    unsigned state = 0, list = 0;
    struct json_span key;
    while (json_scan_member(scan, &state, &key)) {
        if (json_span_is(key, "properties"))
            properties_take(&reading);
        else if (json_span_is(key, "sheets"))
            for (list = 0; json_scan_element(scan, &list);)
                tab_take(&reading);
        else
            json_scan_skip(scan);
    }
    if (scan->fault == NULL)
        json_scan_end(scan);
    if (scan->fault == NULL) {
        *ret_metadata = metadata;
        return SLUICE_OK;
    }
    arena_free(&metadata.arena);
    return error_set(err, SLUICE_DATA,
                     "byte %llu of what Google says about the spreadsheet cannot be read: %s",
                     (unsigned long long)(scan->at - scan->begin), scan->fault);
}

void metadata_free(struct metadata *metadata)
{
    arena_free(&metadata->arena);
    *metadata = (struct metadata){0};
}
