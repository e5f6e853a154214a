/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "store_scene.h"
#include "store_suite.h"

#include <string.h>

static const struct line anvil[] = {{2, "A", "Anvil", 10000}};

static enum sluice_status claim(struct scene *scene, void *store, const char *run_id,
                                uint32_t previous_is_dead, const struct sluice_run **ret_run)
{
    struct sluice_claim claim = {.struct_size = sizeof claim,
                                 .previous_is_dead = previous_is_dead,
                                 .run_id = run_id,
                                 .holder = "host, pid 2",
                                 .lease_ms = LEASE_MS};
    return scene_store(scene)->run_claim(store, &claim, ret_run, scene_error(scene));
}

static enum sluice_status finish(struct scene *scene, const struct work *work, const struct sluice_job *job)
{
    struct sluice_job_outcome outcome = {.struct_size = sizeof outcome,
                                         .outcome = SLUICE_OUTCOME_UNCHANGED,
                                         .error_type = "SUCCESS",
                                         .message = "unchanged"};
    return scene_store(scene)->job_finish(work->store, job, &outcome, scene_error(scene));
}

static void a_request_is_put_once(struct scene *scene)
{
    void *store = store_ready(scene);
    const struct sluice_store *calls = scene_store(scene);
    struct sluice_request request = {.struct_size = sizeof request,
                                     .flags = SLUICE_REQUEST_FULL,
                                     .scope = (const char *const[]){"acme", "quo\"te"},
                                     .n_scope = 2};
    id_make(scene, request.run_id);
    const struct sluice_run *run = NULL;
    for (int i = 0; i < 2; i++)
        expect_status(scene, "request_put", SLUICE_OK,
                      calls->request_put(store, &request, &run, scene_error(scene)));
    expect_equal(scene, "state", SLUICE_RUN_QUEUED, run->state);
    expect_equal(scene, "epoch", 0, run->epoch);
    expect_equal(scene, "flags", SLUICE_REQUEST_FULL, run->flags);
    expect_equal(scene, "scope", 2, (int64_t)run->n_scope);
    expect_text(scene, "scope", "quo\"te", run->scope[1]);
    struct sluice_request other = {.struct_size = sizeof other};
    id_make(scene, other.run_id);
    expect_status(scene, "another request_put", SLUICE_BUSY,
                  calls->request_put(store, &other, &run, scene_error(scene)));
    expect_text(scene, "the run that is there", request.run_id, run->run_id);
}

static void without_a_run_there_is_nothing_to_claim(struct scene *scene)
{
    void *store = store_ready(scene);
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_END, claim(scene, store, NULL, 0, &run));
    expect_status(scene, "request_cancel", SLUICE_END,
                  scene_store(scene)->request_cancel(store, "018f0000-0000-7000-8000-000000000000",
                                                     scene_error(scene)));
}

static void a_living_lease_keeps_the_run(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_BUSY, claim(scene, work.store, NULL, 0, &run));
    expect_text(scene, "the run whose leases live", work.run_id, run->run_id);
    expect_text(scene, "its holder", "host, pid 1", run->holder);
}

static void an_ended_lease_gives_the_next_epoch_and_attempt(struct scene *scene)
{
    struct work work = work_begun(scene);
    scene_pass(scene, LEASE_MS + 1);
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_OK, claim(scene, work.store, NULL, 0, &run));
    expect(scene, run->epoch > work.epoch, "epoch %lld does not follow %lld", (long long)run->epoch,
           (long long)work.epoch);
    expect_equal(scene, "state", SLUICE_RUN_SUPPLIERS, run->state);
    const struct sluice_job *job = NULL;
    expect_status(scene, "job_claim", SLUICE_OK,
                  scene_store(scene)->job_claim(work.store, NULL, "w", LEASE_MS, &job, scene_error(scene)));
    expect_equal(scene, "attempt", 2, job->attempt);
}

static void a_job_lease_alone_keeps_the_run(struct scene *scene)
{
    struct work work = work_begun(scene);
    uint32_t cancelled = 9;
    scene_pass(scene, LEASE_MS / 2);
    expect_status(
        scene, "job_renew", SLUICE_OK,
        scene_store(scene)->job_renew(work.store, &work.job, LEASE_MS, &cancelled, scene_error(scene)));
    expect_equal(scene, "cancelled", 0, cancelled);
    scene_pass(scene, LEASE_MS * 3 / 4);
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_BUSY, claim(scene, work.store, NULL, 0, &run));
}

static void a_proven_death_voids_leases_at_once(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_OK, claim(scene, work.store, work.run_id, 1, &run));
    expect_status(scene, "job_finish of the dead", SLUICE_LOST, finish(scene, &work, &work.job));
}

static enum sluice_status claim_job(struct scene *scene, const struct work *work,
                                    const struct sluice_job **ret_job)
{
    return scene_store(scene)->job_claim(work->store, work->run_id, "w", LEASE_MS, ret_job,
                                         scene_error(scene));
}

static void an_attempt_that_nobody_ended_is_a_death(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_run *run = NULL;
    const struct sluice_job *job = NULL;
    expect_equal(scene, "deaths at first", 0, work.job.deaths);
    expect_status(scene, "run_claim", SLUICE_OK, claim(scene, work.store, work.run_id, 1, &run));
    expect_status(scene, "job_claim", SLUICE_OK, claim_job(scene, &work, &job));
    expect_equal(scene, "deaths after a proved one", 1, job->deaths);
    scene_pass(scene, LEASE_MS + 1);
    expect_status(scene, "job_claim", SLUICE_OK, claim_job(scene, &work, &job));
    expect_equal(scene, "deaths after a lease that ended", 2, job->deaths);
    expect_equal(scene, "attempt", 3, job->attempt);
}

static void a_job_that_is_given_back_waits_again_and_counts_no_death(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_store *calls = scene_store(scene);
    const struct sluice_job *job = NULL;
    expect_status(scene, "job_release", SLUICE_OK,
                  calls->job_release(work.store, &work.job, scene_error(scene)));
    expect_status(scene, "job_release again", SLUICE_LOST,
                  calls->job_release(work.store, &work.job, scene_error(scene)));
    expect_status(scene, "job_finish of what was given back", SLUICE_LOST, finish(scene, &work, &work.job));
    expect_status(scene, "job_claim", SLUICE_OK, claim_job(scene, &work, &job));
    expect_equal(scene, "attempt", 2, job->attempt);
    expect_equal(scene, "deaths", 0, job->deaths);
}

static void a_run_that_is_given_up_may_be_claimed_at_once(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_store *calls = scene_store(scene);
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_renew", SLUICE_OK,
                  calls->run_renew(work.store, work.run_id, work.epoch, 0, &run, scene_error(scene)));
    expect_status(scene, "run_claim while a job lives", SLUICE_BUSY, claim(scene, work.store, NULL, 0, &run));
    expect_status(scene, "job_release", SLUICE_OK,
                  calls->job_release(work.store, &work.job, scene_error(scene)));
    expect_status(scene, "run_claim", SLUICE_OK, claim(scene, work.store, NULL, 0, &run));
    expect_text(scene, "the run", work.run_id, run->run_id);
}

static void a_stale_epoch_commits_nothing(struct scene *scene)
{
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    snapshot_lines(scene, work.store, snapshot, anvil, 1);
    void *other = scene_instance(scene);
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_OK, claim(scene, other, work.run_id, 1, &run));
    expect_status(scene, "snapshot_commit", SLUICE_LOST, snapshot_committed(scene, work.store, snapshot));
    expect_text(scene, "items", "", items_of(scene, other, "acme"));
    expect_equal(scene, "logs", 0, (int64_t)count_of(scene, other, SLUICE_QUERY_LOGS, NULL));
}

static void a_stale_epoch_changes_no_supplier_and_no_run(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_store *calls = scene_store(scene);
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_OK, claim(scene, work.store, work.run_id, 1, &run));
    struct sluice_suppliers_sync sync = {
        .struct_size = sizeof sync, .run_id = work.run_id, .epoch = work.epoch};
    const struct sluice_suppliers_change *change = NULL;
    expect_status(scene, "suppliers_sync", SLUICE_LOST,
                  calls->suppliers_sync(work.store, &sync, &change, scene_error(scene)));
    uint32_t total = 0;
    expect_status(scene, "jobs_enqueue", SLUICE_LOST,
                  calls->jobs_enqueue(work.store, work.run_id, work.epoch, &total, scene_error(scene)));
    expect_status(scene, "run_renew", SLUICE_LOST,
                  calls->run_renew(work.store, work.run_id, work.epoch, LEASE_MS, &run, scene_error(scene)));
    expect_status(scene, "run_finish", SLUICE_LOST,
                  calls->run_finish(work.store, work.run_id, work.epoch, SLUICE_OUTCOME_SUCCESS, NULL,
                                    scene_error(scene)));
    struct sluice_hold hold = {.struct_size = sizeof hold, .guard = "items_gone", .message = "m"};
    id_make(scene, hold.hold_id);
    expect_status(scene, "hold_put", SLUICE_LOST,
                  calls->hold_put(work.store, work.run_id, NULL, work.epoch, &hold, scene_error(scene)));
    uint32_t cancelled;
    expect_status(scene, "job_renew", SLUICE_LOST,
                  calls->job_renew(work.store, &work.job, LEASE_MS, &cancelled, scene_error(scene)));
    const char *const active[] = {"is_active"};
    expect_text(scene, "the supplier is as it was", "1\n",
                rows_of(scene, work.store, SLUICE_QUERY_SUPPLIERS, NULL, active, 1));
}

static void a_stolen_job_lease_commits_nothing(struct scene *scene)
{
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    snapshot_lines(scene, work.store, snapshot, anvil, 1);
    scene_pass(scene, LEASE_MS + 1);
    void *thief = scene_instance(scene);
    const struct sluice_job *stolen = NULL;
    expect_status(
        scene, "job_claim", SLUICE_OK,
        scene_store(scene)->job_claim(thief, work.run_id, "thief", LEASE_MS, &stolen, scene_error(scene)));
    expect_equal(scene, "attempt", 2, stolen->attempt);
    struct work second = {.store = thief, .job = job_kept(scene, stolen)};
    expect_status(scene, "snapshot_commit by the first", SLUICE_LOST,
                  snapshot_committed(scene, work.store, snapshot));
    const struct line bolt[] = {{2, "B", "Bolt", 20000}};
    list_is(scene, &second, bolt, 1);
    expect_text(scene, "items", "B=2.0000", items_of(scene, thief, "acme"));
    expect_status(scene, "job_finish by the first", SLUICE_LOST, finish(scene, &work, &work.job));
}

static void an_ended_job_cannot_be_ended_again(struct scene *scene)
{
    struct work work = work_begun(scene);
    expect_status(scene, "job_finish", SLUICE_OK, finish(scene, &work, &work.job));
    expect_status(scene, "job_finish again", SLUICE_LOST, finish(scene, &work, &work.job));
}

static void jobs_are_free_busy_or_all_done(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_store *calls = scene_store(scene);
    const struct sluice_job *job = NULL;
    expect_status(scene, "job_claim while leased", SLUICE_BUSY,
                  calls->job_claim(work.store, work.run_id, "w", LEASE_MS, &job, scene_error(scene)));
    expect_status(scene, "job_claim of any run", SLUICE_BUSY,
                  calls->job_claim(work.store, NULL, "w", LEASE_MS, &job, scene_error(scene)));
    expect_status(scene, "job_finish", SLUICE_OK, finish(scene, &work, &work.job));
    expect_status(scene, "job_claim when done", SLUICE_END,
                  calls->job_claim(work.store, work.run_id, "w", LEASE_MS, &job, scene_error(scene)));
    expect_status(scene, "job_claim of any run when done", SLUICE_END,
                  calls->job_claim(work.store, NULL, "w", LEASE_MS, &job, scene_error(scene)));
}

static void enqueuing_twice_changes_nothing(struct scene *scene)
{
    struct work work = work_begun(scene);
    uint32_t total = 0;
    expect_status(scene, "job_finish", SLUICE_OK, finish(scene, &work, &work.job));
    expect_status(
        scene, "jobs_enqueue", SLUICE_OK,
        scene_store(scene)->jobs_enqueue(work.store, work.run_id, work.epoch, &total, scene_error(scene)));
    expect_equal(scene, "total", 1, total);
    const struct sluice_job *job = NULL;
    expect_status(
        scene, "job_claim", SLUICE_END,
        scene_store(scene)->job_claim(work.store, work.run_id, "w", LEASE_MS, &job, scene_error(scene)));
}

static void a_lookup_tells_what_became_of_an_attempt(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_store *calls = scene_store(scene);
    enum sluice_job_state state = SLUICE_JOB_WAITING;
    const char *supplier = work.job.supplier_id;
    expect_status(scene, "lookup", SLUICE_OK,
                  calls->job_lookup(work.store, work.run_id, supplier, 1, &state, scene_error(scene)));
    expect_equal(scene, "state", SLUICE_JOB_RUNNING, state);
    expect_status(scene, "lookup of a later attempt", SLUICE_END,
                  calls->job_lookup(work.store, work.run_id, supplier, 2, &state, scene_error(scene)));
    list_is(scene, &work, anvil, 1);
    expect_status(scene, "lookup", SLUICE_OK,
                  calls->job_lookup(work.store, work.run_id, supplier, 1, &state, scene_error(scene)));
    expect_equal(scene, "state", SLUICE_JOB_DONE, state);
    expect_status(scene, "lookup of an unknown run", SLUICE_END,
                  calls->job_lookup(work.store, "018f0000-0000-7000-8000-000000000000", supplier, 1, &state,
                                    scene_error(scene)));
}

static void a_cancelled_run_tells_its_workers(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_store *calls = scene_store(scene);
    uint32_t cancelled = 0;
    const struct sluice_run *run = NULL;
    expect_status(scene, "request_cancel", SLUICE_OK,
                  calls->request_cancel(work.store, work.run_id, scene_error(scene)));
    expect_status(scene, "job_renew", SLUICE_OK,
                  calls->job_renew(work.store, &work.job, LEASE_MS, &cancelled, scene_error(scene)));
    expect_equal(scene, "cancelled", 1, cancelled);
    expect_status(scene, "run_renew", SLUICE_OK,
                  calls->run_renew(work.store, work.run_id, work.epoch, LEASE_MS, &run, scene_error(scene)));
    expect_equal(scene, "cancel_requested", 1, run->cancel_requested);
}

static void a_run_ends_once_and_its_jobs_with_it(struct scene *scene)
{
    struct work work = work_begun(scene);
    work_finished(scene, &work);
    expect_status(scene, "run_finish again", SLUICE_END,
                  scene_store(scene)->run_finish(work.store, work.run_id, work.epoch, SLUICE_OUTCOME_FAILED,
                                                 NULL, scene_error(scene)));
    expect_status(scene, "job_finish", SLUICE_LOST, finish(scene, &work, &work.job));
    const struct sluice_job *job = NULL;
    expect_status(
        scene, "job_claim", SLUICE_END,
        scene_store(scene)->job_claim(work.store, work.run_id, "w", LEASE_MS, &job, scene_error(scene)));
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_END, claim(scene, work.store, work.run_id, 0, &run));
}

static void cancelling_writes_no_outcome_row(struct scene *scene)
{
    struct work work = work_begun(scene);
    struct sluice_job_outcome outcome = {
        .struct_size = sizeof outcome, .outcome = SLUICE_OUTCOME_CANCELLED, .message = "stopped"};
    expect_status(scene, "job_finish", SLUICE_OK,
                  scene_store(scene)->job_finish(work.store, &work.job, &outcome, scene_error(scene)));
    expect_equal(scene, "logs", 0, (int64_t)count_of(scene, work.store, SLUICE_QUERY_LOGS, NULL));
}

/* A cancelled host stops long calls, but how the run ended can still be written. */
static void after_a_cancellation_the_end_is_still_written(struct scene *scene)
{
    struct work work = work_begun(scene);
    cancel_request(scene_cancel(scene));
    struct sluice_job_outcome outcome = {.struct_size = sizeof outcome, .outcome = SLUICE_OUTCOME_CANCELLED};
    expect_status(scene, "job_finish", SLUICE_OK,
                  scene_store(scene)->job_finish(work.store, &work.job, &outcome, scene_error(scene)));
    work_finished(scene, &work);
}

#define CASE(name)     \
    {                  \
#name, name, 0 \
    }

const struct conformance_case store_fence_cases[] = {
    CASE(a_request_is_put_once),
    CASE(without_a_run_there_is_nothing_to_claim),
    CASE(a_living_lease_keeps_the_run),
    CASE(an_ended_lease_gives_the_next_epoch_and_attempt),
    CASE(a_job_lease_alone_keeps_the_run),
    CASE(a_proven_death_voids_leases_at_once),
    CASE(an_attempt_that_nobody_ended_is_a_death),
    CASE(a_job_that_is_given_back_waits_again_and_counts_no_death),
    CASE(a_run_that_is_given_up_may_be_claimed_at_once),
    CASE(a_stale_epoch_commits_nothing),
    CASE(a_stale_epoch_changes_no_supplier_and_no_run),
    CASE(a_stolen_job_lease_commits_nothing),
    CASE(an_ended_job_cannot_be_ended_again),
    CASE(jobs_are_free_busy_or_all_done),
    CASE(enqueuing_twice_changes_nothing),
    CASE(a_lookup_tells_what_became_of_an_attempt),
    CASE(a_cancelled_run_tells_its_workers),
    CASE(a_run_ends_once_and_its_jobs_with_it),
    CASE(cancelling_writes_no_outcome_row),
    CASE(after_a_cancellation_the_end_is_still_written),
    {.name = NULL},
};
