/* SPDX-License-Identifier: Apache-2.0 */
/* Suppliers in the order of the sheet, found by key. */
#ifndef INGEST_SUPPLIER_SET_H
#define INGEST_SUPPLIER_SET_H

#include <sluice/store_types.h>

struct supplier_set {
    struct sluice_supplier *suppliers; /* their texts are the caller's */
    size_t n, capacity;
    uint32_t *slots; /* open addressing: position + 1, or 0 */
    size_t n_slots;  /* a power of two, more than n */
};

/* The supplier with this key, or NULL. */
const struct sluice_supplier *supplier_set_find(const struct supplier_set *set, const char *key);
/* Of a key that is not there yet; false without memory. */
bool supplier_set_add(struct supplier_set *set, const struct sluice_supplier *supplier);
void supplier_set_free(struct supplier_set *set);

#endif
