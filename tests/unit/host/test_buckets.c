/* SPDX-License-Identifier: Apache-2.0 */
/* Budgets that one process counts by itself. */
#include "check_main.h"

#include "host/buckets.h"

static int64_t now_us;

static int64_t test_now(const struct clock *clock)
{
    (void)clock;
    return now_us;
}

static const struct clock test_clock = {.wall_us = test_now, .monotonic_us = test_now};

START_TEST(a_full_bucket_gives_its_burst_and_then_one_token_after_another)
{
    struct buckets *buckets = buckets_new(&test_clock);
    const struct sluice_budget budget = {.name = "reads", .per_minute = 60, .burst = 3, .cost = 1};
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(buckets_take(buckets, &budget), 0);
    int64_t wait_ms = buckets_take(buckets, &budget);
    ck_assert_msg(wait_ms >= 1000 && wait_ms <= 1002, "it takes %lld ms to the next token",
                  (long long)wait_ms);
    now_us += wait_ms * US_PER_MS;
    ck_assert_int_eq(buckets_take(buckets, &budget), 0);
    ck_assert_int_gt(buckets_take(buckets, &budget), 0);
    buckets_free(buckets);
}
END_TEST

START_TEST(no_minute_has_more_than_burst_and_rate)
{
    struct buckets *buckets = buckets_new(&test_clock);
    const struct sluice_budget budget = {.name = "reads", .per_minute = 56, .burst = 4, .cost = 1};
    int64_t begun_us = now_us;
    int taken = 0;
    while (now_us < begun_us + 60 * US_PER_SECOND) {
        int64_t wait_ms = buckets_take(buckets, &budget);
        taken += wait_ms == 0;
        now_us += (wait_ms == 0 ? 1 : wait_ms) * US_PER_MS;
    }
    ck_assert_msg(taken <= 60 && taken >= 57, "%d in a minute", taken);
    buckets_free(buckets);
}
END_TEST

START_TEST(a_bucket_never_holds_more_than_its_burst_and_others_are_apart)
{
    struct buckets *buckets = buckets_new(&test_clock);
    const struct sluice_budget one = {.name = "one", .per_minute = 60, .burst = 2, .cost = 2};
    const struct sluice_budget other = {.name = "other", .per_minute = 60, .burst = 1, .cost = 1};
    ck_assert_int_eq(buckets_take(buckets, &one), 0);
    now_us += 3600 * US_PER_SECOND;
    ck_assert_int_eq(buckets_take(buckets, &one), 0);
    ck_assert_int_gt(buckets_take(buckets, &one), 0);
    ck_assert_int_eq(buckets_take(buckets, &other), 0);
    buckets_free(buckets);
}
END_TEST

CHECK_MAIN("host.buckets", a_full_bucket_gives_its_burst_and_then_one_token_after_another,
           no_minute_has_more_than_burst_and_rate,
           a_bucket_never_holds_more_than_its_burst_and_others_are_apart)
