/* SPDX-License-Identifier: Apache-2.0 */
/* Options become a schedule and a schedule gives times; what years of brute force check is in
 * run.schedule_year. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "config/config.h"
#include "schedule/schedule.h"

#include <stdio.h>
#include <string.h>

#define MS_PER_HOUR INT64_C(3600000)

static struct schedule *parsed(const struct schedule_options *options)
{
    struct schedule *schedule = NULL;
    const char *option = NULL;
    struct sluice_error err = {0};
    ck_assert_msg(schedule_parse(options, &schedule, &option, &err) == SLUICE_OK, "%s: %s", option,
                  err.message);
    return schedule;
}

static int64_t time_of(const char *text)
{
    int64_t us = 0;
    ck_assert_msg(time_parse(text, &us), "%s", text);
    return us;
}

/* The n times after `from`, joined by blanks, in the schedule's zone. */
static char *times_of(struct schedule *schedule, int64_t anchor_us, const char *from, size_t n)
{
    struct buffer text = BUFFER_INIT(65536);
    struct schedule_time time = {.nominal_us = time_of(from)};
    char one[SCHEDULE_TEXT_SIZE];
    for (size_t i = 0; i < n; i++) {
        ck_assert(schedule_next(schedule, anchor_us, time.nominal_us, &time));
        schedule_format(schedule, time.fire_us, one);
        buffer_printf(&text, "%s%s", i == 0 ? "" : " ", one);
    }
    return buffer_steal(&text);
}

static void times_are(const struct schedule_options *options, const char *anchor, const char *from,
                      const char *expected)
{
    _cleanup_(schedule_freep) struct schedule *schedule = parsed(options);
    size_t n = 1;
    for (const char *c = expected; *c != '\0'; c++)
        n += *c == ' ';
    _cleanup_free_ char *times = times_of(schedule, time_of(anchor), from, n);
    ck_assert_str_eq(times, expected);
}

static void refused(const struct schedule_options *options, const char *option, const char *why)
{
    struct schedule *schedule = NULL;
    const char *at = NULL;
    struct sluice_error err = {0};
    ck_assert_int_eq(schedule_parse(options, &schedule, &at, &err), SLUICE_CONFIG);
    ck_assert_ptr_null(schedule);
    ck_assert_str_eq(at, option);
    ck_assert_msg(strstr(err.message, why) != NULL, "\"%s\" does not say \"%s\"", err.message, why);
}

START_TEST(whole_hours_that_divide_a_day_follow_the_clock_whatever_the_anchor)
{
    times_are(&(struct schedule_options){.every.ms = 8 * MS_PER_HOUR, .timezone = "Europe/Kyiv"},
              "2026-01-01T05:17:00Z", "2026-03-28T20:00:00Z",
              "2026-03-29T00:00:00+02:00 2026-03-29T08:00:00+03:00 2026-03-29T16:00:00+03:00");
    times_are(&(struct schedule_options){.every.ms = 24 * MS_PER_HOUR}, "2026-01-01T05:17:00Z",
              "2026-03-28T00:00:00Z", "2026-03-29T00:00:00Z 2026-03-30T00:00:00Z");
}
END_TEST

START_TEST(other_intervals_are_counted_from_the_anchor_in_both_directions)
{
    const struct schedule_options five = {.every.ms = 5 * MS_PER_HOUR};
    times_are(&five, "2026-03-01T07:30:00Z", "2026-03-01T07:30:00Z",
              "2026-03-01T12:30:00Z 2026-03-01T17:30:00Z 2026-03-01T22:30:00Z 2026-03-02T03:30:00Z");
    times_are(&five, "2026-03-01T07:30:00Z", "2026-02-28T00:00:00Z",
              "2026-02-28T01:30:00Z 2026-02-28T06:30:00Z 2026-02-28T11:30:00Z");
    times_are(&(struct schedule_options){.every.ms = 48 * MS_PER_HOUR}, "2026-03-01T07:30:00Z",
              "2026-03-01T07:30:00Z", "2026-03-03T07:30:00Z 2026-03-05T07:30:00Z");
    times_are(&(struct schedule_options){.every.ms = 1500}, "2026-03-01T07:30:00Z", "2026-03-01T07:30:00Z",
              "2026-03-01T07:30:01.500Z 2026-03-01T07:30:03Z");
}
END_TEST

START_TEST(without_every_and_cron_it_is_each_eight_hours)
{
    _cleanup_(schedule_freep) struct schedule *schedule = parsed(&(struct schedule_options){.cron = NULL});
    ck_assert_str_eq(schedule_definition(schedule), "every 8h; UTC");
}
END_TEST

START_TEST(what_is_impossible_is_refused_with_its_option)
{
    refused(&(struct schedule_options){.every.ms = 999}, "every", "1s");
    refused(&(struct schedule_options){.every.ms = 8784 * MS_PER_HOUR + 1}, "every", "8784h");
    refused(&(struct schedule_options){.every.ms = 1000, .cron = "@daily"}, "every", "either");
    refused(&(struct schedule_options){.cron = "0 0 30 2 *"}, "cron", "never fires");
    refused(&(struct schedule_options){.cron = "61 * * * *"}, "cron", "minute \"61\"");
    refused(&(struct schedule_options){.cron = "* * * * mon-xyz"}, "cron", "day of the week \"mon-xyz\"");
    refused(&(struct schedule_options){.cron = "5-3 * * * *"}, "cron", "backwards");
    refused(&(struct schedule_options){.cron = "*/61 * * * *"}, "cron", "step");
    refused(&(struct schedule_options){.cron = "1,,2 * * * *"}, "cron", "minute");
    refused(&(struct schedule_options){.cron = ""}, "cron", "five or six");
    refused(&(struct schedule_options){.timezone = "EST"}, "timezone", "IANA");
    refused(&(struct schedule_options){.timezone = "GMT+3"}, "timezone", "IANA");
    refused(&(struct schedule_options){.timezone = "Europe/Atlantis"}, "timezone", "IANA");
    refused(&(struct schedule_options){.timezone = "Europe/K\xc3\xb6ln"}, "timezone", "IANA");
    refused(&(struct schedule_options){.jitter.ms = 25 * MS_PER_HOUR}, "jitter", "24h");
}
END_TEST

START_TEST(jitter_is_the_same_for_all_and_keeps_the_order)
{
    const struct schedule_options options = {.cron = "*/7 * * * *", .jitter.ms = MS_PER_HOUR};
    _cleanup_(schedule_freep) struct schedule *one = parsed(&options);
    _cleanup_(schedule_freep) struct schedule *other = parsed(&options);
    struct schedule_time a = {.nominal_us = time_of("2026-03-01T00:00:00Z")}, b;
    int64_t last_us = 0;
    unsigned delayed = 0;
    for (int i = 0; i < 1000; i++) {
        ck_assert(schedule_next(other, 0, a.nominal_us, &b));
        ck_assert(schedule_next(one, 0, a.nominal_us, &a));
        ck_assert_int_eq(a.fire_us, b.fire_us);
        ck_assert_int_ge(a.fire_us, a.nominal_us);
        ck_assert_int_gt(a.nominal_us, last_us);
        last_us = a.fire_us;
        delayed += a.fire_us != a.nominal_us;
    }
    ck_assert_uint_gt(delayed, 900);
}
END_TEST

START_TEST(a_midnight_that_is_left_out_is_the_first_instant_of_its_day)
{
    _cleanup_(schedule_freep) struct schedule *schedule =
        parsed(&(struct schedule_options){.every.ms = 7 * MS_PER_HOUR, .timezone = "America/Santiago"});
    char text[SCHEDULE_TEXT_SIZE];
    schedule_format(schedule, schedule_midnight(schedule, time_of("2026-09-06T12:00:00Z")), text);
    ck_assert_str_eq(text, "2026-09-06T01:00:00-03:00");
    int64_t midnight_us = time_of("2026-03-02T03:00:00Z");
    ck_assert_int_eq(schedule_midnight(schedule, midnight_us), midnight_us);
}
END_TEST

START_TEST(no_time_comes_after_the_year_9999)
{
    _cleanup_(schedule_freep) struct schedule *schedule =
        parsed(&(struct schedule_options){.cron = "@yearly"});
    struct schedule_time time;
    ck_assert(schedule_next(schedule, 0, time_of("9998-06-01T00:00:00Z"), &time));
    ck_assert(!schedule_next(schedule, 0, time_of("9999-06-01T00:00:00Z"), &time));
}
END_TEST

/* The documentation's table is the code's. */
START_TEST(the_documented_options_are_those_of_the_code)
{
    _cleanup_free_ char *table = NULL, *text = calloc(1, 65536);
    struct sluice_error err = {0};
    ck_assert_int_eq(config_option_table_markdown(schedule_option_table, schedule_option_count, &table, &err),
                     SLUICE_OK);
    _cleanup_fclose_ FILE *file = fopen(SLUICE_SOURCE_DIR "/docs/schedules.md", "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_gt(fread(text, 1, 65535, file), 0);
    ck_assert_msg(strstr(text, table) != NULL, "docs/schedules.md does not have this table:\n%s", table);
}
END_TEST

CHECK_MAIN("schedule.times", whole_hours_that_divide_a_day_follow_the_clock_whatever_the_anchor,
           other_intervals_are_counted_from_the_anchor_in_both_directions,
           without_every_and_cron_it_is_each_eight_hours, what_is_impossible_is_refused_with_its_option,
           jitter_is_the_same_for_all_and_keeps_the_order,
           a_midnight_that_is_left_out_is_the_first_instant_of_its_day, no_time_comes_after_the_year_9999,
           the_documented_options_are_those_of_the_code)
