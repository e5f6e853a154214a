/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that were read and not yet given away: sparse, in memory that is used again and again. A batch is laid out of
 * them only when it is asked for, so that a few bytes of XML that name a far column cost nothing before.
 */
#ifndef FORMATS_XLSX_ROWS_H
#define FORMATS_XLSX_ROWS_H

#include "base/buffer.h"
#include "formats/batch.h"
#include "formats/merges.h"
#include "formats/xlsx/xlsx.h"

struct xlsx_rows_cell {
    uint32_t column; /* 0-based */
    uint32_t len, raw_len;
    size_t at, raw_at;  /* in the text of the rows; raw_len 0: none */
    const char *shared; /* the text, when it is a shared string */
};

struct xlsx_rows_row {
    uint64_t line;
    uint32_t flags, width; /* width: of cells up to the last filled one */
    size_t first, n;       /* cells */
    size_t text_end; /* where the text of the rows up to this one ends */
    size_t bytes; /* of all its cells, with what stands behind them */
};

struct xlsx_rows {
    struct buffer text;
    struct xlsx_rows_cell *cells;
    size_t n_cells, cells_capacity;
    struct xlsx_rows_row *rows;
    size_t n, capacity; /* complete rows */
    struct xlsx_rows_row open; /* the row that is not complete yet */
    size_t open_text;          /* where the text of its last cell begins */
    size_t next;        /* the first that was not given away */
    uint64_t grid_cells, text_bytes; /* given away so far */
};

void xlsx_rows_begin(struct xlsx_rows *rows);
void xlsx_rows_free(struct xlsx_rows *rows);

/* Whether a batch can be filled with what waits. */
bool xlsx_rows_are_many(const struct xlsx_rows *rows);

/* One cell of the open row, or a whole row; false without memory. */
bool xlsx_rows_add_cell(struct xlsx_rows *rows, const struct xlsx_rows_cell *cell);
bool xlsx_rows_add(struct xlsx_rows *rows, const struct xlsx_rows_row *row);

/* How a batch is made. */
struct xlsx_layout {
    struct batch_pool *pool;
    struct batch_text *text; /* keeps the document */
    struct merges *merges;
    uint32_t merged_width; /* columns that merged cells may fill */
    const struct xlsx_limits *limits;
};

/* OK with a batch, END when no row waits. */
enum sluice_status xlsx_rows_give(struct xlsx_rows *rows, const struct xlsx_layout *layout,
                                  const struct sluice_batch **ret_batch, struct sluice_error *err);

#endif
