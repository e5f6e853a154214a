/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/supplier_set.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { SMALLEST = 64 };

static size_t slot_of(const struct supplier_set *set, const char *key)
{
    size_t slot = (size_t)XXH3_64bits(key, strlen(key)) & (set->n_slots - 1);
    while (set->slots[slot] != 0 && strcmp(set->suppliers[set->slots[slot] - 1].key, key) != 0)
        slot = (slot + 1) & (set->n_slots - 1);
    return slot;
}

const struct sluice_supplier *supplier_set_find(const struct supplier_set *set, const char *key)
{
    if (set->n_slots == 0)
        return NULL;
    uint32_t position = set->slots[slot_of(set, key)];
    return position == 0 ? NULL : &set->suppliers[position - 1];
}

/* Twice as many slots as suppliers. */
static bool set_grow(struct supplier_set *set)
{
    size_t capacity = set->capacity == 0 ? SMALLEST : set->capacity * 2;
    struct sluice_supplier *suppliers = realloc(set->suppliers, capacity * sizeof *suppliers);
    if (suppliers == NULL)
        return false;
    set->suppliers = suppliers;
    uint32_t *slots = calloc(capacity * 2, sizeof *slots);
    if (slots == NULL)
        return false;
    free(set->slots);
    set->slots = slots;
    set->n_slots = capacity * 2;
    set->capacity = capacity;
    for (size_t i = 0; i < set->n; i++)
        set->slots[slot_of(set, set->suppliers[i].key)] = (uint32_t)i + 1;
    return true;
}

bool supplier_set_add(struct supplier_set *set, const struct sluice_supplier *supplier)
{
    if (set->n == set->capacity && !set_grow(set))
        return false;
    set->suppliers[set->n] = *supplier;
    set->slots[slot_of(set, supplier->key)] = (uint32_t)set->n + 1;
    set->n++;
    return true;
}

void supplier_set_free(struct supplier_set *set)
{
    free(set->suppliers);
    free(set->slots);
    *set = (struct supplier_set){.n = 0};
}
