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

/* Line ends are stops, so a cell that closes before the next stop holds none. */
static bool may_hold_newline(const struct csv_scanner *scanner, const struct quoted_cell *cell)
{
    return cell->open < scanner->base || scanner->next_stop == scanner->n_stops ||
           scanner->base + scanner->stops[scanner->next_stop] < cell->close;
}

/* Whether a closing quote may stand before this byte; blanks around cells are common. */
static bool may_follow_close(const struct csv_scanner *scanner, size_t at)
{
    if (at == scanner->size)
        return true;
    char c = scanner->text[at];
    return c == scanner->special.delimiter || c == '\n' || c == '\r' || c == ' ' || c == '\t';
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
    char *write = to;
    while (n > 0) {
        const char *quote = memchr(from, scanner->special.quote, n);
        size_t step = quote == NULL ? n : (size_t)(quote - from) + 1;
        memcpy(write, from, step);
        write += step;
        step += quote != NULL; /* the second of the pair */
        from += step;
        n -= step;
    }
    memcpy(write, scanner->text + cell->close + 1, n_after);
    write += n_after;
    *ret_cell = (struct sluice_cell){.ptr = to, .len = (uint32_t)(write - to)};
    return true;
}

static enum quoted quoted_next(struct csv_scanner *scanner, const struct csv_limits *limits,
                               struct arena *arena, struct quoted_cell *cell, struct sluice_cell *ret_cell)
{
    if (!find_close(scanner, cell))
        return scanner->is_final ? QUOTED_STRAY : QUOTED_INCOMPLETE;
    cell->newlines = 0;
    if (may_hold_newline(scanner, cell))
        cell->newlines = count_newlines(scanner->text + cell->open + 1, cell->close - cell->open - 1);
    if (cell->newlines > 0 && !may_follow_close(scanner, cell->close + 1))
        return QUOTED_STRAY;
    if (!csv_chunk_skip_to(scanner, cell->close + 1) || !csv_next_end(scanner, &cell->end, &cell->is_newline))
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
        if (row->next < scanner->size && scanner->text[row->next] == '\n') {
            row->next++;
            csv_chunk_skip_to(scanner, row->next);
        }
    }
    const bool is_plain = scanner->row_flags == 0 && row->n_cells <= limits->columns &&
                          row->end - row->begin <= limits->field_bytes;
    if (is_plain)
        return CSV_ROW_OK;
    row->code = fault_of(scanner, limits, cells, row);
    return row->code == NULL ? CSV_ROW_OK : CSV_ROW_REJECTED;
}

enum bare { BARE_NEWLINE, BARE_QUOTE, BARE_CUT };

/*
 * Cells without quotes from `*start` on, up to the end of the row or to a cell that begins with a quote; all
 * of a plain list passes here. Cells beyond `last` overwrite it: such a row is rejected anyway.
 */
static enum bare bare_cells(struct csv_scanner *scanner, size_t *start, struct sluice_cell **next,
                            struct sluice_cell *last)
{
    const char *from = scanner->text + *start;
    struct sluice_cell *cell = *next;
    enum bare result = BARE_CUT;
    do { /* a chunk may have no end at all */
        const char *const chunk = scanner->text + scanner->base;
        const uint16_t *end = scanner->ends + scanner->next_end;
        const uint16_t *const ends_end = scanner->ends + scanner->n_ends;
        const bool has_stop = scanner->next_stop < scanner->n_stops;
        const uint32_t stop = has_stop ? scanner->stops[scanner->next_stop] : UINT32_MAX;
        uint32_t offset = 0;
        while (end < ends_end) {
            offset = *end++;
            *cell = (struct sluice_cell){.ptr = from, .len = (uint32_t)(chunk + offset - from)};
            cell += cell < last;
            from = chunk + offset + 1;
            if (offset == stop) {
                scanner->next_stop++;
                result = csv_is_newline(scanner, offset) ? BARE_NEWLINE : BARE_QUOTE;
                break;
            }
        }
        scanner->next_end = (uint32_t)(end - scanner->ends);
    } while (result == BARE_CUT && csv_chunk_next(scanner));
    *start = (size_t)(from - scanner->text);
    *next = cell;
    return result;
}

static bool begins_quoted(const struct csv_scanner *scanner, size_t at)
{
    return scanner->is_quoting && scanner->text[at] == scanner->special.quote;
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
        is_quoted = start < scanner->size && begins_quoted(scanner, start);
    }
    return row_ends(scanner, limits, ret_cells, row);
}

/* Bytes that begin no white space. */
static bool begins_text(char byte)
{
    unsigned char c = (unsigned char)byte;
    return (c > ' ' && c < 0x7f) || (c > 0xc2 && c < 0xe2);
}

/* Whether the row from `from` to the stop at `line_end` has `width` cells and none that needs a second look.
 */
static inline bool is_plain(const struct csv_scanner *scanner, const char *chunk, uint32_t from,
                            const uint16_t *ends, uint32_t width, uint32_t line_end)
{
    const char first = chunk[from];
    return ends[width - 1] == line_end && chunk[line_end] == '\n' && ends[0] != from && begins_text(first) &&
           (first != scanner->special.quote || !scanner->is_quoting);
}

uint32_t csv_rows_plain(struct csv_scanner *scanner, size_t at, const struct csv_limits *limits,
                        uint32_t width, uint32_t n, struct sluice_cell *ret_cells, size_t *ret_next)
{
    const char *const chunk = scanner->text + scanner->base;
    const uint16_t *const ends = scanner->ends + scanner->next_end;
    const uint16_t *const stops = scanner->stops + scanner->next_stop;
    const size_t text_left = scanner->size - scanner->base;
    const uint32_t n_ends = scanner->n_ends - scanner->next_end;
    uint32_t most = scanner->n_stops - scanner->next_stop;
    most = most < n ? most : n;
    *ret_next = at;
    if (scanner->chunk_flags != 0 || width == 0 || width > limits->columns || at < scanner->base ||
        limits->field_bytes < CSV_CHUNK_WORDS * CSV_SCAN_BLOCK)
        return 0;
    const uint32_t begin = (uint32_t)(at - scanner->base);
    uint32_t from = begin;
    uint32_t rows = 0;
    most -= most > 0 && stops[most - 1] >= text_left; /* the end of the text stands for a line end */
    uint32_t cells = 0;
    for (; rows < most && cells + width <= n_ends; rows++, cells += width) {
        const uint32_t line_end = stops[rows];
        if (!is_plain(scanner, chunk, from, ends + cells, width, line_end))
            break;
        from = line_end + 1;
    }
    scanner->scan->cells(chunk, begin, ends, cells, ret_cells);
    scanner->next_end += cells;
    scanner->next_stop += rows;
    *ret_next = scanner->base + from;
    return rows;
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
