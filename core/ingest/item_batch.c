/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/item_batch.h"

#include "base/error.h"

#include <string.h>
#include <xxhash.h>

/* HASH_VERSION changes when equal rows shall count as changed: it is the hash's seed. */
enum { HASH_VERSION = 1, TEXT_CEILING = 16 << 20, TEXT_FULL = 256 << 10 };

void item_batch_begin(struct item_batch *batch, const struct list_sink *sink)
{
    batch->sink = sink;
    batch->n = 0;
    batch->handed = 0;
    batch->text = (struct buffer)BUFFER_INIT(TEXT_CEILING);
}

/* No field but the last can hold a NUL, so the parts cannot be confused with each other. */
void item_batch_open(struct item_batch *batch, struct sluice_cell name, int64_t price, const char *currency)
{
    unsigned char bytes[sizeof price];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)((uint64_t)price >> (8 * (sizeof bytes - 1 - i)));
    batch->open_at = batch->text.size;
    buffer_append(&batch->text, name.ptr, name.len);
    buffer_append(&batch->text, "", 1);
    buffer_append(&batch->text, bytes, sizeof bytes);
    batch->currency_at[batch->n] = batch->text.size;
    buffer_append(&batch->text, currency, strlen(currency) + 1);
    batch->characteristics_at[batch->n] = batch->text.size;
}

struct sluice_cell item_batch_characteristics(const struct item_batch *batch)
{
    size_t at = batch->characteristics_at[batch->n];
    return (struct sluice_cell){.ptr = batch->text.data + at, .len = (uint32_t)(batch->text.size - at)};
}

void item_batch_drop(struct item_batch *batch)
{
    batch->text.size = batch->open_at;
}

enum sluice_status item_batch_close(struct item_batch *batch, struct sluice_cell sku, struct sluice_cell name,
                                    int64_t price, uint64_t line, struct sluice_error *err)
{
    if (batch->text.failed)
        return error_no_memory(err);
    size_t currency_at = batch->currency_at[batch->n];
    struct sluice_item *item = &batch->items[batch->n];
    *item = (struct sluice_item){.sku = sku, .name = name, .price = price, .line = line};
    item->characteristics = item_batch_characteristics(batch);
    item->currency.len = (uint32_t)(batch->characteristics_at[batch->n] - currency_at - 1);
    XXH128_hash_t hash = XXH3_128bits_withSeed(batch->text.data + batch->open_at,
                                               batch->text.size - batch->open_at, HASH_VERSION);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    memcpy(item->hash.bytes, canonical.digest, sizeof item->hash.bytes);
    batch->n++;
    if (batch->n == ITEM_BATCH_SIZE || batch->text.size > TEXT_FULL)
        return item_batch_flush(batch, err);
    return SLUICE_OK;
}

enum sluice_status item_batch_flush(struct item_batch *batch, struct sluice_error *err)
{
    if (batch->n == 0)
        return SLUICE_OK;
    for (size_t i = 0; i < batch->n; i++) {
        batch->items[i].currency.ptr = batch->text.data + batch->currency_at[i];
        batch->items[i].characteristics.ptr = batch->text.data + batch->characteristics_at[i];
    }
    size_t n = batch->n;
    batch->n = 0;
    batch->handed += n;
    enum sluice_status status = batch->sink->items(batch->sink->context, batch->items, n, err);
    buffer_clear(&batch->text);
    return status;
}

void item_batch_free(struct item_batch *batch)
{
    buffer_free(&batch->text);
}
