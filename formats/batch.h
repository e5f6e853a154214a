/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of batches, for every decoder. A batch outlives its reader: it holds the text it points into
 * (`batch_text`, counted) and its own cells. Released batches are reused, so that a long list costs two or three
 * of them.
 */
#ifndef FORMATS_BATCH_H
#define FORMATS_BATCH_H

#include "base/arena.h"

#include <stdatomic.h>

enum {
    BATCH_ROWS = 1024,           /* so many that the cells of most lists stay in the second cache */
    BATCH_CELLS = 1 << 16,       /* 1 MiB of them */
    BATCH_ARENA_BYTES = 1 << 20, /* a batch that has unescaped so much ends at the next row */
};

/* What cells point into: a document, or a converted piece that is part of the same allocation. */
struct batch_text {
    atomic_uint references;
    const struct sluice_document *document; /* retained, or NULL */
    size_t size, capacity;                  /* of a piece */
    char *piece; /* inside this allocation, with readable bytes before it; or NULL */
};

struct batch_text *batch_text_of(const struct sluice_document *document); /* retains; NULL without memory */
struct batch_text *batch_text_piece(size_t capacity);
void batch_text_retain(struct batch_text *text);
void batch_text_release(struct batch_text *text); /* accepts NULL [any] */

struct batch_pool;

struct batch {
    struct sluice_batch public;
    struct batch_pool *pool;
    struct batch_text *text;
    struct arena arena;
    size_t cell_capacity;
    struct sluice_cell *cells;
    struct sluice_cell *raw; /* as many, once batch_raw () has made them; else NULL */
    uint64_t lines[BATCH_ROWS];
    uint32_t flags[BATCH_ROWS];
};

struct batch_pool *batch_pool_new(size_t cell_capacity);
void batch_pool_release(struct batch_pool *pool); /* the reader's hold; accepts NULL */
/* An empty batch that holds `text`; NULL without memory. */
struct batch *batch_pool_take(struct batch_pool *pool, struct batch_text *text);

/* Gives the batch raw cells, all absent, and shows them in `public`; false without memory. */
bool batch_raw(struct batch *batch);

/* Whether no cell holds anything but white space. */
bool batch_row_is_blank(const struct sluice_cell *cells, uint32_t n);

#endif
