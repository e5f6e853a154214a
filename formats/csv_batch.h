/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of batches. A batch outlives its reader: it holds the text it points into (`csv_text`, counted)
 * and its own cells. Released batches are reused, so that a long list costs two or three of them.
 */
#ifndef FORMATS_CSV_BATCH_H
#define FORMATS_CSV_BATCH_H

#include "base/arena.h"

#include <stdatomic.h>

enum {
    CSV_BATCH_ROWS = 4096,
    CSV_BATCH_CELLS = 1 << 16,       /* 1 MiB of them */
    CSV_BATCH_ARENA_BYTES = 1 << 20, /* a batch that has unescaped so much ends at the next row */
};

/* What cells point into: a document, or a converted piece that is part of the same allocation. */
struct csv_text {
    atomic_uint references;
    const struct sluice_document *document; /* retained, or NULL */
    size_t size, capacity;                  /* of a piece */
    char *piece; /* inside this allocation, with readable bytes before it; or NULL */
};

struct csv_text *csv_text_of(const struct sluice_document *document); /* retains; NULL without memory */
struct csv_text *csv_text_piece(size_t capacity);
void csv_text_retain(struct csv_text *text);
void csv_text_release(struct csv_text *text); /* accepts NULL [any] */

struct csv_pool;

struct csv_batch {
    struct sluice_batch public;
    struct csv_pool *pool;
    struct csv_text *text;
    struct arena arena;
    size_t cell_capacity;
    struct sluice_cell *cells;
    uint64_t lines[CSV_BATCH_ROWS];
    uint32_t flags[CSV_BATCH_ROWS];
};

struct csv_pool *csv_pool_new(size_t cell_capacity);
void csv_pool_release(struct csv_pool *pool); /* the reader's hold; accepts NULL */
/* An empty batch that holds `text`; NULL without memory. */
struct csv_batch *csv_pool_take(struct csv_pool *pool, struct csv_text *text);

#endif
