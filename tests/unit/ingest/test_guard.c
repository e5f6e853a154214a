/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"
#include "ingest/guard.h"

#include <string.h>

static const struct guard_options defaults = {
    .suppliers_gone = 20,
    .suppliers_shrunk = 50,
    .master_empty = true,
    .master_changed = true,
    .items_gone = 50,
    .prices_jumped = 30,
    .price_jump_factor = 3,
    .rows_rejected = 20,
};

static void expect_guard(const char *expected, const struct guard_verdict *verdict, const char *what,
                         uint64_t part, uint64_t whole)
{
    const char *found = verdict->guard == NULL ? "none" : verdict->guard;
    ck_assert_msg(strcmp(found, expected) == 0, "%s: %llu of %llu: guard %s, expected %s", what,
                  (unsigned long long)part, (unsigned long long)whole, found, expected);
    ck_assert_msg(verdict->guard == NULL || verdict->message[0] != '\0', "%s has no message", found);
}

static const char *list_guard(const struct guard_options *options, const struct sluice_figures *figures,
                              const struct sluice_snapshot_stat *stat)
{
    struct guard_verdict verdict;
    guard_list(options, figures, stat, "hash", NULL, &verdict);
    return verdict.guard == NULL ? "none" : verdict.guard;
}

struct threshold {
    uint64_t part, whole;
    const char *expected;
};

START_TEST(a_list_may_lose_half_its_items_and_not_one_more)
{
    static const struct threshold cases[] = {
        {49, 100, "none"},    {50, 100, "none"}, {51, 100, "items_gone"}, {0, 0, "none"},
        {1, 1, "items_gone"}, {1, 2, "none"},    {2, 3, "items_gone"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sluice_figures figures = {.gone = cases[i].part};
        struct sluice_snapshot_stat stat = {.items_before = cases[i].whole};
        struct guard_verdict verdict;
        guard_list(&defaults, &figures, &stat, "hash", NULL, &verdict);
        expect_guard(cases[i].expected, &verdict, "items gone", cases[i].part, cases[i].whole);
        struct guard_options off = defaults;
        off.items_gone = 100;
        ck_assert_str_eq(list_guard(&off, &figures, &stat), "none");
    }
}
END_TEST

START_TEST(prices_may_jump_up_to_the_limit)
{
    static const struct threshold cases[] = {
        {29, 100, "none"}, {30, 100, "none"}, {31, 100, "prices_jumped"}, {0, 0, "none"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sluice_figures figures = {.gone = 0};
        struct sluice_snapshot_stat stat = {.prices_jumped = cases[i].part,
                                            .prices_compared = cases[i].whole};
        struct guard_verdict verdict;
        guard_list(&defaults, &figures, &stat, "hash", NULL, &verdict);
        expect_guard(cases[i].expected, &verdict, "prices jumped", cases[i].part, cases[i].whole);
        struct guard_options off = defaults;
        off.prices_jumped = 100;
        ck_assert_str_eq(list_guard(&off, &figures, &stat), "none");
    }
}
END_TEST

START_TEST(rejects_are_counted_against_the_rows_that_are_no_headers_or_blanks)
{
    static const struct threshold cases[] = {
        {19, 100, "none"}, {20, 100, "none"}, {21, 100, "rows_rejected"}, {0, 0, "none"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sluice_figures figures = {
            .rejected = cases[i].part, .rows_read = cases[i].whole + 50, .skipped = 50};
        struct sluice_snapshot_stat stat = {.items_before = 0};
        struct guard_verdict verdict;
        guard_list(&defaults, &figures, &stat, "hash", NULL, &verdict);
        expect_guard(cases[i].expected, &verdict, "rejected", cases[i].part, cases[i].whole);
        struct guard_options off = defaults;
        off.rows_rejected = 100;
        ck_assert_str_eq(list_guard(&off, &figures, &stat), "none");
    }
}
END_TEST

START_TEST(a_master_may_always_deactivate_three_and_else_a_fifth)
{
    static const struct threshold cases[] = {
        {3, 3, "none"},
        {4, 4, "suppliers_gone"},
        {3, 10, "none"},
        {4, 10, "suppliers_gone"},
        {19, 100, "none"},
        {20, 100, "none"},
        {21, 100, "suppliers_gone"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sluice_suppliers_change change = {.active_before = (uint32_t)cases[i].whole,
                                                 .deactivated = (uint32_t)cases[i].part};
        struct guard_verdict verdict;
        guard_master(&defaults, &change, 10, "a", "a", "hash", NULL, &verdict);
        expect_guard(cases[i].expected, &verdict, "deactivated", cases[i].part, cases[i].whole);
        struct guard_options off = defaults;
        off.suppliers_gone = 100;
        guard_master(&off, &change, 10, "a", "a", "hash", NULL, &verdict);
        expect_guard("none", &verdict, "deactivated, off", cases[i].part, cases[i].whole);
    }
}
END_TEST

START_TEST(a_master_may_shrink_to_half_and_not_below)
{
    static const struct threshold cases[] = {
        {51, 100, "none"},  {50, 100, "none"}, {49, 100, "suppliers_shrunk"},
        {200, 100, "none"}, {1, 0, "none"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sluice_suppliers_change change = {.present_before = (uint32_t)cases[i].whole};
        struct guard_verdict verdict;
        guard_master(&defaults, &change, cases[i].part, "a", "a", "hash", NULL, &verdict);
        expect_guard(cases[i].expected, &verdict, "valid rows", cases[i].part, cases[i].whole);
        struct guard_options off = defaults;
        off.suppliers_shrunk = 100;
        guard_master(&off, &change, cases[i].part, "a", "a", "hash", NULL, &verdict);
        expect_guard("none", &verdict, "valid rows, off", cases[i].part, cases[i].whole);
    }
}
END_TEST

START_TEST(an_empty_master_is_held_unless_switched_off)
{
    struct sluice_suppliers_change change = {.active_before = 2};
    struct guard_options off = defaults;
    off.master_empty = false;
    struct guard_verdict verdict;
    guard_master(&defaults, &change, 0, NULL, "a", "hash", NULL, &verdict);
    expect_guard("master_empty", &verdict, "valid rows", 0, 0);
    guard_master(&off, &change, 0, NULL, "a", "hash", NULL, &verdict);
    expect_guard("none", &verdict, "valid rows, off", 0, 0);
}
END_TEST

START_TEST(a_master_with_another_header_is_held_unless_switched_off)
{
    struct sluice_suppliers_change change = {.active_before = 2};
    struct guard_options off = defaults;
    off.master_changed = false;
    struct guard_verdict verdict;
    guard_master(&defaults, &change, 5, "a", "b", "hash", NULL, &verdict);
    expect_guard("master_changed", &verdict, "signature", 0, 0);
    guard_master(&off, &change, 5, "a", "b", "hash", NULL, &verdict);
    expect_guard("none", &verdict, "signature, off", 0, 0);
    guard_master(&defaults, &change, 5, NULL, "b", "hash", NULL, &verdict);
    expect_guard("none", &verdict, "first signature", 0, 0);
}
END_TEST

START_TEST(an_approval_lets_the_same_content_or_a_figure_no_worse_pass)
{
    static const struct {
        const char *hash, *guard;
        double figure;
        const char *expected;
    } cases[] = {
        {"hash", "items_gone", 0.1, "none"},         {"hash", "prices_jumped", 0, "none"},
        {"other", "items_gone", 0.6, "none"},        {"other", "items_gone", 0.7, "none"},
        {"other", "items_gone", 0.59, "items_gone"}, {"other", "rows_rejected", 1, "items_gone"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sluice_approval approval = {.struct_size = sizeof approval,
                                           .content_hash = cases[i].hash,
                                           .guard = cases[i].guard,
                                           .figure = cases[i].figure};
        struct sluice_figures figures = {.gone = 60};
        struct sluice_snapshot_stat stat = {.items_before = 100};
        struct guard_verdict verdict;
        guard_list(&defaults, &figures, &stat, "hash", &approval, &verdict);
        expect_guard(cases[i].expected, &verdict, cases[i].guard, 60, 100);
    }
}
END_TEST

START_TEST(an_approval_of_one_guard_leaves_the_others_on_watch)
{
    struct sluice_approval approval = {
        .struct_size = sizeof approval, .content_hash = "other", .guard = "items_gone", .figure = 1};
    struct sluice_figures figures = {.gone = 60, .rows_read = 100, .rejected = 50};
    struct sluice_snapshot_stat stat = {.items_before = 100};
    struct guard_verdict verdict;
    guard_list(&defaults, &figures, &stat, "hash", &approval, &verdict);
    expect_guard("rows_rejected", &verdict, "rejected", 50, 100);
}
END_TEST

START_TEST(a_verdict_has_the_numbers_and_the_examples)
{
    static const char *const examples[] = {"a Ant", "b Bee"};
    struct sluice_figures figures = {.gone = 60};
    struct sluice_snapshot_stat stat = {.items_before = 100, .examples_gone = examples, .n_examples_gone = 2};
    struct guard_verdict verdict;
    guard_list(&defaults, &figures, &stat, "hash", NULL, &verdict);
    ck_assert_str_eq(verdict.message,
                     "The list would lose items: 60 of 100; the guard items_gone allows 50 %.");
    ck_assert(verdict.figure > 0.599 && verdict.figure < 0.601 && verdict.limit > 0.499 &&
              verdict.limit < 0.501);
    ck_assert_uint_eq(verdict.n_examples, 2);
    ck_assert_ptr_eq(verdict.examples, examples);
}
END_TEST

CHECK_MAIN("ingest.guard", a_list_may_lose_half_its_items_and_not_one_more, prices_may_jump_up_to_the_limit,
           rejects_are_counted_against_the_rows_that_are_no_headers_or_blanks,
           a_master_may_always_deactivate_three_and_else_a_fifth, a_master_may_shrink_to_half_and_not_below,
           an_empty_master_is_held_unless_switched_off,
           a_master_with_another_header_is_held_unless_switched_off,
           an_approval_lets_the_same_content_or_a_figure_no_worse_pass,
           an_approval_of_one_guard_leaves_the_others_on_watch, a_verdict_has_the_numbers_and_the_examples)
