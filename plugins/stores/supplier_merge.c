/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/stores/supplier_merge.h"

#include <stdlib.h>
#include <string.h>

enum { EXAMPLES = 20 };

static void example(struct supplier_merge *merge, const char **examples, size_t *n, const char *verb,
                    const char *name)
{
    if (*n < EXAMPLES)
        examples[(*n)++] = arena_printf(merge->arena, "%s: %s", verb, name);
}

static bool same(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

static bool is_active(const struct sluice_supplier *row)
{
    return (row->flags & SLUICE_SUPPLIER_ACTIVE) != 0;
}

static enum sluice_status only_in_master(struct supplier_merge *merge, const struct sluice_supplier *row,
                                         struct sluice_error *err)
{
    if ((row->flags & SLUICE_SUPPLIER_INVALID) != 0) {
        merge->change->invalid++;
        return SLUICE_OK;
    }
    merge->change->created++;
    example(merge, merge->others, &merge->n_others, "create", row->name);
    return merge->sync->dry ? SLUICE_OK : merge->create(merge->context, row, err);
}

static enum sluice_status only_in_store(struct supplier_merge *merge, const struct supplier_stored *stored,
                                        struct sluice_error *err)
{
    if (!stored->is_active)
        return SLUICE_OK;
    merge->change->deactivated++;
    example(merge, merge->deactivated, &merge->n_deactivated, "deactivate", stored->name);
    return merge->sync->dry ? SLUICE_OK : merge->deactivate(merge->context, stored, err);
}

static enum sluice_status in_both(struct supplier_merge *merge, const struct supplier_stored *stored,
                                  const struct sluice_supplier *row, struct sluice_error *err)
{
    if ((row->flags & SLUICE_SUPPLIER_INVALID) != 0) {
        merge->change->invalid++;
        return SLUICE_OK;
    }
    if (same(stored->name, row->name) && same(stored->source_type, row->source_type) &&
        same(stored->source_url, row->source_url) && same(stored->notes, row->notes) &&
        stored->is_active == is_active(row)) {
        merge->change->unchanged++;
        return SLUICE_OK;
    }
    if (stored->is_active && !is_active(row)) {
        merge->change->deactivated++;
        example(merge, merge->deactivated, &merge->n_deactivated, "deactivate", stored->name);
    } else {
        merge->change->updated++;
        example(merge, merge->others, &merge->n_others, "update", stored->name);
    }
    return merge->sync->dry ? SLUICE_OK : merge->update(merge->context, stored, row, err);
}

static int by_key(const void *a, const void *b)
{
    const struct sluice_supplier *const *left = a, *const *right = b;
    return strcmp((*left)->key, (*right)->key);
}

bool supplier_merge_begin(struct supplier_merge *merge, struct arena *arena,
                          const struct sluice_suppliers_sync *sync)
{
    merge->arena = arena;
    merge->sync = sync;
    merge->change = arena_alloc(arena, sizeof *merge->change);
    merge->deactivated = arena_alloc(arena, EXAMPLES * sizeof *merge->deactivated);
    merge->others = arena_alloc(arena, EXAMPLES * sizeof *merge->others);
    merge->rows = arena_alloc(arena, (sync->n_suppliers + 1) * sizeof *merge->rows);
    if (merge->change == NULL || merge->deactivated == NULL || merge->others == NULL || merge->rows == NULL)
        return false;
    merge->change->struct_size = sizeof *merge->change;
    for (size_t i = 0; i < sync->n_suppliers; i++)
        merge->rows[i] = &sync->suppliers[i];
    qsort(merge->rows, sync->n_suppliers, sizeof *merge->rows, by_key);
    return true;
}

enum sluice_status supplier_merge_run(struct supplier_merge *merge, struct sluice_error *err)
{
    struct supplier_stored stored;
    size_t i = 0, n = merge->sync->n_suppliers;
    enum sluice_status status;
    while ((status = merge->next(merge->context, &stored, err)) == SLUICE_OK) {
        merge->change->active_before += stored.is_active;
        while (status == SLUICE_OK && i < n && strcmp(merge->rows[i]->key, stored.key) < 0)
            status = only_in_master(merge, merge->rows[i++], err);
        if (status != SLUICE_OK)
            return status;
        if (i < n && strcmp(merge->rows[i]->key, stored.key) == 0)
            status = in_both(merge, &stored, merge->rows[i++], err);
        else
            status = only_in_store(merge, &stored, err);
        if (status != SLUICE_OK)
            return status;
    }
    if (status == SLUICE_END)
        status = SLUICE_OK;
    while (status == SLUICE_OK && i < n)
        status = only_in_master(merge, merge->rows[i++], err);
    return status;
}

void supplier_merge_end(struct supplier_merge *merge)
{
    for (size_t i = 0; i < merge->n_others && merge->n_deactivated < EXAMPLES; i++)
        merge->deactivated[merge->n_deactivated++] = merge->others[i];
    merge->change->examples = merge->deactivated;
    merge->change->n_examples = merge->n_deactivated;
}

uint32_t master_valid_rows(const struct sluice_suppliers_sync *sync)
{
    uint32_t n = 0;
    for (size_t i = 0; i < sync->n_suppliers; i++)
        n += (sync->suppliers[i].flags & SLUICE_SUPPLIER_INVALID) == 0;
    return n;
}

bool master_is_same(const struct master_accepted *accepted, const struct sluice_suppliers_sync *sync)
{
    return sync->version != NULL && same(accepted->version, sync->version) &&
           same(accepted->fingerprint, sync->fingerprint) && same(accepted->signature, sync->signature) &&
           accepted->valid_rows == master_valid_rows(sync);
}
