/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of values: the reader, and where rows come from in the two forms of answers. */
#ifndef FORMATS_VALUES_READER_H
#define FORMATS_VALUES_READER_H

#include "formats/batch.h"
#include "formats/json_scan.h"
#include "formats/values.h"

enum { VALUES_LEVELS = 6 }; /* of brackets around a row */

/* Why a row is not yielded; code NULL: it is. */
struct values_fault {
    const char *code, *what;
    uint32_t column;
};

/* Where rows come from; both set the scan's fault when the text is no such answer. */
struct values_shape {
    /* Whether a row begins at the scan's place. */
    bool (*seek_row)(struct values_reader *reader);
    /* The row at the scan's place, into `row` (and `raw`). False without memory. */
    bool (*take_row)(struct values_reader *reader, struct arena *arena, struct values_fault *fault);
};

/* How far the answer was read; a copy of it leads back there. */
struct values_place {
    struct json_scan scan;
    unsigned states[VALUES_LEVELS]; /* of the walks through the brackets around a row */
    unsigned level;                 /* the innermost one */
    unsigned seen;                  /* keys of the answer */
};

struct values_reader {
    struct values_options options;
    struct batch_text *text;
    struct batch_pool *pool;
    const struct values_shape *shape;
    struct values_place place;
    bool at_end;
    bool is_blank; /* the row, without what covers it */
    uint64_t line; /* of the next row */
    uint64_t rows;
    size_t next_hidden;
    uint32_t width; /* of the widest row so far */
    uint32_t n_cells; /* of the row */
    uint32_t n_own;   /* of these, without what covers it */
    struct sluice_cell row[VALUES_COLUMNS], raw[VALUES_COLUMNS];
};

extern const struct values_shape values_plain, values_grid;

/* Says why the row is not yielded; the first reason counts. */
void values_mark(struct values_fault *fault, const char *code, const char *what, uint32_t column);
/* The string at the scan's place as a cell. False without memory. */
bool values_string(struct values_reader *reader, struct arena *arena, struct sluice_cell *ret_cell,
                   struct values_fault *fault);
/* Puts the cell (and its number) behind the others of the row. */
void values_put(struct values_reader *reader, struct sluice_cell cell, struct sluice_cell raw, struct values_fault *fault);

#endif
