/* SPDX-License-Identifier: Apache-2.0 */
/* Each nominal time gets one row and at most one run, whatever befalls the workers and the store's clock. */
#include "check_main.h"
#include "desk.h"

#include "base/cleanup.h"

#include <stdio.h>
#include <string.h>

static const struct schedule_options hourly = {.every.ms = 3600000};
static const struct schedule_options seven_hours = {.every.ms = 7 * 3600000};

struct play {
    struct desk *desk;
    struct schedule *schedule;
};

static void play_end(struct play *play)
{
    schedule_free(play->schedule);
    desk_free(play->desk);
}

/* Two workers, the schedule in use since 07:30. */
static struct play play_begin(const struct schedule_options *options)
{
    struct play play = {desk_new("2026-03-01T07:30:00Z", 2), desk_schedule(options)};
    desk_look(play.desk, play.schedule, 0);
    return play;
}

static struct schedule_look look_at(struct play *play, const char *now)
{
    desk_at(play->desk, now);
    return desk_look(play->desk, play->schedule, 0);
}

static int64_t time_of(const char *text)
{
    int64_t us = 0;
    ck_assert(time_parse(text, &us));
    return us;
}

#define PLAY(options) _cleanup_(play_end) struct play play = play_begin(options)

START_TEST(the_first_look_begins_an_account_without_a_past)
{
    PLAY(&hourly);
    desk_ticks_are(play.desk, "");
    struct schedule_look look = look_at(&play, "2026-03-01T07:59:59Z");
    desk_ticks_are(play.desk, "");
    ck_assert_int_eq(look.next.nominal_us, time_of("2026-03-01T08:00:00Z"));
    ck_assert_int_eq(look.wait_ms, 1000);
}
END_TEST

START_TEST(what_is_due_runs_once_whoever_looks)
{
    PLAY(&hourly);
    struct schedule_look look = look_at(&play, "2026-03-01T08:00:00Z");
    ck_assert(look.ran);
    ck_assert_int_eq(strlen(look.run_id), SLUICE_ID_SIZE - 1);
    ck_assert(!desk_look(play.desk, play.schedule, 1).ran);
    ck_assert(!desk_look(play.desk, play.schedule, 0).ran);
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T08:00:00Z");
}
END_TEST

static struct schedule *meanwhile_schedule;

static void other_looks(struct desk *desk)
{
    desk_look(desk, meanwhile_schedule, 1);
}

START_TEST(of_two_that_look_at_once_one_writes)
{
    PLAY(&hourly);
    play.desk->meanwhile = other_looks;
    meanwhile_schedule = play.schedule;
    struct schedule_look look = look_at(&play, "2026-03-01T08:00:00Z");
    ck_assert(!look.ran);
    ck_assert_int_eq(look.next.nominal_us, time_of("2026-03-01T09:00:00Z"));
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T08:00:00Z");
}
END_TEST

static void other_looks_and_its_run_ends(struct desk *desk)
{
    other_looks(desk);
    desk_run_ends(desk);
}

START_TEST(one_that_was_slow_to_write_queues_no_second_run)
{
    PLAY(&hourly);
    play.desk->meanwhile = other_looks_and_its_run_ends;
    meanwhile_schedule = play.schedule;
    ck_assert(!look_at(&play, "2026-03-01T08:00:00Z").ran);
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T08:00:00Z");
}
END_TEST

/* ---- What goes wrong ------------------------------------------------------------------------------- */

START_TEST(a_reply_that_is_lost_makes_no_second_row)
{
    PLAY(&hourly);
    play.desk->fault = DESK_LOSES_REPLY;
    look_at(&play, "2026-03-01T08:00:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T08:00:00Z");
}
END_TEST

START_TEST(a_call_that_is_lost_is_made_again)
{
    PLAY(&hourly);
    play.desk->fault = DESK_LOSES_CALL;
    ck_assert(look_at(&play, "2026-03-01T08:00:00Z").ran);
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T08:00:00Z");
}
END_TEST

START_TEST(a_store_that_is_away_leaves_the_time_to_the_next_look)
{
    PLAY(&hourly);
    struct schedule_look look;
    play.desk->fault = DESK_REFUSES;
    desk_at(play.desk, "2026-03-01T08:00:00Z");
    ck_assert_int_eq(schedule_look(play.schedule, &play.desk->books[0], &look, &play.desk->err),
                     SLUICE_RETRY);
    desk_ticks_are(play.desk, "");
    desk_runs_are(play.desk, "");
    look_at(&play, "2026-03-01T08:00:05Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
}
END_TEST

START_TEST(a_store_clock_that_jumps_back_makes_no_second_row)
{
    PLAY(&hourly);
    look_at(&play, "2026-03-01T08:00:00Z");
    desk_run_ends(play.desk);
    struct schedule_look look = look_at(&play, "2026-03-01T07:00:00Z");
    ck_assert_int_eq(look.next.nominal_us, time_of("2026-03-01T09:00:00Z"));
    look_at(&play, "2026-03-01T08:00:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
    look_at(&play, "2026-03-01T09:00:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran|2026-03-01T09:00:00Z ran");
}
END_TEST

START_TEST(a_restart_changes_nothing_of_an_interval)
{
    PLAY(&seven_hours);
    for (int i = 0; i < 5; i++) {
        desk_restart(play.desk, 0);
        look_at(&play, "2026-03-01T14:29:59Z");
    }
    desk_ticks_are(play.desk, "");
    look_at(&play, "2026-03-01T14:30:00Z");
    desk_ticks_are(play.desk, "2026-03-01T14:30:00Z ran");
}
END_TEST

/* ---- Overlap --------------------------------------------------------------------------------------- */

START_TEST(a_time_during_a_run_is_skipped_and_names_it)
{
    PLAY(&hourly);
    char run_id[SLUICE_ID_SIZE];
    desk_run_begins(play.desk, run_id);
    struct schedule_look look = look_at(&play, "2026-03-01T08:00:00Z");
    ck_assert(!look.ran);
    ck_assert_int_eq(look.skipped, 1);
    ck_assert_str_eq(look.run_id, run_id);
    desk_run_ends(play.desk);
    look_at(&play, "2026-03-01T08:01:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z skipped");
    desk_runs_are(play.desk, "");
}
END_TEST

static const struct schedule_options queueing = {.every.ms = 3600000,
                                                 .overlap.index = SCHEDULE_OVERLAP_QUEUE_ONE};

START_TEST(with_queue_one_a_time_waits_for_the_end_of_the_run)
{
    PLAY(&queueing);
    char run_id[SLUICE_ID_SIZE];
    desk_run_begins(play.desk, run_id);
    ck_assert(look_at(&play, "2026-03-01T08:00:00Z").waiting);
    ck_assert(look_at(&play, "2026-03-01T08:50:00Z").waiting);
    desk_ticks_are(play.desk, "");
    desk_run_ends(play.desk);
    struct schedule_look look = look_at(&play, "2026-03-01T08:55:00Z");
    ck_assert(look.ran && !look.waiting);
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T08:00:00Z");
}
END_TEST

START_TEST(with_queue_one_only_the_newest_time_waits)
{
    PLAY(&queueing);
    char run_id[SLUICE_ID_SIZE];
    desk_run_begins(play.desk, run_id);
    look_at(&play, "2026-03-01T08:00:00Z");
    look_at(&play, "2026-03-01T09:00:00Z");
    look_at(&play, "2026-03-01T10:00:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z skipped|2026-03-01T09:00:00Z skipped");
    desk_run_ends(play.desk);
    look_at(&play, "2026-03-01T10:40:00Z");
    desk_ticks_are(play.desk,
                   "2026-03-01T08:00:00Z skipped|2026-03-01T09:00:00Z skipped|2026-03-01T10:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T10:00:00Z");
}
END_TEST

START_TEST(what_waits_survives_a_restart_and_an_absence)
{
    PLAY(&queueing);
    char run_id[SLUICE_ID_SIZE];
    desk_run_begins(play.desk, run_id);
    look_at(&play, "2026-03-01T08:00:00Z");
    desk_run_ends(play.desk);
    desk_restart(play.desk, 0);
    look_at(&play, "2026-03-01T08:59:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran");
}
END_TEST

/* ---- Absence --------------------------------------------------------------------------------------- */

START_TEST(after_an_absence_the_times_are_missed_and_the_newest_runs_only_if_it_is_fresh)
{
    PLAY(&hourly);
    struct schedule_look look = look_at(&play, "2026-03-01T10:20:00Z");
    ck_assert_int_eq(look.missed, 3);
    desk_ticks_are(play.desk,
                   "2026-03-01T08:00:00Z missed|2026-03-01T09:00:00Z missed|2026-03-01T10:00:00Z missed");
    look = look_at(&play, "2026-03-01T12:04:59Z");
    ck_assert_int_eq(look.missed, 1);
    desk_runs_are(play.desk, "2026-03-01T12:00:00Z");
}
END_TEST

START_TEST(with_catch_up_one_of_the_missed_is_made_up_for)
{
    static const struct schedule_options once = {.every.ms = 3600000,
                                                 .catch_up.index = SCHEDULE_CATCH_UP_ONCE};
    PLAY(&once);
    look_at(&play, "2026-03-01T10:20:00Z");
    desk_ticks_are(play.desk,
                   "2026-03-01T08:00:00Z missed|2026-03-01T09:00:00Z missed|2026-03-01T10:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T10:00:00Z");
}
END_TEST

START_TEST(a_year_asleep_is_one_row_and_its_number)
{
    static const struct schedule_options each_minute = {.every.ms = 60000};
    PLAY(&each_minute);
    struct schedule_look look = look_at(&play, "2027-03-01T07:30:30Z");
    ck_assert_int_eq(look.missed, 525599);
    desk_ticks_are(play.desk, "2026-03-01T07:31:00Z missed x525599|2027-03-01T07:30:00Z ran");
}
END_TEST

START_TEST(a_thousand_missed_times_have_a_row_each)
{
    static const struct schedule_options each_minute = {.cron = "* * * * *"};
    PLAY(&each_minute);
    look_at(&play, "2026-03-02T00:10:00Z"); /* 1,000 minutes later */
    _cleanup_free_ char *ticks = desk_ticks(play.desk);
    ck_assert_ptr_null(strstr(ticks, " x"));
    size_t n = 1;
    for (const char *c = ticks; *c != '\0'; c++)
        n += *c == '|';
    ck_assert_uint_eq(n, 1000);
}
END_TEST

START_TEST(a_changed_definition_begins_anew_and_misses_nothing)
{
    PLAY(&seven_hours);
    schedule_free(play.schedule);
    play.schedule = desk_schedule(&hourly);
    look_at(&play, "2026-03-01T14:10:00Z");
    desk_ticks_are(play.desk, "");
    look_at(&play, "2026-03-01T15:00:00Z");
    desk_ticks_are(play.desk, "2026-03-01T15:00:00Z ran");
}
END_TEST

START_TEST(two_definitions_side_by_side_lose_no_time_and_double_none)
{
    PLAY(&hourly);
    _cleanup_(schedule_freep) struct schedule *half =
        desk_schedule(&(struct schedule_options){.every.ms = 1800000});
    static const char *const looks[] = {"2026-03-01T07:59:58Z", "2026-03-01T08:00:01Z",
                                        "2026-03-01T08:30:01Z", "2026-03-01T09:00:01Z"};
    for (size_t i = 0; i < ELEMENTS(looks); i++) {
        desk_at(play.desk, looks[i]);
        desk_look(play.desk, half, 1);
        desk_look(play.desk, play.schedule, 0);
        if (i > 0)
            desk_run_ends(play.desk);
    }
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z ran|2026-03-01T08:30:00Z ran|2026-03-01T09:00:00Z ran");
    desk_runs_are(play.desk, "2026-03-01T08:00:00Z|2026-03-01T08:30:00Z|2026-03-01T09:00:00Z");
}
END_TEST

/* ---- Pauses ---------------------------------------------------------------------------------------- */

static void paused(struct play *play)
{
    ck_assert_int_eq(
        schedule_pause(play->schedule, &play->desk->books[0], "stock-taking", "ann", NULL, &play->desk->err),
        SLUICE_OK);
}

static void resumed(struct play *play)
{
    ck_assert_int_eq(schedule_resume(play->schedule, &play->desk->books[0], "ann", NULL, &play->desk->err),
                     SLUICE_OK);
}

START_TEST(what_is_due_in_a_pause_ends_as_paused)
{
    PLAY(&hourly);
    paused(&play);
    struct schedule_look look = look_at(&play, "2026-03-01T08:00:00Z");
    ck_assert(look.paused && !look.ran);
    ck_assert_int_eq(look.n_paused, 1);
    desk_restart(play.desk, 0);
    ck_assert(look_at(&play, "2026-03-01T08:30:00Z").paused);
    resumed(&play);
    look_at(&play, "2026-03-01T09:00:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z paused|2026-03-01T09:00:00Z ran");
}
END_TEST

START_TEST(resuming_accounts_for_the_pause_though_nobody_looked)
{
    PLAY(&hourly);
    paused(&play);
    desk_at(play.desk, "2026-03-01T09:01:00Z");
    resumed(&play);
    look_at(&play, "2026-03-01T09:02:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z paused|2026-03-01T09:00:00Z paused");
    desk_runs_are(play.desk, "");
}
END_TEST

START_TEST(what_was_missed_before_a_pause_stays_missed)
{
    PLAY(&hourly);
    desk_at(play.desk, "2026-03-01T08:30:00Z");
    paused(&play);
    look_at(&play, "2026-03-01T09:00:00Z");
    desk_ticks_are(play.desk, "2026-03-01T08:00:00Z missed|2026-03-01T09:00:00Z paused");
}
END_TEST

/* ---- Starting, jitter, telling --------------------------------------------------------------------- */

START_TEST(a_start_runs_only_where_it_is_asked_for_and_nothing_runs)
{
    static const struct schedule_options starting = {.every.ms = 3600000, .run_on_start = true};
    PLAY(&starting);
    char run_id[SLUICE_ID_SIZE];
    struct sluice_error *err = &play.desk->err;
    paused(&play);
    ck_assert_int_eq(schedule_start(play.schedule, &play.desk->books[0], run_id, err), SLUICE_OK);
    ck_assert_str_eq(run_id, "");
    resumed(&play);
    ck_assert_int_eq(schedule_start(play.schedule, &play.desk->books[0], run_id, err), SLUICE_OK);
    ck_assert_str_ne(run_id, "");
    ck_assert_int_eq(schedule_start(play.schedule, &play.desk->books[1], run_id, err), SLUICE_OK);
    ck_assert_str_eq(run_id, "");
    desk_runs_are(play.desk, "start");
    desk_ticks_are(play.desk, "");
}
END_TEST

START_TEST(a_time_with_jitter_runs_at_the_moment_that_was_shown)
{
    static const struct schedule_options jittery = {.every.ms = 3600000, .jitter.ms = 3600000};
    PLAY(&jittery);
    struct schedule_look shown;
    for (int i = 0; i < 24; i++) {
        ck_assert_int_eq(schedule_peek(play.schedule, &play.desk->books[1], &shown, &play.desk->err),
                         SLUICE_OK);
        ck_assert_int_lt(shown.next.fire_us - shown.next.nominal_us, US_PER_HOUR);
        play.desk->now_us = shown.next.fire_us - 1;
        ck_assert(!desk_look(play.desk, play.schedule, 0).ran);
        play.desk->now_us = shown.next.fire_us;
        ck_assert(desk_look(play.desk, play.schedule, 0).ran);
        desk_run_ends(play.desk);
    }
}
END_TEST

START_TEST(a_peek_writes_nothing)
{
    struct desk *desk = desk_new("2026-03-01T07:30:00Z", 1);
    struct schedule *schedule = desk_schedule(&hourly);
    struct schedule_look look;
    const struct sluice_schedule *kept = NULL;
    ck_assert_int_eq(schedule_peek(schedule, &desk->books[0], &look, &desk->err), SLUICE_OK);
    ck_assert_int_eq(look.next.nominal_us, time_of("2026-03-01T08:00:00Z"));
    ck_assert_int_eq(desk->calls.schedule_get(desk->books[0].self, SCHEDULE_NAME, &kept, &desk->err),
                     SLUICE_END);
    schedule_free(schedule);
    desk_free(desk);
}
END_TEST

START_TEST(a_wait_is_never_longer_than_a_minute_nor_past_the_next_time)
{
    PLAY(&seven_hours);
    ck_assert_int_eq(look_at(&play, "2026-03-01T08:00:00Z").wait_ms, 60000);
    ck_assert_int_eq(look_at(&play, "2026-03-01T14:29:59.25Z").wait_ms, 750);
}
END_TEST

CHECK_MAIN("schedule.account", the_first_look_begins_an_account_without_a_past,
           what_is_due_runs_once_whoever_looks, of_two_that_look_at_once_one_writes,
           one_that_was_slow_to_write_queues_no_second_run, a_reply_that_is_lost_makes_no_second_row,
           a_call_that_is_lost_is_made_again, a_store_that_is_away_leaves_the_time_to_the_next_look,
           a_store_clock_that_jumps_back_makes_no_second_row, a_restart_changes_nothing_of_an_interval,
           a_time_during_a_run_is_skipped_and_names_it, with_queue_one_a_time_waits_for_the_end_of_the_run,
           with_queue_one_only_the_newest_time_waits, what_waits_survives_a_restart_and_an_absence,
           after_an_absence_the_times_are_missed_and_the_newest_runs_only_if_it_is_fresh,
           with_catch_up_one_of_the_missed_is_made_up_for, a_year_asleep_is_one_row_and_its_number,
           a_thousand_missed_times_have_a_row_each, a_changed_definition_begins_anew_and_misses_nothing,
           two_definitions_side_by_side_lose_no_time_and_double_none, what_is_due_in_a_pause_ends_as_paused,
           resuming_accounts_for_the_pause_though_nobody_looked, what_was_missed_before_a_pause_stays_missed,
           a_start_runs_only_where_it_is_asked_for_and_nothing_runs,
           a_time_with_jitter_runs_at_the_moment_that_was_shown, a_peek_writes_nothing,
           a_wait_is_never_longer_than_a_minute_nor_past_the_next_time)
