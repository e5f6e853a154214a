/* SPDX-License-Identifier: Apache-2.0 */
/* All texts of a batch are copied in one piece, shared strings too: so a batch outlives its reader and holds
 * nothing but itself. */
#include "formats/xlsx/rows.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    MANY_ROWS = 2048,
    MANY_CELLS = 32 << 10,
    MANY_BYTES = 512 << 10,
    TEXT_CEILING = 16 << 20,
    NARROW_COLUMNS = 256, /* rows up to this width share a batch whatever the others' width */
    WIDER_THAN = 4,       /* times the width of the others ends a batch of wider ones */
};

void xlsx_rows_begin(struct xlsx_rows *rows)
{
    *rows = (struct xlsx_rows){.text = BUFFER_INIT(TEXT_CEILING)};
}

void xlsx_rows_free(struct xlsx_rows *rows)
{
    buffer_free(&rows->text);
    free(rows->cells);
    free(rows->rows);
    *rows = (struct xlsx_rows){.cells = NULL};
}

bool xlsx_rows_are_many(const struct xlsx_rows *rows)
{
    return rows->n - rows->next >= MANY_ROWS || rows->n_cells >= MANY_CELLS || rows->text.size >= MANY_BYTES;
}

bool xlsx_rows_add_cell(struct xlsx_rows *rows, const struct xlsx_rows_cell *cell)
{
    if (rows->n_cells == rows->cells_capacity) {
        size_t capacity = rows->cells_capacity * 2 + 1024;
        struct xlsx_rows_cell *cells = realloc(rows->cells, capacity * sizeof *cells);
        if (cells == NULL)
            return false;
        rows->cells = cells;
        rows->cells_capacity = capacity;
    }
    rows->cells[rows->n_cells++] = *cell;
    return true;
}

bool xlsx_rows_add(struct xlsx_rows *rows, const struct xlsx_rows_row *row)
{
    if (rows->n == rows->capacity) {
        size_t capacity = rows->capacity * 2 + 256;
        struct xlsx_rows_row *grown = realloc(rows->rows, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        rows->rows = grown;
        rows->capacity = capacity;
    }
    rows->rows[rows->n++] = *row;
    return true;
}

/* ---- Laying out -------------------------------------------------------------------------------------------
 */

/* How many of the waiting rows go into one batch, how wide it is, and how much text they have. */
struct extent {
    size_t rows, bytes;
    uint32_t width;
};

static struct extent extent_choose(const struct xlsx_rows *rows, uint32_t merged_width)
{
    struct extent extent = {.width = merged_width > 0 ? merged_width : 1};
    for (size_t i = rows->next; i < rows->n && extent.rows < BATCH_ROWS; i++) {
        const struct xlsx_rows_row *row = &rows->rows[i];
        uint32_t width = row->width > extent.width ? row->width : extent.width;
        bool fits = (extent.rows + 1) * (uint64_t)width <= BATCH_CELLS &&
                    extent.bytes + row->bytes <= BATCH_ARENA_BYTES;
        bool alike = width <= NARROW_COLUMNS || extent.rows == 0 || width / WIDER_THAN <= extent.width;
        if (extent.rows > 0 && (!fits || !alike))
            break;
        extent.rows++;
        extent.width = width;
        extent.bytes += row->bytes;
    }
    return extent;
}

/* Copies a row's texts to `at` and answers where they end. */
static char *row_fill(const struct xlsx_rows *rows, const struct xlsx_rows_row *row,
                      struct sluice_cell *cells, struct sluice_cell *raw, char *at)
{
    for (size_t i = row->first; i < row->first + row->n; i++) {
        const struct xlsx_rows_cell *cell = &rows->cells[i];
        const char *text = cell->shared != NULL ? cell->shared : rows->text.data + cell->at;
        memcpy(at, text, cell->len);
        cells[cell->column] = (struct sluice_cell){.ptr = at, .len = cell->len};
        raw[cell->column] = (struct sluice_cell){.ptr = NULL};
        if (cell->raw_len > 0 && cell->raw_at == cell->at) {
            raw[cell->column] = cells[cell->column];
        } else if (cell->raw_len > 0) {
            memcpy(at + cell->len, rows->text.data + cell->raw_at, cell->raw_len);
            raw[cell->column] = (struct sluice_cell){.ptr = at + cell->len, .len = cell->raw_len};
            at += cell->raw_len;
        }
        at += cell->len;
    }
    return at;
}

static uint64_t text_bytes(const struct sluice_cell *cells, uint32_t n)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < n; i++)
        bytes += cells[i].len;
    return bytes;
}

/* What covers a cell is text; the number behind what it hides is none of its own. */
static bool merges_fill(const struct xlsx_layout *layout, struct batch *batch, uint64_t line,
                        struct sluice_cell *cells, struct sluice_cell *raw, uint32_t width)
{
    if (layout->merges == NULL)
        return true;
    if (merges_cover(layout->merges, line, cells, width, width, &batch->arena) == UINT32_MAX)
        return false;
    for (uint32_t i = 0; i < width; i++)
        if ((cells[i].flags & SLUICE_CELL_COVERED) != 0)
            raw[i] = (struct sluice_cell){.ptr = NULL};
    return true;
}

static enum sluice_status limits_check(const struct xlsx_rows *rows, const struct xlsx_limits *limits,
                                       struct sluice_error *err)
{
    if (rows->grid_cells > limits->grid_cells)
        return error_set(err, SLUICE_DATA,
                         "the tab's cells lie too far apart (more than %" PRIu64
                         " places up to the last of each row); remove what stands far to the right",
                         limits->grid_cells);
    if (rows->text_bytes > limits->text_bytes)
        return error_set(err, SLUICE_DATA,
                         "the tab has more than %" PRIu64 " bytes of text; split it into several",
                         limits->text_bytes);
    return SLUICE_OK;
}

static enum sluice_status batch_fill(struct xlsx_rows *rows, const struct xlsx_layout *layout,
                                     const struct extent *extent, struct batch *batch,
                                     struct sluice_error *err)
{
    size_t n_cells = extent->rows * extent->width;
    char *at = arena_alloc(&batch->arena, extent->bytes + 1);
    if (at == NULL || (batch->raw == NULL && !batch_raw(batch)))
        return error_no_memory(err);
    batch->public.raw = batch->raw;
    batch->public.n_columns = extent->width;
    memset(batch->cells, 0, n_cells * sizeof batch->cells[0]);
    memset(batch->raw, 0, n_cells * sizeof batch->raw[0]);
    rows->grid_cells += n_cells;
    for (size_t i = 0; i < extent->rows; i++) {
        const struct xlsx_rows_row *row = &rows->rows[rows->next + i];
        struct sluice_cell *cells = batch->cells + i * extent->width;
        struct sluice_cell *raw = batch->raw + i * extent->width;
        at = row_fill(rows, row, cells, raw, at);
        if (!merges_fill(layout, batch, row->line, cells, raw, extent->width))
            return error_no_memory(err);
        rows->text_bytes += layout->merges == NULL ? row->bytes : text_bytes(cells, extent->width);
        batch->lines[i] = row->line;
        batch->flags[i] = row->flags | (batch_row_is_blank(cells, extent->width) ? SLUICE_ROW_BLANK : 0);
    }
    batch->public.n_rows = (uint32_t)extent->rows;
    return limits_check(rows, layout->limits, err);
}

/* When all complete rows were given away, what belongs to the open one moves to the front. */
static void rows_forget(struct xlsx_rows *rows)
{
    if (rows->next < rows->n)
        return;
    const struct xlsx_rows_row *last = &rows->rows[rows->n - 1];
    size_t given = last->first + last->n;
    size_t text_end = last->text_end;
    rows->n_cells -= given;
    if (rows->n_cells > 0)
        memmove(rows->cells, rows->cells + given, rows->n_cells * sizeof rows->cells[0]);
    for (size_t i = 0; i < rows->n_cells; i++) {
        rows->cells[i].at -= rows->cells[i].shared == NULL ? text_end : 0;
        rows->cells[i].raw_at -= rows->cells[i].raw_len > 0 ? text_end : 0;
    }
    if (text_end > 0) {
        rows->text.size -= text_end;
        memmove(rows->text.data, rows->text.data + text_end, rows->text.size);
    }
    rows->open.first -= given < rows->open.first ? given : rows->open.first;
    rows->open_text -= text_end < rows->open_text ? text_end : rows->open_text;
    rows->n = 0;
    rows->next = 0;
}

enum sluice_status xlsx_rows_give(struct xlsx_rows *rows, const struct xlsx_layout *layout,
                                  const struct sluice_batch **ret_batch, struct sluice_error *err)
{
    if (rows->next == rows->n)
        return SLUICE_END;
    struct extent extent = extent_choose(rows, layout->merged_width);
    struct batch *batch = batch_pool_take(layout->pool, layout->text);
    if (batch == NULL)
        return error_no_memory(err);
    enum sluice_status status = batch_fill(rows, layout, &extent, batch, err);
    if (status != SLUICE_OK) {
        batch->public.release(&batch->public);
        return status;
    }
    rows->next += extent.rows;
    rows_forget(rows);
    *ret_batch = &batch->public;
    return SLUICE_OK;
}
