/* SPDX-License-Identifier: Apache-2.0 */
/* A row is decoded into `row` first and copied into the batch when it fits: the width of a batch is that of
 * its widest row, and a wider one begins the next batch. */
#include "formats/values_reader.h"

#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXCERPT_BYTES = 1024 }; /* of a rejected row; the engine cuts further */

/* Keys of the answer that have been seen. */
enum { SEEN_RANGE = 1, SEEN_DIMENSION = 2, SEEN_VALUES = 4 };

static enum sluice_status not_an_answer(const struct values_reader *reader, struct sluice_error *err)
{
    return error_set(err, SLUICE_DATA, "byte %llu of the answer is no JSON of cells: %s; try again later",
                     (unsigned long long)(reader->place.scan.at - reader->place.scan.begin),
                     reader->place.scan.fault);
}

/* ---- Up to the rows, and behind them ---- */

/* One member of the answer; stops before the first row of `values`. */
static void take_member(struct values_reader *reader, struct json_span key)
{
    struct json_scan *scan = &reader->place.scan;
    unsigned bit = json_span_is(key, "range")            ? SEEN_RANGE
                   : json_span_is(key, "majorDimension") ? SEEN_DIMENSION
                   : json_span_is(key, "values")         ? SEEN_VALUES
                                                         : 0;
    struct json_span text = {0};
    if ((reader->place.seen & bit) != 0) {
        scan->fault = "a key stands there twice";
        return;
    }
    reader->place.seen |= bit;
    reader->place.level = bit == SEEN_VALUES;
    if (reader->place.level > 0)
        return;
    if (bit != SEEN_DIMENSION)
        json_scan_skip(scan);
    else if (json_scan_string(scan, &text) && !json_span_is(text, "ROWS"))
        scan->fault = "these are columns, not rows";
}

static bool seek_row(struct values_reader *reader)
{
    struct json_span key;
    while (reader->place.scan.fault == NULL) {
        if (reader->place.level > 0 && json_scan_element(&reader->place.scan, &reader->place.states[1]))
            return true;
        reader->place.level = 0;
        if (!json_scan_member(&reader->place.scan, &reader->place.states[0], &key))
            break;
        take_member(reader, key);
    }
    return false;
}

/* ---- One row ---- */

void values_mark(struct values_fault *fault, const char *code, const char *what, uint32_t column)
{
    if (fault->code == NULL)
        *fault = (struct values_fault){code, what, column};
}

bool values_string(struct values_reader *reader, struct arena *arena, struct sluice_cell *ret_cell,
                   struct values_fault *fault)
{
    struct json_span text;
    uint32_t column = reader->n_cells + 1;
    if (!json_scan_string(&reader->place.scan, &text))
        return true;
    if (text.len > VALUES_CELL_BYTES) {
        values_mark(fault, "field_too_large", "holds more than 64 KiB; shorten it", column);
        return true;
    }
    switch (json_span_text(text, arena, ret_cell)) {
    case JSON_TEXT_NUL:
        values_mark(fault, "nul_byte", "holds a NUL character, which no text can; remove it", column);
        return true;
    case JSON_TEXT_SURROGATE:
        values_mark(fault, "bad_encoding", "holds half of a surrogate pair, which is no character; remove it",
                    column);
        return true;
    case JSON_TEXT_NO_MEMORY:
        return false;
    case JSON_TEXT_OK:
    default:
        return true;
    }
}

void values_put(struct values_reader *reader, struct sluice_cell cell, struct sluice_cell raw,
                struct values_fault *fault)
{
    if (reader->n_cells == VALUES_COLUMNS) {
        values_mark(fault, "too_many_columns", "is one more than can be read; remove columns",
                    VALUES_COLUMNS + 1);
        return;
    }
    reader->raw[reader->n_cells] = raw;
    reader->row[reader->n_cells++] = cell;
}

static void take_other(struct values_reader *reader, struct sluice_cell *cell, struct values_fault *fault)
{
    static const char true_text[] = "TRUE", false_text[] = "FALSE";
    struct json_scan *scan = &reader->place.scan;
    struct json_span number;
    switch (scan->at < scan->end ? *scan->at : '\0') {
    case 't':
        json_scan_literal(scan, "true");
        *cell = (struct sluice_cell){true_text, sizeof true_text - 1, 0};
        return;
    case 'f':
        json_scan_literal(scan, "false");
        *cell = (struct sluice_cell){false_text, sizeof false_text - 1, 0};
        return;
    case 'n':
        json_scan_literal(scan, "null");
        return;
    case '[':
    case '{':
        scan->fault = "a cell holds a list or an object";
        return;
    default:
        if (!json_scan_number(scan, &number))
            return;
        if (number.len > VALUES_CELL_BYTES)
            values_mark(fault, "field_too_large", "holds more than 64 KiB; shorten it", reader->n_cells + 1);
        else
            *cell = (struct sluice_cell){number.ptr, (uint32_t)number.len, 0};
    }
}

static bool take_row(struct values_reader *reader, struct arena *arena, struct values_fault *fault)
{
    static const struct sluice_cell no_number = {.ptr = NULL};
    struct json_scan *scan = &reader->place.scan;
    unsigned state = 0;
    bool stored = true;
    reader->n_cells = 0;
    while (json_scan_element(scan, &state)) {
        struct sluice_cell cell = {0};
        if (scan->at < scan->end && *scan->at == '"')
            stored = values_string(reader, arena, &cell, fault) && stored;
        else
            take_other(reader, &cell, fault);
        values_put(reader, cell, no_number, fault);
    }
    return stored;
}

const struct values_shape values_plain = {seek_row, take_row};

static void reject_row(const struct values_reader *reader, const struct values_fault *fault,
                       const char *begin)
{
    char message[160];
    if (reader->options.reject == NULL)
        return;
    snprintf(message, sizeof message, "column %u %s", fault->column, fault->what);
    size_t n = (size_t)(reader->place.scan.at - begin);
    const struct sluice_source_reject reject = {
        .struct_size = sizeof reject,
        .line = reader->line,
        .column = fault->column,
        .code = fault->code,
        .message = message,
        .excerpt = {.ptr = begin, .len = n < EXCERPT_BYTES ? (uint32_t)n : EXCERPT_BYTES},
    };
    reader->options.reject(reader->options.reject_context, &reject);
}

/* ---- Batches ---- */

static bool is_hidden(struct values_reader *reader)
{
    const struct values_options *options = &reader->options;
    while (reader->next_hidden < options->n_hidden &&
           options->hidden[reader->next_hidden].last < reader->line)
        reader->next_hidden++;
    return reader->next_hidden < options->n_hidden &&
           options->hidden[reader->next_hidden].first <= reader->line;
}

static bool batch_is_full(const struct values_reader *reader, const struct batch *batch)
{
    return batch->public.n_rows == BATCH_ROWS || batch->arena.total > BATCH_ARENA_BYTES ||
           ((uint64_t)batch->public.n_rows + 1) * reader->width > BATCH_CELLS;
}

static void batch_add(struct values_reader *reader, struct batch *batch)
{
    struct sluice_cell *cells = batch->cells + (size_t)batch->public.n_rows * reader->width;
    if (reader->n_cells > 0)
        memcpy(cells, reader->row, reader->n_cells * sizeof *cells);
    for (uint32_t i = reader->n_cells; i < reader->width; i++)
        cells[i] = (struct sluice_cell){0};
    if (batch->public.raw != NULL && reader->n_own > 0)
        memcpy(batch->raw + (cells - batch->cells), reader->raw, reader->n_own * sizeof *cells);
    uint32_t n = batch->public.n_rows++;
    batch->public.n_columns = reader->width;
    batch->lines[n] = reader->line;
    batch->flags[n] = (reader->is_blank ? SLUICE_ROW_BLANK : 0) | (is_hidden(reader) ? SLUICE_ROW_HIDDEN : 0);
}

/* The next row with its covered cells, into `row`. END: there is none. */
static enum sluice_status next_row(struct values_reader *reader, struct arena *arena,
                                   struct values_fault *fault, const char **ret_begin,
                                   struct sluice_error *err)
{
    reader->at_end = !reader->shape->seek_row(reader);
    if (reader->at_end && reader->place.scan.fault == NULL)
        json_scan_end(&reader->place.scan);
    if (reader->at_end)
        return reader->place.scan.fault == NULL ? SLUICE_END : not_an_answer(reader, err);
    *ret_begin = reader->place.scan.at;
    if (!reader->shape->take_row(reader, arena, fault))
        return error_no_memory(err);
    if (reader->place.scan.fault != NULL)
        return not_an_answer(reader, err);
    if (reader->rows == VALUES_ROWS)
        return error_set(err, SLUICE_DATA, "the sheet has more than %llu rows; split it into several",
                         (unsigned long long)VALUES_ROWS);
    reader->n_own = reader->n_cells;
    reader->is_blank = batch_row_is_blank(reader->row, reader->n_cells);
    if (fault->code == NULL)
        reader->n_cells = merges_cover(reader->options.merges, reader->line, reader->row, reader->n_cells,
                                       VALUES_COLUMNS, arena);
    return reader->n_cells == UINT32_MAX ? error_no_memory(err) : SLUICE_OK;
}

/* Rows until the batch is full, the answer ends, or the next row is wider. */
static enum sluice_status batch_fill(struct values_reader *reader, struct batch *batch,
                                     struct sluice_error *err)
{
    while (!reader->at_end && !batch_is_full(reader, batch)) {
        const struct values_place before = reader->place;
        const char *begin = NULL;
        struct values_fault fault = {0};
        enum sluice_status status = next_row(reader, &batch->arena, &fault, &begin, err);
        if (status != SLUICE_OK)
            return status == SLUICE_END ? SLUICE_OK : status;
        if (fault.code == NULL && reader->n_cells > reader->width) {
            reader->width = reader->n_cells;
            if (batch->public.n_rows > 0) {
                reader->place = before;
                return SLUICE_OK;
            }
        }
        if (fault.code != NULL)
            reject_row(reader, &fault, begin);
        else
            batch_add(reader, batch);
        reader->line++;
        reader->rows++;
    }
    return SLUICE_OK;
}

enum sluice_status values_next(struct values_reader *reader, const struct sluice_batch **ret_batch,
                               struct sluice_error *err)
{
    struct batch *batch = batch_pool_take(reader->pool, reader->text);
    if (batch == NULL)
        return error_no_memory(err);
    if (reader->options.decimal != NULL && !batch_raw(batch)) {
        batch->public.release(&batch->public);
        return error_no_memory(err);
    }
    enum sluice_status status = batch_fill(reader, batch, err);
    if (status != SLUICE_OK || batch->public.n_rows == 0) {
        batch->public.release(&batch->public);
        return status != SLUICE_OK ? status : SLUICE_END;
    }
    *ret_batch = &batch->public;
    return SLUICE_OK;
}

/* ---- Life ---- */

enum sluice_status values_open(const char *data, uint64_t size, const struct sluice_document *document,
                               const struct values_options *options, struct values_reader **ret_reader,
                               struct sluice_error *err)
{
    struct values_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return error_no_memory(err);
    reader->options = *options;
    reader->shape = options->decimal == NULL ? &values_plain : &values_grid;
    reader->line = options->first_line != 0 ? options->first_line : 1;
    reader->width = 1; /* a batch has at least one column */
    reader->place.scan = json_scan_of(data, size);
    reader->text = batch_text_of(document);
    reader->pool = batch_pool_new(BATCH_CELLS + VALUES_COLUMNS);
    enum sluice_status status = SLUICE_OK;
    if (reader->text == NULL || reader->pool == NULL)
        status = error_no_memory(err);
    else if (json_scan_peek(&reader->place.scan) != '{')
        status = error_set(err, SLUICE_DATA, "the answer is no JSON of cells; try again later");
    if (status != SLUICE_OK) {
        values_close(reader);
        return status;
    }
    *ret_reader = reader;
    return SLUICE_OK;
}

void values_close(struct values_reader *reader)
{
    if (reader == NULL)
        return;
    batch_text_release(reader->text);
    batch_pool_release(reader->pool);
    free(reader);
}
