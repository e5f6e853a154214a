/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Grid data: {"sheets": [{"data": [{"rowData": [ROW, …]}]}]}, where ROW is {"values": [{"formattedValue":
 * TEXT, "effectiveValue": {"numberValue": NUMBER}}, …]} and anything may be absent. One range of one tab was
 * asked for, so rows are counted through whatever pieces there are.
 */
#include "formats/values_reader.h"

#include <string.h>

/* The member that leads on from each level; the levels between are arrays. */
static const char *const way[VALUES_LEVELS] = {"sheets", NULL, "data", NULL, "rowData", NULL};

/* Whether there is a next element or a member that leads on at this level; others are passed over. */
static bool step(struct values_reader *reader)
{
    struct json_scan *scan = &reader->place.scan;
    unsigned *state = &reader->place.states[reader->place.level];
    struct json_span key;
    if (way[reader->place.level] == NULL)
        return json_scan_element(scan, state);
    while (json_scan_member(scan, state, &key)) {
        if (json_span_is(key, way[reader->place.level]))
            return true;
        json_scan_skip(scan);
    }
    return false;
}

static bool seek_row(struct values_reader *reader)
{
    while (reader->place.scan.fault == NULL) {
        bool leads_on = step(reader);
        if (leads_on && reader->place.level == VALUES_LEVELS - 1)
            return true;
        if (leads_on)
            reader->place.states[++reader->place.level] = 0;
        else if (reader->place.level == 0)
            return false;
        else
            reader->place.level--;
    }
    return false;
}

/* {"numberValue": 12.5}; other kinds of values have no number. */
static struct json_span number_of(struct json_scan *scan)
{
    unsigned state = 0;
    struct json_span key, number = {.ptr = NULL};
    while (json_scan_member(scan, &state, &key)) {
        if (json_span_is(key, "numberValue"))
            json_scan_number(scan, &number);
        else
            json_scan_skip(scan);
    }
    return number;
}

static bool raw_make(struct values_reader *reader, struct json_span number, struct arena *arena,
                     struct sluice_cell *ret_raw)
{
    char text[VALUES_DECIMAL_SIZE];
    if (number.ptr == NULL || number.len > VALUES_CELL_BYTES)
        return true;
    uint32_t n = reader->options.decimal((struct sluice_cell){number.ptr, (uint32_t)number.len, 0}, text);
    const char *copy = n == 0 ? NULL : arena_copy(arena, text, n);
    *ret_raw = (struct sluice_cell){copy, copy == NULL ? 0 : n, 0};
    return n == 0 || copy != NULL;
}

static bool take_cell(struct values_reader *reader, struct arena *arena, struct values_fault *fault)
{
    struct json_scan *scan = &reader->place.scan;
    unsigned state = 0;
    struct json_span key, number = {.ptr = NULL};
    struct sluice_cell cell = {0}, raw = {0};
    bool stored = true;
    while (json_scan_member(scan, &state, &key)) {
        if (json_span_is(key, "formattedValue"))
            stored = values_string(reader, arena, &cell, fault) && stored;
        else if (json_span_is(key, "effectiveValue"))
            number = number_of(scan);
        else
            json_scan_skip(scan);
    }
    stored = raw_make(reader, number, arena, &raw) && stored;
    values_put(reader, cell, raw, fault);
    return stored;
}

static bool take_row(struct values_reader *reader, struct arena *arena, struct values_fault *fault)
{
    struct json_scan *scan = &reader->place.scan;
    unsigned state = 0, cells = 0;
    struct json_span key;
    bool stored = true;
    reader->n_cells = 0;
    while (json_scan_member(scan, &state, &key)) {
        if (!json_span_is(key, "values")) {
            json_scan_skip(scan);
            continue;
        }
        for (cells = 0; json_scan_element(scan, &cells);)
            stored = take_cell(reader, arena, fault) && stored;
    }
    while (reader->n_cells > 0 && reader->row[reader->n_cells - 1].ptr == NULL)
        reader->n_cells--;
    return stored;
}

const struct values_shape values_grid = {seek_row, take_row};
