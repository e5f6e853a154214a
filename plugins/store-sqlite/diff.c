/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Staged and stored items, both in the order of their SKUs' bytes, are merged in one pass of constant memory.
 * Of staged rows with one SKU the highest line comes first and wins; the others are duplicates. Nobody else
 * changes this supplier's items meanwhile: the job is ours, and the commit checks that it still is.
 */
#include "base/decimal.h"
#include "plugins/stores/calls.h"
#include "query.h"
#include "snapshot.h"

#include <string.h>

enum { SHOWN_DUPLICATES = 100, SHOWN_EXAMPLES = 20 };

struct diff {
    struct snapshot *snapshot;
    struct query staged, stored;
    enum sluice_status staged_status, stored_status; /* OK with a row, END after the last */
    struct sluice_duplicate *duplicates;
    const char **gone, **prices; /* examples */
};

/* The columns of one item, from either side. */
struct columns {
    struct sluice_cell name, price, currency, characteristics;
};

static enum sluice_status columns_read(struct query *query, int64_t id, struct columns *ret_columns,
                                       struct sluice_error *err)
{
    bind_int(query, id);
    enum sluice_status status = query_step(query, err);
    if (status == SLUICE_END)
        return query->store->host->retry(query->store->host, err, 0,
                                         "%s was changed by someone else meanwhile; run again",
                                         query->store->options->path);
    if (status == SLUICE_OK)
        *ret_columns = (struct columns){column_cell(query, 0), column_cell(query, 1), column_cell(query, 2),
                                        column_cell(query, 3)};
    return status;
}

static bool equal(struct sluice_cell a, struct sluice_cell b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static int compare(struct sluice_cell a, struct sluice_cell b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.ptr, b.ptr, n);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static enum sluice_status change_put(struct diff *diff, int64_t n, int64_t item_id, int new_price,
                                     struct sluice_error *err)
{
    struct query query = query_begin(diff->snapshot->store, SQL_stage_put_change);
    n == 0 ? bind_null(&query) : bind_int(&query, n);
    item_id == 0 ? bind_null(&query) : bind_int(&query, item_id);
    bind_int(&query, new_price);
    return query_run(&query, err);
}

static bool jumped(int64_t before, int64_t now, double factor)
{
    if (before == now)
        return false;
    double low = (double)(before < now ? before : now);
    double high = (double)(before < now ? now : before);
    return high >= low * factor;
}

static void compare_prices(struct diff *diff, struct sluice_cell sku, const struct columns *before,
                           const struct columns *now)
{
    struct snapshot *snapshot = diff->snapshot;
    int64_t old_price = 0, new_price = 0;
    if (decimal_parse(before->price, &old_price) != DECIMAL_OK)
        return; /* set by hand to something that is no price: there is nothing to compare */
    decimal_parse(now->price, &new_price);
    snapshot->stat.prices_compared++;
    if (!jumped(old_price, new_price, snapshot->jump))
        return;
    snapshot->stat.prices_jumped++;
    if (snapshot->stat.n_examples_price < SHOWN_EXAMPLES)
        diff->prices[snapshot->stat.n_examples_price++] =
            arena_printf(&snapshot->arena, "%.*s: %.*s -> %.*s", (int)sku.len, sku.ptr,
                         (int)before->price.len, before->price.ptr, (int)now->price.len, now->price.ptr);
}

static enum sluice_status only_staged(struct diff *diff, struct sluice_error *err)
{
    diff->snapshot->stat.figures.inserted++;
    return change_put(diff, column_int(&diff->staged, 2), 0, 1, err);
}

static enum sluice_status only_stored(struct diff *diff, struct sluice_error *err)
{
    struct sluice_snapshot_stat *stat = &diff->snapshot->stat;
    if (column_int(&diff->stored, 3) != 0)
        return SLUICE_OK; /* it went with an earlier list */
    stat->figures.gone++;
    int64_t id = column_int(&diff->stored, 1);
    if (stat->n_examples_gone < SHOWN_EXAMPLES) {
        struct sluice_cell sku = column_cell(&diff->stored, 0);
        struct columns columns = {0};
        _cleanup_(query_end) struct query query = query_begin(diff->snapshot->store, SQL_stored_columns);
        enum sluice_status status = columns_read(&query, id, &columns, err);
        if (status != SLUICE_OK)
            return status;
        diff->gone[stat->n_examples_gone++] = arena_printf(&diff->snapshot->arena, "%.*s %.*s", (int)sku.len,
                                                           sku.ptr, (int)columns.name.len, columns.name.ptr);
    }
    return change_put(diff, 0, id, 0, err);
}

/* The same SKU on both sides. */
static enum sluice_status both_sides(struct diff *diff, struct sluice_error *err)
{
    struct snapshot *snapshot = diff->snapshot;
    bool was_gone = column_int(&diff->stored, 3) != 0;
    bool same = equal(column_cell(&diff->staged, 3), column_cell(&diff->stored, 2));
    if (same && !was_gone && !snapshot->full) {
        snapshot->stat.figures.unchanged++;
        snapshot->stat.prices_compared++;
        return SLUICE_OK;
    }
    int64_t n = column_int(&diff->staged, 2), id = column_int(&diff->stored, 1);
    _cleanup_(query_end) struct query now_query = query_begin(snapshot->store, SQL_staged_columns);
    _cleanup_(query_end) struct query before_query = query_begin(snapshot->store, SQL_stored_columns);
    struct columns now = {0}, before = {0};
    enum sluice_status status = columns_read(&now_query, n, &now, err);
    if (status == SLUICE_OK)
        status = columns_read(&before_query, id, &before, err);
    if (status != SLUICE_OK)
        return status;
    if (!was_gone)
        compare_prices(diff, column_cell(&diff->staged, 0), &before, &now);
    bool new_price = !equal(before.price, now.price) || !equal(before.currency, now.currency);
    if (same && !was_gone && !new_price && equal(before.name, now.name) &&
        equal(before.characteristics, now.characteristics)) {
        snapshot->stat.figures.unchanged++;
        return SLUICE_OK;
    }
    snapshot->stat.figures.updated++;
    return change_put(diff, n, id, new_price, err);
}

/* To the next SKU; rows beaten by the one we stand on are duplicates. */
static void staged_next(struct diff *diff, struct sluice_error *err)
{
    struct sluice_snapshot_stat *stat = &diff->snapshot->stat;
    struct arena *arena = &diff->snapshot->arena;
    char kept_small[256];
    struct sluice_cell sku = column_cell(&diff->staged, 0);
    char *kept = sku.len <= sizeof kept_small ? kept_small : arena_alloc(arena, sku.len);
    if (kept == NULL) {
        diff->staged_status = store_no_memory(diff->snapshot->store, err);
        return;
    }
    memcpy(kept, sku.ptr, sku.len);
    sku.ptr = kept;
    uint64_t kept_line = (uint64_t)column_int(&diff->staged, 1);
    diff->staged_status = query_step(&diff->staged, err);
    while (diff->staged_status == SLUICE_OK && equal(column_cell(&diff->staged, 0), sku)) {
        stat->figures.duplicates++;
        if (stat->n_duplicates_shown < SHOWN_DUPLICATES)
            diff->duplicates[stat->n_duplicates_shown++] =
                (struct sluice_duplicate){.line = (uint64_t)column_int(&diff->staged, 1),
                                          .kept_line = kept_line,
                                          .sku = arena_copy(arena, sku.ptr, sku.len)};
        diff->staged_status = query_step(&diff->staged, err);
    }
}

static void stored_next(struct diff *diff, struct sluice_error *err)
{
    diff->stored_status = query_step(&diff->stored, err);
    if (diff->stored_status == SLUICE_OK && column_int(&diff->stored, 3) == 0)
        diff->snapshot->stat.items_before++;
}

/* Whose turn it is: negative the staged row alone, positive the stored one alone, 0 both; as compare () does.
 */
static int turn(const struct diff *diff)
{
    if (diff->stored_status == SLUICE_END)
        return -1;
    if (diff->staged_status == SLUICE_END)
        return 1;
    return compare(column_cell(&diff->staged, 0), column_cell(&diff->stored, 0));
}

static enum sluice_status diff_step(struct diff *diff, struct sluice_error *err)
{
    int side = turn(diff);
    enum sluice_status status = side < 0   ? only_staged(diff, err)
                                : side > 0 ? only_stored(diff, err)
                                           : both_sides(diff, err);
    if (status != SLUICE_OK)
        return status;
    if (side <= 0)
        staged_next(diff, err);
    if (side >= 0)
        stored_next(diff, err);
    return SLUICE_OK;
}

static bool has_row_or_end(enum sluice_status status)
{
    return status == SLUICE_OK || status == SLUICE_END;
}

static enum sluice_status diff_run(struct diff *diff, struct sluice_error *err)
{
    struct store *store = diff->snapshot->store;
    _cleanup_(query_end) struct query staged = query_begin(store, SQL_diff_staged);
    _cleanup_(query_end) struct query stored = query_begin(store, SQL_diff_stored);
    bind_text(&stored, diff->snapshot->job.supplier_id);
    diff->staged = staged;
    diff->stored = stored;
    diff->staged_status = query_step(&diff->staged, err);
    if (has_row_or_end(diff->staged_status))
        stored_next(diff, err);
    enum sluice_status status = SLUICE_OK;
    while (status == SLUICE_OK && has_row_or_end(diff->staged_status) &&
           has_row_or_end(diff->stored_status)) {
        if (diff->staged_status == SLUICE_END && diff->stored_status == SLUICE_END)
            return SLUICE_OK;
        status = diff_step(diff, err);
    }
    if (status != SLUICE_OK)
        return status;
    return has_row_or_end(diff->staged_status) ? diff->stored_status : diff->staged_status;
}

static enum sluice_status stat_begin(struct snapshot *snapshot, struct diff *diff, struct sluice_error *err)
{
    snapshot->stat = (struct sluice_snapshot_stat){.struct_size = sizeof snapshot->stat,
                                                   .figures.struct_size = sizeof snapshot->stat.figures};
    arena_reset(&snapshot->arena);
    *diff = (struct diff){
        .snapshot = snapshot,
        .duplicates = arena_alloc(&snapshot->arena, SHOWN_DUPLICATES * sizeof *diff->duplicates),
        .gone = arena_alloc(&snapshot->arena, SHOWN_EXAMPLES * sizeof *diff->gone),
        .prices = arena_alloc(&snapshot->arena, SHOWN_EXAMPLES * sizeof *diff->prices),
    };
    if (diff->duplicates == NULL || diff->gone == NULL || diff->prices == NULL)
        return store_no_memory(snapshot->store, err);
    snapshot->stat.duplicates = diff->duplicates;
    snapshot->stat.examples_gone = diff->gone;
    snapshot->stat.examples_price = diff->prices;
    return SLUICE_OK;
}

/* The transaction is the stage's: what is shared is only read. */
static enum sluice_status diff_in_transaction(struct diff *diff, struct sluice_error *err)
{
    struct store *store = diff->snapshot->store;
    enum sluice_status status = store_execute(store, "BEGIN", err);
    static const enum statement first[] = {SQL_stage_clear_changes, SQL_stage_index};
    for (size_t i = 0; i < ELEMENTS(first) && status == SLUICE_OK; i++) {
        struct query query = query_begin(store, first[i]);
        status = query_run(&query, err);
    }
    if (status == SLUICE_OK)
        status = diff_run(diff, err);
    return status == SLUICE_OK ? store_execute(store, "COMMIT", err) : status;
}

enum sluice_status snapshot_diff(struct snapshot *snapshot, double jump, struct sluice_error *err)
{
    struct diff diff;
    snapshot->diffed = false;
    snapshot->jump = jump;
    enum sluice_status status = stat_begin(snapshot, &diff, err);
    if (status == SLUICE_OK)
        status = diff_in_transaction(&diff, err);
    snapshot->diffed = status == SLUICE_OK;
    return status;
}

enum sluice_status store_snapshot_stat(void *instance, void *snapshot, double jump,
                                       const struct sluice_snapshot_stat **ret_stat, struct sluice_error *err)
{
    struct snapshot *own = snapshot;
    enum sluice_status status = store_enter(instance, STORE_LONG, err);
    if (status == SLUICE_OK && (!own->diffed || own->jump != jump))
        status = snapshot_diff(own, jump, err);
    if (status == SLUICE_OK)
        *ret_stat = &own->stat;
    return status;
}
