/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/waiting.h"

#include <stdlib.h>

void waiting_begin(struct waiting *waiting)
{
    *waiting = (struct waiting){.arena = ARENA_INIT(WAITING_CEILING)};
}

static bool row_reserve(struct waiting *waiting)
{
    if (waiting->n < waiting->capacity)
        return true;
    size_t capacity = waiting->capacity == 0 ? 256 : waiting->capacity * 2;
    struct waiting_row *rows = realloc(waiting->rows, capacity * sizeof *rows);
    if (rows == NULL)
        return false;
    waiting->rows = rows;
    waiting->capacity = capacity;
    return true;
}

static bool cell_copy(struct arena *arena, struct sluice_cell *cell)
{
    cell->ptr = arena_copy(arena, cell->ptr, cell->len);
    return cell->ptr != NULL;
}

bool waiting_add(struct waiting *waiting, const struct waiting_row *row)
{
    if (!row_reserve(waiting))
        return false;
    struct waiting_row copy = *row;
    if (!cell_copy(&waiting->arena, &copy.sku) || !cell_copy(&waiting->arena, &copy.name) ||
        !cell_copy(&waiting->arena, &copy.price) || !cell_copy(&waiting->arena, &copy.characteristics))
        return false;
    waiting->rows[waiting->n++] = copy;
    return true;
}

void waiting_clear(struct waiting *waiting)
{
    free(waiting->rows);
    arena_free(&waiting->arena);
    waiting_begin(waiting);
}
