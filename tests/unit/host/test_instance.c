/* SPDX-License-Identifier: Apache-2.0 */
/* What a plugin sees of its host: instances, memo, cancellation, deadlines. */
#include "services.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

START_TEST(a_refused_creation_tells_the_plugins_reason)
{
    struct bench bench;
    bench_open(&bench);
    struct good_options options = {.mode = "refuse", .number = 42};
    struct instance *instance = NULL;
    assert_status(
        &bench,
        instance_create(&bench.services, bench.instance->plugin, &options, NULL, &instance, &bench.err),
        SLUICE_CONFIG);
    ck_assert_str_eq(bench.err.message, "number 42 is refused");
    ck_assert_ptr_null(instance);
    bench_close(&bench);
}
END_TEST

static void reject_note(void *context, const struct sluice_source_reject *reject)
{
    ck_assert_uint_eq(reject->line, 7);
    ck_assert_str_eq(reject->code, "broken_row");
    snprintf(context, 64, "%s", reject->message);
}

START_TEST(a_row_that_a_source_cannot_decode_reaches_its_listener)
{
    struct bench bench;
    char heard[64] = "";
    void *cursor;
    const struct sluice_description *description;
    const struct sluice_open_request request = {.struct_size = sizeof request, .location = "somewhere"};
    bench_open(&bench);
    const struct sluice_source *source = bench.instance->plugin->source;
    assert_status(&bench, source->open(bench.instance->self, &request, &cursor, &description, &bench.err),
                  SLUICE_OK);
    instance_on_reject(bench.instance, reject_note, heard);
    assert_status(&bench, source->open(bench.instance->self, &request, &cursor, &description, &bench.err),
                  SLUICE_OK);
    ck_assert_str_eq(heard, "somewhere");
    bench_close(&bench);
}
END_TEST

START_TEST(retry_carries_its_delay)
{
    struct bench bench;
    bench_open(&bench);
    const struct sluice_host *host = bench.instance->host;
    assert_status(&bench, host->retry(host, &bench.err, 1500, "quota of %s", "today"), SLUICE_RETRY);
    ck_assert_int_eq(bench.err.retry_after_ms, 1500);
    ck_assert_str_eq(bench.err.message, "quota of today");
    bench_close(&bench);
}
END_TEST

static void line_keep(void *context, const char *line, size_t n)
{
    snprintf(context, 256, "%.*s", (int)n, line);
}

START_TEST(a_log_line_says_who_speaks)
{
    struct bench bench;
    char line[256] = "";
    const struct log log = {
        .level = SLUICE_INFO, .clock = clock_system(), .write = line_keep, .context = line};
    bench_open(&bench);
    bench.services.log = &log;
    bench.instance->host->log(bench.instance->host, SLUICE_WARNING, "odd %d", 5);
    ck_assert_msg(strstr(line, "test: odd 5") != NULL, "%s", line);
    bench_close(&bench);
}
END_TEST

static void *request_soon(void *argument)
{
    cancel_request(argument);
    return NULL;
}

START_TEST(a_sleep_ends_when_it_is_cancelled)
{
    struct bench bench;
    pthread_t thread;
    bench_open(&bench);
    const struct sluice_host *host = bench.instance->host;
    ck_assert(!host->cancelled(host));
    pthread_create(&thread, NULL, request_soon, bench.services.cancel);
    assert_status(&bench, host->sleep(host, &bench.err, 3600000), SLUICE_CANCELLED);
    pthread_join(thread, NULL);
    struct pollfd fd = {.fd = host->cancel_fd(host), .events = POLLIN};
    ck_assert(host->cancelled(host));
    ck_assert_int_eq(poll(&fd, 1, 0), 1);
    assert_status(&bench, host->sleep(host, &bench.err, 1), SLUICE_CANCELLED);
    bench_close(&bench);
}
END_TEST

START_TEST(a_job_may_be_cancelled_alone)
{
    struct bench bench;
    struct cancel *job = cancel_new();
    bench_open(&bench);
    const struct sluice_host *host = bench.instance->host;
    instance_cancel(bench.instance, job);
    cancel_request(job);
    ck_assert(host->cancelled(host));
    instance_cancel(bench.instance, NULL);
    ck_assert(!host->cancelled(host));
    cancel_free(job);
    bench_close(&bench);
}
END_TEST

START_TEST(a_deadline_that_has_passed_is_named)
{
    struct bench bench;
    const struct sluice_document *document;
    bench_open(&bench);
    const struct sluice_host *host = bench.instance->host;
    instance_deadline(bench.instance, host->monotonic_us(host) + 2000);
    assert_status(&bench, host->sleep(host, &bench.err, 3600000), SLUICE_RETRY);
    assert_says(&bench, "deadline of its job");
    assert_status(&bench, bench_fetch(&bench, bench_file(&bench, "a.csv", "x"), NULL, &document),
                  SLUICE_RETRY);
    assert_says(&bench, "deadline of its job");
    instance_deadline(bench.instance, 0);
    assert_status(&bench, host->sleep(host, &bench.err, 1), SLUICE_OK);
    bench_close(&bench);
}
END_TEST

struct hand {
    struct clock clock;
    int64_t now_us;
};

static int64_t hand_us(const struct clock *clock)
{
    return ((const struct hand *)clock->context)->now_us;
}

START_TEST(a_memo_lasts_as_long_as_it_was_told)
{
    struct hand hand = {.clock = {.wall_us = hand_us, .monotonic_us = hand_us, .context = &hand}};
    struct memo *memo = memo_new(&hand.clock);
    char value[8];
    ck_assert_int_eq(memo_get(memo, "gsheets", "token", value, sizeof value), -1);
    memo_put(memo, "gsheets", "token", "0123456789", 1000);
    ck_assert_int_eq(memo_get(memo, "gsheets", "token", value, sizeof value), 10);
    ck_assert_str_eq(value, "0123456");
    ck_assert_int_eq(memo_get(memo, "other", "token", value, sizeof value), -1);
    hand.now_us = 999999;
    ck_assert_int_eq(memo_get(memo, "gsheets", "token", NULL, 0), 10);
    hand.now_us = 1000000;
    ck_assert_int_eq(memo_get(memo, "gsheets", "token", value, sizeof value), -1);
    memo_put(memo, "gsheets", "token", "new", INT64_MAX);
    memo_put(memo, "gsheets", "token", NULL, 0);
    ck_assert_int_eq(memo_get(memo, "gsheets", "token", value, sizeof value), -1);
    memo_free(memo);
}
END_TEST

START_TEST(a_full_memo_forgets_what_expires_first)
{
    struct hand hand = {.clock = {.wall_us = hand_us, .monotonic_us = hand_us, .context = &hand}};
    struct memo *memo = memo_new(&hand.clock);
    char key[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "key %d", i);
        memo_put(memo, "owner", key, "v", 1000 + i);
    }
    ck_assert_int_eq(memo_get(memo, "owner", "key 0", NULL, 0), -1);
    ck_assert_int_eq(memo_get(memo, "owner", "key 999", NULL, 0), 1);
    memo_free(memo);
}
END_TEST

static void *memo_use(void *argument)
{
    char value[16];
    for (int i = 0; i < 2000; i++) {
        memo_put(argument, "owner", i % 2 == 0 ? "a" : "b", "value", 1000);
        memo_get(argument, "owner", "a", value, sizeof value);
    }
    return NULL;
}

START_TEST(a_memo_serves_many_threads)
{
    struct memo *memo = memo_new(clock_system());
    pthread_t threads[4];
    for (size_t i = 0; i < ELEMENTS(threads); i++)
        pthread_create(&threads[i], NULL, memo_use, memo);
    for (size_t i = 0; i < ELEMENTS(threads); i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(memo_get(memo, "owner", "b", NULL, 0), 5);
    memo_free(memo);
}
END_TEST

CHECK_MAIN("host.instance", a_refused_creation_tells_the_plugins_reason,
           a_row_that_a_source_cannot_decode_reaches_its_listener, retry_carries_its_delay,
           a_log_line_says_who_speaks, a_sleep_ends_when_it_is_cancelled, a_job_may_be_cancelled_alone,
           a_deadline_that_has_passed_is_named, a_memo_lasts_as_long_as_it_was_told,
           a_full_memo_forgets_what_expires_first, a_memo_serves_many_threads)
