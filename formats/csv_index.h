/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the cells and rows of a scanned chunk end. In most chunks quotes stand only around whole cells; then
 * those inside are told from those outside by counting, and a quoted cell costs hardly more than a bare one.
 */
#ifndef FORMATS_CSV_INDEX_H
#define FORMATS_CSV_INDEX_H

#include "formats/csv_row.h"

/* Positions in the chunk, in order; `next` is the first that is still ahead. */
struct csv_places {
    uint32_t next, n;
    uint16_t at[(CSV_CHUNK_WORDS + 2) * CSV_SCAN_BLOCK];
};

/* Large; keep one, not many. */
struct csv_index {
    uint64_t scan;           /* the scanner's chunk that this is the index of */
    bool is_resolved;        /* quotes stand only around whole cells; `quotes` and `inner` say which */
    bool has_returns;        /* some rows end with CR LF: the LF is their end, the CR lies in the last cell */
    struct csv_places ends;  /* of cells: delimiters and line ends outside of quotes */
    struct csv_places stops; /* of rows; unless resolved also the ends before a cell that begins quoted */
    struct csv_places quotes; /* first one that begins a cell, then in turns ones that end and that go on with it */
    struct csv_places inner;  /* line ends inside of quotes */
    uint64_t end_bits[CSV_CHUNK_WORDS + 1];    /* the ends once more */
    uint16_t ends_before[CSV_CHUNK_WORDS + 1]; /* how many lie before each block */
};

/* Of the scanner's chunk, which begins with a row. */
void csv_index_make(struct csv_index *index, const struct csv_scanner *scanner);

/* Leaves behind what lies before `offset` in the chunk, the beginning of a row. */
void csv_index_skip_to(struct csv_index *index, uint32_t offset);

/* Which of the chunk's cells begins at `offset`. */
uint32_t csv_index_cell(const struct csv_index *index, uint32_t offset);

#endif
