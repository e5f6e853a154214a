/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merged ranges of a sheet. Sources keep the text in a range's first cell only; here the others get it, too, marked
 * as covered: what that means for a row is for ingest to say.
 */
#ifndef FORMATS_MERGES_H
#define FORMATS_MERGES_H

#include "base/arena.h"

/* Rows and columns of one range, 1-based, both ends included. */
struct merge {
    uint64_t first_row, last_row;
    uint32_t first_column, last_column;
};

struct merges;

/* Copies n ranges; none of them may overlap another, and what does is ignored. NULL without memory. */
struct merges *merges_new(const struct merge *ranges, size_t n);
void merges_free(struct merges *merges); /* accepts NULL */

/*
 * Fills the covered cells of row `line`; lines only go up. `cells` has room for `capacity`, of which `n` are there:
 * answers how many there are now, the new ones absent or covered. Texts that need a copy are copied into `arena`,
 * UINT32_MAX without memory. `merges` may be NULL.
 */
uint32_t merges_cover(struct merges *merges, uint64_t line, struct sluice_cell *cells, uint32_t n, uint32_t capacity,
                      struct arena *arena);

#endif
