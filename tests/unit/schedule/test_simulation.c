/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days of several workers on one store, played from a seed: clocks that run too fast or slow, crashes around
 * the one call that writes, absences, pauses, runs of any length, a store's clock that jumps by up to a day.
 * However it goes, the account has each nominal time exactly once and as many runs as times that ran.
 * SLUICE_SEED=N plays one seed again, SLUICE_SIMULATIONS=N plays that many.
 */
#include "check_main.h"
#include "desk.h"

#include "base/buffer.h"
#include "base/cleanup.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SIMULATIONS = 10, WORKERS = 4, LOOKS = 1000, FINDINGS_LIMIT = 8 << 20 };

static const struct schedule_options schedules[] = {
    {.every.ms = 3600000},
    {.every.ms = 5400000, .catch_up.index = SCHEDULE_CATCH_UP_ONCE},
    {.cron = "*/20 * * * *", .overlap.index = SCHEDULE_OVERLAP_QUEUE_ONE},
    {.cron = "15 */2 * * *", .timezone = "Australia/Lord_Howe", .jitter.ms = 1800000},
    {.every.ms = 600000, .jitter.ms = 300000, .overlap.index = SCHEDULE_OVERLAP_QUEUE_ONE},
};

enum weather { CALM, STORM }; /* in the calm nobody is away, nothing fails and runs are short */

struct simulation {
    struct desk *desk;
    struct schedule *schedule;
    enum weather weather;
    int64_t true_us;   /* the time that passes for all */
    int64_t jumped_us; /* how far the store's clock is from it */
    int64_t wakes_us[WORKERS];
};

static uint64_t chance(struct simulation *simulation, uint64_t bound)
{
    return random_below(&simulation->desk->random, bound);
}

static bool in(struct simulation *simulation, unsigned percent)
{
    return simulation->weather == STORM && chance(simulation, 100) < percent;
}

static size_t next_worker(const struct simulation *simulation)
{
    size_t first = 0;
    for (size_t i = 1; i < WORKERS; i++)
        if (simulation->wakes_us[i] < simulation->wakes_us[first])
            first = i;
    return first;
}

static bool is_busy(struct simulation *simulation)
{
    const struct sluice_run *run = NULL;
    struct sluice_request request = {.struct_size = sizeof request};
    struct desk *desk = simulation->desk;
    uuid_make(&desk->random, desk->now_us, request.run_id);
    struct sluice_error err = {0};
    const struct sluice_claim claim = {
        .struct_size = sizeof claim, .previous_is_dead = 1, .holder = "probe", .lease_ms = 1000};
    return desk->calls.run_claim(desk->books[0].self, &claim, &run, &err) == SLUICE_OK;
}

/* What happens in the world before a worker looks. */
static void world_goes_on(struct simulation *simulation)
{
    struct desk *desk = simulation->desk;
    struct sluice_error err = {0};
    if (in(simulation, 2))
        simulation->jumped_us = (int64_t)chance(simulation, 48 * 60) * US_PER_MINUTE - 24 * US_PER_HOUR;
    desk->now_us = simulation->true_us + simulation->jumped_us;
    if ((simulation->weather == CALM || in(simulation, 30)) && is_busy(simulation))
        desk_run_ends(desk);
    if (in(simulation, 1))
        schedule_pause(simulation->schedule, &desk->books[0], "a test", "simulation", NULL, &err);
    else if (in(simulation, 3))
        schedule_resume(simulation->schedule, &desk->books[0], "simulation", NULL, &err);
}

static struct simulation *playing; /* for what happens in the middle of a look */

/* Between a worker's reading and its writing another one looks, and its run may be over already. */
static void another_is_quicker(struct desk *desk)
{
    struct schedule_look look;
    struct sluice_error err = {0};
    schedule_look(playing->schedule, &desk->books[chance(playing, WORKERS)], &look, &err);
    if (chance(playing, 2) == 0 && is_busy(playing))
        desk_run_ends(desk);
}

static void worker_looks(struct simulation *simulation, size_t worker)
{
    struct desk *desk = simulation->desk;
    struct schedule_look look = {.wait_ms = 5000};
    struct sluice_error err = {0};
    if (in(simulation, 10))
        desk->fault = (enum desk_fault)(DESK_REFUSES + chance(simulation, 3));
    if (chance(simulation, 4) == 0)
        desk->meanwhile = another_is_quicker;
    schedule_look(simulation->schedule, &desk->books[worker], &look, &err);
    desk->meanwhile = NULL;
    if (in(simulation, 5))
        desk_restart(desk, worker);
    int64_t wait_us = look.wait_ms * US_PER_MS;
    wait_us +=
        wait_us * ((int64_t)chance(simulation, 150) - 50) / 100; /* its clock is half to twice as fast */
    if (in(simulation, 8))
        wait_us = (int64_t)chance(simulation, 30 * 60) * US_PER_MINUTE;
    simulation->wakes_us[worker] = simulation->true_us + wait_us + 1;
}

/* ---- The account ----------------------------------------------------------------------------------- */

/* "TIME STATE" of each row that stands for one time, or one entry for each of its times. */
static void expect_each_time_once(struct simulation *simulation, uint64_t seed, const char *ticks)
{
    const struct sluice_schedule *kept = NULL;
    struct desk *desk = simulation->desk;
    struct schedule_time time;
    ck_assert_int_eq(desk->calls.schedule_get(desk->books[0].self, SCHEDULE_NAME, &kept, &desk->err),
                     SLUICE_OK);
    int64_t anchor_us = kept->anchor_us, after_us = kept->anchor_us, accounted_us = kept->accounted_us;
    for (const char *row = ticks; *row != '\0'; row += strcspn(row, "|"), row += *row == '|') {
        char expected[TIME_TEXT_SIZE];
        unsigned long count = 1;
        ck_assert(schedule_next(simulation->schedule, anchor_us, after_us, &time));
        time_format(time.nominal_us, expected);
        ck_assert_msg(strncmp(row, expected, strlen(expected)) == 0,
                      "seed %" PRIu64 ": expected %s, got %.40s", seed, expected, row);
        const char *many = strstr(row, " x");
        if (many != NULL && many < row + strcspn(row, "|"))
            count = strtoul(many + 2, NULL, 10);
        for (; count > 0; count--) {
            ck_assert(schedule_next(simulation->schedule, anchor_us, after_us, &time));
            after_us = time.nominal_us;
        }
    }
    ck_assert(schedule_next(simulation->schedule, anchor_us, after_us, &time));
    ck_assert_msg(time.nominal_us > accounted_us, "seed %" PRIu64 ": a time before %" PRId64 " has no row",
                  seed, accounted_us);
}

/* The times that ran are those of the runs. */
static void expect_a_run_for_each(struct simulation *simulation, uint64_t seed, const char *ticks)
{
    _cleanup_free_ char *runs = desk_runs(simulation->desk);
    _cleanup_(buffer_free) struct buffer ran = BUFFER_INIT(FINDINGS_LIMIT);
    for (const char *row = ticks; *row != '\0'; row += strcspn(row, "|"), row += *row == '|')
        if (strncmp(row + strlen("2026-03-01T08:00:00Z "), "ran", 3) == 0)
            buffer_printf(&ran, "%s%.20s", ran.size == 0 ? "" : "|", row);
    ck_assert_msg(strcmp(runs, ran.data == NULL ? "" : ran.data) == 0,
                  "seed %" PRIu64 ":\nran:  %s\nruns: %s", seed, ran.data, runs);
}

static void simulate(uint64_t seed, enum weather weather)
{
    struct simulation simulation = {.desk = desk_new("2026-09-30T07:30:00Z", WORKERS),
                                    .schedule = desk_schedule(&schedules[seed % ELEMENTS(schedules)]),
                                    .weather = weather};
    simulation.desk->seed = seed;
    playing = &simulation;
    simulation.true_us = simulation.desk->now_us;
    for (size_t i = 0; i < WORKERS; i++)
        simulation.wakes_us[i] = simulation.true_us + (int64_t)i;
    for (int n = 0; n < LOOKS; n++) {
        size_t worker = next_worker(&simulation);
        simulation.true_us = simulation.wakes_us[worker];
        world_goes_on(&simulation);
        worker_looks(&simulation, worker);
    }
    _cleanup_free_ char *ticks = desk_ticks(simulation.desk);
    ck_assert_msg(*ticks != '\0', "seed %" PRIu64 ": no time came due", seed);
    expect_each_time_once(&simulation, seed, ticks);
    expect_a_run_for_each(&simulation, seed, ticks);
    if (weather == CALM)
        ck_assert_msg(strstr(ticks, "missed") == NULL && strstr(ticks, "skipped") == NULL,
                      "seed %" PRIu64 ": in the calm all run: %s", seed, ticks);
    schedule_free(simulation.schedule);
    desk_free(simulation.desk);
}

static void play_all(enum weather weather)
{
    const char *seed = getenv("SLUICE_SEED"), *number = getenv("SLUICE_SIMULATIONS");
    uint64_t n = number == NULL ? SIMULATIONS : strtoull(number, NULL, 10);
    if (seed != NULL) {
        simulate(strtoull(seed, NULL, 10), weather);
        return;
    }
    for (uint64_t i = 1; i <= n; i++)
        simulate(i, weather);
}

START_TEST(in_the_calm_every_time_runs_once)
{
    play_all(CALM);
}
END_TEST

START_TEST(in_a_storm_every_time_has_one_row_and_at_most_one_run)
{
    play_all(STORM);
}
END_TEST

CHECK_MAIN("schedule.simulation", in_the_calm_every_time_runs_once,
           in_a_storm_every_time_has_one_row_and_at_most_one_run)
