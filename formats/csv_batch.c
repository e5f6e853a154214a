/* SPDX-License-Identifier: Apache-2.0 */
/* Counting is atomic because any thread may release a batch, also after the reader is gone. */
#include "formats/csv_batch.h"

#include <stdlib.h>

enum {
    PIECE_MARGIN = 16, /* readable bytes before a piece */
    ARENA_CEILING = 8 << 20,
};

struct csv_pool {
    atomic_uint references; /* the reader's and one for each batch that is out */
    size_t cell_capacity;
    _Atomic(struct csv_batch *) spare;
};

struct csv_text *csv_text_of(const struct sluice_document *document)
{
    struct csv_text *text = calloc(1, sizeof *text);
    if (text == NULL)
        return NULL;
    atomic_init(&text->references, 1);
    text->document = document;
    if (document != NULL)
        document->retain(document);
    return text;
}

struct csv_text *csv_text_piece(size_t capacity)
{
    struct csv_text *text = malloc(sizeof *text + PIECE_MARGIN + capacity);
    if (text == NULL)
        return NULL;
    *text = (struct csv_text){.capacity = capacity, .piece = (char *)(text + 1) + PIECE_MARGIN};
    atomic_init(&text->references, 1);
    for (int i = 1; i <= PIECE_MARGIN; i++)
        text->piece[-i] = ' ';
    return text;
}

void csv_text_retain(struct csv_text *text)
{
    atomic_fetch_add_explicit(&text->references, 1, memory_order_relaxed);
}

void csv_text_release(struct csv_text *text)
{
    if (text == NULL || atomic_fetch_sub_explicit(&text->references, 1, memory_order_acq_rel) > 1)
        return;
    if (text->document != NULL)
        text->document->release(text->document);
    free(text);
}

static void batch_free(struct csv_batch *batch)
{
    if (batch == NULL)
        return;
    arena_free(&batch->arena);
    free(batch->cells);
    free(batch);
}

struct csv_pool *csv_pool_new(size_t cell_capacity)
{
    struct csv_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return NULL;
    atomic_init(&pool->references, 1);
    atomic_init(&pool->spare, NULL);
    pool->cell_capacity = cell_capacity;
    return pool;
}

void csv_pool_release(struct csv_pool *pool)
{
    if (pool == NULL || atomic_fetch_sub_explicit(&pool->references, 1, memory_order_acq_rel) > 1)
        return;
    batch_free(atomic_load(&pool->spare));
    free(pool);
}

/* [any] */
static void batch_release(const struct sluice_batch *public)
{
    struct csv_batch *batch = (struct csv_batch *)(uintptr_t) public; /* the first member */
    struct csv_pool *pool = batch->pool;
    csv_text_release(batch->text);
    arena_reset(&batch->arena);
    batch_free(atomic_exchange(&pool->spare, batch));
    csv_pool_release(pool);
}

static struct csv_batch *batch_new(struct csv_pool *pool)
{
    struct csv_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return NULL;
    batch->pool = pool;
    batch->arena.ceiling = ARENA_CEILING;
    batch->cell_capacity = pool->cell_capacity;
    batch->cells = malloc(pool->cell_capacity * sizeof *batch->cells);
    if (batch->cells == NULL) {
        batch_free(batch);
        return NULL;
    }
    return batch;
}

struct csv_batch *csv_pool_take(struct csv_pool *pool, struct csv_text *text)
{
    struct csv_batch *batch = atomic_exchange(&pool->spare, NULL);
    if (batch == NULL)
        batch = batch_new(pool);
    if (batch == NULL)
        return NULL;
    atomic_fetch_add_explicit(&pool->references, 1, memory_order_relaxed);
    csv_text_retain(text);
    batch->text = text;
    batch->public = (struct sluice_batch){
        .struct_size = sizeof batch->public,
        .cells = batch->cells,
        .lines = batch->lines,
        .row_flags = batch->flags,
        .release = batch_release,
    };
    return batch;
}
