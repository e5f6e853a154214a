/* SPDX-License-Identifier: Apache-2.0 */
/* One row of a batch, and questions about its cells. */
#ifndef INGEST_SHEET_ROW_H
#define INGEST_SHEET_ROW_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#include <sluice/plugin.h>

struct sheet_row {
    const struct sluice_cell *cells;
    const struct sluice_cell *raw; /* or NULL */
    uint32_t width;
    uint32_t flags; /* enum sluice_row_flag */
    uint64_t line;
};

struct sheet_row sheet_row_of(const struct sluice_batch *batch, uint32_t row);

/* The cell, or an absent one beyond the row's end or for column -1. */
static inline struct sluice_cell sheet_row_cell(const struct sheet_row *row, int column)
{
    if (column < 0 || (uint32_t)column >= row->width)
        return (struct sluice_cell){.ptr = NULL};
    return row->cells[column];
}

static inline struct sluice_cell sheet_row_raw(const struct sheet_row *row, int column)
{
    if (row->raw == NULL || column < 0 || (uint32_t)column >= row->width)
        return (struct sluice_cell){.ptr = NULL};
    return row->raw[column];
}

/* text_trim (), except that a cell with a NUL byte stays whole: it is to be rejected. */
struct sluice_cell cell_trim_odd(struct sluice_cell cell);

/* The same without a call for the cells that need none. */
static inline struct sluice_cell cell_trim(struct sluice_cell cell)
{
    bool plain = cell.len > 0 && cell.ptr[0] > ' ' && cell.ptr[0] < 0x7f && cell.ptr[cell.len - 1] > ' ' &&
                 cell.ptr[cell.len - 1] < 0x7f;
    return plain || cell.len == 0 ? cell : cell_trim_odd(cell);
}

bool sheet_row_is_blank(const struct sheet_row *row);
/* The first cell that is not blank, trimmed; its column goes to *ret_column. Absent when there is none. */
struct sluice_cell sheet_row_first_filled(const struct sheet_row *row, uint32_t *ret_column);
uint32_t sheet_row_filled(const struct sheet_row *row); /* how many cells are not blank */

/* A copy that lives in the arena; false beyond its ceiling. */
bool sheet_row_copy(struct arena *arena, const struct sheet_row *row, struct sheet_row *ret_copy);

/* Whether a cell of the row lies under a merged one. */
static inline bool sheet_row_has_covered(const struct sheet_row *row)
{
    uint32_t flags = 0;
    for (uint32_t i = 0; i < row->width; i++)
        flags |= row->cells[i].flags;
    return (flags & SLUICE_CELL_COVERED) != 0;
}

/* The filled cells joined by " | ", for excerpts. */
void sheet_row_text(const struct sheet_row *row, struct buffer *buffer);

/* "Total", "Итого:", … : the text of a row that sums up others. */
bool sheet_text_is_total(struct sluice_cell text);

#endif
