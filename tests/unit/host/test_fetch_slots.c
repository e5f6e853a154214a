/* SPDX-License-Identifier: Apache-2.0 */
#include "host/fetch_slots.h"

#include "base/cleanup.h"
#include "check_main.h"

#include <pthread.h>
#include <stdatomic.h>

enum { PER_HOST = 3, THREADS = 8, ROUNDS = 500 };

struct crowd {
    struct fetch_slots *slots;
    atomic_int inside, most;
};

static void *crowd_member(void *argument)
{
    struct crowd *crowd = argument;
    const struct stop stop = {.clock = clock_system()};
    for (int i = 0; i < ROUNDS; i++) {
        if (fetch_slot_enter(crowd->slots, "example.com:443", &stop, "test", NULL) != SLUICE_OK)
            return argument;
        int inside = atomic_fetch_add(&crowd->inside, 1) + 1;
        int most = atomic_load(&crowd->most);
        while (inside > most && !atomic_compare_exchange_weak(&crowd->most, &most, inside))
            continue;
        sched_yield();
        atomic_fetch_sub(&crowd->inside, 1);
        fetch_slot_leave(crowd->slots, "example.com:443");
    }
    return NULL;
}

START_TEST(no_more_than_the_limit_are_at_one_host)
{
    struct crowd crowd = {.slots = fetch_slots_new(PER_HOST)};
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, crowd_member, &crowd);
    for (size_t i = 0; i < THREADS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
    ck_assert_int_le(crowd.most, PER_HOST);
    ck_assert_int_ge(crowd.most, 1);
    fetch_slots_free(crowd.slots);
}
END_TEST

START_TEST(a_full_host_keeps_nobody_from_another)
{
    struct fetch_slots *slots = fetch_slots_new(1);
    const struct stop stop = {.clock = clock_system()};
    ck_assert_int_eq(fetch_slot_enter(slots, "a", &stop, "test", NULL), SLUICE_OK);
    ck_assert_int_eq(fetch_slot_enter(slots, "b", &stop, "test", NULL), SLUICE_OK);
    fetch_slot_leave(slots, "a");
    fetch_slot_leave(slots, "b");
    fetch_slots_free(slots);
}
END_TEST

START_TEST(who_waits_can_be_cancelled_or_run_out_of_time)
{
    struct fetch_slots *slots = fetch_slots_new(1);
    struct cancel *cancel = cancel_new();
    const struct clock *clock = clock_system();
    const struct stop patient = {.clock = clock};
    const struct stop cancelled = {.clock = clock, .cancel = cancel};
    const struct stop late = {
        .clock = clock, .deadline_us = clock->monotonic_us(clock) + 5000, .deadline_name = "its deadline"};
    cancel_request(cancel);
    ck_assert_int_eq(fetch_slot_enter(slots, "a", &patient, "test", NULL), SLUICE_OK);
    ck_assert_int_eq(fetch_slot_enter(slots, "a", &cancelled, "test", NULL), SLUICE_CANCELLED);
    ck_assert_int_eq(fetch_slot_enter(slots, "a", &late, "test", NULL), SLUICE_RETRY);
    fetch_slot_leave(slots, "a");
    ck_assert_int_eq(fetch_slot_enter(slots, "a", &patient, "test", NULL), SLUICE_OK);
    fetch_slot_leave(slots, "a");
    fetch_slots_free(slots);
    cancel_free(cancel);
}
END_TEST

CHECK_MAIN("host.fetch_slots", no_more_than_the_limit_are_at_one_host, a_full_host_keeps_nobody_from_another,
           who_waits_can_be_cancelled_or_run_out_of_time)
