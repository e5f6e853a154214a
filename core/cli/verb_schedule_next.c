/* SPDX-License-Identifier: Apache-2.0 */
/* schedule next: times of the configured schedule, or of one that the command line makes. */
#include "base/cleanup.h"
#include "cli/schedule_place.h"
#include "config/value.h"

#include <stdio.h>

enum { TIMES_BY_DEFAULT = 5 };

/* What to print: `first`, if it is known, and what follows. */
struct wish {
    struct schedule *schedule;
    int64_t anchor_us, after_us;
    uint32_t limit;
    enum rows { ROWS_LINES, ROWS_JSON_ARRAY } rows;
};

static void print(const struct wish *wish)
{
    char fire[SCHEDULE_TEXT_SIZE], nominal[SCHEDULE_TEXT_SIZE];
    struct schedule_time time;
    int64_t after_us = wish->after_us;
    uint32_t n = 0;
    while (n < wish->limit && !ferror(stdout) &&
           schedule_next(wish->schedule, wish->anchor_us, after_us, &time)) {
        after_us = time.nominal_us;
        schedule_format(wish->schedule, time.fire_us, fire);
        schedule_format(wish->schedule, time.nominal_us, nominal);
        if (wish->rows == ROWS_LINES)
            puts(fire);
        else
            printf("%s{\"scheduled_at\": \"%s\", \"nominal_at\": \"%s\"}", n == 0 ? "[" : ",\n ", fire,
                   nominal);
        n++;
    }
    if (wish->rows == ROWS_JSON_ARRAY)
        puts(n == 0 ? "[]" : "]");
}

/* ---- Of the command line --------------------------------------------------------------------------- */

static enum exit_code next_of_words(const struct invocation *invocation, struct wish *wish)
{
    _cleanup_(schedule_freep) struct schedule *schedule = NULL;
    const char *every = given_text(invocation, OPTION_EVERY), *option;
    struct schedule_options options = {.cron = given_text(invocation, OPTION_CRON),
                                       .timezone = given_text(invocation, OPTION_TIMEZONE)};
    struct sluice_error err = {0};
    if (every == NULL && options.cron == NULL)
        return usage_error(invocation->command, "--timezone goes with --cron or --every");
    if (every != NULL && (!value_duration(every, &options.every) || options.every.ms == 0))
        return usage_error(invocation->command, "--every wants a duration like 90s, 5m or 8h, not '%s'",
                           every);
    if (schedule_parse(&options, &schedule, &option, &err) != SLUICE_OK)
        return usage_error(invocation->command, "--%s: %s", option, err.message);
    wish->schedule = schedule;
    wish->anchor_us = schedule_midnight(schedule, wish->after_us);
    print(wish);
    return EXIT_DONE;
}

/* ---- Of the configuration -------------------------------------------------------------------------- */

static enum exit_code next_of_configuration(const struct invocation *invocation, struct wish *wish)
{
    _cleanup_(schedule_place_close) struct schedule_place place = {.schedule = NULL};
    struct schedule_look look = {0};
    struct sluice_error err = {0};
    enum exit_code code = schedule_place_try(invocation, &place);
    if (code != EXIT_DONE)
        return code;
    if (schedule_place_peek(&place, &look, &err) != SLUICE_OK)
        return output_error(&err);
    if (look.paused)
        output_note("the schedule is paused: none of these will run until `sluice schedule resume`");
    wish->schedule = place.schedule;
    wish->anchor_us = look.anchor_us;
    if (!given_flag(invocation, OPTION_FROM))
        wish->after_us = look.next.nominal_us - 1;
    print(wish);
    return EXIT_DONE;
}

enum exit_code verb_schedule_next(const struct invocation *invocation)
{
    const struct clock *clock = clock_system();
    const char *from = given_text(invocation, OPTION_FROM);
    struct wish wish = {.after_us = clock->wall_us(clock),
                        .limit = TIMES_BY_DEFAULT,
                        .rows = given_flag(invocation, OPTION_JSON) ? ROWS_JSON_ARRAY : ROWS_LINES};
    enum exit_code code = given_limit(invocation, &wish.limit);
    if (code != EXIT_DONE)
        return code;
    if (from != NULL && !time_parse(from, &wish.after_us))
        return usage_error(invocation->command, "--from wants a time like 2026-03-01T08:00:00Z, not '%s'",
                           from);
    bool of_words = given_flag(invocation, OPTION_CRON) || given_flag(invocation, OPTION_EVERY) ||
                    given_flag(invocation, OPTION_TIMEZONE);
    return of_words ? next_of_words(invocation, &wish) : next_of_configuration(invocation, &wish);
}
