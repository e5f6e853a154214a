/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows are cut by the index of their chunk alone: no byte of a bare cell is looked at. What a quoted cell, a
 * CR LF or a line end inside of quotes changes is mended afterwards.
 */
#include "formats/csv_plain.h"

/* Bytes that begin no white space. */
static bool begins_text(char byte)
{
    unsigned char c = (unsigned char)byte;
    return (c > ' ' && c < 0x7f) || (c > 0xc2 && c < 0xe2);
}

/* Whether the row has text in its first cell, so that it is not blank. */
static inline bool is_written(const struct csv_scanner *scanner, const struct csv_index *index,
                              const char *row)
{
    char first = row[0];
    if (scanner->is_quoting && first == scanner->special.quote) {
        if (!index->is_resolved || row[1] == first)
            return false;
        first = row[1];
    } else if (first == scanner->special.delimiter) {
        return false;
    }
    return begins_text(first);
}

/* Makes the index of the chunk with the row, and sees to it that the chunk holds all of it where it can. */
static bool index_find(struct csv_scanner *scanner, struct csv_index *index, size_t at)
{
    if (at < scanner->base || at - scanner->base >= scanner->n_words * CSV_SCAN_BLOCK || !scanner->begins_row)
        csv_scanner_seek(scanner, at);
    if (index->scan != scanner->scans)
        csv_index_make(index, scanner);
    csv_index_skip_to(index, (uint32_t)(at - scanner->base));
    if (index->stops.next == index->stops.n && at > scanner->base && !scanner->is_last) {
        csv_scanner_seek(scanner, at);
        csv_index_make(index, scanner);
    }
    return (scanner->chunk_flags & CSV_SCAN_FAULTS) == 0;
}

/* The CR of a CR LF is no part of the last cell. */
static void returns_cut(struct sluice_cell *cells, uint32_t width, uint32_t n)
{
    for (struct sluice_cell *last = cells + width - 1; n > 0; last += width, n--)
        last->len -= last->len > 0 && last->ptr[last->len - 1] == '\r';
}

/* Takes the quotes off the cells before `end`. False without memory, and then the index stands where it
 * stood: these rows come again. */
static bool quotes_cut(struct csv_index *index, uint32_t end, char quote, struct arena *arena,
                       struct sluice_cell *cells)
{
    struct csv_places *quotes = &index->quotes;
    const uint32_t first = quotes->next;
    while (quotes->next < quotes->n && quotes->at[quotes->next] < end) {
        struct sluice_cell *cell = cells + csv_index_cell(index, quotes->at[quotes->next]) - index->ends.next;
        cell->ptr++;
        cell->len -= 2;
        const uint32_t close = quotes->at[quotes->next] + 1 + cell->len;
        quotes->next += 2;
        if (quotes->at[quotes->next - 1] == close)
            continue;
        char *to = arena_alloc(arena, cell->len);
        if (to == NULL) {
            quotes->next = first;
            return false;
        }
        cell->len = (uint32_t)csv_unescape(to, cell->ptr, cell->len, quote);
        cell->ptr = to;
        while (quotes->at[quotes->next - 1] < close)
            quotes->next += 2;
    }
    return true;
}

/* A line end inside of quotes begins a line of the list, but no row. */
static void lines_number(struct csv_index *index, uint32_t n, struct csv_rows *rows)
{
    const uint16_t *stops = index->stops.at + index->stops.next;
    struct csv_places *inner = &index->inner;
    uint64_t line = rows->line;
    for (uint32_t i = 0; i < n; i++) {
        rows->lines[i] = line++;
        while (inner->next < inner->n && inner->at[inner->next] < stops[i]) {
            inner->next++;
            line++;
        }
    }
    rows->line = line;
}

uint32_t csv_rows_plain(struct csv_scanner *scanner, struct csv_index *index, const struct csv_limits *limits,
                        uint32_t width, uint32_t n, struct arena *arena, struct csv_rows *rows)
{
    if (n == 0 || width == 0 || width > limits->columns || rows->at == scanner->size ||
        limits->field_bytes < CSV_CHUNK_BYTES || limits->record_bytes < CSV_CHUNK_BYTES ||
        !index_find(scanner, index, rows->at))
        return 0;
    const char *const chunk = scanner->text + scanner->base;
    const uint16_t *const ends = index->ends.at + index->ends.next;
    const uint16_t *const stops = index->stops.at + index->stops.next;
    const uint32_t n_ends = index->ends.n - index->ends.next, n_stops = index->stops.n - index->stops.next;
    const uint32_t begin = (uint32_t)(rows->at - scanner->base);
    uint32_t most = n_stops < n ? n_stops : n;
    most -= most > 0 && stops[most - 1] >= scanner->size - scanner->base; /* the end of the text is no LF */
    uint32_t from = begin, count = 0, cells = 0;
    for (; count < most && cells + width <= n_ends; count++, cells += width) {
        const uint32_t line_end = stops[count];
        if (ends[cells + width - 1] != line_end || chunk[line_end] != '\n' ||
            !is_written(scanner, index, chunk + from))
            break;
        from = line_end + 1;
    }
    if (count == 0)
        return 0;
    scanner->scan->cells(chunk, begin, ends, cells, rows->cells);
    if (index->has_returns)
        returns_cut(rows->cells, width, count);
    if (!quotes_cut(index, from, scanner->special.quote, arena, rows->cells))
        return 0;
    lines_number(index, count, rows);
    index->ends.next += cells;
    index->stops.next += count;
    rows->at = scanner->base + from;
    return count;
}
