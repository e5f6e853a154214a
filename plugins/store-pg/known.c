/* SPDX-License-Identifier: Apache-2.0 */
#include "known.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { FIRST_CAPACITY = 1024 };

void known_begin(struct known_table *table, const struct random_source *random, size_t ceiling)
{
    *table = (struct known_table){.ceiling = ceiling,
                                  .skus = BUFFER_INIT(ceiling < UINT32_MAX ? ceiling : UINT32_MAX)};
    random->bytes(random, &table->seed, sizeof table->seed);
}

void known_end(struct known_table *table)
{
    free(table->entries);
    free(table->slots);
    buffer_free(&table->skus);
    *table = (struct known_table){.n = 0};
}

struct sluice_cell known_sku(const struct known_table *table, const struct known *entry)
{
    return (struct sluice_cell){.ptr = table->skus.data + entry->sku_at, .len = entry->sku_len};
}

static uint32_t number_of(const struct known_table *table, struct sluice_cell sku)
{
    return (uint32_t)XXH3_64bits_withSeed(sku.ptr, sku.len, table->seed);
}

/* The slot of that SKU, or the free one where it would stand. */
static size_t slot_of(const struct known_table *table, struct sluice_cell sku, uint32_t number)
{
    size_t slot = number & (table->n_slots - 1);
    for (; table->slots[slot] != 0; slot = (slot + 1) & (table->n_slots - 1)) {
        const struct known *entry = &table->entries[table->slots[slot] - 1];
        if (entry->number == number && entry->sku_len == sku.len &&
            memcmp(table->skus.data + entry->sku_at, sku.ptr, sku.len) == 0)
            break;
    }
    return slot;
}

struct known *known_find(const struct known_table *table, struct sluice_cell sku)
{
    if (table->n == 0)
        return NULL;
    uint32_t entry = table->slots[slot_of(table, sku, number_of(table, sku))];
    return entry == 0 ? NULL : &table->entries[entry - 1];
}

/* Twice the entries, and twice as many slots as entries. */
static bool grow(struct known_table *table)
{
    size_t capacity = table->capacity == 0 ? FIRST_CAPACITY : table->capacity * 2;
    size_t n_slots = capacity * 2;
    if (capacity * sizeof *table->entries + n_slots * sizeof *table->slots + table->skus.size >
        table->ceiling)
        return false;
    struct known *entries = realloc(table->entries, capacity * sizeof *entries);
    if (entries == NULL)
        return false;
    table->entries = entries;
    uint32_t *slots = calloc(n_slots, sizeof *slots);
    if (slots == NULL)
        return false;
    free(table->slots);
    table->slots = slots;
    table->n_slots = n_slots;
    table->capacity = capacity;
    for (size_t i = 0; i < table->n; i++) {
        size_t slot = table->entries[i].number & (n_slots - 1);
        while (slots[slot] != 0)
            slot = (slot + 1) & (n_slots - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    return true;
}

struct known *known_add(struct known_table *table, struct sluice_cell sku)
{
    if (table->n == table->capacity && !grow(table))
        return NULL;
    uint32_t number = number_of(table, sku);
    size_t at = table->skus.size;
    buffer_append(&table->skus, sku.ptr == NULL ? "" : sku.ptr, sku.len);
    if (table->skus.failed)
        return NULL;
    struct known *entry = &table->entries[table->n];
    *entry = (struct known){.sku_at = (uint32_t)at, .sku_len = sku.len, .number = number};
    size_t slot = number & (table->n_slots - 1);
    while (table->slots[slot] != 0)
        slot = (slot + 1) & (table->n_slots - 1);
    table->slots[slot] = (uint32_t)++table->n;
    return entry;
}
