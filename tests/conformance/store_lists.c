/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/text.h"
#include "store_scene.h"
#include "store_suite.h"

#include <string.h>

static void expect_figures(struct scene *scene, const struct sluice_figures *f, uint64_t inserted,
                           uint64_t updated, uint64_t unchanged, uint64_t duplicates, uint64_t gone)
{
    expect(scene,
           f->inserted == inserted && f->updated == updated && f->unchanged == unchanged &&
               f->duplicates == duplicates && f->gone == gone,
           "figures: expected inserted %llu updated %llu unchanged %llu duplicates %llu gone %llu, got %llu "
           "%llu "
           "%llu %llu %llu",
           (unsigned long long)inserted, (unsigned long long)updated, (unsigned long long)unchanged,
           (unsigned long long)duplicates, (unsigned long long)gone, (unsigned long long)f->inserted,
           (unsigned long long)f->updated, (unsigned long long)f->unchanged,
           (unsigned long long)f->duplicates, (unsigned long long)f->gone);
}

static void a_first_list_is_inserted(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct line lines[] = {{2, "B", "Bolt", 15000}, {3, "A", "Anvil", 1000000}};
    struct sluice_figures figures = list_is(scene, &work, lines, 2);
    expect_figures(scene, &figures, 2, 0, 0, 0, 0);
    expect_text(scene, "items", "A=100.0000 B=1.5000", items_of(scene, work.store, "acme"));
    work_finished(scene, &work);
}

static void changes_vanished_and_new_items_are_told_apart(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct line before[] = {{2, "A", "Anvil", 10000}, {3, "B", "Bolt", 20000}, {4, "C", "Clip", 30000}};
    list_is(scene, &work, before, 3);
    work_finished(scene, &work);
    struct work next = work_again(scene, &work);
    const struct line now[] = {{2, "A", "Anvil", 10000}, {3, "B", "Bolt", 25000}, {4, "D", "Dowel", 40000}};
    struct sluice_figures figures = list_is(scene, &next, now, 3);
    expect_figures(scene, &figures, 1, 1, 1, 0, 1);
    expect_text(scene, "items", "A=1.0000 B=2.5000 D=4.0000", items_of(scene, next.store, "acme"));
    work_finished(scene, &next);
}

static void a_vanished_item_comes_back_as_updated(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct line both[] = {{2, "A", "Anvil", 10000}, {3, "B", "Bolt", 20000}};
    list_is(scene, &work, both, 2);
    work_finished(scene, &work);
    work = work_again(scene, &work);
    list_is(scene, &work, both, 1);
    expect_text(scene, "items without B", "A=1.0000", items_of(scene, work.store, "acme"));
    work_finished(scene, &work);
    work = work_again(scene, &work);
    struct sluice_figures figures = list_is(scene, &work, both, 2);
    expect_figures(scene, &figures, 0, 1, 1, 0, 0);
    expect_text(scene, "items with B again", "A=1.0000 B=2.0000", items_of(scene, work.store, "acme"));
}

static void of_duplicates_the_highest_line_wins(struct scene *scene)
{
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    const struct line lines[] = {
        {9, "A", "last", 30000}, {2, "A", "first", 10000}, {5, "A", "middle", 20000}};
    snapshot_lines(scene, work.store, snapshot, lines, 3);
    const struct sluice_snapshot_stat *stat = snapshot_stated(scene, work.store, snapshot);
    expect_figures(scene, &stat->figures, 1, 0, 0, 2, 0);
    expect_equal(scene, "pairs shown", 2, stat->n_duplicates_shown);
    for (uint32_t i = 0; i < 2; i++) {
        expect_equal(scene, "the line that is kept", 9, (int64_t)stat->duplicates[i].kept_line);
        expect_text(scene, "the duplicate's SKU", "A", stat->duplicates[i].sku);
        expect_equal(scene, "a beaten line", i == 0 ? 5 : 2, (int64_t)stat->duplicates[i].line);
    }
    expect_status(scene, "snapshot_commit", SLUICE_OK, snapshot_committed(scene, work.store, snapshot));
    expect_text(scene, "items", "A=3.0000", items_of(scene, work.store, "acme"));
}

static void a_changed_row_before_an_unchanged_duplicate_changes_nothing(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct line before[] = {{2, "A", "Anvil", 10000}};
    list_is(scene, &work, before, 1);
    work_finished(scene, &work);
    work = work_again(scene, &work);
    const struct line now[] = {{2, "A", "other", 90000}, {3, "A", "Anvil", 10000}};
    struct sluice_figures figures = list_is(scene, &work, now, 2);
    expect_figures(scene, &figures, 0, 0, 1, 1, 0);
    expect_text(scene, "items", "A=1.0000", items_of(scene, work.store, "acme"));
}

static void arbitrary_bytes_come_back_or_are_refused_as_data(struct scene *scene)
{
    static const char *const texts[] = {
        "\\.",      "\\N",  "a'b\"c;--",   "back\\slash",         "tab\there", "\xff\xfe",
        "\xc3\x28", "%s%n", "line\nbreak", "'); DROP TABLE x;--", "{dir}",     "\xed\xa0\x80"};
    struct work work = work_begun(scene);
    for (size_t i = 0; i < ELEMENTS(texts); i++) {
        void *snapshot = snapshot_begun(scene, work.store, &work.job);
        const struct line line = {2, texts[i], texts[i], 10000};
        struct sluice_item item = item_of(&line);
        enum sluice_status status =
            scene_store(scene)->snapshot_write(work.store, snapshot, &item, 1, scene_error(scene));
        if (status == SLUICE_OK)
            status = snapshot_committed(scene, work.store, snapshot);
        else
            scene_store(scene)->snapshot_abort(work.store, snapshot, NULL, scene_error(scene));
        expect(scene, status == SLUICE_OK || status == SLUICE_DATA, "text %zu: got %s", i,
               status_name(status));
        const char *expected = arena_printf(scene_arena(scene), "%s=1.0000", texts[i]);
        if (status == SLUICE_OK) {
            expect_text(scene, "items", expected, items_of(scene, work.store, "acme"));
            work_finished(scene, &work);
            work = work_again(scene, &work);
        }
    }
}

static void a_nul_inside_a_text_comes_back_or_is_refused_as_data(struct scene *scene)
{
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    const struct line line = {2, "A", "Anvil", 10000};
    struct sluice_item item = item_of(&line);
    item.name = (struct sluice_cell){.ptr = "a\0b", .len = 3};
    enum sluice_status status =
        scene_store(scene)->snapshot_write(work.store, snapshot, &item, 1, scene_error(scene));
    if (status == SLUICE_OK)
        status = snapshot_committed(scene, work.store, snapshot);
    else
        scene_store(scene)->snapshot_abort(work.store, snapshot, NULL, scene_error(scene));
    expect(scene, status == SLUICE_OK || status == SLUICE_DATA, "got %s", status_name(status));
}

static void prices_are_exact_at_their_edges(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct line lines[] = {
        {2, "A", "zero", 0}, {3, "B", "least", 1}, {4, "C", "most", SLUICE_PRICE_MAX}};
    list_is(scene, &work, lines, 3);
    expect_text(scene, "items", "A=0.0000 B=0.0001 C=9999999999.9999", items_of(scene, work.store, "acme"));
}

enum { MANY = 5000 };

static struct line *many_lines(struct scene *scene, int64_t price)
{
    struct line *lines = arena_alloc(scene_arena(scene), MANY * sizeof *lines);
    for (size_t i = 0; i < MANY; i++)
        lines[i] = (struct line){i + 2, arena_printf(scene_arena(scene), "SKU-%05zu", i * 7919 % MANY),
                                 "thing", price};
    return lines;
}

static void five_thousand_rows_and_then_none(struct scene *scene)
{
    struct work work = work_begun(scene);
    struct sluice_figures figures = list_is(scene, &work, many_lines(scene, 10000), MANY);
    expect_figures(scene, &figures, MANY, 0, 0, 0, 0);
    work_finished(scene, &work);
    work = work_again(scene, &work);
    figures = list_is(scene, &work, NULL, 0);
    expect_figures(scene, &figures, 0, 0, 0, 0, MANY);
    expect_text(scene, "items", "", items_of(scene, work.store, "acme"));
}

static void an_equal_second_list_writes_nothing(struct scene *scene)
{
    static const char *const columns[] = {"sku", "name", "price", "updated_at", "gone_at"};
    struct work work = work_begun(scene);
    const struct line lines[] = {{2, "A", "Anvil", 10000}, {3, "B", "Bolt", 20000}};
    list_is(scene, &work, lines, 2);
    const char *before = rows_of(scene, work.store, SLUICE_QUERY_ITEMS, "acme", columns, ELEMENTS(columns));
    work_finished(scene, &work);
    scene_pass(scene, 10);
    work = work_again(scene, &work);
    struct sluice_figures figures = list_is(scene, &work, lines, 2);
    expect_figures(scene, &figures, 0, 0, 2, 0, 0);
    expect_text(scene, "items as they were", before,
                rows_of(scene, work.store, SLUICE_QUERY_ITEMS, "acme", columns, ELEMENTS(columns)));
}

static void prices_that_jump_are_counted_and_shown(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct line before[] = {
        {2, "A", "a", 10000}, {3, "B", "b", 10000}, {4, "C", "c", 30000}, {5, "D", "d", 0}};
    list_is(scene, &work, before, 4);
    work_finished(scene, &work);
    work = work_again(scene, &work);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    const struct line now[] = {
        {2, "A", "a", 29999}, {3, "B", "b", 30000}, {4, "C", "c", 10000}, {5, "D", "d", 0}};
    snapshot_lines(scene, work.store, snapshot, now, 4);
    const struct sluice_snapshot_stat *stat = snapshot_stated(scene, work.store, snapshot);
    expect_equal(scene, "items before", 4, (int64_t)stat->items_before);
    expect_equal(scene, "prices compared", 4, (int64_t)stat->prices_compared);
    expect_equal(scene, "prices jumped (B up, C down)", 2, (int64_t)stat->prices_jumped);
    expect_equal(scene, "examples", 2, (int64_t)stat->n_examples_price);
    expect_text(scene, "the first example", "B: 1.0000 -> 3.0000", stat->examples_price[0]);
    expect_status(scene, "snapshot_abort", SLUICE_OK,
                  scene_store(scene)->snapshot_abort(work.store, snapshot, NULL, scene_error(scene)));
}

static void an_abort_at_each_step_leaves_the_old_items(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct line before[] = {{2, "A", "Anvil", 10000}};
    list_is(scene, &work, before, 1);
    work_finished(scene, &work);
    work = work_again(scene, &work);
    const struct line now[] = {{2, "Z", "Zip", 20000}};
    for (int steps = 0; steps < 3; steps++) {
        void *snapshot = snapshot_begun(scene, work.store, &work.job);
        if (steps > 0)
            snapshot_lines(scene, work.store, snapshot, now, 1);
        if (steps > 1)
            snapshot_stated(scene, work.store, snapshot);
        expect_status(scene, "snapshot_abort", SLUICE_OK,
                      scene_store(scene)->snapshot_abort(work.store, snapshot, NULL, scene_error(scene)));
        expect_text(scene, "items", "A=1.0000", items_of(scene, work.store, "acme"));
    }
    list_is(scene, &work, now, 1);
    expect_text(scene, "items after the commit", "Z=2.0000", items_of(scene, work.store, "acme"));
}

static struct sluice_reject reject_of(uint64_t line)
{
    return (struct sluice_reject){.line = line,
                                  .column = 3,
                                  .code = "price_missing",
                                  .field = "price",
                                  .message = "there is no price; fill it in",
                                  .address = "list.csv:17:3",
                                  .excerpt = "a \"quoted\" \\x00 one"};
}

static void rejects_are_kept_with_address_and_raw_text(struct scene *scene)
{
    static const char *const columns[] = {"supplier", "row_number", "column", "field",
                                          "code",     "address",    "raw"};
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    struct sluice_reject reject = reject_of(17);
    expect_status(scene, "snapshot_reject", SLUICE_OK,
                  scene_store(scene)->snapshot_reject(work.store, snapshot, &reject, 1, scene_error(scene)));
    expect_status(scene, "snapshot_commit", SLUICE_OK, snapshot_committed(scene, work.store, snapshot));
    expect_text(scene, "rejects", "acme|17|3|price|price_missing|list.csv:17:3|a \"quoted\" \\x00 one\n",
                rows_of(scene, work.store, SLUICE_QUERY_REJECTS, "acme", columns, ELEMENTS(columns)));
}

static void an_abort_with_an_outcome_keeps_the_rejects(struct scene *scene)
{
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    struct sluice_reject reject = reject_of(4);
    struct sluice_figures figures = {.struct_size = sizeof figures, .rows_read = 1, .rejected = 1};
    struct sluice_job_outcome held = {.struct_size = sizeof held,
                                      .outcome = SLUICE_OUTCOME_HELD,
                                      .error_type = "HELD",
                                      .message = "held",
                                      .figures = &figures};
    scene_store(scene)->snapshot_reject(work.store, snapshot, &reject, 1, scene_error(scene));
    expect_status(scene, "snapshot_abort", SLUICE_OK,
                  scene_store(scene)->snapshot_abort(work.store, snapshot, &held, scene_error(scene)));
    expect_equal(scene, "rejects", 1, (int64_t)count_of(scene, work.store, SLUICE_QUERY_REJECTS, "acme"));
    const struct sluice_job *job = NULL;
    expect_status(
        scene, "the job is done", SLUICE_END,
        scene_store(scene)->job_claim(work.store, work.run_id, "w", LEASE_MS, &job, scene_error(scene)));
}

static void a_dry_snapshot_leaves_nothing(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct line before[] = {{2, "A", "Anvil", 10000}};
    list_is(scene, &work, before, 1);
    work_finished(scene, &work);
    size_t logs = count_of(scene, work.store, SLUICE_QUERY_LOGS, NULL);
    struct sluice_job job = {.struct_size = sizeof job, .key = "acme"};
    struct sluice_snapshot_open open = {.struct_size = sizeof open, .dry = 1, .job = &job};
    void *snapshot = NULL;
    expect_status(scene, "snapshot_open (dry)", SLUICE_OK,
                  scene_store(scene)->snapshot_open(work.store, &open, &snapshot, scene_error(scene)));
    const struct line now[] = {{2, "A", "Anvil", 20000}, {3, "B", "Bolt", 20000}};
    snapshot_lines(scene, work.store, snapshot, now, 2);
    const struct sluice_snapshot_stat *stat = snapshot_stated(scene, work.store, snapshot);
    expect_figures(scene, &stat->figures, 1, 1, 0, 0, 0);
    expect_status(scene, "snapshot_abort", SLUICE_OK,
                  scene_store(scene)->snapshot_abort(work.store, snapshot, NULL, scene_error(scene)));
    expect_text(scene, "items", "A=1.0000", items_of(scene, work.store, "acme"));
    expect_equal(scene, "logs", (int64_t)logs, (int64_t)count_of(scene, work.store, SLUICE_QUERY_LOGS, NULL));
    expect_equal(scene, "runs", 1, (int64_t)count_of(scene, work.store, SLUICE_QUERY_RUNS, NULL));
}

static void a_dry_snapshot_of_an_unknown_supplier_is_all_new(struct scene *scene)
{
    void *store = store_ready(scene);
    struct sluice_job job = {.struct_size = sizeof job, .key = "nobody"};
    struct sluice_snapshot_open open = {.struct_size = sizeof open, .dry = 1, .job = &job};
    void *snapshot = NULL;
    expect_status(scene, "snapshot_open (dry)", SLUICE_OK,
                  scene_store(scene)->snapshot_open(store, &open, &snapshot, scene_error(scene)));
    const struct line now[] = {{2, "A", "Anvil", 20000}};
    snapshot_lines(scene, store, snapshot, now, 1);
    const struct sluice_snapshot_stat *stat = snapshot_stated(scene, store, snapshot);
    expect_figures(scene, &stat->figures, 1, 0, 0, 0, 0);
    scene_store(scene)->snapshot_abort(store, snapshot, NULL, scene_error(scene));
}

static void what_was_accepted_comes_back_with_the_next_job(struct scene *scene)
{
    struct work work = work_begun(scene);
    expect_text(scene, "the first version", NULL, work.job.version);
    list_is(scene, &work, NULL, 0);
    work_finished(scene, &work);
    work = work_again(scene, &work);
    expect_text(scene, "version", "v1", work.job.version);
    expect_text(scene, "fingerprint", "f1", work.job.fingerprint);
    expect_text(scene, "mapping", "{}", work.job.mapping);
    expect_equal(scene, "attempt", 1, work.job.attempt);
}

#define CASE(name)     \
    {                  \
#name, name, 0 \
    }

const struct conformance_case store_list_cases[] = {
    CASE(a_first_list_is_inserted),
    CASE(changes_vanished_and_new_items_are_told_apart),
    CASE(a_vanished_item_comes_back_as_updated),
    CASE(of_duplicates_the_highest_line_wins),
    CASE(a_changed_row_before_an_unchanged_duplicate_changes_nothing),
    CASE(arbitrary_bytes_come_back_or_are_refused_as_data),
    CASE(a_nul_inside_a_text_comes_back_or_is_refused_as_data),
    CASE(prices_are_exact_at_their_edges),
    CASE(five_thousand_rows_and_then_none),
    CASE(an_equal_second_list_writes_nothing),
    CASE(prices_that_jump_are_counted_and_shown),
    CASE(an_abort_at_each_step_leaves_the_old_items),
    CASE(rejects_are_kept_with_address_and_raw_text),
    CASE(an_abort_with_an_outcome_keeps_the_rejects),
    CASE(a_dry_snapshot_leaves_nothing),
    CASE(a_dry_snapshot_of_an_unknown_supplier_is_all_new),
    CASE(what_was_accepted_comes_back_with_the_next_job),
    {.name = NULL},
};
