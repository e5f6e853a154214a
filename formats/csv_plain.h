/* SPDX-License-Identifier: Apache-2.0 */
/* The quick way through a list: many rows at once, as long as they look alike. */
#ifndef FORMATS_CSV_PLAIN_H
#define FORMATS_CSV_PLAIN_H

#include "formats/csv_index.h"

/* Where rows go and what they begin with. */
struct csv_rows {
    struct sluice_cell *cells; /* room for n rows of `width` and CSV_ROW_MARGIN further cells */
    uint64_t *lines;
    size_t at;     /* in the window: where the next row begins; moved on */
    uint64_t line; /* its number; moved on */
};

/*
 * Decodes rows of exactly `width` cells of which the first begins with text, each ending with LF or CR LF, as long as
 * they come and lie in one chunk; at most n. Returns how many. Any other row is left to csv_row_next (), which gives
 * the same for these rows, too. The scanner may stand anywhere before the row.
 */
uint32_t csv_rows_plain(struct csv_scanner *scanner, struct csv_index *index, const struct csv_limits *limits,
                        uint32_t width, uint32_t n, struct arena *arena, struct csv_rows *rows);

#endif
