/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SKUs of one supplier, those that are stored and those that its list brought so far, in a hash table of bounded
 * memory. It finds what changed without sending what did not. The hash has a random seed, so that no list can be made
 * of SKUs that collide; SKUs are compared byte by byte.
 */
#ifndef STORE_PG_KNOWN_H
#define STORE_PG_KNOWN_H

#include "base/buffer.h"
#include "base/random.h"

#include <sluice/store_types.h>

enum known_flag {
    KNOWN_STORED = 1, /* it has a row in supplier_items */
    KNOWN_GONE = 2,   /* and an earlier list no longer had it */
    KNOWN_STAGED = 4, /* a row of this list was sent for it */
};

struct known {
    uint8_t id[16]; /* of the item, stored or to be */
    uint8_t hash[16];
    uint64_t line; /* of the row that wins so far; 0: the list has not brought it yet */
    uint32_t sku_at, flags;
    uint32_t sku_len, number; /* `number` is the table's own */
};

struct known_table {
    struct known *entries;
    uint32_t *slots; /* index + 1 of an entry, 0: free */
    size_t n, capacity, n_slots;
    struct buffer skus;
    size_t ceiling; /* bytes of all of it */
    uint64_t seed;
};

/* The list no longer has it, and had it before; once the list was read. */
static inline bool known_is_gone(const struct known *entry)
{
    return (entry->flags & (KNOWN_STORED | KNOWN_GONE)) == KNOWN_STORED && entry->line == 0;
}

void known_begin(struct known_table *table, const struct random_source *random, size_t ceiling);
void known_end(struct known_table *table); /* accepts a zeroed one */

/* The entry of that SKU, or NULL. Valid until the next known_add (). */
struct known *known_find(const struct known_table *table, struct sluice_cell sku);
/* A new entry for a SKU that is not there; NULL beyond the ceiling or without memory. */
struct known *known_add(struct known_table *table, struct sluice_cell sku);
struct sluice_cell known_sku(const struct known_table *table, const struct known *entry);

#endif
