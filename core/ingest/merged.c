/* SPDX-License-Identifier: Apache-2.0 */
/* A covered cell spans columns when all from it to the left, up to one that is not covered, have the same
 * text. */
#include "ingest/merged.h"

#include <stdlib.h>

static bool is_covered(const struct sluice_cell *cell)
{
    return (cell->flags & SLUICE_CELL_COVERED) != 0;
}

static bool view_reserve(struct merged_view *view, uint32_t n)
{
    if (n <= view->capacity)
        return true;
    struct sluice_cell *cells = realloc(view->cells, n * sizeof *cells);
    if (cells == NULL)
        return false;
    view->cells = cells;
    view->capacity = n;
    return true;
}

bool merged_view_make(struct merged_view *view, const struct sheet_row *row, enum merged_without without,
                      struct sheet_row *ret_row)
{
    if (!view_reserve(view, row->width))
        return false;
    bool spans = false; /* the cell before is the first of its columns, or right of that one */
    for (uint32_t i = 0; i < row->width; i++) {
        const struct sluice_cell *cell = &row->cells[i];
        bool covered = is_covered(cell);
        spans = !covered || (spans && text_equal(*cell, row->cells[i - 1]));
        bool kept = !covered || (without == WITHOUT_RIGHT && !spans);
        view->cells[i] = kept ? *cell : (struct sluice_cell){.ptr = NULL};
    }
    *ret_row = *row;
    ret_row->cells = view->cells;
    return true;
}

void merged_view_free(struct merged_view *view)
{
    free(view->cells);
    *view = (struct merged_view){.cells = NULL};
}

int merged_first_covered(const struct sheet_row *row)
{
    for (uint32_t i = 0; i < row->width; i++)
        if (is_covered(&row->cells[i]))
            return (int)i;
    return -1;
}
