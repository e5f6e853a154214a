/* SPDX-License-Identifier: Apache-2.0 */
/* schedule why: what became of one time of the schedule, from the rows of its account. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/schedule_place.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct answer {
    char state[16];                   /* of the row, or "due", "none", "not_kept" */
    char run_id[SLUICE_ID_SIZE];      /* or "" */
    char outcome[32];                 /* of that run, or "" */
    char nominal[SCHEDULE_TEXT_SIZE]; /* the time that was asked for */
    char why[512];
};

/* ---- What else the store knows --------------------------------------------------------------------- */

static void copy_cell(char *ret_text, size_t size, struct sluice_cell cell)
{
    snprintf(ret_text, size, "%.*s", (int)cell.len, cell.ptr == NULL ? "" : cell.ptr);
}

static enum sluice_status keep_run(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct answer *answer = context;
    struct sluice_cell outcome = column_cell(columns, cells, n, "outcome");
    copy_cell(answer->outcome, sizeof answer->outcome,
              outcome.len > 0 ? outcome : column_cell(columns, cells, n, "state"));
    return SLUICE_END;
}

/* How the answer's run stands: its outcome, or its state while it has none. */
static enum sluice_status run_find(const struct schedule_place *place, struct answer *answer,
                                   struct sluice_error *err)
{
    const struct sluice_query query = {
        .struct_size = sizeof query, .what = SLUICE_QUERY_RUNS, .run_id = answer->run_id, .limit = 1};
    const struct sluice_sink sink = {answer, keep_run};
    return answer->run_id[0] == '\0' ? SLUICE_OK : store_reader_query(&place->reader, &query, &sink, err);
}

struct pause {
    int64_t at_us; /* one that was in force then */
    char text[256];
};

/* The trail comes newest first: the first pause that is not later. */
static enum sluice_status keep_pause(void *context, const struct sluice_column *columns,
                                     const struct sluice_cell *cells, size_t n)
{
    struct pause *pause = context;
    char at[TIME_TEXT_SIZE];
    int64_t at_us = 0;
    copy_cell(at, sizeof at, column_cell(columns, cells, n, "created_at"));
    if (!text_is(column_cell(columns, cells, n, "what"), "schedule pause") || !time_parse(at, &at_us) ||
        at_us > pause->at_us)
        return SLUICE_OK;
    struct sluice_cell who = column_cell(columns, cells, n, "who");
    struct sluice_cell reason = column_cell(columns, cells, n, "detail");
    snprintf(pause->text, sizeof pause->text, " by %.*s%s%.*s", (int)who.len, who.ptr == NULL ? "" : who.ptr,
             reason.len == 0 ? "" : ": ", (int)reason.len, reason.ptr == NULL ? "" : reason.ptr);
    return SLUICE_END;
}

static enum sluice_status pause_find(const struct schedule_place *place, struct pause *pause,
                                     struct sluice_error *err)
{
    const struct sluice_query query = {.struct_size = sizeof query, .what = SLUICE_QUERY_AUDIT};
    const struct sluice_sink sink = {pause, keep_pause};
    return store_reader_query(&place->reader, &query, &sink, err);
}

/* ---- Answers --------------------------------------------------------------------------------------- */

static enum sluice_status answer_row(const struct schedule_place *place, const struct tick_row *row,
                                     const struct schedule_time *asked, struct answer *answer,
                                     struct sluice_error *err)
{
    struct pause pause = {.at_us = asked->fire_us};
    char first[SCHEDULE_TEXT_SIZE], many[128] = "";
    memcpy(answer->state, row->state, sizeof answer->state);
    memcpy(answer->run_id, row->run_id, sizeof answer->run_id);
    enum sluice_status status = run_find(place, answer, err);
    if (status == SLUICE_OK && strcmp(row->state, "paused") == 0)
        status = pause_find(place, &pause, err);
    schedule_format(place->schedule, row->nominal_us, first);
    if (row->count > 1)
        snprintf(many, sizeof many, " (with it %llu times from %s on)", (unsigned long long)row->count,
                 first);
    if (strcmp(row->state, "ran") == 0)
        snprintf(answer->why, sizeof answer->why, "it ran as run %s: %s", row->run_id,
                 answer->outcome[0] == '\0' ? "which is no longer kept" : answer->outcome);
    else if (strcmp(row->state, "paused") == 0)
        snprintf(answer->why, sizeof answer->why, "the schedule was paused%s%s", pause.text, many);
    else if (strcmp(row->state, "missed") == 0)
        snprintf(answer->why, sizeof answer->why,
                 "it was missed: no process looked at the schedule in time%s; is `sluice run` at work?",
                 many);
    else if (row->run_id[0] != '\0')
        snprintf(answer->why, sizeof answer->why, "it was skipped: run %s was still at work then",
                 row->run_id);
    else
        snprintf(answer->why, sizeof answer->why,
                 "it was skipped: it waited for a run's end, and a later time took its place");
    return status;
}

static void answer_due(const struct schedule_place *place, const struct schedule_look *look,
                       const struct schedule_time *asked, struct answer *answer)
{
    char fire[SCHEDULE_TEXT_SIZE];
    schedule_format(place->schedule, asked->fire_us, fire);
    snprintf(answer->state, sizeof answer->state, "due");
    if (look->paused)
        snprintf(answer->why, sizeof answer->why,
                 "it comes at %s, and will not run unless the schedule is resumed before", fire);
    else if (look->waiting && asked->fire_us <= look->now_us)
        snprintf(answer->why, sizeof answer->why, "it waits for the end of the run at work");
    else if (asked->fire_us <= look->now_us)
        snprintf(answer->why, sizeof answer->why,
                 "it is due since %s and no process has looked; is `sluice run` at work?", fire);
    else
        snprintf(answer->why, sizeof answer->why, "it has not come yet; it runs at %s", fire);
}

/* The time that was asked for, by its nominal time or by the one at which it fires; false when none is so. */
static bool time_find(const struct schedule_place *place, const struct schedule_look *look, int64_t at_us,
                      struct schedule_time *ret_time)
{
    int64_t after_us = at_us - schedule_rules(place->schedule).jitter_us - 1;
    while (schedule_next(place->schedule, look->anchor_us, after_us, ret_time) &&
           ret_time->nominal_us <= at_us) {
        if (ret_time->nominal_us == at_us || ret_time->fire_us == at_us)
            return true;
        after_us = ret_time->nominal_us;
    }
    return false;
}

static void answer_none(const struct schedule_place *place, const struct schedule_time *following,
                        struct answer *answer)
{
    char text[SCHEDULE_TEXT_SIZE];
    schedule_format(place->schedule, following->nominal_us, text);
    snprintf(answer->state, sizeof answer->state, "none");
    snprintf(answer->why, sizeof answer->why, "it is no time of this schedule (%s); the following one is %s",
             schedule_definition(place->schedule), text);
}

static enum sluice_status answer_make(const struct schedule_place *place, int64_t at_us,
                                      struct answer *answer, struct sluice_error *err)
{
    struct schedule_look look = {0};
    struct schedule_time asked = {0};
    struct tick_row row = {0};
    const struct sluice_schedule *kept = NULL;
    enum sluice_status status = schedule_place_peek(place, &look, err);
    if (status != SLUICE_OK)
        return status;
    bool is_time = time_find(place, &look, at_us, &asked);
    if (!is_time)
        answer_none(place, &asked, answer);
    int64_t nominal_us = is_time ? asked.nominal_us : at_us;
    schedule_format(place->schedule, nominal_us, answer->nominal);
    status = schedule_place_tick(place, nominal_us, &row, err);
    if (status == SLUICE_OK && (row.nominal_us == nominal_us || (is_time && row.count > 1)))
        return answer_row(place, &row, &asked, answer, err);
    if ((status != SLUICE_OK && status != SLUICE_END) || !is_time)
        return status == SLUICE_END ? SLUICE_OK : status;
    status = place->book.calls->schedule_get(place->book.self, SCHEDULE_NAME, &kept, err);
    if (status == SLUICE_END || (status == SLUICE_OK && nominal_us > kept->accounted_us)) {
        answer_due(place, &look, &asked, answer);
        return SLUICE_OK;
    }
    snprintf(answer->state, sizeof answer->state, "not_kept");
    snprintf(
        answer->why, sizeof answer->why,
        "nothing is kept of it: it lies before the schedule was first used or changed, or its row was old "
        "enough to be deleted");
    return status;
}

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

enum exit_code verb_schedule_why(const struct invocation *invocation)
{
    _cleanup_(schedule_place_close) struct schedule_place place = {.schedule = NULL};
    struct answer answer = {.state = ""};
    struct sluice_error err = {0};
    int64_t at_us;
    if (!time_parse(invocation->arguments[0], &at_us))
        return usage_error(invocation->command, "a time looks like 2026-03-01T08:00:00Z, not '%s'",
                           invocation->arguments[0]);
    enum exit_code code = schedule_place_open(invocation, &place);
    if (code != EXIT_DONE)
        return code;
    if (answer_make(&place, at_us, &answer, &err) != SLUICE_OK)
        return output_error(&err);
    if (given_flag(invocation, OPTION_JSON)) {
        json_t *json = json_pack("{s:s, s:s, s:s?, s:s?, s:s}", "nominal_at", answer.nominal, "state",
                                 answer.state, "run_id", or_null(answer.run_id), "run_outcome",
                                 or_null(answer.outcome), "why", answer.why);
        json_dumpf(json, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(json);
    } else {
        printf("%s: ", answer.nominal);
        output_text(stdout, text_of(answer.why));
        putchar('\n');
    }
    return strcmp(answer.state, "none") == 0 ? EXIT_FAILED : EXIT_DONE;
}
