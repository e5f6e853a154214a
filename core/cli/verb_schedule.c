/* SPDX-License-Identifier: Apache-2.0 */
/* schedule show, pause, resume. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/names.h"
#include "cli/schedule_place.h"

#include <jansson.h>
#include <stdio.h>

/* Everything that `show` tells, as text; "" where there is nothing. */
struct facts {
    struct schedule *schedule;
    struct schedule_look look;
    struct sluice_schedule kept; /* its texts belong to the store */
    struct tick_row last;        /* count 0: none yet */
    char next[SCHEDULE_TEXT_SIZE], nominal[SCHEDULE_TEXT_SIZE], since[SCHEDULE_TEXT_SIZE];
    char anchor[SCHEDULE_TEXT_SIZE], last_at[SCHEDULE_TEXT_SIZE];
};

static enum sluice_status facts_read(const struct schedule_place *place, struct facts *facts,
                                     struct sluice_error *err)
{
    const struct sluice_schedule *kept = NULL;
    facts->schedule = place->schedule;
    enum sluice_status status = schedule_place_peek(place, &facts->look, err);
    if (status == SLUICE_OK)
        status = schedule_place_tick(place, INT64_MAX, &facts->last, err);
    if ((status == SLUICE_OK || status == SLUICE_END) && place->book.calls != NULL)
        status = place->book.calls->schedule_get(place->book.self, SCHEDULE_NAME, &kept, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    if (kept != NULL)
        facts->kept = *kept;
    schedule_format(facts->schedule, facts->look.next.fire_us, facts->next);
    schedule_format(facts->schedule, facts->look.next.nominal_us, facts->nominal);
    if (facts->kept.anchor_us != 0)
        schedule_format(facts->schedule, facts->kept.anchor_us, facts->anchor);
    if (facts->look.paused)
        schedule_format(facts->schedule, facts->kept.paused_us, facts->since);
    if (facts->last.count > 0)
        schedule_format(facts->schedule, facts->last.nominal_us, facts->last_at);
    return SLUICE_OK;
}

static const char *overlap_name(const struct schedule *schedule)
{
    return schedule_rules(schedule).overlap == SCHEDULE_OVERLAP_SKIP ? "skip" : "queue-one";
}

static const char *catch_up_name(const struct schedule *schedule)
{
    return schedule_rules(schedule).catch_up == SCHEDULE_CATCH_UP_NONE ? "none" : "once";
}

static void print_text(const struct facts *facts)
{
    printf("Schedule  ");
    output_text(stdout, text_of(schedule_definition(facts->schedule)));
    printf("\nOverlap   %s, catch-up %s\n", overlap_name(facts->schedule), catch_up_name(facts->schedule));
    if (facts->look.paused) {
        printf("Paused    since %s by ", facts->since);
        output_text(stdout, text_of(facts->kept.by));
        printf(": ");
        output_text(stdout, text_of(facts->kept.reason == NULL ? "no reason given" : facts->kept.reason));
        printf("\nNext      %s, if it is resumed before\n", facts->next);
    } else {
        printf("Next      %s%s\n", facts->next,
               facts->look.waiting ? ", and once when the run at work has ended" : "");
    }
    if (facts->last.count == 1)
        printf("Last      %s %s%s%s\n", facts->last_at, facts->last.state,
               facts->last.run_id[0] == '\0' ? "" : ", run ", facts->last.run_id);
    else if (facts->last.count > 1)
        printf("Last      %llu times from %s on: %s\n", (unsigned long long)facts->last.count, facts->last_at,
               facts->last.state);
    else
        puts("Last      none yet");
}

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

static void print_json(const struct facts *facts)
{
    const struct schedule_rules rules = schedule_rules(facts->schedule);
    const struct tick_row *last = &facts->last;
    json_t *tick = last->count == 0 ? json_null()
                                    : json_pack("{s:s, s:s, s:s?, s:I}", "nominal_at", facts->last_at,
                                                "state", last->state, "run_id", or_null(last->run_id),
                                                "count", (json_int_t)last->count);
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:s, s:b, s:I, s:s?, s:b, s:s?, s:s?, s:s?, s:b, s:s, s:s, s:o}", "definition",
        schedule_definition(facts->schedule), "timezone", schedule_timezone(facts->schedule), "overlap",
        overlap_name(facts->schedule), "catch_up", catch_up_name(facts->schedule), "run_on_start",
        (int)rules.run_on_start, "jitter_s", (json_int_t)(rules.jitter_us / US_PER_SECOND), "anchor",
        or_null(facts->anchor), "paused", (int)facts->look.paused, "paused_since", or_null(facts->since),
        "paused_by", facts->look.paused ? facts->kept.by : NULL, "reason",
        facts->look.paused ? facts->kept.reason : NULL, "waiting", (int)facts->look.waiting,
        "next_scheduled_at", facts->next, "next_nominal_at", facts->nominal, "last_tick", tick);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

enum exit_code verb_schedule_show(const struct invocation *invocation)
{
    _cleanup_(schedule_place_close) struct schedule_place place = {.schedule = NULL};
    struct facts facts = {.schedule = NULL};
    struct sluice_error err = {0};
    enum exit_code code = schedule_place_try(invocation, &place);
    if (code != EXIT_DONE)
        return code;
    if (facts_read(&place, &facts, &err) != SLUICE_OK)
        return output_error(&err);
    if (given_flag(invocation, OPTION_JSON))
        print_json(&facts);
    else
        print_text(&facts);
    return EXIT_DONE;
}

/* ---- Pausing --------------------------------------------------------------------------------------- */

static enum exit_code say_pause(const struct invocation *invocation, const struct schedule_place *place)
{
    struct schedule_look look = {0};
    struct sluice_error err = {0};
    char next[SCHEDULE_TEXT_SIZE];
    if (schedule_place_peek(place, &look, &err) != SLUICE_OK)
        return output_error(&err);
    schedule_format(place->schedule, look.next.fire_us, next);
    if (given_flag(invocation, OPTION_JSON))
        printf("{\"paused\": %s, \"next_scheduled_at\": \"%s\"}\n", look.paused ? "true" : "false", next);
    else if (look.paused)
        puts("Paused: nothing is synced by itself until `sluice schedule resume`.");
    else
        printf("It runs: next at %s.\n", next);
    return EXIT_DONE;
}

enum exit_code verb_schedule_pause(const struct invocation *invocation)
{
    _cleanup_(schedule_place_close) struct schedule_place place = {.schedule = NULL};
    _cleanup_free_ char *by = user_name();
    struct sluice_error err = {0};
    enum exit_code code = schedule_place_open(invocation, &place);
    if (code != EXIT_DONE)
        return code;
    if (by == NULL) {
        error_no_memory(&err);
        return output_error(&err);
    }
    const char *reason = given_text(invocation, OPTION_REASON);
    if (schedule_pause(place.schedule, &place.book, reason, by, NULL, &err) != SLUICE_OK)
        return output_error(&err);
    return say_pause(invocation, &place);
}

enum exit_code verb_schedule_resume(const struct invocation *invocation)
{
    _cleanup_(schedule_place_close) struct schedule_place place = {.schedule = NULL};
    _cleanup_free_ char *by = user_name();
    struct sluice_error err = {0};
    enum exit_code code = schedule_place_open(invocation, &place);
    if (code != EXIT_DONE)
        return code;
    if (by == NULL) {
        error_no_memory(&err);
        return output_error(&err);
    }
    if (schedule_resume(place.schedule, &place.book, by, NULL, &err) != SLUICE_OK)
        return output_error(&err);
    return say_pause(invocation, &place);
}
