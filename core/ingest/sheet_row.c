/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/sheet_row.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "ingest/header_words.h"

#include <string.h>

struct sheet_row sheet_row_of(const struct sluice_batch *batch, uint32_t row)
{
    size_t first = (size_t)row * batch->n_columns;
    return (struct sheet_row){
        .cells = batch->cells + first,
        .raw = batch->raw == NULL ? NULL : batch->raw + first,
        .width = batch->n_columns,
        .flags = batch->row_flags[row],
        .line = batch->lines[row],
    };
}

struct sluice_cell cell_trim_odd(struct sluice_cell cell)
{
    return memchr(cell.ptr, '\0', cell.len) == NULL ? text_trim(cell) : cell;
}

struct sluice_cell sheet_row_first_filled(const struct sheet_row *row, uint32_t *ret_column)
{
    for (uint32_t i = 0; i < row->width; i++) {
        struct sluice_cell cell = text_trim(row->cells[i]);
        if (cell.len == 0)
            continue;
        *ret_column = i;
        return cell;
    }
    return (struct sluice_cell){.ptr = NULL};
}

bool sheet_row_is_blank(const struct sheet_row *row)
{
    uint32_t column;
    return (row->flags & SLUICE_ROW_BLANK) != 0 || sheet_row_first_filled(row, &column).len == 0;
}

uint32_t sheet_row_filled(const struct sheet_row *row)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < row->width; i++)
        n += !text_is_blank(row->cells[i]);
    return n;
}

static const struct sluice_cell *cells_copy(struct arena *arena, const struct sluice_cell *cells, uint32_t n)
{
    struct sluice_cell *copy = arena_alloc(arena, n * sizeof *copy + 1);
    for (uint32_t i = 0; i < n && copy != NULL; i++) {
        copy[i] = cells[i];
        if (cells[i].ptr == NULL)
            continue;
        copy[i].ptr = arena_copy(arena, cells[i].ptr, cells[i].len);
        if (copy[i].ptr == NULL)
            return NULL;
    }
    return copy;
}

bool sheet_row_copy(struct arena *arena, const struct sheet_row *row, struct sheet_row *ret_copy)
{
    struct sheet_row copy = *row;
    while (copy.width > 0 && row->cells[copy.width - 1].ptr == NULL)
        copy.width--;
    copy.cells = cells_copy(arena, row->cells, copy.width);
    copy.raw = row->raw == NULL ? NULL : cells_copy(arena, row->raw, copy.width);
    if (copy.cells == NULL || (row->raw != NULL && copy.raw == NULL))
        return false;
    *ret_copy = copy;
    return true;
}

void sheet_row_text(const struct sheet_row *row, struct buffer *buffer)
{
    for (uint32_t i = 0; i < row->width; i++) {
        struct sluice_cell cell = text_trim(row->cells[i]);
        if (cell.len == 0)
            continue;
        if (buffer->size > 0)
            buffer_text(buffer, " | ");
        buffer_append(buffer, cell.ptr, cell.len);
    }
}

bool sheet_text_is_total(struct sluice_cell text)
{
    static const char *const totals[] = {
        "total", "totals", "subtotal", "grand total", "sum",
        "итого", "всего",  "итог",     "подытог",     "общий итог",
    };
    enum { LONGEST = 40 };
    struct header_words words;
    if (text.len == 0 || text.len > LONGEST || !header_words_read(text, &words))
        return false;
    for (size_t i = 0; i < ELEMENTS(totals); i++) {
        struct phrase total;
        phrase_read(totals[i], &total);
        if (phrase_equal(&words.plain, &total))
            return true;
    }
    return false;
}
