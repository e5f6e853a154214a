/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules: begun once, paused, and accounted for by whoever is first. */
#include "base/cleanup.h"
#include "base/task.h"
#include "store_scene.h"
#include "store_suite.h"

#include <string.h>

enum { THREADS = 8 };

static const int64_t eight = INT64_C(1772352000000000); /* 2026-03-01T08:00:00Z */
static const int64_t hour = INT64_C(3600) * 1000000;

static const struct sluice_schedule *begun(struct scene *scene, void *store, int64_t anchor_us)
{
    const struct sluice_schedule given = {.struct_size = sizeof given,
                                          .name = "main",
                                          .definition = "every 1h",
                                          .anchor_us = anchor_us,
                                          .accounted_us = anchor_us};
    const struct sluice_schedule *kept = NULL;
    expect_status(scene, "schedule_begin", SLUICE_OK,
                  scene_store(scene)->schedule_begin(store, &given, &kept, scene_error(scene)));
    return kept;
}

static const struct sluice_schedule *found(struct scene *scene, void *store)
{
    const struct sluice_schedule *schedule = NULL;
    expect_status(scene, "schedule_get", SLUICE_OK,
                  scene_store(scene)->schedule_get(store, "main", &schedule, scene_error(scene)));
    return schedule;
}

static void pause_is(struct scene *scene, void *store, enum sluice_pause pause, const char *reason)
{
    expect_status(
        scene, "schedule_pause", SLUICE_OK,
        scene_store(scene)->schedule_pause(store, "main", pause, reason, "ann", scene_error(scene)));
}

static const char *tick_rows(struct scene *scene, void *store)
{
    static const char *const columns[] = {"schedule", "nominal_at", "state", "run_id", "count"};
    return rows_of(scene, store, SLUICE_QUERY_TICKS, "main", columns, ELEMENTS(columns));
}

/* The account from 8 to 9 o'clock by one tick that ran. */
struct step {
    struct sluice_request request;
    struct sluice_tick tick;
    struct sluice_ticks ticks;
};

static void step_make(struct scene *scene, struct step *step)
{
    step->request = (struct sluice_request){.struct_size = sizeof step->request,
                                            .trigger = SLUICE_TRIGGER_SCHEDULED,
                                            .by = "schedule",
                                            .tick_us = eight + hour};
    id_make(scene, step->request.run_id);
    step->tick = (struct sluice_tick){.struct_size = sizeof step->tick,
                                      .state = SLUICE_TICK_RAN,
                                      .run_id = step->request.run_id,
                                      .nominal_us = eight + hour,
                                      .count = 1};
    step->ticks = (struct sluice_ticks){.struct_size = sizeof step->ticks,
                                        .n_ticks = 1,
                                        .schedule = "main",
                                        .definition = "every 1h",
                                        .from_us = eight,
                                        .until_us = eight + hour,
                                        .ticks = &step->tick,
                                        .request = &step->request};
}

static void a_schedule_is_begun_once(struct scene *scene)
{
    void *store = store_ready(scene);
    const struct sluice_schedule *schedule = NULL;
    expect_status(scene, "schedule_get", SLUICE_END,
                  scene_store(scene)->schedule_get(store, "main", &schedule, scene_error(scene)));
    expect_equal(scene, "anchor", eight, begun(scene, store, eight)->anchor_us);
    schedule = begun(scene, store, eight + hour);
    expect_equal(scene, "anchor of the second beginning", eight, schedule->anchor_us);
    schedule = found(scene, store);
    expect_equal(scene, "anchor", eight, schedule->anchor_us);
    expect_equal(scene, "accounted for until", eight, schedule->accounted_us);
    expect_equal(scene, "waiting", 0, schedule->waiting_us);
    expect_equal(scene, "paused", 0, schedule->paused);
    expect_text(scene, "definition", "every 1h", schedule->definition);
}

static void a_pause_is_remembered_with_its_reason_and_time(struct scene *scene)
{
    void *store = store_ready(scene);
    expect_status(
        scene, "schedule_pause of an unknown one", SLUICE_END,
        scene_store(scene)->schedule_pause(store, "main", SLUICE_PAUSE, "x", "ann", scene_error(scene)));
    begun(scene, store, eight);
    pause_is(scene, store, SLUICE_PAUSE, "stock-taking");
    const struct sluice_schedule *schedule = found(scene, store);
    int64_t since_us = schedule->paused_us;
    expect_equal(scene, "paused", 1, schedule->paused);
    expect_text(scene, "reason", "stock-taking", schedule->reason);
    expect_text(scene, "by", "ann", schedule->by);
    expect(scene, since_us != 0, "it is paused since no time");
    scene_pass(scene, 50);
    pause_is(scene, store, SLUICE_PAUSE, "still counting");
    schedule = found(scene, store);
    expect_text(scene, "reason", "still counting", schedule->reason);
    expect_equal(scene, "paused since", since_us, schedule->paused_us);
    pause_is(scene, store, SLUICE_RESUME, NULL);
    schedule = found(scene, store);
    expect_equal(scene, "paused", 0, schedule->paused);
    expect_equal(scene, "paused since", 0, schedule->paused_us);
    expect_equal(scene, "anchor", eight, schedule->anchor_us);
}

static void a_tick_and_its_run_are_put_once(struct scene *scene)
{
    void *store = store_ready(scene);
    const struct sluice_run *run = NULL;
    struct step first, second;
    begun(scene, store, eight);
    step_make(scene, &first);
    step_make(scene, &second);
    expect_status(scene, "ticks_put", SLUICE_OK,
                  scene_store(scene)->ticks_put(store, &first.ticks, &run, scene_error(scene)));
    expect_text(scene, "the run", first.request.run_id, run->run_id);
    expect_status(scene, "ticks_put of another worker", SLUICE_LOST,
                  scene_store(scene)->ticks_put(store, &second.ticks, &run, scene_error(scene)));
    expect_text(
        scene, "ticks",
        arena_printf(scene_arena(scene), "main|2026-03-01T09:00:00.000Z|ran|%s|1\n", first.request.run_id),
        tick_rows(scene, store));
    expect_equal(scene, "runs", 1, (int64_t)count_of(scene, store, SLUICE_QUERY_RUNS, NULL));
    expect_equal(scene, "accounted for until", eight + hour, found(scene, store)->accounted_us);
}

static void a_tick_whose_run_would_overlap_writes_nothing(struct scene *scene)
{
    void *store = store_ready(scene);
    const struct sluice_run *run = NULL;
    char there[SLUICE_ID_SIZE];
    struct step step;
    begun(scene, store, eight);
    run_begun(scene, store, there);
    step_make(scene, &step);
    expect_status(scene, "ticks_put", SLUICE_BUSY,
                  scene_store(scene)->ticks_put(store, &step.ticks, &run, scene_error(scene)));
    expect_text(scene, "the run that is there", there, run->run_id);
    expect_text(scene, "ticks", "", tick_rows(scene, store));
    expect_equal(scene, "accounted for until", eight, found(scene, store)->accounted_us);
    step.tick.state = SLUICE_TICK_SKIPPED;
    step.tick.run_id = there;
    step.ticks.request = NULL;
    expect_status(scene, "ticks_put", SLUICE_OK,
                  scene_store(scene)->ticks_put(store, &step.ticks, &run, scene_error(scene)));
    expect_text(scene, "ticks",
                arena_printf(scene_arena(scene), "main|2026-03-01T09:00:00.000Z|skipped|%s|1\n", there),
                tick_rows(scene, store));
}

static void a_nominal_time_that_waits_is_remembered(struct scene *scene)
{
    void *store = store_ready(scene);
    const struct sluice_run *run = NULL;
    begun(scene, store, eight);
    struct sluice_ticks ticks = {.struct_size = sizeof ticks,
                                 .schedule = "main",
                                 .definition = "every 2h",
                                 .from_us = eight,
                                 .until_us = eight,
                                 .waiting_us = eight + hour};
    expect_status(scene, "ticks_put", SLUICE_OK,
                  scene_store(scene)->ticks_put(store, &ticks, &run, scene_error(scene)));
    expect_equal(scene, "waiting", eight + hour, found(scene, store)->waiting_us);
    expect_text(scene, "definition", "every 2h", found(scene, store)->definition);
    ticks.waiting_us = 0;
    expect_status(scene, "ticks_put", SLUICE_OK,
                  scene_store(scene)->ticks_put(store, &ticks, &run, scene_error(scene)));
    expect_equal(scene, "waiting", 0, found(scene, store)->waiting_us);
}

static void a_row_stands_for_many_nominal_times(struct scene *scene)
{
    void *store = store_ready(scene);
    const struct sluice_run *run = NULL;
    begun(scene, store, eight);
    const struct sluice_tick both[] = {{.struct_size = sizeof both[0],
                                        .state = SLUICE_TICK_MISSED,
                                        .nominal_us = eight + hour,
                                        .count = 525600},
                                       {.struct_size = sizeof both[0],
                                        .state = SLUICE_TICK_PAUSED,
                                        .nominal_us = eight + 3 * hour,
                                        .count = 1}};
    const struct sluice_ticks ticks = {.struct_size = sizeof ticks,
                                       .n_ticks = ELEMENTS(both),
                                       .schedule = "main",
                                       .from_us = eight,
                                       .until_us = eight + 3 * hour,
                                       .ticks = both};
    expect_status(scene, "ticks_put", SLUICE_OK,
                  scene_store(scene)->ticks_put(store, &ticks, &run, scene_error(scene)));
    expect_text(scene, "ticks, newest first",
                "main|2026-03-01T11:00:00.000Z|paused||1\nmain|2026-03-01T09:00:00.000Z|missed||525600\n",
                tick_rows(scene, store));
}

struct accountant {
    const struct sluice_store *calls;
    void *store;
    struct step step;
    enum sluice_status status;
};

static void account(void *argument)
{
    struct accountant *accountant = argument;
    const struct sluice_run *run = NULL;
    accountant->status = accountant->calls->ticks_put(accountant->store, &accountant->step.ticks, &run, NULL);
}

static void of_accounts_at_once_one_is_written(struct scene *scene)
{
    void *store = store_ready(scene);
    struct accountant accountants[THREADS];
    struct task *tasks[THREADS];
    begun(scene, store, eight);
    for (size_t i = 0; i < THREADS; i++) {
        accountants[i] = (struct accountant){.calls = scene_store(scene), .store = scene_instance(scene)};
        step_make(scene, &accountants[i].step);
    }
    for (size_t i = 0; i < THREADS; i++)
        tasks[i] = task_system()->spawn(task_system(), account, &accountants[i]);
    for (size_t i = 0; i < THREADS; i++)
        task_system()->join(tasks[i]);
    int written = 0, lost = 0;
    for (size_t i = 0; i < THREADS; i++) {
        written += accountants[i].status == SLUICE_OK;
        lost += accountants[i].status == SLUICE_LOST;
    }
    expect_equal(scene, "accounts that were written", 1, written);
    expect_equal(scene, "accounts that came too late", THREADS - 1, lost);
    expect_equal(scene, "ticks", 1, (int64_t)count_of(scene, store, SLUICE_QUERY_TICKS, "main"));
    expect_equal(scene, "runs", 1, (int64_t)count_of(scene, store, SLUICE_QUERY_RUNS, NULL));
}

#define CASE(name)     \
    {                  \
#name, name, 0 \
    }

const struct conformance_case store_schedule_cases[] = {
    CASE(a_schedule_is_begun_once),
    CASE(a_pause_is_remembered_with_its_reason_and_time),
    CASE(a_tick_and_its_run_are_put_once),
    CASE(a_tick_whose_run_would_overlap_writes_nothing),
    CASE(a_nominal_time_that_waits_is_remembered),
    CASE(a_row_stands_for_many_nominal_times),
    CASE(of_accounts_at_once_one_is_written),
    {.name = NULL},
};
