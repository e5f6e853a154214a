/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/header_text.h"

#include "base/text.h"

static struct sluice_cell cell_at(const struct mapping_request *request, uint32_t row, uint32_t column)
{
    if (row >= request->n_rows || column >= request->widths[row])
        return (struct sluice_cell){.ptr = NULL};
    return text_trim(request->rows[row][column]);
}

static bool filled_below(const struct mapping_request *request, uint32_t row, uint32_t column)
{
    return cell_at(request, row + 1, column).len > 0;
}

/* The text over this column in this row, from a merged cell to the left if need be. */
static struct sluice_cell text_over(const struct mapping_request *request, uint32_t row, uint32_t column)
{
    struct sluice_cell cell = cell_at(request, row, column);
    if (cell.len > 0 || !filled_below(request, row, column))
        return cell;
    uint32_t left = column;
    while (left > 0 && cell.len == 0 && filled_below(request, row, left))
        cell = cell_at(request, row, --left);
    return cell.len > 0 && filled_below(request, row, left) ? cell : (struct sluice_cell){.ptr = NULL};
}

void header_text(const struct mapping_request *request, uint32_t column, struct buffer *buffer)
{
    struct sluice_cell former = {.ptr = NULL};
    for (uint32_t row = 0; row < request->n_rows; row++) {
        struct sluice_cell cell = text_over(request, row, column);
        if (cell.len == 0 || text_equal(cell, former))
            continue;
        if (buffer->size > 0)
            buffer_byte(buffer, ' ');
        buffer_append(buffer, cell.ptr, cell.len);
        former = cell;
    }
}
