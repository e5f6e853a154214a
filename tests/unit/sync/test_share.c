/* SPDX-License-Identifier: Apache-2.0 */
/* A process's share in everyone's runs: claiming, joining, leaving, and whom a deadly list may take along. */
#include "check_main.h"
#include "house.h"

#include "base/error.h"
#include "host/cancel.h"

#include <string.h>
#include <sys/wait.h>

static const char *const three[] = {"Acme", "Bolt", "Crane"};

struct share {
    struct house *house;
    struct sync_share share;
    struct session *session;
    struct sync_report report;
    const char *leave_at; /* requested when that supplier's job begins; NULL: never */
    bool hurry;           /* at the same time all is to be given back */
    unsigned at_work, most_beside_bolt;
    bool bolt_works, joined;
};

static void observe(void *context, const struct sync_event *event)
{
    struct share *share = context;
    bool bolt = event->supplier != NULL && strcmp(event->supplier, "Bolt") == 0;
    if (event->kind == SYNC_EVENT_RUN)
        share->joined = event->joined != 0;
    if (event->kind == SYNC_EVENT_STARTED) {
        share->at_work++;
        share->bolt_works = share->bolt_works || bolt;
        if (share->bolt_works && share->at_work - 1 > share->most_beside_bolt)
            share->most_beside_bolt = share->at_work - 1;
    }
    if (event->kind == SYNC_EVENT_FINISHED) {
        share->at_work--;
        share->bolt_works = share->bolt_works && !bolt;
    }
    if (event->kind != SYNC_EVENT_STARTED || share->leave_at == NULL ||
        strcmp(share->leave_at, event->supplier) != 0)
        return;
    cancel_request(share->share.leave);
    if (share->hurry)
        cancel_request(share->house->cancel);
}

static void share_open(struct share *share, struct house *house)
{
    struct sluice_error err = {0};
    *share = (struct share){.house = house};
    share->share = (struct sync_share){.leave = cancel_new(), .observe = observe, .context = share};
    enum sluice_status status = sync_open(&house->setup, &share->share, &share->session, &err);
    ck_assert_msg(status == SLUICE_OK, "%s", err.message);
}

static enum sluice_status share_work(struct share *share)
{
    struct sluice_error err = {0};
    enum sluice_status status = sync_work(share->session, &share->report, &err);
    ck_assert_msg(status == SLUICE_OK || status == SLUICE_END, "%s", err.message);
    return status;
}

static void share_close(struct share *share)
{
    sync_close(share->session);
    cancel_free(share->share.leave);
}

/* As `sluice trigger` does. */
static void request(struct house *house)
{
    struct instance *store = NULL;
    const struct sluice_run *run = NULL;
    const struct sluice_schema *schema = NULL;
    struct sluice_error err = {0};
    struct sluice_request put = {.struct_size = sizeof put, .by = "the test"};
    uuid_make(house->services.random, house->services.clock->wall_us(house->services.clock), put.run_id);
    ck_assert_int_eq(instance_create(&house->services, house->setup.store.plugin, house->setup.store.options,
                                     "test", &store, &err),
                     SLUICE_OK);
    const struct sluice_store *calls = store->plugin->store;
    ck_assert_int_eq(calls->schema(store->self, SLUICE_SCHEMA_MIGRATE, &schema, &err), SLUICE_OK);
    ck_assert_msg(calls->request_put(store->self, &put, &run, &err) == SLUICE_OK, "%s", err.message);
    instance_destroy(store);
}

START_TEST(a_queued_run_is_done_and_then_there_is_nothing)
{
    struct house *house = house_new(three, 3);
    struct share share;
    request(house);
    share_open(&share, house);
    ck_assert_int_eq(share_work(&share), SLUICE_OK);
    ck_assert_int_eq(share.report.outcome, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(share.report.ended, 1);
    ck_assert_uint_eq(share.report.succeeded, 3);
    ck_assert_int_eq(share_work(&share), SLUICE_END);
    share_close(&share);
    house_free(house);
}
END_TEST

START_TEST(one_that_leaves_finishes_its_list_and_another_goes_on_with_the_run_at_once)
{
    struct house *house = house_new(three, 3);
    struct share first, second;
    house->options.workers = 1;
    request(house);
    share_open(&first, house);
    first.leave_at = "Acme";
    ck_assert_int_eq(share_work(&first), SLUICE_OK);
    ck_assert_int_eq(first.report.outcome, SLUICE_OUTCOME_NONE);
    ck_assert_int_eq(share_work(&first), SLUICE_END);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 10);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "bolt"), 0);
    share_close(&first);
    share_open(&second, house);
    ck_assert_int_eq(share_work(&second), SLUICE_OK);
    ck_assert_int_eq(second.report.outcome, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(second.report.jobs, 3);
    share_close(&second);
    house_free(house);
}
END_TEST

START_TEST(one_in_a_hurry_gives_its_list_back_without_a_death)
{
    struct house *house = house_new(three, 3);
    struct share share;
    char attempt[8];
    house->options.workers = 1;
    house_script(house, "Acme")->hang_at = 5;
    request(house);
    share_open(&share, house);
    share.leave_at = "Acme";
    share.hurry = true;
    ck_assert_int_eq(share_work(&share), SLUICE_OK);
    ck_assert_int_eq(share.report.outcome, SLUICE_OUTCOME_NONE);
    share_close(&share);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 0);
    house_cell(house, SLUICE_QUERY_JOBS, NULL, 0, "attempt", attempt, sizeof attempt);
    ck_assert_str_eq(attempt, "2");
    house_free(house);
}
END_TEST

static void die_in_bolt(struct house *house)
{
    house_script(house, "Bolt")->kill_at = 7;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct share share;
        share_open(&share, house);
        share_work(&share);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ck_assert_msg(WIFSIGNALED(status), "it did not die");
    house_script(house, "Bolt")->kill_at = 0;
}

START_TEST(a_list_that_may_have_killed_its_process_is_read_alone)
{
    static const char *const six[] = {"Acme", "Bolt", "Crane", "Drum", "Edge", "Forge"};
    struct house *house = house_new(six, 6);
    struct share share;
    house_use_state_local(house);
    house->options.workers = 3;
    for (size_t i = 0; i < 6; i++)
        house->lists[i].script.delay.ms = 5;
    request(house);
    die_in_bolt(house);
    share_open(&share, house);
    ck_assert_int_eq(share_work(&share), SLUICE_OK);
    ck_assert_int_eq(share.report.outcome, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(share.most_beside_bolt, 0);
    share_close(&share);
    house_free(house);
}
END_TEST

/* ---- Two at once ---- */

struct second {
    struct house *house;
    struct share share;
};

/* While the other one reads the master there is nothing to do yet: asks until there is, or all is done. */
static void work_on(struct house *house, struct share *share)
{
    struct sluice_error err = {0};
    enum sluice_status status;
    do
        status = sync_work(share->session, &share->report, &err);
    while (status == SLUICE_END && house_count(house, SLUICE_QUERY_ITEMS, "crane") == 0);
}

static void work_beside(void *argument)
{
    struct second *second = argument;
    work_on(second->house, &second->share);
}

START_TEST(two_processes_share_a_run_and_each_list_is_read_once)
{
    static const char *const six[] = {"Acme", "Bolt", "Crane", "Drum", "Edge", "Forge"};
    struct house *house = house_new(six, 6);
    struct share first;
    struct second second = {.house = house};
    house->options.workers = 1;
    for (size_t i = 0; i < 6; i++)
        house->lists[i].script.delay.ms = 20;
    request(house);
    share_open(&first, house);
    share_open(&second.share, house);
    const struct task_runtime *tasks = house->setup.tasks;
    struct task *task = tasks->spawn(tasks, work_beside, &second);
    work_on(house, &first);
    tasks->join(task);
    ck_assert_msg(first.joined || second.share.joined, "nobody joined");
    ck_assert_uint_eq(first.report.ended + second.share.report.ended, 1);
    for (size_t i = 0; i < 6; i++) {
        char attempt[8];
        house_cell(house, SLUICE_QUERY_JOBS, NULL, i, "attempt", attempt, sizeof attempt);
        ck_assert_str_eq(attempt, "1");
    }
    share_close(&first);
    share_close(&second.share);
    house_free(house);
}
END_TEST

CHECK_MAIN("sync.share", a_queued_run_is_done_and_then_there_is_nothing,
           one_that_leaves_finishes_its_list_and_another_goes_on_with_the_run_at_once,
           one_in_a_hurry_gives_its_list_back_without_a_death,
           a_list_that_may_have_killed_its_process_is_read_alone,
           two_processes_share_a_run_and_each_list_is_read_once)
