/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/text.h"
#include "store_scene.h"
#include "store_suite.h"

#include <string.h>

#define ASK(scene, store, columns, ...) \
    rows_asked((scene), (store), (struct sluice_query){__VA_ARGS__}, (columns), ELEMENTS(columns))

static struct sluice_reject reject_of(uint64_t line, const char *code)
{
    return (struct sluice_reject){.line = line,
                                  .column = 2,
                                  .code = code,
                                  .message =
                                      strcmp(code, "price_missing") == 0 ? "price_missing!" : "sku_missing!",
                                  .address = "list.csv:9",
                                  .excerpt = "x"};
}

/* A read of "acme" with these items and rejects, a second after what was before. */
static struct work read_again(struct scene *scene, const struct work *before, const struct line *lines,
                              size_t n, const char *const *codes, size_t n_codes)
{
    scene_pass(scene, 1000);
    struct work work = before == NULL ? work_begun(scene) : work_again(scene, before);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    snapshot_lines(scene, work.store, snapshot, lines, n);
    for (size_t i = 0; i < n_codes; i++) {
        struct sluice_reject reject = reject_of(10 + i, codes[i]);
        expect_status(
            scene, "snapshot_reject", SLUICE_OK,
            scene_store(scene)->snapshot_reject(work.store, snapshot, &reject, 1, scene_error(scene)));
    }
    expect_status(scene, "snapshot_commit", SLUICE_OK, snapshot_committed(scene, work.store, snapshot));
    work_finished(scene, &work);
    return work;
}

static const struct line cheap[] = {{2, "A", "Anvil", 10000}, {3, "B", "Bolt", 20000}};
static const struct line dear[] = {{2, "A", "Anvil", 15000}, {3, "B", "Bolt", 20000}, {4, "C", "Clip", 5000}};

static void the_prices_that_a_commit_changed_are_told(struct scene *scene)
{
    static const char *const columns[] = {"sku", "old_price", "price", "old_currency", "currency"};
    struct work first = read_again(scene, NULL, cheap, 2, NULL, 0);
    expect_text(scene, "first prices are no change", "",
                ASK(scene, first.store, columns, .what = SLUICE_QUERY_PRICES, .key = "acme"));
    struct work second = read_again(scene, &first, dear, 3, NULL, 0);
    expect_text(scene, "the last commit", "A|1.0000|1.5000|EUR|EUR\n",
                ASK(scene, first.store, columns, .what = SLUICE_QUERY_PRICES, .key = "acme"));
    read_again(scene, &second, cheap, 2, NULL, 0);
    expect_text(scene, "the last commit but one", "A|1.0000|1.5000|EUR|EUR\n",
                ASK(scene, first.store, columns, .what = SLUICE_QUERY_PRICES, .key = "acme",
                    .run_id = second.run_id));
    expect_text(scene, "the last commit", "A|1.5000|1.0000|EUR|EUR\n",
                ASK(scene, first.store, columns, .what = SLUICE_QUERY_PRICES, .key = "acme"));
}

static void the_history_of_a_supplier_is_newest_first(struct scene *scene)
{
    static const char *const columns[] = {"run_id", "supplier", "outcome", "error_type", "inserted"};
    struct work first = read_again(scene, NULL, cheap, 2, NULL, 0);
    struct work second = read_again(scene, &first, dear, 3, NULL, 0);
    const char *expected =
        arena_printf(scene_arena(scene), "%s|acme|success|SUCCESS|1\n%s|acme|success|SUCCESS|2\n",
                     second.run_id, first.run_id);
    expect_text(scene, "history", expected,
                ASK(scene, first.store, columns, .what = SLUICE_QUERY_HISTORY, .key = "acme"));
    expect_text(scene, "of nobody", "",
                ASK(scene, first.store, columns, .what = SLUICE_QUERY_HISTORY, .key = "nobody"));
}

static void runs_come_with_the_sums_of_their_jobs(struct scene *scene)
{
    static const char *const columns[] = {"id",        "requested_by", "scope",           "jobs_total",
                                          "jobs_done", "jobs_failed",  "jobs_held",       "changed",
                                          "rejected",  "rows_read",    "cancel_requested"};
    struct work first = read_again(scene, NULL, cheap, 2, (const char *const[]){"price_missing"}, 1);
    struct work second = read_again(scene, &first, dear, 3, NULL, 0);
    const char *expected =
        arena_printf(scene_arena(scene), "%s|conformance|[]|1|1|0|0|2|0|0|0\n", second.run_id);
    expect_text(scene, "the newest run", expected,
                ASK(scene, first.store, columns, .what = SLUICE_QUERY_RUNS, .limit = 1));
    static const char *const id[] = {"id"};
    expect_text(scene, "one run", arena_printf(scene_arena(scene), "%s\n", first.run_id),
                ASK(scene, first.store, id, .what = SLUICE_QUERY_RUNS, .run_id = first.run_id));
}

static void rejects_are_counted_by_reason(struct scene *scene)
{
    static const char *const columns[] = {"code", "count", "suppliers", "example"};
    static const char *const codes[] = {"price_missing", "sku_missing", "price_missing"};
    struct work work = read_again(scene, NULL, cheap, 2, codes, 3);
    expect_text(scene, "counts", "price_missing|2|1|price_missing!\nsku_missing|1|1|sku_missing!\n",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_REJECT_COUNTS));
    static const char *const rows[] = {"row_number", "supplier"};
    expect_text(scene, "rejects of one reason", "10|acme\n12|acme\n",
                ASK(scene, work.store, rows, .what = SLUICE_QUERY_REJECTS, .code = "price_missing"));
    expect_text(scene, "rejects of no reason", "",
                ASK(scene, work.store, rows, .what = SLUICE_QUERY_REJECTS, .code = "unheard_of"));
}

static void logs_have_levels_and_can_be_followed(struct scene *scene)
{
    static const char *const columns[] = {"error_type", "level"};
    static const char *const id[] = {"id"};
    struct work work = read_again(scene, NULL, cheap, 2, (const char *const[]){"price_missing"}, 1);
    expect_text(scene, "newest first", "SUCCESS|info\nprice_missing|warning\n",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_LOGS));
    expect_text(scene, "warnings", "price_missing|warning\n",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_LOGS, .level = SLUICE_WARNING));
    expect_text(scene, "errors", "",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_LOGS, .level = SLUICE_ERROR));
    int64_t last = strtoll(ASK(scene, work.store, id, .what = SLUICE_QUERY_LOGS, .limit = 1), NULL, 10);
    expect_text(scene, "after the last", "",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_LOGS, .after = last,
                    .flags = SLUICE_QUERY_OLDEST_FIRST));
    expect_text(scene, "before the last", "price_missing|warning\n",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_LOGS, .before = last));
    read_again(scene, &work, dear, 3, (const char *const[]){"sku_missing"}, 1);
    expect_text(scene, "what came since", "sku_missing|warning\nSUCCESS|info\n",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_LOGS, .after = last,
                    .flags = SLUICE_QUERY_OLDEST_FIRST));
}

static void suppliers_and_items_are_searched(struct scene *scene)
{
    static const char *const name[] = {"name"}, *const key[] = {"key"};
    struct work work = read_again(scene, NULL, dear, 3, NULL, 0);
    expect_text(scene, "items by a part of the name", "Anvil\n",
                ASK(scene, work.store, name, .what = SLUICE_QUERY_ITEMS, .key = "acme", .search = "nVI"));
    expect_text(scene, "items by SKU", "Clip\n",
                ASK(scene, work.store, name, .what = SLUICE_QUERY_ITEMS, .key = "acme", .search = "c"));
    expect_text(scene, "a percent sign is itself", "",
                ASK(scene, work.store, name, .what = SLUICE_QUERY_ITEMS, .key = "acme", .search = "%"));
    expect_text(scene, "suppliers", "acme\n",
                ASK(scene, work.store, key, .what = SLUICE_QUERY_SUPPLIERS, .search = "cm"));
    expect_text(scene, "no supplier", "",
                ASK(scene, work.store, key, .what = SLUICE_QUERY_SUPPLIERS, .search = "_cm"));
    expect_text(scene, "a supplier by its id", "acme\n",
                ASK(scene, work.store, key, .what = SLUICE_QUERY_SUPPLIERS, .id = work.job.supplier_id));
    expect_text(scene, "an unknown id", "",
                ASK(scene, work.store, key, .what = SLUICE_QUERY_SUPPLIERS, .id = work.run_id));
}

static void a_mapping_is_that_of_the_last_accepted_read(struct scene *scene)
{
    static const char *const columns[] = {"supplier_id", "mapping", "run_id"};
    struct work work = read_again(scene, NULL, cheap, 2, NULL, 0);
    expect_text(scene, "the mapping",
                arena_printf(scene_arena(scene), "%s|{}|%s\n", work.job.supplier_id, work.run_id),
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_MAPPINGS, .key = "acme"));
    expect_text(scene, "of nobody", "",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_MAPPINGS, .key = "nobody"));
}

static void open_holds_are_those_that_wait(struct scene *scene)
{
    static const char *const columns[] = {"id", "decided_by", "supplier_id"};
    struct work work = work_begun(scene);
    struct sluice_hold hold = {.struct_size = sizeof hold,
                               .guard = "items_gone",
                               .content_hash = "abc",
                               .figure = 0.75,
                               .limit = 0.5,
                               .message = "3 of 4 items are gone"};
    const char *key = NULL;
    id_make(scene, hold.hold_id);
    expect_status(scene, "hold_put", SLUICE_OK,
                  scene_store(scene)->hold_put(work.store, work.run_id, work.job.supplier_id, work.epoch,
                                               &hold, scene_error(scene)));
    expect_text(scene, "open holds",
                arena_printf(scene_arena(scene), "%s||%s\n", hold.hold_id, work.job.supplier_id),
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_HOLDS, .flags = SLUICE_QUERY_OPEN));
    expect_status(scene, "hold_decide", SLUICE_OK,
                  scene_store(scene)->hold_decide(work.store, hold.hold_id, SLUICE_HOLD_DISCARD, "ann", &key,
                                                  scene_error(scene)));
    expect_text(scene, "open holds", "",
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_HOLDS, .flags = SLUICE_QUERY_OPEN));
    expect_text(scene, "the hold by its id",
                arena_printf(scene_arena(scene), "%s|ann|%s\n", hold.hold_id, work.job.supplier_id),
                ASK(scene, work.store, columns, .what = SLUICE_QUERY_HOLDS, .id = hold.hold_id));
}

static enum sluice_status count_row(void *context, const struct sluice_column *columns,
                                    const struct sluice_cell *cells, size_t n)
{
    (void)columns;
    (void)cells;
    (void)n;
    ++*(size_t *)context;
    return SLUICE_OK;
}

static void a_query_of_an_older_reader_has_no_filters(struct scene *scene)
{
    struct work work = work_begun(scene);
    struct sluice_query query = {.struct_size = offsetof(struct sluice_query, id),
                                 .what = SLUICE_QUERY_SUPPLIERS,
                                 .id = "what lies behind the reader's struct"};
    size_t rows = 0;
    const struct sluice_sink sink = {&rows, count_row};
    expect_status(scene, "query", SLUICE_OK,
                  scene_store(scene)->query(work.store, &query, &sink, scene_error(scene)));
    expect_equal(scene, "suppliers", 1, (int64_t)rows);
}

#define CASE(name)     \
    {                  \
#name, name, 0 \
    }

const struct conformance_case store_query_cases[] = {
    CASE(the_prices_that_a_commit_changed_are_told),   CASE(the_history_of_a_supplier_is_newest_first),
    CASE(runs_come_with_the_sums_of_their_jobs),       CASE(rejects_are_counted_by_reason),
    CASE(logs_have_levels_and_can_be_followed),        CASE(suppliers_and_items_are_searched),
    CASE(a_mapping_is_that_of_the_last_accepted_read), CASE(open_holds_are_those_that_wait),
    CASE(a_query_of_an_older_reader_has_no_filters),   {.name = NULL},
};
