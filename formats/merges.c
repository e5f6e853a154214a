/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges are sorted by their first row; those that reach the present row stand together in a list of their
 * own, each with a copy of its text, because the batch that it came from may be gone. */
#include "formats/merges.h"

#include <stdlib.h>
#include <string.h>

enum { ACTIVE_LIMIT = 1024 }; /* ranges that reach one row; more than there are columns overlap */

struct active {
    const struct merge *range;
    char *text; /* of its first cell; NULL when there is none */
    uint32_t len;
};

struct merges {
    struct merge *ranges;
    size_t n, next; /* ranges before `next` have begun */
    struct active *active;
    size_t n_active, capacity;
};

static int compare(const void *a, const void *b)
{
    const struct merge *left = a, *right = b;
    if (left->first_row != right->first_row)
        return left->first_row < right->first_row ? -1 : 1;
    return left->first_column < right->first_column ? -1 : left->first_column > right->first_column;
}

struct merges *merges_new(const struct merge *ranges, size_t n)
{
    struct merges *merges = calloc(1, sizeof *merges);
    if (merges == NULL)
        return NULL;
    merges->ranges = calloc(n + 1, sizeof *ranges);
    if (merges->ranges == NULL) {
        merges_free(merges);
        return NULL;
    }
    if (n > 0)
        memcpy(merges->ranges, ranges, n * sizeof *ranges);
    merges->n = n;
    qsort(merges->ranges, n, sizeof *ranges, compare);
    return merges;
}

void merges_free(struct merges *merges)
{
    if (merges == NULL)
        return;
    for (size_t i = 0; i < merges->n_active; i++)
        free(merges->active[i].text);
    free(merges->active);
    free(merges->ranges);
    free(merges);
}

/* Forgets the ranges that ended above `line`. */
static void drop_ended(struct merges *merges, uint64_t line)
{
    size_t kept = 0;
    for (size_t i = 0; i < merges->n_active; i++) {
        if (merges->active[i].range->last_row >= line)
            merges->active[kept++] = merges->active[i];
        else
            free(merges->active[i].text);
    }
    merges->n_active = kept;
}

static bool activate(struct merges *merges, const struct merge *range, struct sluice_cell first)
{
    if (merges->n_active == merges->capacity) {
        size_t capacity = merges->capacity * 2 + 16;
        struct active *grown = realloc(merges->active, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        merges->active = grown;
        merges->capacity = capacity;
    }
    struct active active = {.range = range, .len = first.len};
    if (first.ptr != NULL) {
        active.text = malloc((size_t)first.len + 1);
        if (active.text == NULL)
            return false;
        memcpy(active.text, first.ptr, first.len);
    }
    merges->active[merges->n_active++] = active;
    return true;
}

/* The ranges that begin with this row take their text from it. */
static bool begin_ranges(struct merges *merges, uint64_t line, const struct sluice_cell *cells, uint32_t n)
{
    for (; merges->next < merges->n && merges->ranges[merges->next].first_row <= line; merges->next++) {
        const struct merge *range = &merges->ranges[merges->next];
        struct sluice_cell first = {0};
        if (range->first_row == line && range->first_column >= 1 && range->first_column <= n)
            first = cells[range->first_column - 1];
        if (range->last_row >= line && merges->n_active < ACTIVE_LIMIT && !activate(merges, range, first))
            return false;
    }
    return true;
}

uint32_t merges_cover(struct merges *merges, uint64_t line, struct sluice_cell *cells, uint32_t n,
                      uint32_t capacity, struct arena *arena)
{
    if (merges == NULL || (merges->n_active == 0 && merges->next == merges->n))
        return n;
    drop_ended(merges, line);
    if (!begin_ranges(merges, line, cells, n))
        return UINT32_MAX;
    for (size_t i = 0; i < merges->n_active; i++) {
        const struct active *active = &merges->active[i];
        const struct merge *range = active->range;
        uint32_t last = range->last_column < capacity ? range->last_column : capacity;
        struct sluice_cell covered = {.flags = SLUICE_CELL_COVERED, .len = active->len};
        covered.ptr = active->text == NULL ? NULL : arena_copy(arena, active->text, active->len);
        if (active->text != NULL && covered.ptr == NULL)
            return UINT32_MAX;
        for (; n < last; n++)
            cells[n] = (struct sluice_cell){0};
        for (uint32_t column = range->first_column; column <= last; column++)
            if (column > 0 && (line != range->first_row || column != range->first_column))
                cells[column - 1] = covered;
    }
    return n;
}
