/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collects items until the sink takes them. What is hashed of an item stands in one piece: its name, price,
 * currency and characteristics; the SKU is its identity and no part of it. SKU and name stay where the source
 * has them.
 */
#ifndef INGEST_ITEM_BATCH_H
#define INGEST_ITEM_BATCH_H

#include "base/buffer.h"
#include "ingest/list.h"

enum { ITEM_BATCH_SIZE = 512 };

struct item_batch {
    const struct list_sink *sink;
    struct sluice_item items[ITEM_BATCH_SIZE];
    size_t currency_at[ITEM_BATCH_SIZE]; /* offsets into text, which may move while it grows */
    size_t characteristics_at[ITEM_BATCH_SIZE];
    size_t n;
    size_t open_at; /* of the item that is being written */
    struct buffer text;
    uint64_t handed;
};

void item_batch_begin(struct item_batch *batch, const struct list_sink *sink);
/* Opens an item: the caller appends its characteristics to batch->text, then closes or drops it. */
void item_batch_open(struct item_batch *batch, struct sluice_cell name, int64_t price, const char *currency);
/* The SKU and the name must live until the next flush. */
enum sluice_status item_batch_close(struct item_batch *batch, struct sluice_cell sku, struct sluice_cell name,
                                    int64_t price, uint64_t line, struct sluice_error *err);
/* The characteristics of the open item so far; valid until the next append. */
struct sluice_cell item_batch_characteristics(const struct item_batch *batch);
void item_batch_drop(struct item_batch *batch);
enum sluice_status item_batch_flush(struct item_batch *batch, struct sluice_error *err);
void item_batch_free(struct item_batch *batch);

#endif
