/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader: rows into batches. UTF-8 is one window over the whole document. Any other encoding is converted
 * into pieces of about a megabyte; a row that a piece cuts is carried over to the next piece.
 */
#include "formats/csv.h"

#include "base/error.h"
#include "base/text.h"
#include "formats/batch.h"
#include "formats/charset.h"
#include "formats/csv_dialect.h"
#include "formats/csv_plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PIECE_BYTES = 1 << 20,
    EXCERPT_BYTES = 1024, /* of a rejected row; the engine cuts further */
};

struct csv_reader {
    struct csv_options options;
    struct charset charset;
    char delimiter;
    struct batch_text *document;         /* keeps the document, also while it is converted */
    struct charset_converter *converter; /* NULL for UTF-8 */
    struct batch_text *window;
    bool has_replacement; /* the window has a U+FFFD, which conversion puts for what it cannot read */
    bool is_skipping;     /* the rest of a line that was longer than the window */
    struct batch_pool *pool;
    size_t at;     /* in the window: the next row */
    uint64_t line; /* its number */
    uint64_t rows; /* before it */
    uint32_t
        width; /* cells of the widest row so far: never shrinks, so that ragged rows do not cut batches */
    char notice[128];
    struct csv_scanner scanner;
    struct csv_index index;
};

/* ---- Windows ------------------------------------------------------------------------------------------ */

static void window_set(struct csv_reader *reader, const char *text, size_t size, enum csv_text_extent extent)
{
    reader->scanner.text = text;
    reader->scanner.size = size;
    reader->scanner.is_final = extent == CSV_TEXT_WHOLE;
    reader->at = 0;
}

/* A new piece with what is left of the present one and more text behind it. */
static enum sluice_status window_convert(struct csv_reader *reader, struct sluice_error *err)
{
    size_t left = reader->scanner.size - reader->at;
    struct batch_text *piece = batch_text_piece(left + PIECE_BYTES);
    if (piece == NULL)
        return error_no_memory(err);
    if (left > 0)
        memcpy(piece->piece, reader->scanner.text + reader->at, left);
    size_t n;
    enum sluice_status status = charset_convert(reader->converter, piece->piece + left, PIECE_BYTES, &n, err);
    if (status != SLUICE_OK) {
        batch_text_release(piece);
        return status;
    }
    batch_text_release(reader->window);
    reader->window = piece;
    window_set(reader, piece->piece, left + n,
               charset_converter_at_end(reader->converter) ? CSV_TEXT_WHOLE : CSV_TEXT_CUT);
    reader->has_replacement = memmem(piece->piece, left + n, "\xef\xbf\xbd", 3) != NULL;
    return SLUICE_OK;
}

/* Drops the window up to the next line end, and more windows as needed. */
static enum sluice_status window_skip_line(struct csv_reader *reader, struct sluice_error *err)
{
    while (reader->is_skipping) {
        const char *text = reader->scanner.text;
        size_t size = reader->scanner.size;
        while (reader->at < size && text[reader->at] != '\n' && text[reader->at] != '\r')
            reader->at++;
        size_t left = size - reader->at;
        if (left > 1 || (left == 1 && text[reader->at] == '\n') || reader->scanner.is_final) {
            reader->at += left > 1 && text[reader->at] == '\r' && text[reader->at + 1] == '\n';
            reader->at += left > 0;
            reader->is_skipping = false;
            break;
        }
        enum sluice_status status = window_convert(reader, err);
        if (status != SLUICE_OK)
            return status;
    }
    csv_scanner_seek(&reader->scanner, reader->at);
    return SLUICE_OK;
}

/* ---- Rejects ------------------------------------------------------------------------------------------ */

static void reject_message(const struct csv_reader *reader, const struct csv_row *row, char *message,
                           size_t n)
{
    const struct csv_limits *limits = &reader->options.limits;
    if (strcmp(row->code, "unclosed_quote") == 0)
        snprintf(message, n,
                 "the quote that opens column %u is not closed; close it, or double it if it is meant",
                 row->column);
    else if (strcmp(row->code, "field_too_large") == 0)
        snprintf(message, n, "column %u holds more than %u bytes; shorten it", row->column,
                 limits->field_bytes);
    else if (strcmp(row->code, "record_too_large") == 0)
        snprintf(message, n, "the row is longer than %u bytes; shorten it", limits->record_bytes);
    else if (strcmp(row->code, "too_many_columns") == 0)
        snprintf(message, n, "the row has more than %u columns; check the delimiter or remove columns",
                 limits->columns);
    else if (strcmp(row->code, "nul_byte") == 0)
        snprintf(message, n, "the row holds a NUL byte, which no text can; remove it");
    else if (reader->converter == NULL)
        snprintf(message, n,
                 "byte 0x%02x at offset %llu is not UTF-8; save the list as UTF-8 or name its encoding",
                 (unsigned char)reader->scanner.text[row->bad_byte],
                 (unsigned long long)(row->bad_byte + reader->charset.mark_bytes));
    else
        snprintf(message, n, "the row holds characters that %s does not define; check the encoding",
                 reader->charset.name);
}

static void reject_row(struct csv_reader *reader, const struct csv_row *row)
{
    if (reader->options.reject == NULL)
        return;
    char message[256];
    reject_message(reader, row, message, sizeof message);
    size_t n = row->end - row->begin;
    const struct sluice_source_reject reject = {
        .struct_size = sizeof reject,
        .line = reader->line,
        .column = row->column,
        .code = row->code,
        .message = message,
        .excerpt = {.ptr = reader->scanner.text + row->begin,
                    .len = n < EXCERPT_BYTES ? (uint32_t)n : EXCERPT_BYTES},
    };
    reader->options.reject(reader->options.reject_context, &reject);
}

/* ---- Rows --------------------------------------------------------------------------------------------- */

static void row_passed(struct csv_reader *reader, const struct csv_row *row)
{
    reader->at = row->next;
    reader->line += row->lines;
    reader->rows++;
}

static void batch_add(struct csv_reader *reader, struct batch *batch, struct sluice_cell *cells,
                      const struct csv_row *row)
{
    for (uint32_t i = row->n_cells; i < reader->width; i++)
        cells[i] = (struct sluice_cell){0};
    batch->public.n_columns = reader->width;
    uint32_t n = batch->public.n_rows++;
    batch->lines[n] = reader->line;
    batch->flags[n] = batch_row_is_blank(cells, row->n_cells) ? SLUICE_ROW_BLANK : 0;
}

static bool batch_is_full(const struct csv_reader *reader, const struct batch *batch)
{
    return batch->public.n_rows == BATCH_ROWS || batch->arena.total > BATCH_ARENA_BYTES ||
           ((uint64_t)batch->public.n_rows + 1) * reader->width > BATCH_CELLS;
}

static enum sluice_status too_many_rows(const struct csv_reader *reader, struct sluice_error *err)
{
    return error_set(err, SLUICE_DATA, "the list has more than %llu rows; split it into several lists",
                     (unsigned long long)reader->options.limits.rows);
}

static bool has_replacement(const struct csv_reader *reader, const struct csv_row *row)
{
    return reader->has_replacement &&
           memmem(reader->scanner.text + row->begin, row->end - row->begin, "\xef\xbf\xbd", 3) != NULL;
}

/* Makes room for a row that the window cuts, or gives the row up when it is too long anyway. */
static enum sluice_status row_continue(struct csv_reader *reader, struct csv_row *row,
                                       struct sluice_error *err)
{
    if (reader->scanner.size - reader->at <= (size_t)reader->options.limits.record_bytes + 2) {
        enum sluice_status status = window_convert(reader, err);
        if (status == SLUICE_OK)
            csv_scanner_seek(&reader->scanner, 0);
        return status;
    }
    csv_row_give_up(&reader->scanner, row);
    reject_row(reader, row);
    char last = reader->scanner.text[row->next - 1];
    reader->is_skipping = row->next == reader->scanner.size && last != '\n' && last != '\r';
    row_passed(reader, row);
    return window_skip_line(reader, err);
}

/* Rows that need no second look; false when there was none. */
static bool batch_add_plain(struct csv_reader *reader, struct batch *batch)
{
    uint64_t room = reader->width == 0 ? 0 : BATCH_CELLS / reader->width - batch->public.n_rows;
    if (room > BATCH_ROWS - batch->public.n_rows)
        room = BATCH_ROWS - batch->public.n_rows;
    if (room > reader->options.limits.rows - reader->rows)
        room = reader->options.limits.rows - reader->rows;
    const uint32_t before = batch->public.n_rows;
    struct csv_rows rows = {.cells = batch->cells + (size_t)before * reader->width,
                            .lines = batch->lines + before,
                            .at = reader->at,
                            .line = reader->line};
    const uint32_t n = csv_rows_plain(&reader->scanner, &reader->index, &reader->options.limits,
                                      reader->width, (uint32_t)room, &batch->arena, &rows);
    memset(batch->flags + before, 0, n * sizeof *batch->flags);
    batch->public.n_rows += n;
    batch->public.n_columns = reader->width;
    reader->at = rows.at;
    reader->line = rows.line;
    reader->rows += n;
    return n > 0;
}

/* Rows until the batch is full, the next row is wider than its others, or the window ends. */
static enum sluice_status batch_fill(struct csv_reader *reader, struct batch *batch, bool *ret_is_cut,
                                     struct csv_row *row, struct sluice_error *err)
{
    *ret_is_cut = false;
    for (;;) {
        while (!reader->has_replacement && !batch_is_full(reader, batch) && batch_add_plain(reader, batch))
            continue;
        if (batch_is_full(reader, batch))
            break;
        struct sluice_cell *cells = batch->cells + (size_t)batch->public.n_rows * reader->width;
        enum csv_row_result result =
            csv_row_next(&reader->scanner, reader->at, &reader->options.limits, &batch->arena, cells, row);
        if (result == CSV_ROW_END || result == CSV_ROW_INCOMPLETE) {
            *ret_is_cut = !reader->scanner.is_final;
            return SLUICE_OK;
        }
        if (result == CSV_ROW_NO_MEMORY)
            return error_no_memory(err);
        if (reader->rows == reader->options.limits.rows)
            return too_many_rows(reader, err);
        if (result == CSV_ROW_OK && has_replacement(reader, row)) {
            row->code = "bad_encoding";
            result = CSV_ROW_REJECTED;
        }
        if (result == CSV_ROW_REJECTED) {
            reject_row(reader, row);
        } else if (row->n_cells > reader->width) {
            reader->width = row->n_cells;
            if (batch->public.n_rows > 0) {
                csv_scanner_seek(&reader->scanner, reader->at);
                return SLUICE_OK;
            }
            batch_add(reader, batch, cells, row);
        } else {
            batch_add(reader, batch, cells, row);
        }
        row_passed(reader, row);
    }
    return SLUICE_OK;
}

enum sluice_status csv_next(struct csv_reader *reader, const struct sluice_batch **ret_batch,
                            struct sluice_error *err)
{
    struct batch *batch = NULL;
    for (;;) {
        batch = batch_pool_take(reader->pool, reader->window);
        if (batch == NULL)
            return error_no_memory(err);
        struct csv_row row = {0};
        bool is_cut;
        enum sluice_status status = batch_fill(reader, batch, &is_cut, &row, err);
        if (status == SLUICE_OK && batch->public.n_rows > 0)
            break;
        batch->public.release(&batch->public);
        if (status == SLUICE_OK && !is_cut)
            status = SLUICE_END;
        else if (status == SLUICE_OK)
            status = row_continue(reader, &row, err);
        if (status != SLUICE_OK)
            return status;
    }
    *ret_batch = &batch->public;
    return SLUICE_OK;
}

/* ---- Life --------------------------------------------------------------------------------------------- */

static bool is_plain_ascii(int c)
{
    return c > 0 && c < 0x80 && c != '\n' && c != '\r';
}

static enum sluice_status options_take(struct csv_options *options, struct sluice_error *err)
{
    if (options->quote == 0)
        options->quote = '"';
    if (options->quote != CSV_QUOTE_NONE && !is_plain_ascii(options->quote))
        return error_set(err, SLUICE_CONFIG,
                         "the quote must be one ASCII character and no line end, or 'none'");
    if (options->delimiter != 0 && !is_plain_ascii(options->delimiter))
        return error_set(err, SLUICE_CONFIG, "the delimiter must be one ASCII character and no line end");
    if (options->delimiter == options->quote)
        return error_set(err, SLUICE_CONFIG, "delimiter and quote are the same; choose two different ones");
    struct csv_limits *limits = &options->limits;
    if (limits->columns > CSV_COLUMNS)
        return error_set(err, SLUICE_CONFIG, "at most %d columns can be read", CSV_COLUMNS);
    limits->field_bytes = limits->field_bytes != 0 ? limits->field_bytes : CSV_FIELD_BYTES;
    limits->record_bytes = limits->record_bytes != 0 ? limits->record_bytes : CSV_RECORD_BYTES;
    limits->columns = limits->columns != 0 ? limits->columns : CSV_COLUMNS;
    limits->rows = limits->rows != 0 ? limits->rows : CSV_ROWS;
    return SLUICE_OK;
}

/* The first window. */
static enum sluice_status text_take(struct csv_reader *reader, const char *data, uint64_t size,
                                    struct sluice_error *err)
{
    data += reader->charset.mark_bytes;
    size -= reader->charset.mark_bytes;
    if (reader->charset.is_utf8) {
        window_set(reader, data, (size_t)size, CSV_TEXT_WHOLE);
        batch_text_retain(reader->document);
        reader->window = reader->document;
        return SLUICE_OK;
    }
    enum sluice_status status =
        charset_converter_open(reader->charset.name, data, size, &reader->converter, err);
    return status == SLUICE_OK ? window_convert(reader, err) : status;
}

static void dialect_take(struct csv_reader *reader)
{
    struct csv_scanner *scanner = &reader->scanner;
    reader->line = 1;
    reader->delimiter = reader->options.delimiter;
    char said = 0;
    reader->at = csv_sep_line(scanner->text, scanner->size, &said);
    if (reader->at > 0)
        reader->line++;
    if (reader->delimiter == 0 && said != reader->options.quote)
        reader->delimiter = said;
    scanner->scan = csv_scan_choices();
    if (reader->delimiter == 0) {
        size_t left = scanner->size - reader->at;
        size_t n = left < CSV_DETECT_BYTES ? left : CSV_DETECT_BYTES;
        reader->delimiter = csv_detect_delimiter(
            scanner->text + reader->at, n, n == left && scanner->is_final ? CSV_TEXT_WHOLE : CSV_TEXT_CUT,
            reader->options.quote, scanner->scan);
    }
    scanner->is_quoting = reader->options.quote != CSV_QUOTE_NONE;
    scanner->special.delimiter = reader->delimiter;
    scanner->special.quote = scanner->is_quoting ? (char)reader->options.quote : reader->delimiter;
    csv_scanner_seek(scanner, reader->at);
}

static void notice_take(struct csv_reader *reader)
{
    const bool is_tab = reader->delimiter == '\t';
    snprintf(reader->notice, sizeof reader->notice, "read as %s with delimiter %.*s", reader->charset.name,
             is_tab ? 3 : 1, is_tab ? "TAB" : &reader->delimiter);
}

enum sluice_status csv_open(const char *data, uint64_t size, const struct sluice_document *document,
                            const struct csv_options *options, struct csv_reader **ret_reader,
                            struct sluice_error *err)
{
    struct csv_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return error_no_memory(err);
    enum sluice_status status;
    reader->options = *options;
    status = options_take(&reader->options, err);
    if (status != SLUICE_OK)
        goto failed;
    status = charset_choose(data, size, options->encoding, &reader->charset, err);
    if (status != SLUICE_OK)
        goto failed;
    reader->document = batch_text_of(document);
    reader->pool = batch_pool_new(BATCH_CELLS + CSV_COLUMNS + CSV_ROW_MARGIN);
    if (reader->document == NULL || reader->pool == NULL) {
        status = error_no_memory(err);
        goto failed;
    }
    status = text_take(reader, data, size, err);
    if (status != SLUICE_OK)
        goto failed;
    dialect_take(reader);
    notice_take(reader);
    reader->options.encoding = NULL; /* the caller's memory */
    *ret_reader = reader;
    return SLUICE_OK;

failed:
    csv_close(reader);
    return status;
}

void csv_close(struct csv_reader *reader)
{
    if (reader == NULL)
        return;
    charset_converter_close(reader->converter);
    batch_text_release(reader->window);
    batch_text_release(reader->document);
    batch_pool_release(reader->pool);
    free(reader);
}

const char *csv_encoding(const struct csv_reader *reader)
{
    return reader->charset.name;
}

char csv_delimiter(const struct csv_reader *reader)
{
    return reader->delimiter;
}

const char *csv_notice(const struct csv_reader *reader)
{
    return reader->notice;
}
