/* SPDX-License-Identifier: Apache-2.0 */
/* A schedule as a value: from options to the times that it names. */
#include "schedule/schedule.h"

#include "base/clock.h"
#include "schedule/civil.h"
#include "schedule/cron_next.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define MS_PER_HOUR INT64_C(3600000)

static const int64_t every_least_ms = 1000, every_most_ms = 8784 * MS_PER_HOUR; /* a leap year */
static const int64_t jitter_most_ms = 24 * MS_PER_HOUR;

struct schedule {
    int64_t every_us; /* elapsed time from the anchor, or 0: cron */
    struct cron cron;
    struct zone *zone;
    char *timezone, *rule, *definition;
    struct schedule_rules rules;
};

/* "90m", "8h": in the largest unit that divides it. */
static void every_format(int64_t ms, char *ret_text, size_t size)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"h", MS_PER_HOUR}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
    size_t unit = 0;
    while (ms % units[unit].ms != 0)
        unit++;
    snprintf(ret_text, size, "%" PRId64 "%s", ms / units[unit].ms, units[unit].name);
}

/* What follows the clock is another schedule in another zone. */
static enum sluice_status define(struct schedule *schedule, const char *kind, const char *text,
                                 const char *timezone, struct sluice_error *err)
{
    if (asprintf(&schedule->rule, "%s %s", kind, text) < 0) {
        schedule->rule = NULL;
        return error_no_memory(err);
    }
    if (asprintf(&schedule->definition, "%s%s%s", schedule->rule, timezone == NULL ? "" : "; ",
                 timezone == NULL ? "" : timezone) < 0) {
        schedule->definition = NULL;
        return error_no_memory(err);
    }
    return SLUICE_OK;
}

/* Whole hours that divide a day follow the clock. */
static enum sluice_status every_parse(int64_t ms, struct schedule *schedule, struct sluice_error *err)
{
    char text[32], expression[32];
    every_format(ms, text, sizeof text);
    if (ms < every_least_ms || ms > every_most_ms)
        return error_set(err, SLUICE_CONFIG, "%s is out of range; write 1s to 8784h", text);
    bool of_clock = ms % MS_PER_HOUR == 0 && 24 % (ms / MS_PER_HOUR) == 0;
    enum sluice_status status = define(schedule, "every", text, of_clock ? schedule->timezone : NULL, err);
    if (status != SLUICE_OK)
        return status;
    if (!of_clock) {
        schedule->every_us = ms * US_PER_MS;
        return SLUICE_OK;
    }
    snprintf(expression, sizeof expression, "0 */%d * * *", (int)(ms / MS_PER_HOUR));
    return cron_parse(expression, &schedule->cron, err);
}

static enum sluice_status cron_option_parse(const char *text, struct schedule *schedule,
                                            struct sluice_error *err)
{
    enum sluice_status status = cron_parse(text, &schedule->cron, err);
    return status == SLUICE_OK ? define(schedule, "cron", text, schedule->timezone, err) : status;
}

/* Fills the schedule; *ret_option says where it stopped. */
static enum sluice_status parse(const struct schedule_options *options, struct schedule *schedule,
                                const char **ret_option, struct sluice_error *err)
{
    const char *timezone = options->timezone == NULL ? "UTC" : options->timezone;
    *ret_option = "timezone";
    enum sluice_status status = zone_open(timezone, &schedule->zone, err);
    if (status != SLUICE_OK)
        return status;
    schedule->timezone = strdup(timezone);
    if (schedule->timezone == NULL)
        return error_no_memory(err);
    *ret_option = "jitter";
    if (options->jitter.ms > jitter_most_ms)
        return error_set(err, SLUICE_CONFIG, "a jitter is 24h at most");
    schedule->rules = (struct schedule_rules){
        .overlap = (enum schedule_overlap)options->overlap.index,
        .catch_up = (enum schedule_catch_up)options->catch_up.index,
        .run_on_start = options->run_on_start,
        .jitter_us = options->jitter.ms * US_PER_MS,
    };
    *ret_option = "every";
    if (options->cron != NULL && options->every.ms != 0)
        return error_set(err, SLUICE_CONFIG, "a schedule has either every or cron; remove one of them");
    if (options->cron == NULL)
        return every_parse(options->every.ms == 0 ? SCHEDULE_EVERY_DEFAULT : options->every.ms, schedule,
                           err);
    *ret_option = "cron";
    return cron_option_parse(options->cron, schedule, err);
}

enum sluice_status schedule_parse(const struct schedule_options *options, struct schedule **ret_schedule,
                                  const char **ret_option, struct sluice_error *err)
{
    struct schedule *schedule = calloc(1, sizeof *schedule);
    if (schedule == NULL)
        return error_no_memory(err);
    enum sluice_status status = parse(options, schedule, ret_option, err);
    if (status != SLUICE_OK) {
        schedule_free(schedule);
        return status;
    }
    *ret_schedule = schedule;
    return SLUICE_OK;
}

void schedule_free(struct schedule *schedule)
{
    if (schedule == NULL)
        return;
    zone_free(schedule->zone);
    free(schedule->timezone);
    free(schedule->rule);
    free(schedule->definition);
    free(schedule);
}

const char *schedule_definition(const struct schedule *schedule)
{
    return schedule->definition;
}

const char *schedule_rule(const struct schedule *schedule)
{
    return schedule->rule;
}

const char *schedule_timezone(const struct schedule *schedule)
{
    return schedule->timezone;
}

struct schedule_rules schedule_rules(const struct schedule *schedule)
{
    return schedule->rules;
}

/* ---- Times ----------------------------------------------------------------------------------------- */

static bool nominal_next(struct schedule *schedule, int64_t anchor_us, int64_t after_us, int64_t *ret_us)
{
    int64_t next_s;
    if (schedule->every_us != 0) {
        int64_t steps = divide_down(after_us - anchor_us, schedule->every_us) + 1;
        *ret_us = anchor_us + steps * schedule->every_us;
        return true;
    }
    if (!cron_next(&schedule->cron, schedule->zone, divide_down(after_us, US_PER_SECOND), &next_s))
        return false;
    *ret_us = next_s * US_PER_SECOND;
    return true;
}

/* Whole seconds below the jitter and below the gap to the following time, so that the order stays. */
static int64_t jitter_of(struct schedule *schedule, int64_t anchor_us, int64_t nominal_us)
{
    int64_t following_us, most_s = schedule->rules.jitter_us / US_PER_SECOND;
    if (most_s == 0)
        return 0;
    if (nominal_next(schedule, anchor_us, nominal_us, &following_us) &&
        (following_us - nominal_us) / US_PER_SECOND < most_s)
        most_s = (following_us - nominal_us) / US_PER_SECOND;
    if (most_s <= 0)
        return 0;
    uint64_t hash = XXH3_64bits_withSeed(SCHEDULE_NAME, strlen(SCHEDULE_NAME), (uint64_t)nominal_us);
    return (int64_t)(hash % (uint64_t)most_s) * US_PER_SECOND;
}

bool schedule_next(struct schedule *schedule, int64_t anchor_us, int64_t after_us,
                   struct schedule_time *ret_time)
{
    int64_t nominal_us;
    if (!nominal_next(schedule, anchor_us, after_us, &nominal_us))
        return false;
    *ret_time = (struct schedule_time){nominal_us, nominal_us + jitter_of(schedule, anchor_us, nominal_us)};
    return true;
}

int64_t schedule_midnight(struct schedule *schedule, int64_t at_us)
{
    static const struct cron midnight = {.seconds = 1,
                                         .minutes = 1,
                                         .hours = 1,
                                         .days = UINT32_MAX,
                                         .months = UINT16_MAX,
                                         .weekdays = UINT8_MAX};
    int64_t at_s = divide_down(at_us, US_PER_SECOND);
    int64_t found_s = at_s - 3 * SECONDS_PER_DAY, next_s; /* a zone may have left a day out */
    while (cron_next(&midnight, schedule->zone, found_s, &next_s) && next_s <= at_s)
        found_s = next_s;
    return found_s * US_PER_SECOND;
}

void schedule_format(struct schedule *schedule, int64_t us, char ret_text[SCHEDULE_TEXT_SIZE])
{
    int64_t seconds = divide_down(us, US_PER_SECOND);
    int64_t fraction = us - seconds * US_PER_SECOND;
    int64_t offset = zone_span_at(schedule->zone, seconds).offset_s;
    struct civil at = civil_of(seconds + offset);
    int n = snprintf(ret_text, SCHEDULE_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", (int)at.year, at.month,
                     at.day, at.hour, at.minute, at.second);
    if (fraction != 0)
        n += snprintf(ret_text + n, SCHEDULE_TEXT_SIZE - (size_t)n, ".%03d", (int)(fraction / US_PER_MS));
    int minutes = (int)(offset < 0 ? -offset : offset) / 60;
    if (offset == 0)
        snprintf(ret_text + n, SCHEDULE_TEXT_SIZE - (size_t)n, "Z");
    else
        snprintf(ret_text + n, SCHEDULE_TEXT_SIZE - (size_t)n, "%c%02d:%02d", offset < 0 ? '-' : '+',
                 minutes / 60, minutes % 60);
}
