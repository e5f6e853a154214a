/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/task.h"
#include "conformance.h"
#include "processes.h"

#include <string.h>

enum { TTL_MS = 60000 };

static const char run_a[] = "018f0000-0000-7000-8000-00000000000a";
static const char run_b[] = "018f0000-0000-7000-8000-00000000000b";

static enum sluice_status lock(struct scene *scene, void *state, const char *run_id,
                               const struct sluice_lock_holder **ret_holder)
{
    *ret_holder = NULL;
    return scene_state(scene)->lock(state, run_id, TTL_MS, ret_holder, scene_error(scene));
}

static void the_lock_is_held_by_one(struct scene *scene)
{
    void *one = scene_instance(scene), *other = scene_instance(scene);
    const struct sluice_lock_holder *holder;
    expect_status(scene, "holder", SLUICE_END, scene_state(scene)->holder(one, &holder, scene_error(scene)));
    expect_status(scene, "lock", SLUICE_OK, lock(scene, one, run_a, &holder));
    expect(scene, holder == NULL, "a first lock names a former holder");
    expect_status(scene, "lock by another", SLUICE_BUSY, lock(scene, other, run_b, &holder));
    expect(scene, holder != NULL, "BUSY names no holder");
    expect_text(scene, "the holder", run_a, holder->run_id);
    expect_equal(scene, "provably dead", 0, holder->provably_dead);
    expect_status(scene, "holder", SLUICE_OK, scene_state(scene)->holder(other, &holder, scene_error(scene)));
    expect_text(scene, "the holder", run_a, holder->run_id);
}

static void the_same_run_may_lock_again(struct scene *scene)
{
    void *state = scene_instance(scene);
    const struct sluice_lock_holder *holder;
    expect_status(scene, "lock", SLUICE_OK, lock(scene, state, run_a, &holder));
    expect_status(scene, "lock again", SLUICE_OK, lock(scene, state, run_a, &holder));
    expect_status(scene, "lock for another run", SLUICE_BUSY, lock(scene, state, run_b, &holder));
}

static void a_released_lock_is_free_and_names_nobody(struct scene *scene)
{
    void *one = scene_instance(scene), *other = scene_instance(scene);
    const struct sluice_lock_holder *holder;
    expect_status(scene, "lock", SLUICE_OK, lock(scene, one, run_a, &holder));
    expect_status(scene, "release", SLUICE_OK, scene_state(scene)->release(one, run_a, scene_error(scene)));
    expect_status(scene, "holder", SLUICE_END,
                  scene_state(scene)->holder(other, &holder, scene_error(scene)));
    expect_status(scene, "lock by another", SLUICE_OK, lock(scene, other, run_b, &holder));
    expect(scene, holder == NULL, "a released lock names a dead holder");
}

static void only_its_own_lock_is_released(struct scene *scene)
{
    void *one = scene_instance(scene), *other = scene_instance(scene);
    const struct sluice_lock_holder *holder;
    expect_status(scene, "lock", SLUICE_OK, lock(scene, one, run_a, &holder));
    scene_state(scene)->release(other, run_b, scene_error(scene));
    expect_status(scene, "lock after a foreign release", SLUICE_BUSY, lock(scene, other, run_b, &holder));
}

static void renewing_is_for_the_holder(struct scene *scene)
{
    void *one = scene_instance(scene), *heartbeat = scene_instance(scene);
    const struct sluice_lock_holder *holder;
    const struct sluice_state *calls = scene_state(scene);
    expect_status(scene, "renew before", SLUICE_LOST, calls->renew(one, run_a, TTL_MS, scene_error(scene)));
    expect_status(scene, "lock", SLUICE_OK, lock(scene, one, run_a, &holder));
    expect_status(scene, "renew", SLUICE_OK, calls->renew(one, run_a, TTL_MS, scene_error(scene)));
    expect_status(scene, "renew by the heartbeat", SLUICE_OK,
                  calls->renew(heartbeat, run_a, TTL_MS, scene_error(scene)));
    expect_status(scene, "renew of another run", SLUICE_LOST,
                  calls->renew(heartbeat, run_b, TTL_MS, scene_error(scene)));
}

static void publish(struct scene *scene, void *state, int64_t epoch, uint32_t current)
{
    struct sluice_progress progress = {.struct_size = sizeof progress,
                                       .epoch = epoch,
                                       .status = "processing_suppliers",
                                       .run_id = run_a,
                                       .current = current,
                                       .total = 9,
                                       .started_us = 1234,
                                       .waiting_for = "quota",
                                       .waiting_until_us = INT64_C(1772352000123456)};
    expect_status(scene, "publish", SLUICE_OK,
                  scene_state(scene)->publish(state, &progress, scene_error(scene)));
}

static void what_is_published_is_observed(struct scene *scene)
{
    void *one = scene_instance(scene), *other = scene_instance(scene);
    const struct sluice_progress *progress = NULL;
    expect_status(scene, "observe", SLUICE_END,
                  scene_state(scene)->observe(one, &progress, scene_error(scene)));
    publish(scene, one, 7, 3);
    expect_status(scene, "observe", SLUICE_OK,
                  scene_state(scene)->observe(other, &progress, scene_error(scene)));
    expect_text(scene, "status", "processing_suppliers", progress->status);
    expect_text(scene, "run", run_a, progress->run_id);
    expect_equal(scene, "epoch", 7, progress->epoch);
    expect_equal(scene, "current", 3, progress->current);
    expect_equal(scene, "total", 9, progress->total);
    expect_equal(scene, "started", 1234, progress->started_us);
    expect_text(scene, "waits for", "quota", progress->waiting_for);
    expect_equal(scene, "waits until", INT64_C(1772352000123456), progress->waiting_until_us);
}

static void the_last_run_is_remembered_by_those_that_know_of_none(struct scene *scene)
{
    void *state = scene_instance(scene);
    const struct sluice_progress *seen = NULL;
    struct sluice_progress progress = {.struct_size = sizeof progress,
                                       .epoch = 7,
                                       .status = "idle",
                                       .last_run_us = INT64_C(1772352000123456)};
    const struct sluice_state *calls = scene_state(scene);
    expect_status(scene, "publish", SLUICE_OK, calls->publish(state, &progress, scene_error(scene)));
    publish(scene, state, 8, 1);
    expect_status(scene, "observe", SLUICE_OK, calls->observe(state, &seen, scene_error(scene)));
    expect_equal(scene, "last run", INT64_C(1772352000123456), seen->last_run_us);
    expect_status(scene, "publish", SLUICE_OK,
                  calls->publish(
                      state,
                      &(struct sluice_progress){.struct_size = sizeof progress, .epoch = 8, .status = "idle"},
                      scene_error(scene)));
    expect_status(scene, "observe", SLUICE_OK, calls->observe(state, &seen, scene_error(scene)));
    expect_text(scene, "status", "idle", seen->status);
    expect_text(scene, "run", NULL, seen->run_id);
    expect_text(scene, "waits for", NULL, seen->waiting_for);
    expect_equal(scene, "last run", INT64_C(1772352000123456), seen->last_run_us);
}

/* An engine that was built before a field was appended. */
static void a_shorter_progress_has_no_later_fields(struct scene *scene)
{
    void *state = scene_instance(scene);
    const struct sluice_progress *seen = NULL;
    struct sluice_progress progress = {.struct_size = offsetof(struct sluice_progress, waiting_for),
                                       .epoch = 1,
                                       .status = "idle",
                                       .waiting_for = "nothing that was asked for"};
    expect_status(scene, "publish", SLUICE_OK,
                  scene_state(scene)->publish(state, &progress, scene_error(scene)));
    expect_status(scene, "observe", SLUICE_OK, scene_state(scene)->observe(state, &seen, scene_error(scene)));
    expect_text(scene, "waits for", NULL, seen->waiting_for);
}

static void an_older_epoch_is_ignored(struct scene *scene)
{
    void *state = scene_instance(scene);
    const struct sluice_progress *progress = NULL;
    publish(scene, state, 7, 3);
    publish(scene, state, 6, 8);
    publish(scene, state, 7, 4);
    expect_status(scene, "observe", SLUICE_OK,
                  scene_state(scene)->observe(state, &progress, scene_error(scene)));
    expect_equal(scene, "epoch", 7, progress->epoch);
    expect_equal(scene, "current", 4, progress->current);
}

static void waiting_ends_with_the_time(struct scene *scene)
{
    void *state = scene_instance(scene);
    expect_status(scene, "wait", SLUICE_END, scene_state(scene)->wait(state, 20, scene_error(scene)));
}

static void a_wake_is_not_missed(struct scene *scene)
{
    void *sleeper = scene_instance(scene), *waker = scene_instance(scene);
    expect_status(scene, "wait", SLUICE_END, scene_state(scene)->wait(sleeper, 1, scene_error(scene)));
    expect_status(scene, "wake", SLUICE_OK, scene_state(scene)->wake(waker, scene_error(scene)));
    expect_status(scene, "wait", SLUICE_OK, scene_state(scene)->wait(sleeper, 10000, scene_error(scene)));
    expect_status(scene, "wait once more", SLUICE_END,
                  scene_state(scene)->wait(sleeper, 1, scene_error(scene)));
}

static void waiting_ends_with_a_cancellation(struct scene *scene)
{
    void *state = scene_instance(scene);
    cancel_request(scene_cancel(scene));
    expect_status(scene, "wait", SLUICE_CANCELLED,
                  scene_state(scene)->wait(state, 60000, scene_error(scene)));
}

static int64_t take(struct scene *scene, void *state, uint32_t cost)
{
    const struct sluice_bucket bucket = {
        .struct_size = sizeof bucket, .name = "sheets \"x\"/y", .per_minute = 60, .burst = 5, .cost = cost};
    int64_t wait_ms = -1;
    expect_status(scene, "take", SLUICE_OK,
                  scene_state(scene)->take(state, &bucket, &wait_ms, scene_error(scene)));
    return wait_ms;
}

static void a_bucket_gives_its_burst_and_then_its_rate(struct scene *scene)
{
    void *one = scene_instance(scene), *other = scene_instance(scene);
    for (int i = 0; i < 5; i++)
        expect_equal(scene, "wait within the burst", 0, take(scene, i % 2 == 0 ? one : other, 1));
    int64_t wait_ms = take(scene, one, 2);
    expect(scene, wait_ms > 1500 && wait_ms <= 2000, "2 tokens at 1 a second: waits %lld ms",
           (long long)wait_ms);
    scene_pass(scene, wait_ms);
    expect_equal(scene, "wait after that time", 0, take(scene, other, 2));
    expect(scene, take(scene, one, 1) > 0, "the bucket gave more than its rate");
}

static void a_cost_beyond_the_burst_is_refused(struct scene *scene)
{
    void *state = scene_instance(scene);
    const struct sluice_bucket bucket = {
        .struct_size = sizeof bucket, .name = "small", .per_minute = 60, .burst = 1, .cost = 2};
    int64_t wait_ms;
    expect_status(scene, "take", SLUICE_CONFIG,
                  scene_state(scene)->take(state, &bucket, &wait_ms, scene_error(scene)));
}

enum { PROCESSES = 8, TRIES = 50, TOKENS = 100 };

static void take_many(struct scene *scene, struct shared *shared, size_t i)
{
    (void)i;
    void *state = scene_instance(scene);
    const struct sluice_bucket bucket = {
        .struct_size = sizeof bucket, .name = "shared", .per_minute = 1, .burst = TOKENS, .cost = 1};
    for (int n = 0; n < TRIES; n++) {
        int64_t wait_ms = -1;
        expect_status(scene, "take", SLUICE_OK,
                      scene_state(scene)->take(state, &bucket, &wait_ms, scene_error(scene)));
        if (wait_ms == 0)
            atomic_fetch_add(&shared->count, 1);
    }
}

static void eight_processes_take_no_token_twice(struct scene *scene)
{
    struct shared *shared = processes_run(scene, PROCESSES, take_many);
    int64_t taken = atomic_load(&shared->count);
    expect(scene, taken >= TOKENS && taken <= TOKENS + 2, "%d processes took %lld of %d tokens", PROCESSES,
           (long long)taken, TOKENS);
}

static void lock_and_die(struct scene *scene, struct shared *shared, size_t i)
{
    (void)shared;
    (void)i;
    const struct sluice_lock_holder *holder;
    expect_status(scene, "lock", SLUICE_OK, lock(scene, scene_instance(scene), run_a, &holder));
    process_die();
}

/* A backend that cannot prove a death may answer BUSY until the time to live is over. */
static void a_dead_holder_is_proved_or_kept(struct scene *scene)
{
    processes_run(scene, 1, lock_and_die);
    void *state = scene_instance(scene);
    const struct sluice_lock_holder *holder;
    enum sluice_status status = lock(scene, state, run_b, &holder);
    expect(scene, status == SLUICE_OK || status == SLUICE_BUSY, "lock: got %s", status_name(status));
    expect(scene, holder != NULL, "nobody is named");
    expect_text(scene, "the former holder", run_a, holder->run_id);
    expect_equal(scene, "provably dead", status == SLUICE_OK, holder->provably_dead);
}

static void lock_many(struct scene *scene, struct shared *shared, size_t i)
{
    void *state = scene_instance(scene);
    char run_id[SLUICE_ID_SIZE];
    snprintf(run_id, sizeof run_id, "018f0000-0000-7000-8000-%012zu", i);
    for (int n = 0; n < 20;) {
        const struct sluice_lock_holder *holder;
        enum sluice_status status = lock(scene, state, run_id, &holder);
        if (status == SLUICE_BUSY)
            continue;
        expect_status(scene, "lock", SLUICE_OK, status);
        expect_equal(scene, "others inside", 0, atomic_fetch_add(&shared->inside, 1));
        atomic_fetch_sub(&shared->inside, 1);
        expect_status(scene, "release", SLUICE_OK,
                      scene_state(scene)->release(state, run_id, scene_error(scene)));
        n++;
    }
}

static void eight_processes_never_hold_it_together(struct scene *scene)
{
    processes_run(scene, PROCESSES, lock_many);
}

#define CASE(name)     \
    {                  \
#name, name, 0 \
    }
#define CASE_OF_MANY(name)                   \
    {                                        \
#name, name, CONFORMANCE_ONE_PROCESS \
    }

size_t conformance_state(const struct conformance *conformance)
{
    static const struct conformance_case cases[] = {
        CASE(the_lock_is_held_by_one),
        CASE(the_same_run_may_lock_again),
        CASE(a_released_lock_is_free_and_names_nobody),
        CASE(only_its_own_lock_is_released),
        CASE(renewing_is_for_the_holder),
        CASE(what_is_published_is_observed),
        CASE(the_last_run_is_remembered_by_those_that_know_of_none),
        CASE(a_shorter_progress_has_no_later_fields),
        CASE(an_older_epoch_is_ignored),
        CASE(waiting_ends_with_the_time),
        CASE(a_wake_is_not_missed),
        CASE(waiting_ends_with_a_cancellation),
        CASE(a_bucket_gives_its_burst_and_then_its_rate),
        CASE(a_cost_beyond_the_burst_is_refused),
        CASE_OF_MANY(eight_processes_take_no_token_twice),
        CASE_OF_MANY(a_dead_holder_is_proved_or_kept),
        CASE_OF_MANY(eight_processes_never_hold_it_together),
    };
    return conformance_play(conformance, cases, ELEMENTS(cases));
}
