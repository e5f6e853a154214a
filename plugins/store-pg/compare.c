/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the commit would do, for the guards. Rows whose hash is the stored one were never sent; of the others
 * the database says how many really differ, so that a hash that is made otherwise than it was changes no
 * figure.
 */
#include "snapshot.h"

#include "plugins/stores/calls.h"
#include "query.h"

#include <stdlib.h>
#include <string.h>

enum { ANALYZE_FROM = 200, GONE_IDS_CEILING = 4096 };

/* ---- The answer ---- */

struct answer {
    struct snapshot *snapshot;
    struct sluice_duplicate *duplicates;
    const char **gone, **prices; /* examples */
    uint64_t n_staged_old;       /* rows of the stage that have an item */
};

static enum sluice_status answer_begin(struct answer *answer, struct sluice_error *err)
{
    struct snapshot *snapshot = answer->snapshot;
    snapshot->stat = (struct sluice_snapshot_stat){.struct_size = sizeof snapshot->stat,
                                                   .figures.struct_size = sizeof snapshot->stat.figures};
    arena_reset(&snapshot->arena);
    answer->duplicates = arena_alloc(&snapshot->arena, SHOWN_DUPLICATES * sizeof *answer->duplicates);
    answer->gone = arena_alloc(&snapshot->arena, SHOWN_EXAMPLES * sizeof *answer->gone);
    answer->prices = arena_alloc(&snapshot->arena, SHOWN_EXAMPLES * sizeof *answer->prices);
    if (answer->duplicates == NULL || answer->gone == NULL || answer->prices == NULL)
        return store_no_memory(snapshot->store, err);
    snapshot->stat.duplicates = answer->duplicates;
    snapshot->stat.examples_gone = answer->gone;
    snapshot->stat.examples_price = answer->prices;
    return SLUICE_OK;
}

/* ---- Compared here ---- */

static int by_sku_and_line(const void *a, const void *b)
{
    const struct sluice_duplicate *left = a, *right = b;
    int order = strcmp(left->sku, right->sku);
    return order != 0 ? order : (left->line < right->line) - (left->line > right->line);
}

static void show_beaten(struct answer *answer)
{
    struct snapshot *snapshot = answer->snapshot;
    uint32_t n = (uint32_t)(snapshot->n_beaten < SHOWN_DUPLICATES ? snapshot->n_beaten : SHOWN_DUPLICATES);
    for (uint32_t i = 0; i < n; i++) {
        const struct known *entry = &snapshot->known.entries[snapshot->beaten[i].entry];
        struct sluice_cell sku = known_sku(&snapshot->known, entry);
        const char *copy = arena_copy(&snapshot->arena, sku.ptr, sku.len);
        answer->duplicates[i] = (struct sluice_duplicate){
            .line = snapshot->beaten[i].line, .kept_line = entry->line, .sku = copy == NULL ? "" : copy};
    }
    qsort(answer->duplicates, n, sizeof *answer->duplicates, by_sku_and_line);
    snapshot->stat.n_duplicates_shown = n;
    snapshot->stat.figures.duplicates = snapshot->n_beaten;
}

/* "{id,id}" of the first items that are gone. */
static const char *gone_ids(struct snapshot *snapshot)
{
    _cleanup_(buffer_free) struct buffer ids = BUFFER_INIT(GONE_IDS_CEILING);
    size_t shown = 0;
    buffer_byte(&ids, '{');
    for (size_t i = 0; i < snapshot->known.n && shown < SHOWN_EXAMPLES; i++) {
        const struct known *entry = &snapshot->known.entries[i];
        if (!known_is_gone(entry))
            continue;
        if (shown++ > 0)
            buffer_byte(&ids, ',');
        for (size_t j = 0; j < sizeof entry->id; j++)
            buffer_printf(&ids, "%02x", entry->id[j]);
    }
    buffer_byte(&ids, '}');
    return ids.failed ? NULL : arena_text(&snapshot->arena, ids.data);
}

static void count_known(struct answer *answer)
{
    struct snapshot *snapshot = answer->snapshot;
    struct sluice_snapshot_stat *stat = &snapshot->stat;
    for (size_t i = 0; i < snapshot->known.n; i++) {
        const struct known *entry = &snapshot->known.entries[i];
        bool stored = (entry->flags & KNOWN_STORED) != 0;
        bool live = stored && (entry->flags & KNOWN_GONE) == 0;
        bool staged = (entry->flags & KNOWN_STAGED) != 0;
        stat->items_before += live;
        stat->figures.inserted += !stored;
        answer->n_staged_old += stored && staged;
        stat->figures.unchanged += live && entry->line != 0 && !staged;
        stat->figures.gone += known_is_gone(entry);
    }
    stat->prices_compared = stat->figures.unchanged;
}

static enum sluice_status settle_here(struct answer *answer, struct sluice_error *err)
{
    struct snapshot *snapshot = answer->snapshot;
    struct store *store = snapshot->store;
    struct query settle = query_begin(store, SQL_stage_settle);
    count_known(answer);
    show_beaten(answer);
    if (snapshot->way == LOADED || !snapshot->staged_twice)
        return SLUICE_OK;
    query_send(&settle);
    return store_exchange(store, err);
}

/* ---- Compared in the database ---- */

static void ask_counts(struct snapshot *snapshot, struct query *count, struct query *duplicates)
{
    struct store *store = snapshot->store;
    struct query analyze = query_begin(store, SQL_rows_analyze), reset = query_begin(store, SQL_rows_reset);
    struct query match = query_begin(store, SQL_rows_match), gone = query_begin(store, SQL_rows_gone);
    query_send(&analyze);
    query_send(&reset);
    bind_id(&match, snapshot->job.supplier_id);
    bind_int(&match, snapshot->full);
    query_send(&match);
    bind_id(&gone, snapshot->job.supplier_id);
    query_send(&gone);
    bind_id(count, snapshot->job.supplier_id);
    query_ask(count);
    bind_int(duplicates, SHOWN_DUPLICATES);
    query_ask(duplicates);
}

static enum sluice_status settle_in_database(struct answer *answer, struct sluice_error *err)
{
    struct snapshot *snapshot = answer->snapshot;
    struct sluice_snapshot_stat *stat = &snapshot->stat;
    _cleanup_(query_end) struct query count = query_begin(snapshot->store, SQL_rows_count);
    _cleanup_(query_end) struct query twice = query_begin(snapshot->store, SQL_rows_duplicates);
    enum sluice_status status = stage_prepare(snapshot, err);
    if (status != SLUICE_OK)
        return status;
    ask_counts(snapshot, &count, &twice);
    status = store_exchange(snapshot->store, err);
    if (status != SLUICE_OK || !query_next(&count))
        return status;
    uint64_t rows = (uint64_t)column_int(&count, 0), skus = (uint64_t)column_int(&count, 1);
    stat->figures.duplicates = rows - skus;
    stat->figures.inserted = (uint64_t)column_int(&count, 2);
    answer->n_staged_old = (uint64_t)column_int(&count, 3);
    stat->figures.gone = (uint64_t)column_int(&count, 4);
    stat->items_before = (uint64_t)column_int(&count, 5);
    stat->figures.unchanged = skus - stat->figures.inserted - answer->n_staged_old;
    stat->prices_compared = stat->figures.unchanged;
    snapshot->gone_staged = stat->figures.gone > 0;
    while (query_next(&twice) && stat->n_duplicates_shown < SHOWN_DUPLICATES) {
        struct sluice_cell sku = column_cell(&twice, 2);
        const char *copy = arena_copy(&snapshot->arena, sku.ptr, sku.len);
        answer->duplicates[stat->n_duplicates_shown++] =
            (struct sluice_duplicate){.line = (uint64_t)column_int(&twice, 0),
                                      .kept_line = (uint64_t)column_int(&twice, 1),
                                      .sku = copy == NULL ? "" : copy};
    }
    return SLUICE_OK;
}

/* ---- What the staged rows change ---- */

static void take_counts(struct answer *answer, struct query *count)
{
    struct sluice_snapshot_stat *stat = &answer->snapshot->stat;
    uint64_t matched = (uint64_t)column_int(count, 0), differ = (uint64_t)column_int(count, 1);
    stat->figures.updated = differ;
    stat->figures.unchanged += matched - differ;
    stat->prices_compared += (uint64_t)column_int(count, 2);
    stat->prices_jumped = (uint64_t)column_int(count, 3);
}

static enum sluice_status compare_staged(struct answer *answer, struct sluice_error *err)
{
    struct snapshot *snapshot = answer->snapshot;
    struct store *store = snapshot->store;
    struct sluice_snapshot_stat *stat = &snapshot->stat;
    _cleanup_(query_end) struct query count = query_begin(store, SQL_compare_staged);
    _cleanup_(query_end) struct query prices = query_begin(store, SQL_examples_price);
    struct query analyze = query_begin(store, SQL_stage_analyze);
    if (answer->n_staged_old == 0 && stat->figures.inserted < ANALYZE_FROM)
        return SLUICE_OK;
    query_send(&analyze);
    bind_real(&count, snapshot->jump);
    query_ask(&count);
    bind_real(&prices, snapshot->jump);
    bind_int(&prices, SHOWN_EXAMPLES);
    query_ask(&prices);
    enum sluice_status status = store_exchange(store, err);
    if (status != SLUICE_OK || !query_next(&count))
        return status;
    if ((uint64_t)column_int(&count, 0) != answer->n_staged_old)
        return store->host->retry(store->host, err, 0, "%s was changed by someone else meanwhile; run again",
                                  store->where);
    take_counts(answer, &count);
    while (query_next(&prices))
        answer->prices[stat->n_examples_price++] =
            arena_printf(&snapshot->arena, "%s: %s -> %s", column_text(&prices, 0), column_text(&prices, 1),
                         column_text(&prices, 2));
    return SLUICE_OK;
}

static enum sluice_status show_gone(struct answer *answer, struct sluice_error *err)
{
    struct snapshot *snapshot = answer->snapshot;
    struct sluice_snapshot_stat *stat = &snapshot->stat;
    if (stat->figures.gone == 0)
        return SLUICE_OK;
    bool here = snapshot->way == COMPARED_HERE;
    _cleanup_(query_end) struct query query =
        query_begin(snapshot->store, here ? SQL_examples_gone_here : SQL_examples_gone);
    if (here)
        bind_text(&query, gone_ids(snapshot));
    bind_int(&query, SHOWN_EXAMPLES);
    enum sluice_status status = query_run(&query, err);
    while (status == SLUICE_OK && query_next(&query))
        answer->gone[stat->n_examples_gone++] =
            arena_printf(&snapshot->arena, "%s %s", column_text(&query, 0), column_text(&query, 1));
    return status;
}

enum sluice_status snapshot_diff(struct snapshot *snapshot, double jump, struct sluice_error *err)
{
    struct answer answer = {.snapshot = snapshot};
    snapshot->diffed = false;
    snapshot->jump = jump;
    enum sluice_status status = answer_begin(&answer, err);
    if (status == SLUICE_OK && snapshot->way != LOADED)
        status = stage_flush(snapshot, err);
    if (status == SLUICE_OK)
        status = snapshot->way == COMPARED_IN_DATABASE ? settle_in_database(&answer, err)
                                                       : settle_here(&answer, err);
    if (status == SLUICE_OK && snapshot->way != LOADED)
        status = compare_staged(&answer, err);
    if (status == SLUICE_OK)
        status = show_gone(&answer, err);
    snapshot->diffed = status == SLUICE_OK;
    return status;
}

enum sluice_status store_snapshot_stat(void *instance, void *snapshot, double jump,
                                       const struct sluice_snapshot_stat **ret_stat, struct sluice_error *err)
{
    struct snapshot *own = snapshot;
    (void)instance;
    enum sluice_status status = snapshot_resume(own, STORE_LONG, err);
    if (status == SLUICE_OK && (!own->diffed || own->jump != jump))
        status = snapshot_diff(own, jump, err);
    if (status == SLUICE_OK)
        *ret_stat = &own->stat;
    return lost_or(own->store, &own->job, status, err);
}
