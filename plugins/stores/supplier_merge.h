/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The master's rows and the table's, both in the order of their keys' bytes, are merged in one pass; the same
 * pass counts for a dry run and for a real one. What is to be written is left to the store.
 */
#ifndef STORES_SUPPLIER_MERGE_H
#define STORES_SUPPLIER_MERGE_H

#include "base/arena.h"

#include <sluice/store_types.h>

/* A row of the table; its texts live until the next one is asked for. */
struct supplier_stored {
    const char *id, *key, *name, *source_type, *source_url, *notes;
    bool is_active;
};

struct supplier_merge {
    const struct sluice_suppliers_sync *sync;
    struct sluice_suppliers_change *change;
    struct arena *arena; /* of the change and its examples */
    const struct sluice_supplier **rows;
    const char **deactivated, **others; /* examples; deactivations are shown first */
    size_t n_deactivated, n_others;

    void *context;
    /* OK with the next row of the table in the order of the keys, END after the last. */
    enum sluice_status (*next)(void *context, struct supplier_stored *ret_stored, struct sluice_error *err);
    /* Not called for a dry sync. */
    enum sluice_status (*create)(void *context, const struct sluice_supplier *row, struct sluice_error *err);
    enum sluice_status (*update)(void *context, const struct supplier_stored *stored,
                                 const struct sluice_supplier *row, struct sluice_error *err);
    enum sluice_status (*deactivate)(void *context, const struct supplier_stored *stored,
                                     struct sluice_error *err);
};

/* Allocates what the merge needs; false without memory. */
bool supplier_merge_begin(struct supplier_merge *merge, struct arena *arena,
                          const struct sluice_suppliers_sync *sync);
/* OK, or what a callback answered. */
enum sluice_status supplier_merge_run(struct supplier_merge *merge, struct sluice_error *err);
/* Hands the examples over to the change. */
void supplier_merge_end(struct supplier_merge *merge);

/* What the store remembers of the last accepted master. */
struct master_accepted {
    const char *version, *fingerprint, *signature; /* or NULL */
    uint32_t valid_rows;
};

uint32_t master_valid_rows(const struct sluice_suppliers_sync *sync);
/* The same master read again: nothing of it needs to be written. */
bool master_is_same(const struct master_accepted *accepted, const struct sluice_suppliers_sync *sync);

#endif
