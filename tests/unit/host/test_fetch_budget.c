/* SPDX-License-Identifier: Apache-2.0 */
/* Budgets: every attempt is paid from a token bucket, and a quota that is used up is no failure. */
#include "web.h"

#include "host/buckets.h"

static enum sluice_status take_slowly(void *context, const struct sluice_budget *budget, int64_t *ret_wait_ms,
                                      struct sluice_error *err)
{
    int *calls = context;
    (void)err;
    ck_assert_str_eq(budget->name, "reads");
    *ret_wait_ms = ++*calls == 1 ? budget->cost : 0;
    return SLUICE_OK;
}

START_TEST(each_attempt_pays_its_budget_first)
{
    struct web web;
    int calls = 0;
    struct sluice_budget budget = {.name = "reads", .per_minute = 60, .burst = 1, .cost = 1};
    const struct sluice_fetch_request request = {.budgets = &budget, .n_budgets = 1};
    web_open(&web, serve_third_time);
    web.bench.services.take = take_slowly;
    web.bench.services.take_context = &calls;
    assert_status(&web.bench, web_request(&web, "/", request), SLUICE_OK);
    ck_assert_int_eq(calls, 4); /* one waits, then three attempts */
    budget.cost = 600000;
    calls = 0;
    assert_status(&web.bench, web_request(&web, "/", request), SLUICE_RETRY);
    assert_says(&web.bench, "'reads' is used up");
    ck_assert_int_eq(web.bench.err.retry_after_ms, 600000);
    ck_assert_uint_eq(web.server.connections, 3);
    web_close(&web);
}
END_TEST

static void count_waits(void *context, int64_t wait_ms)
{
    ck_assert_int_gt(wait_ms, 0);
    ++*(int *)context;
}

START_TEST(a_quota_that_is_used_up_is_said_and_is_no_failure)
{
    struct web web;
    char many[] = "429 Many", later[] = "503 Later";
    int waits = 0;
    web_open(&web, serve_context);
    web.server.context = many;
    web.bench.services.waits = count_waits;
    web.bench.services.take_context = &waits;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
    ck_assert(web.bench.err.quota);
    ck_assert_int_gt(waits, 0);
    web.server.context = later;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
    ck_assert(!web.bench.err.quota);
    web_close(&web);
}
END_TEST

START_TEST(without_a_state_backend_the_process_counts)
{
    struct web web;
    int waits = 0;
    const struct sluice_budget budget = {.name = "reads", .per_minute = 60, .burst = 4, .cost = 1};
    const struct sluice_fetch_request request = {.budgets = &budget, .n_budgets = 1};
    web_open(&web, serve_hello);
    web.bench.services.buckets = buckets_new(web.bench.services.clock);
    web.bench.services.waits = count_waits;
    web.bench.services.take_context = &waits;
    for (int i = 0; i < 5; i++)
        assert_status(&web.bench, web_request(&web, "/", request), SLUICE_OK);
    ck_assert_int_gt(waits, 0);
    buckets_free(web.bench.services.buckets);
    web.bench.services.buckets = NULL;
    web_close(&web);
}
END_TEST

CHECK_MAIN("host.fetch_budget", each_attempt_pays_its_budget_first,
           a_quota_that_is_used_up_is_said_and_is_no_failure, without_a_state_backend_the_process_counts)
