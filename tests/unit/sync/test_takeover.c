/* SPDX-License-Identifier: Apache-2.0 */
/* A process dies in the middle of a run, or two want one at once. */
#include "check_main.h"
#include "house.h"

#include "base/cleanup.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char *const three[] = {"Acme", "Bolt", "Crane"};

/* A sync in a process of its own, which kills itself where the script says so. */
static void sync_and_die(struct house *house)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct sync_report report;
        struct sluice_error err = {0};
        house_sync(house, &report, &err);
        _exit(0);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "it did not die: status %d", status);
}

static char *undisturbed(void)
{
    struct house *house = house_new(three, 3);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    char *items = house_items(house);
    house_free(house);
    return items;
}

static void dies_and_is_taken_over(struct house *house, const char *expected)
{
    sync_and_die(house);
    house->master_script.kill_at = 0;
    for (size_t i = 0; i < 3; i++)
        house->lists[i].script.kill_at = 0;
    int64_t begun = clock_system()->monotonic_us(clock_system());
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    int64_t took_ms = (clock_system()->monotonic_us(clock_system()) - begun) / US_PER_MS;
    ck_assert_msg(took_ms < house->options.lease.ms / 2, "it waited: %d ms", (int)took_ms);
    ck_assert_int_eq(house->events[0].resumed, 1);
    ck_assert_int_eq(house->events[0].epoch, 2);
    _cleanup_free_ char *items = house_items(house);
    ck_assert_str_eq(items, expected);
}

START_TEST(a_run_that_died_in_its_master_phase_is_taken_over_at_once)
{
    _cleanup_free_ char *expected = undisturbed();
    struct house *house = house_new(three, 3);
    house_use_state_local(house);
    house->master_script.kill_at = 2;
    dies_and_is_taken_over(house, expected);
    house_free(house);
}
END_TEST

START_TEST(a_run_that_died_in_a_list_is_taken_over_at_once)
{
    _cleanup_free_ char *expected = undisturbed();
    struct house *house = house_new(three, 3);
    house_use_state_local(house);
    house->options.workers = 1;
    house_script(house, "Bolt")->kill_at = 7;
    dies_and_is_taken_over(house, expected);
    house_free(house);
}
END_TEST

START_TEST(a_run_is_taken_over_as_often_as_it_dies)
{
    struct house *house = house_new(three, 3);
    house_use_state_local(house);
    house_script(house, "Bolt")->kill_at = 7;
    sync_and_die(house);
    sync_and_die(house);
    house_script(house, "Bolt")->kill_at = 0;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_int_eq(house->events[0].epoch, 3);
    ck_assert_int_eq(house_count(house, SLUICE_QUERY_RUNS, NULL), 2);
    house_free(house);
}
END_TEST

START_TEST(a_dead_run_for_one_supplier_is_ended_before_all_are_read)
{
    static const char *const scope[] = {"bolt"};
    struct house *house = house_new(three, 3);
    house_use_state_local(house);
    house_script(house, "Bolt")->kill_at = 7;
    pid_t child = fork();
    if (child == 0) {
        struct sync_request request = {.scope = scope, .n_scope = 1};
        struct sync_report report;
        struct sluice_error err = {0};
        house_request(house, &request, &report, &err);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    house_script(house, "Bolt")->kill_at = 0;
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(report.jobs, 3);
    ck_assert_uint_eq(report.unchanged, 1); /* Bolt was read by the run before */
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "crane"), 10);
    house_free(house);
}
END_TEST

START_TEST(without_proof_a_dead_run_is_left_until_its_lease_ends)
{
    struct house *house = house_new(three, 3);
    house->state.down = true;
    house->options.lease.ms = 1000;
    house_script(house, "Bolt")->kill_at = 7;
    sync_and_die(house);
    house_script(house, "Bolt")->kill_at = 0;
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_int_eq(house_sync(house, &report, &err), SLUICE_BUSY);
    int64_t until = clock_system()->monotonic_us(clock_system()) + 5 * US_PER_SECOND;
    enum sluice_status status = SLUICE_BUSY;
    while (status == SLUICE_BUSY && clock_system()->monotonic_us(clock_system()) < until)
        status = house_sync(house, &report, &err);
    ck_assert_msg(status == SLUICE_OK, "%s", err.message);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "bolt"), 10);
    house_free(house);
}
END_TEST

/* ---- Two at once ---- */

struct second {
    struct house *house;
    enum sluice_status status;
    struct sluice_error err;
};

/* Called as an observer while the first run is under way. */
static void sync_meanwhile(void *context, const struct sync_event *event)
{
    struct second *second = context;
    if (event->kind != SYNC_EVENT_RUN)
        return;
    struct sync_request request = {.by = "the second"};
    struct sync_report report;
    second->status = sync_run(&second->house->setup, &request, &report, &second->err);
}

START_TEST(of_two_runs_at_once_the_second_is_busy)
{
    struct house *house = house_new(three, 3);
    struct second second = {.house = house};
    struct sync_request request = {.by = "the first", .observe = sync_meanwhile, .context = &second};
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_msg(sync_run(&house->setup, &request, &report, &err) == SLUICE_OK, "%s", err.message);
    ck_assert_int_eq(report.outcome, SLUICE_OUTCOME_SUCCESS);
    ck_assert_int_eq(second.status, SLUICE_BUSY);
    ck_assert_ptr_nonnull(strstr(second.err.message, report.run_id));
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_RUNS, NULL), 1);
    house_free(house);
}
END_TEST

START_TEST(a_run_that_is_cancelled_in_the_store_ends_cancelled)
{
    struct house *house = house_new(three, 1);
    house->options.lease.ms = 300;
    house_script(house, "Acme")->hang_at = 5;
    house->cancel_run_at_event = 1;
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_CANCELLED);
    ck_assert_str_eq(report.message, "The run was cancelled.");
    house_free(house);
}
END_TEST

CHECK_MAIN("sync.takeover", a_run_that_died_in_its_master_phase_is_taken_over_at_once,
           a_run_that_died_in_a_list_is_taken_over_at_once, a_run_is_taken_over_as_often_as_it_dies,
           a_dead_run_for_one_supplier_is_ended_before_all_are_read,
           without_proof_a_dead_run_is_left_until_its_lease_ends, of_two_runs_at_once_the_second_is_busy,
           a_run_that_is_cancelled_in_the_store_ends_cancelled)
