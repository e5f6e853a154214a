/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The master's rows and the table's, both in the order of their keys, are merged; the same pass counts for a
 * dry run and for a real one. Columns that are not the master's are never written.
 */
#include "suppliers.h"

#include "base/clock.h"
#include "fence.h"
#include "query.h"
#include "reject.h"

#include <string.h>

enum { EXAMPLES = 20, REJECT_CEILING = 64 << 10 };

struct stored {
    const char *id, *key, *name, *source_type, *source_url, *notes;
    bool is_active;
};

struct merge {
    struct store *store;
    const struct sluice_suppliers_sync *sync;
    struct sluice_suppliers_change *change;
    const char **deactivated, **others; /* examples; deactivations are shown first */
    size_t n_deactivated, n_others;
    int64_t now_us;
};

static void example(struct merge *merge, const char **examples, size_t *n, const char *verb, const char *name)
{
    if (*n < EXAMPLES)
        examples[(*n)++] = arena_printf(&merge->store->result, "%s: %s", verb, name);
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

static enum sluice_status create(struct merge *merge, const struct sluice_supplier *row,
                                 struct sluice_error *err)
{
    struct store *store = merge->store;
    merge->change->created++;
    example(merge, merge->others, &merge->n_others, "create", row->name);
    if (merge->sync->dry)
        return SLUICE_OK;
    char id[UUID_TEXT_SIZE];
    uuid_make(&store->random, merge->now_us, id);
    struct query query = query_begin(store, SQL_supplier_insert);
    bind_text(&query, id);
    bind_text(&query, row->key);
    bind_text(&query, row->name);
    bind_text(&query, row->source_type);
    bind_text(&query, row->source_url);
    bind_int(&query, is_active(row));
    bind_text(&query, row->notes);
    bind_time(&query, merge->now_us);
    return query_run(&query, err);
}

static enum sluice_status update(struct merge *merge, const struct stored *stored,
                                 const struct sluice_supplier *row, struct sluice_error *err)
{
    if (stored->is_active && !is_active(row)) {
        merge->change->deactivated++;
        example(merge, merge->deactivated, &merge->n_deactivated, "deactivate", stored->name);
    } else {
        merge->change->updated++;
        example(merge, merge->others, &merge->n_others, "update", stored->name);
    }
    if (merge->sync->dry)
        return SLUICE_OK;
    struct query query = query_begin(merge->store, SQL_supplier_update);
    bind_text(&query, stored->id);
    bind_text(&query, row->name);
    bind_text(&query, row->source_type);
    bind_text(&query, row->source_url);
    bind_int(&query, is_active(row));
    bind_text(&query, row->notes);
    bind_time(&query, merge->now_us);
    return query_run(&query, err);
}

static enum sluice_status both(struct merge *merge, const struct stored *stored,
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
    return update(merge, stored, row, err);
}

static enum sluice_status only_in_master(struct merge *merge, const struct sluice_supplier *row,
                                         struct sluice_error *err)
{
    if ((row->flags & SLUICE_SUPPLIER_INVALID) == 0)
        return create(merge, row, err);
    merge->change->invalid++;
    return SLUICE_OK;
}

static enum sluice_status only_in_store(struct merge *merge, const struct stored *stored,
                                        struct sluice_error *err)
{
    if (!stored->is_active)
        return SLUICE_OK;
    merge->change->deactivated++;
    example(merge, merge->deactivated, &merge->n_deactivated, "deactivate", stored->name);
    if (merge->sync->dry)
        return SLUICE_OK;
    struct query query = query_begin(merge->store, SQL_supplier_deactivate);
    bind_text(&query, stored->id);
    bind_time(&query, merge->now_us);
    return query_run(&query, err);
}

static int by_key(const void *a, const void *b)
{
    const struct sluice_supplier *const *left = a, *const *right = b;
    return strcmp((*left)->key, (*right)->key);
}

static enum sluice_status merge_rows(struct merge *merge, const struct sluice_supplier **rows,
                                     struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(merge->store, SQL_suppliers_all);
    size_t i = 0, n = merge->sync->n_suppliers;
    enum sluice_status status;
    while ((status = query_step(&query, err)) == SLUICE_OK) {
        struct stored stored = {column_text(&query, 0),    column_text(&query, 1), column_text(&query, 2),
                                column_text(&query, 3),    column_text(&query, 4), column_text(&query, 6),
                                column_int(&query, 5) != 0};
        merge->change->active_before += stored.is_active;
        while (status == SLUICE_OK && i < n && strcmp(rows[i]->key, stored.key) < 0)
            status = only_in_master(merge, rows[i++], err);
        if (status != SLUICE_OK)
            return status;
        if (i < n && strcmp(rows[i]->key, stored.key) == 0)
            status = both(merge, &stored, rows[i++], err);
        else
            status = only_in_store(merge, &stored, err);
        if (status != SLUICE_OK)
            return status;
    }
    if (status == SLUICE_END)
        status = SLUICE_OK;
    while (status == SLUICE_OK && i < n)
        status = only_in_master(merge, rows[i++], err);
    return status;
}

static uint32_t count_valid(const struct sluice_suppliers_sync *sync)
{
    uint32_t n = 0;
    for (size_t i = 0; i < sync->n_suppliers; i++)
        n += (sync->suppliers[i].flags & SLUICE_SUPPLIER_INVALID) == 0;
    return n;
}

static enum sluice_status rejects_put(struct merge *merge, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer json = BUFFER_INIT(REJECT_CEILING);
    for (size_t i = 0; i < merge->sync->n_rejects; i++) {
        const struct sluice_reject *reject = &merge->sync->rejects[i];
        reject_json(reject, &json);
        if (json.failed)
            return store_no_memory(merge->store, err);
        struct query query = query_begin(merge->store, SQL_log_put);
        bind_text(&query, merge->sync->run_id);
        bind_null(&query);
        bind_text(&query, reject->code);
        bind_text(&query, reject->message);
        bind_int(&query, (int64_t)reject->line);
        bind_text(&query, json.data);
        bind_time(&query, merge->now_us);
        enum sluice_status status = query_run(&query, err);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}

/* Remembers what was accepted. The same master read again writes nothing, its rejects neither. */
static enum sluice_status master_put(struct merge *merge, bool same_as_before, struct sluice_error *err)
{
    const struct sluice_suppliers_sync *sync = merge->sync;
    if (same_as_before)
        return SLUICE_OK;
    struct query query = query_begin(merge->store, SQL_master_put);
    bind_text(&query, sync->version);
    bind_text(&query, sync->fingerprint);
    bind_text(&query, sync->signature);
    bind_int(&query, count_valid(sync));
    bind_text(&query, sync->run_id);
    bind_time(&query, merge->now_us);
    enum sluice_status status = query_run(&query, err);
    return status == SLUICE_OK ? rejects_put(merge, err) : status;
}

static enum sluice_status master_read(struct merge *merge, bool *ret_same, struct sluice_error *err)
{
    const struct sluice_suppliers_sync *sync = merge->sync;
    _cleanup_(query_end) struct query query = query_begin(merge->store, SQL_master_get);
    enum sluice_status status = query_step(&query, err);
    if (status == SLUICE_END)
        return SLUICE_OK;
    if (status != SLUICE_OK)
        return status;
    merge->change->present_before = (uint32_t)column_int(&query, 3);
    *ret_same = sync->version != NULL && same(column_text(&query, 0), sync->version) &&
                same(column_text(&query, 1), sync->fingerprint) &&
                same(column_text(&query, 2), sync->signature) &&
                merge->change->present_before == count_valid(sync);
    return SLUICE_OK;
}

static enum sluice_status merge_all(struct merge *merge, struct sluice_error *err)
{
    size_t n = merge->sync->n_suppliers;
    const struct sluice_supplier **rows = arena_alloc(&merge->store->result, (n + 1) * sizeof *rows);
    if (rows == NULL)
        return store_no_memory(merge->store, err);
    for (size_t i = 0; i < n; i++)
        rows[i] = &merge->sync->suppliers[i];
    qsort(rows, n, sizeof *rows, by_key);
    bool same_as_before = false;
    enum sluice_status status = master_read(merge, &same_as_before, err);
    if (status == SLUICE_OK)
        status = merge_rows(merge, rows, err);
    if (status != SLUICE_OK || merge->sync->dry)
        return status;
    status = master_put(merge, same_as_before, err);
    return status == SLUICE_OK ? approval_use(merge->store, NULL, merge->now_us, err) : status;
}

static void join_examples(struct merge *merge)
{
    for (size_t i = 0; i < merge->n_others && merge->n_deactivated < EXAMPLES; i++)
        merge->deactivated[merge->n_deactivated++] = merge->others[i];
    merge->change->examples = merge->deactivated;
    merge->change->n_examples = merge->n_deactivated;
}

enum sluice_status store_suppliers_sync(void *instance, const struct sluice_suppliers_sync *sync,
                                        const struct sluice_suppliers_change **ret_change,
                                        struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status != SLUICE_OK)
        return status;
    struct merge merge = {
        .store = store,
        .sync = sync,
        .now_us = store_now_us(store),
        .change = arena_alloc(&store->result, sizeof *merge.change),
        .deactivated = arena_alloc(&store->result, EXAMPLES * sizeof *merge.deactivated),
        .others = arena_alloc(&store->result, EXAMPLES * sizeof *merge.others),
    };
    if (merge.change == NULL || merge.deactivated == NULL || merge.others == NULL)
        return store_no_memory(store, err);
    merge.change->struct_size = sizeof *merge.change;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    if (!sync->dry)
        status = transaction_begin(&transaction, err);
    if (status == SLUICE_OK)
        status = merge_all(&merge, err);
    if (status == SLUICE_OK && !sync->dry)
        status = fence_run(store, sync->run_id, sync->epoch, err);
    if (status == SLUICE_OK && !sync->dry)
        status = transaction_commit(&transaction, err);
    if (status != SLUICE_OK)
        return status;
    store->lists_changed |= !sync->dry;
    join_examples(&merge);
    *ret_change = merge.change;
    return SLUICE_OK;
}
