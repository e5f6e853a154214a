/* SPDX-License-Identifier: Apache-2.0 */
/* Runs on sources, a store and a state backend that fail. */
#include "check_main.h"
#include "house.h"

#include "base/cleanup.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {"Acme", "Bolt"};

static void add_fault(struct house *house, enum house_call call, unsigned at, enum sluice_status status,
                      bool after)
{
    house->faults[house->n_faults++] =
        (struct house_fault){.call = call, .at = at, .status = status, .after = after};
}

/* ---- Sources ---- */

START_TEST(garbage_fails_its_own_job_only)
{
    for (int garbage = GARBAGE_NO_BATCH; garbage <= GARBAGE_UNCHANGED; garbage++) {
        if (garbage == GARBAGE_NOT_UTF8) /* which rejects its row */
            continue;
        struct house *house = house_new(names, 2);
        house_script(house, "Bolt")->garbage.index = (uint32_t)garbage;
        house_expect(house, SLUICE_OUTCOME_PARTIAL);
        const struct house_event *event = house_event(house, SYNC_EVENT_FINISHED, "Bolt");
        ck_assert_msg(strcmp(event->error_type, "data") == 0 &&
                          strstr(event->message, "plugin source-mock broke the contract") != NULL,
                      "garbage %d: %s: %s", garbage, event->error_type, event->message);
        ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 10);
        ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "bolt"), 0);
        house_free(house);
    }
}
END_TEST

START_TEST(a_text_that_is_not_utf8_rejects_its_row_only)
{
    struct house *house = house_new(names, 1);
    house_script(house, "Acme")->garbage.index = GARBAGE_NOT_UTF8;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    const struct house_event *event = house_event(house, SYNC_EVENT_FINISHED, "Acme");
    ck_assert_uint_eq(event->figures.rejected, 1);
    ck_assert_uint_eq(event->figures.inserted, 9);
    house_free(house);
}
END_TEST

START_TEST(what_may_pass_is_tried_again)
{
    struct house *house = house_new(names, 2);
    struct source_mock_options *script = house_script(house, "Bolt");
    script->fail_at = 5;
    script->fail_status.index = 0; /* retry */
    script->fail_times = 1;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_event(house, SYNC_EVENT_FINISHED, "Bolt")->figures.inserted, 10);
    house_free(house);
}
END_TEST

START_TEST(a_quota_is_waited_for_however_often_and_is_no_failure)
{
    struct house *house = house_new(names, 2);
    struct source_mock_options *script = house_script(house, "Bolt");
    house->options.supplier_timeout.ms = 10000;
    script->fail_at = 5;
    script->fail_status.index = 6; /* quota */
    script->fail_times = 20;       /* far more than calls that fail are made again */
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_event(house, SYNC_EVENT_FINISHED, "Bolt")->figures.inserted, 10);
    ck_assert_ptr_nonnull(house_event(house, SYNC_EVENT_WAITING, NULL));
    house_free(house);
}
END_TEST

START_TEST(what_does_not_pass_ends_with_the_suppliers_time)
{
    struct house *house = house_new(names, 1);
    struct source_mock_options *script = house_script(house, "Acme");
    house->options.supplier_timeout.ms = 300;
    script->hang_at = 5;
    house_expect(house, SLUICE_OUTCOME_FAILED);
    ck_assert_str_eq(house_event(house, SYNC_EVENT_FINISHED, "Acme")->error_type, "timeout");
    house_free(house);
}
END_TEST

START_TEST(a_run_that_takes_too_long_fails)
{
    struct house *house = house_new(names, 2);
    house->options.run_timeout.ms = 300;
    house_script(house, "Acme")->hang_at = 5;
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_FAILED);
    ck_assert_str_eq(report.message, "The run took longer than sync.run_timeout allows.");
    house_free(house);
}
END_TEST

START_TEST(a_failing_master_changes_nothing_and_says_why)
{
    struct house *house = house_new(names, 2);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house->master_script.fail_at = 1;
    house->master_script.fail_status.index = 2; /* auth */
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_int_eq(house_sync(house, &report, &err), SLUICE_AUTH);
    ck_assert_ptr_nonnull(strstr(err.message, "master sheet: "));
    char outcome[16];
    house_cell(house, SLUICE_QUERY_RUNS, NULL, 0, "outcome", outcome, sizeof outcome);
    ck_assert_str_eq(outcome, "failed");
    ck_assert_uint_eq(house->state.releases, 2);
    house_free(house);
}
END_TEST

/* ---- The store ---- */

START_TEST(a_lost_commit_reply_is_looked_up)
{
    struct house *house = house_new(names, 1);
    add_fault(house, CALL_SNAPSHOT_COMMIT, 1, SLUICE_UNKNOWN, true);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 10);
    house_free(house);
}
END_TEST

START_TEST(a_commit_that_never_arrived_is_made_again)
{
    struct house *house = house_new(names, 1);
    add_fault(house, CALL_SNAPSHOT_COMMIT, 1, SLUICE_UNKNOWN, false);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_event(house, SYNC_EVENT_FINISHED, "Acme")->figures.inserted, 10);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 10);
    house_free(house);
}
END_TEST

START_TEST(a_lost_reply_to_an_outcome_is_looked_up)
{
    struct house *house = house_new(names, 1);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    add_fault(house, CALL_JOB_FINISH, 0, SLUICE_UNKNOWN, true);
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(report.unchanged, 1);
    house_free(house);
}
END_TEST

START_TEST(a_lost_request_reply_is_asked_again)
{
    struct house *house = house_new(names, 1);
    add_fault(house, CALL_REQUEST_PUT, 1, SLUICE_UNKNOWN, true);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_free(house);
}
END_TEST

START_TEST(a_lost_lease_commits_nothing)
{
    struct house *house = house_new(names, 1);
    house->options.lease.ms = 300; /* so that the heartbeat notices while the list is read */
    house_script(house, "Acme")->hang_at = 5;
    add_fault(house, CALL_RUN_RENEW, 0, SLUICE_LOST, false);
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_int_eq(house_sync(house, &report, &err), SLUICE_BUSY);
    ck_assert_ptr_nonnull(strstr(err.message, "took run"));
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 0);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_LOGS, NULL), 0);
    house_free(house);
}
END_TEST

START_TEST(a_lost_job_commits_nothing)
{
    struct house *house = house_new(names, 1);
    add_fault(house, CALL_SNAPSHOT_COMMIT, 1, SLUICE_LOST, false);
    house->options.run_timeout.ms = 500; /* nobody else takes the job */
    house_expect(house, SLUICE_OUTCOME_FAILED);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 0);
    house_free(house);
}
END_TEST

START_TEST(a_store_that_fails_for_good_ends_the_run)
{
    struct house *house = house_new(names, 2);
    add_fault(house, CALL_SNAPSHOT_WRITE, 0, SLUICE_IO, false);
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_int_eq(house_sync(house, &report, &err), SLUICE_IO);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 0);
    house->n_faults = 0;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 10);
    house_free(house);
}
END_TEST

START_TEST(a_busy_store_is_tried_again)
{
    struct house *house = house_new(names, 2);
    add_fault(house, CALL_SNAPSHOT_COMMIT, 1, SLUICE_RETRY, false);
    add_fault(house, CALL_JOB_CLAIM, 1, SLUICE_RETRY, false);
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(report.succeeded, 2);
    house_free(house);
}
END_TEST

/* ---- The state backend ---- */

START_TEST(without_a_state_backend_the_run_goes_on)
{
    struct house *house = house_new(names, 2);
    house->state.down = true;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 10);
    house_free(house);
}
END_TEST

START_TEST(a_lock_that_means_nothing_refuses_nothing)
{
    struct house *house = house_new(names, 2);
    snprintf(house->state.holder, sizeof house->state.holder, "a run that nobody knows");
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_free(house);
}
END_TEST

/* ---- Cancellation ---- */

START_TEST(a_cancelled_run_leaves_a_consistent_store)
{
    struct house *house = house_new(names, 2);
    struct sync_report report;
    struct sluice_error err = {0};
    house_script(house, "Bolt")->hang_at = 5;
    house->options.workers = 1;
    house->cancel_at_event = 4; /* run, master, started, …: while the lists are read */
    int64_t begun = clock_system()->monotonic_us(clock_system());
    ck_assert_int_eq(house_sync(house, &report, &err), SLUICE_OK);
    int64_t took_us = clock_system()->monotonic_us(clock_system()) - begun;
    ck_assert_int_eq(report.outcome, SLUICE_OUTCOME_CANCELLED);
    ck_assert_msg(took_us < US_PER_SECOND, "it took %d ms", (int)(took_us / US_PER_MS));
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "bolt"), 0);
    ck_assert_uint_eq(house->state.releases, house->state.locks);
    house_free(house);
}
END_TEST

CHECK_MAIN("sync.faults", garbage_fails_its_own_job_only, a_text_that_is_not_utf8_rejects_its_row_only,
           what_may_pass_is_tried_again, a_quota_is_waited_for_however_often_and_is_no_failure,
           what_does_not_pass_ends_with_the_suppliers_time, a_run_that_takes_too_long_fails,
           a_failing_master_changes_nothing_and_says_why, a_lost_commit_reply_is_looked_up,
           a_commit_that_never_arrived_is_made_again, a_lost_reply_to_an_outcome_is_looked_up,
           a_lost_request_reply_is_asked_again, a_lost_lease_commits_nothing, a_lost_job_commits_nothing,
           a_store_that_fails_for_good_ends_the_run, a_busy_store_is_tried_again,
           without_a_state_backend_the_run_goes_on, a_lock_that_means_nothing_refuses_nothing,
           a_cancelled_run_leaves_a_consistent_store)
