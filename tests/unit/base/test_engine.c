/* SPDX-License-Identifier: Apache-2.0 */
/* Clock, random, tasks, errors and log lines. */
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "base/task.h"
#include "check_main.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int64_t fixed_time(const struct clock *clock)
{
    (void)clock;
    return INT64_C(1767225600123456); /* 2026-01-01T00:00:00.123456Z */
}

static const struct clock fixed_clock = {.wall_us = fixed_time, .monotonic_us = fixed_time};

static void counting_bytes(const struct random_source *random, void *bytes, size_t n)
{
    unsigned char *next = random->context;
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)bytes)[i] = (*next)++;
}

START_TEST(a_uuid_carries_time_version_and_variant)
{
    unsigned char next = 0;
    struct random_source counting = {.bytes = counting_bytes, .context = &next};
    char text[UUID_TEXT_SIZE];
    uuid_make(&counting, fixed_time(NULL), text);
    ck_assert_str_eq(text, "019b76da-a87b-7607-8809-0a0b0c0d0e0f");
}
END_TEST

START_TEST(random_numbers_stay_below_their_bound)
{
    for (int i = 0; i < 1000; i++)
        ck_assert_uint_lt(random_below(random_system(), 7), 7);
}
END_TEST

START_TEST(times_are_rfc_3339_in_utc)
{
    char text[TIME_TEXT_SIZE];
    time_format(fixed_time(NULL), text);
    ck_assert_str_eq(text, "2026-01-01T00:00:00Z");
    time_format_ms(fixed_time(NULL), text);
    ck_assert_str_eq(text, "2026-01-01T00:00:00.123Z");
    time_format(0, text);
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(times_are_read_as_rfc_3339_has_them)
{
    static const struct {
        const char *text;
        int64_t us;
    } good[] = {
        {"2026-01-01T00:00:00.123456Z", INT64_C(1767225600123456)},
        {"2026-01-01T03:00:00+03:00", INT64_C(1767225600000000)},
        {"2025-12-31 18:30:00.5-05:30", INT64_C(1767225600500000)},
        {"1969-12-31T23:59:59z", -US_PER_SECOND},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000000)},
        {"2026-01-01T00:00:00.1234567891Z", INT64_C(1767225600123456)},
    };
    static const char *const bad[] = {
        "",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00Z ",
        "2026-01-01T00:00:00+3:00",
        "0000-01-01T00:00:00Z",
        "26-01-01T00:00:00Z",
        "now",
    };
    int64_t us = 7;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_msg(time_parse(good[i].text, &us), "%s", good[i].text);
        ck_assert_int_eq(us, good[i].us);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!time_parse(bad[i], &us), "%s", bad[i]);
}
END_TEST

struct meeting {
    struct monitor *monitor;
    int arrived;
};

static void arrive(void *argument)
{
    const struct task_runtime *tasks = task_system();
    struct meeting *meeting = argument;
    tasks->enter(meeting->monitor);
    meeting->arrived++;
    tasks->wake_all(meeting->monitor);
    tasks->leave(meeting->monitor);
}

START_TEST(tasks_meet_in_a_monitor)
{
    const struct task_runtime *tasks = task_system();
    struct meeting meeting = {.monitor = tasks->monitor_new(tasks)};
    struct task *each[8];
    for (int i = 0; i < 8; i++)
        each[i] = tasks->spawn(tasks, arrive, &meeting);
    tasks->enter(meeting.monitor);
    while (meeting.arrived < 8)
        tasks->wait(meeting.monitor, 10000);
    tasks->leave(meeting.monitor);
    for (int i = 0; i < 8; i++)
        tasks->join(each[i]);
    tasks->monitor_free(meeting.monitor);
}
END_TEST

START_TEST(an_error_is_one_line_and_keeps_its_status_when_prefixed)
{
    struct sluice_error err;
    ck_assert_int_eq(error_set(&err, SLUICE_DATA, "row %d\nis bad", 7), SLUICE_DATA);
    ck_assert_int_eq(error_prefix(&err, "prices.csv"), SLUICE_DATA);
    ck_assert_str_eq(err.message, "prices.csv: row 7 is bad");
    ck_assert_int_eq(error_errno(&err, ENOSPC, "sluice.db"), SLUICE_IO);
    ck_assert_ptr_nonnull(strstr(err.message, "free some space"));
}
END_TEST

START_TEST(a_message_that_is_too_long_is_cut_between_characters)
{
    char text[3 * ERROR_MESSAGE_SIZE] = "x";
    while (strlen(text) < 2 * ERROR_MESSAGE_SIZE)
        strcat(text, "\xd0\x96");
    struct sluice_error err;
    error_set(&err, SLUICE_DATA, "%s", text);
    ck_assert_uint_eq(strlen(err.message), ERROR_MESSAGE_SIZE - 1);
    error_set(&err, SLUICE_DATA, "%s", text + 1);
    ck_assert_uint_eq(strlen(err.message), ERROR_MESSAGE_SIZE - 2);
}
END_TEST

static void keep_line(void *context, const char *line, size_t n)
{
    snprintf(context, 512, "%.*s", (int)n, line);
}

START_TEST(log_lines_are_one_line_in_both_forms)
{
    char line[512] = "";
    struct log log = {
        .level = SLUICE_INFO, .format = LOG_TEXT, .clock = &fixed_clock, .write = keep_line, .context = line};
    log_line(&log, SLUICE_DEBUG, NULL, "too quiet");
    ck_assert_str_eq(line, "");
    log_line(&log, SLUICE_WARNING, "run 1", "two\nlines");
    ck_assert_str_eq(line, "2026-01-01T00:00:00.123Z warning run 1: two\\nlines\n");
    log.format = LOG_JSON;
    log_line(&log, SLUICE_ERROR, NULL, "say \"no\"");
    ck_assert_str_eq(
        line, "{\"time\":\"2026-01-01T00:00:00.123Z\",\"level\":\"error\",\"message\":\"say \\\"no\\\"\"}\n");
}
END_TEST

CHECK_MAIN("base.engine", a_uuid_carries_time_version_and_variant, random_numbers_stay_below_their_bound,
           times_are_rfc_3339_in_utc, times_are_read_as_rfc_3339_has_them, tasks_meet_in_a_monitor,
           an_error_is_one_line_and_keeps_its_status_when_prefixed,
           a_message_that_is_too_long_is_cut_between_characters, log_lines_are_one_line_in_both_forms)
