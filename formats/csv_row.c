/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row's cells, quotes and line ends. The hard part is a quote that nobody closes: the text up to the next
 * quote, maybe megabytes on, looks like one cell. It is taken for a stray quote when it meets the end of the
 * list, or when it takes in a line end and then "closes" before a word.
 */
#include "formats/csv_row.h"

#include "base/text.h"
#include "formats/csv_chunk.h"

#include <string.h>

enum quoted { QUOTED_OK, QUOTED_STRAY, QUOTED_INCOMPLETE, QUOTED_NO_MEMORY };

/* A cell that begins with a quote. */
struct quoted_cell {
    size_t open, close; /* positions of its quotes */
    size_t end;         /* of the cell: a delimiter or line end */
    bool is_newline;    /* which of them */
    bool has_doubled;   /* quotes inside */
    uint64_t newlines;  /* inside */
};

static uint64_t count_newlines(const char *text, size_t n)
{
    uint64_t count = 0;
    const char *end = text + n;
    const char *at = memchr(text, '\n', n);
    for (; at != NULL; at = memchr(at + 1, '\n', (size_t)(end - at - 1)))
        count++;
    at = memchr(text, '\r', n);
    for (; at != NULL; at = memchr(at + 1, '\r', (size_t)(end - at - 1)))
        count += at + 1 == end || at[1] != '\n';
    return count;
}

/* Finds the quote that closes the one at `open`. False when the window ends first. */
static bool find_close(struct csv_scanner *scanner, struct quoted_cell *cell)
{
    size_t at = cell->open + 1;
    cell->has_doubled = false;
    while (csv_next_quote(scanner, at, &cell->close)) {
        at = cell->close + 1;
        if (at == scanner->size)
            return scanner->is_final; /* in a piece the next byte, unseen, may be a second quote */
        if (scanner->text[at] != scanner->special.quote)
            return true;
        cell->has_doubled = true;
        at++;
    }
    return false;
}

/* Whether a closing quote may stand before this byte; blanks around cells are common. */
static bool may_follow_close(const struct csv_scanner *scanner, size_t at)
{
    if (at == scanner->size)
        return true;
    char c = scanner->text[at];
    return c == scanner->special.delimiter || c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

size_t csv_unescape(char *to, const char *text, size_t n, char quote)
{
    char *write = to;
    while (n > 0) {
        const char *found = memchr(text, quote, n);
        size_t step = found == NULL ? n : (size_t)(found - text) + 1;
        memcpy(write, text, step);
        write += step;
        step += found != NULL; /* the second of the pair */
        text += step;
        n -= step;
    }
    return (size_t)(write - to);
}

/* The content without its quotes, with text behind the closing one; copied only if it must change. */
static bool quoted_content(const struct csv_scanner *scanner, const struct quoted_cell *cell,
                           struct arena *arena, struct sluice_cell *ret_cell)
{
    const char *from = scanner->text + cell->open + 1;
    size_t n = cell->close - cell->open - 1;
    size_t n_after = cell->end - cell->close - 1;
    if (!cell->has_doubled && n_after == 0) {
        *ret_cell = (struct sluice_cell){.ptr = from, .len = (uint32_t)n};
        return true;
    }
    char *to = arena_alloc(arena, n + n_after);
    if (to == NULL)
        return false;
    n = csv_unescape(to, from, n, scanner->special.quote);
    memcpy(to + n, scanner->text + cell->close + 1, n_after);
    *ret_cell = (struct sluice_cell){.ptr = to, .len = (uint32_t)(n + n_after)};
    return true;
}

static enum quoted quoted_next(struct csv_scanner *scanner, const struct csv_limits *limits,
                               struct arena *arena, struct quoted_cell *cell, struct sluice_cell *ret_cell)
{
    if (!find_close(scanner, cell))
        return scanner->is_final ? QUOTED_STRAY : QUOTED_INCOMPLETE;
    cell->newlines = 0;
    if (csv_may_hold_newline(scanner, cell->open, cell->close))
        cell->newlines = count_newlines(scanner->text + cell->open + 1, cell->close - cell->open - 1);
    if (cell->newlines > 0 && !may_follow_close(scanner, cell->close + 1))
        return QUOTED_STRAY;
    if (!csv_next_end(scanner, cell->close + 1, &cell->end, &cell->is_newline))
        return QUOTED_INCOMPLETE;
    if (cell->end - cell->open > (size_t)limits->record_bytes + 2) { /* rejected anyway: copy nothing */
        *ret_cell = (struct sluice_cell){.ptr = scanner->text + cell->open, .len = limits->field_bytes + 1};
        return QUOTED_OK;
    }
    return quoted_content(scanner, cell, arena, ret_cell) ? QUOTED_OK : QUOTED_NO_MEMORY;
}

/* Where the line after the one that holds `at` begins, or the end of the window. */
static size_t line_after(const struct csv_scanner *scanner, size_t at)
{
    const char *text = scanner->text + at;
    const char *lf = memchr(text, '\n', scanner->size - at);
    size_t n = lf == NULL ? scanner->size - at : (size_t)(lf - text);
    const char *cr = memchr(text, '\r', n);
    if (cr != NULL && cr + 1 != lf)
        return (size_t)(cr - scanner->text) + 1;
    return lf == NULL ? scanner->size : at + n + 1;
}

/* Ends the row before the line after its opening quote. */
static enum csv_row_result reject_stray(struct csv_scanner *scanner, size_t open, struct csv_row *row)
{
    row->next = line_after(scanner, open);
    row->end = row->next;
    while (row->end > open && (scanner->text[row->end - 1] == '\n' || scanner->text[row->end - 1] == '\r'))
        row->end--;
    row->lines = count_newlines(scanner->text + row->begin, row->end - row->begin) + 1;
    row->column = row->n_cells + 1;
    row->code = "unclosed_quote";
    csv_scanner_seek(scanner, row->next);
    return CSV_ROW_REJECTED;
}

static uint32_t first_large_cell(const struct sluice_cell *cells, uint32_t n, uint32_t field_bytes)
{
    for (uint32_t i = 0; i < n; i++)
        if (cells[i].len > field_bytes)
            return i + 1;
    return 0;
}

/* NULL, or why the whole row cannot be kept. */
static const char *fault_of(const struct csv_scanner *scanner, const struct csv_limits *limits,
                            const struct sluice_cell *cells, struct csv_row *row)
{
    const char *text = scanner->text + row->begin;
    size_t n = row->end - row->begin;
    row->column = 0;
    if (row->n_cells > limits->columns)
        return "too_many_columns";
    if (n > limits->field_bytes) {
        row->column = first_large_cell(cells, row->n_cells, limits->field_bytes);
        if (row->column != 0)
            return "field_too_large";
    }
    if (n > limits->record_bytes)
        return "record_too_large";
    if ((scanner->row_flags & CSV_SCAN_NUL) != 0 && memchr(text, '\0', n) != NULL)
        return "nul_byte";
    if ((scanner->row_flags & CSV_SCAN_BAD_UTF8) != 0) {
        row->bad_byte = row->begin + utf8_valid_prefix(text, n);
        if (row->bad_byte != row->end)
            return "bad_encoding";
    }
    return NULL;
}

/* The row's line end is known: takes CR LF as one and judges the whole. */
static enum csv_row_result row_ends(struct csv_scanner *scanner, const struct csv_limits *limits,
                                    const struct sluice_cell *cells, struct csv_row *row)
{
    row->next = row->end < scanner->size ? row->end + 1 : scanner->size;
    if (row->end < scanner->size && scanner->text[row->end] == '\r') {
        if (row->next == scanner->size && !scanner->is_final)
            return CSV_ROW_INCOMPLETE;
        row->next += row->next < scanner->size && scanner->text[row->next] == '\n';
    }
    const bool is_plain = (scanner->row_flags & CSV_SCAN_FAULTS) == 0 && row->n_cells <= limits->columns &&
                          row->end - row->begin <= limits->field_bytes;
    if (is_plain)
        return CSV_ROW_OK;
    row->code = fault_of(scanner, limits, cells, row);
    return row->code == NULL ? CSV_ROW_OK : CSV_ROW_REJECTED;
}

static bool begins_quoted(const struct csv_scanner *scanner, size_t at)
{
    return scanner->is_quoting && at < scanner->size && scanner->text[at] == scanner->special.quote;
}

enum bare { BARE_NEWLINE, BARE_QUOTE, BARE_CUT };

/* Cells without quotes from `*start` on, up to the end of the row or to a cell that begins with a quote.
 * Cells beyond `last` overwrite it: such a row is rejected anyway. */
static enum bare bare_cells(struct csv_scanner *scanner, size_t *start, struct sluice_cell **next,
                            struct sluice_cell *last)
{
    for (;;) {
        size_t end;
        bool is_newline;
        if (!csv_next_end(scanner, *start, &end, &is_newline))
            return BARE_CUT;
        **next = (struct sluice_cell){.ptr = scanner->text + *start, .len = (uint32_t)(end - *start)};
        *next += *next < last;
        *start = end + 1;
        if (is_newline)
            return BARE_NEWLINE;
        if (begins_quoted(scanner, *start))
            return BARE_QUOTE;
    }
}

enum csv_row_result csv_row_next(struct csv_scanner *scanner, size_t at, const struct csv_limits *limits,
                                 struct arena *arena, struct sluice_cell *ret_cells, struct csv_row *ret_row)
{
    if (at == scanner->size)
        return CSV_ROW_END;
    struct csv_row *row = ret_row;
    struct sluice_cell *next = ret_cells, *const last = ret_cells + limits->columns + 1;
    row->begin = at;
    row->lines = 1;
    scanner->row_flags = scanner->chunk_flags;
    size_t start = at;
    bool is_quoted = begins_quoted(scanner, at);
    for (;;) {
        if (!is_quoted) {
            enum bare bare = bare_cells(scanner, &start, &next, last);
            row->end = start - (bare == BARE_NEWLINE);
            row->n_cells = (uint32_t)(next - ret_cells);
            if (bare == BARE_NEWLINE)
                break;
            row->code = "record_too_large";
            if (bare == BARE_CUT)
                return CSV_ROW_INCOMPLETE;
        }
        struct quoted_cell cell = {.open = start};
        enum quoted quoted = quoted_next(scanner, limits, arena, &cell, next);
        row->n_cells = (uint32_t)(next - ret_cells);
        row->end = start;
        row->code = "unclosed_quote";
        if (quoted == QUOTED_STRAY)
            return reject_stray(scanner, start, row);
        if (quoted != QUOTED_OK)
            return quoted == QUOTED_INCOMPLETE ? CSV_ROW_INCOMPLETE : CSV_ROW_NO_MEMORY;
        next += next < last;
        row->lines += cell.newlines;
        start = cell.end + 1;
        if (cell.is_newline) {
            row->n_cells = (uint32_t)(next - ret_cells);
            row->end = cell.end;
            break;
        }
        is_quoted = begins_quoted(scanner, start);
    }
    return row_ends(scanner, limits, ret_cells, row);
}

void csv_row_give_up(struct csv_scanner *scanner, struct csv_row *row)
{
    size_t cut = row->end;
    if (scanner->is_quoting && cut < scanner->size && scanner->text[cut] == scanner->special.quote) {
        reject_stray(scanner, cut, row);
        return;
    }
    row->column = 0;
    row->end = row->next = scanner->size;
}
