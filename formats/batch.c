/* SPDX-License-Identifier: Apache-2.0 */
/* Counting is atomic because any thread may release a batch, also after the reader is gone. */
#include "formats/batch.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    PIECE_MARGIN = 16, /* readable bytes before a piece */
    ARENA_CEILING = 8 << 20,
};

struct batch_pool {
    atomic_uint references; /* the reader's and one for each batch that is out */
    size_t cell_capacity;
    _Atomic(struct batch *) spare;
};

struct batch_text *batch_text_of(const struct sluice_document *document)
{
    struct batch_text *text = calloc(1, sizeof *text);
    if (text == NULL)
        return NULL;
    atomic_init(&text->references, 1);
    text->document = document;
    if (document != NULL)
        document->retain(document);
    return text;
}

struct batch_text *batch_text_piece(size_t capacity)
{
    struct batch_text *text = malloc(sizeof *text + PIECE_MARGIN + capacity);
    if (text == NULL)
        return NULL;
    *text = (struct batch_text){.capacity = capacity, .piece = (char *)(text + 1) + PIECE_MARGIN};
    atomic_init(&text->references, 1);
    for (int i = 1; i <= PIECE_MARGIN; i++)
        text->piece[-i] = ' ';
    return text;
}

void batch_text_retain(struct batch_text *text)
{
    atomic_fetch_add_explicit(&text->references, 1, memory_order_relaxed);
}

void batch_text_release(struct batch_text *text)
{
    if (text == NULL || atomic_fetch_sub_explicit(&text->references, 1, memory_order_acq_rel) > 1)
        return;
    if (text->document != NULL)
        text->document->release(text->document);
    free(text);
}

static void batch_free(struct batch *batch)
{
    if (batch == NULL)
        return;
    arena_free(&batch->arena);
    free(batch->cells);
    free(batch->raw);
    free(batch);
}

struct batch_pool *batch_pool_new(size_t cell_capacity)
{
    struct batch_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return NULL;
    atomic_init(&pool->references, 1);
    atomic_init(&pool->spare, NULL);
    pool->cell_capacity = cell_capacity;
    return pool;
}

void batch_pool_release(struct batch_pool *pool)
{
    if (pool == NULL || atomic_fetch_sub_explicit(&pool->references, 1, memory_order_acq_rel) > 1)
        return;
    batch_free(atomic_load(&pool->spare));
    free(pool);
}

/* [any] */
static void batch_release(const struct sluice_batch *public)
{
    struct batch *batch = (struct batch *)(uintptr_t) public; /* the first member */
    struct batch_pool *pool = batch->pool;
    batch_text_release(batch->text);
    arena_reset(&batch->arena);
    batch_free(atomic_exchange(&pool->spare, batch));
    batch_pool_release(pool);
}

static struct batch *batch_new(struct batch_pool *pool)
{
    struct batch *batch = calloc(1, sizeof *batch);
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

struct batch *batch_pool_take(struct batch_pool *pool, struct batch_text *text)
{
    struct batch *batch = atomic_exchange(&pool->spare, NULL);
    if (batch == NULL)
        batch = batch_new(pool);
    if (batch == NULL)
        return NULL;
    atomic_fetch_add_explicit(&pool->references, 1, memory_order_relaxed);
    batch_text_retain(text);
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

bool batch_raw(struct batch *batch)
{
    if (batch->raw == NULL)
        batch->raw = malloc(batch->cell_capacity * sizeof *batch->raw);
    if (batch->raw == NULL)
        return false;
    memset(batch->raw, 0, batch->cell_capacity * sizeof *batch->raw);
    batch->public.raw = batch->raw;
    return true;
}

bool batch_row_is_blank(const struct sluice_cell *cells, uint32_t n)
{
    if (n > 0 && cells[0].len > 0) {
        unsigned char c = (unsigned char)cells[0].ptr[0];
        if ((c > ' ' && c < 0x7f) || (c > 0xc2 && c < 0xe2)) /* no white space begins so */
            return false;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!text_is_blank(cells[i]))
            return false;
    return true;
}
