/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of a run: obtain, heartbeat, master, jobs, outcome, unlock. What was begun is ended on every
 * path: a run that we may still write to gets its outcome, the lock is released, the tasks are joined.
 */
#include "sync/run.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "sync/retry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RUN_CEILING  (16u << 20)
#define WORKERS_MAX  64
#define LEASE_MIN_MS 100

/* ---- What the steps share ---- */

void run_stop(struct run *run, enum stop_reason reason, const struct sluice_error *err)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    if (run->stop_reason == STOP_NONE) {
        run->stop_reason = reason;
        if (err != NULL)
            run->error = *err;
    }
    cancel_request(run->stop);
    tasks->wake_all(run->monitor);
    tasks->leave(run->monitor);
}

enum stop_reason run_stop_reason(struct run *run)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    enum stop_reason reason = run->stop_reason;
    tasks->leave(run->monitor);
    return reason;
}

uint32_t run_jobs_ended(struct run *run)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    uint32_t ended = run->jobs_ended;
    tasks->leave(run->monitor);
    return ended;
}

/* `seen` NULL: whatever ends meanwhile. */
static enum sluice_status wait_for(struct run *run, const uint32_t *seen, int64_t ms,
                                   struct sluice_error *err)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    int64_t until_us = run_now(run) + ms * US_PER_MS;
    tasks->enter(run->monitor);
    for (int64_t now = run_now(run);
         now < until_us && !cancel_requested(run->stop) && (seen == NULL || *seen == run->jobs_ended);
         now = run_now(run))
        tasks->wait(run->monitor, (until_us - now + US_PER_MS - 1) / US_PER_MS);
    tasks->leave(run->monitor);
    if (cancel_requested(run->stop))
        return error_set(err, SLUICE_CANCELLED, "the run was stopped");
    return SLUICE_OK;
}

enum sluice_status run_pause(struct run *run, int64_t ms, struct sluice_error *err)
{
    return wait_for(run, NULL, ms, err);
}

enum sluice_status run_idle(struct run *run, uint32_t seen, int64_t ms, struct sluice_error *err)
{
    return wait_for(run, &seen, ms, err);
}

enum sluice_status run_instance(struct run *run, const struct sync_plugin *plugin, const char *who,
                                struct instance **ret_instance, struct sluice_error *err)
{
    return instance_create(&run->services, plugin->plugin, plugin->options, who, ret_instance, err);
}

static void enter_phase(struct run *run, const char *phase, uint32_t total)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    run->phase = phase;
    if (total > run->total)
        run->total = total;
    run->moved = true;
    tasks->leave(run->monitor);
}

/* ---- A run's own things ---- */

static enum sluice_status run_init(struct run *run, struct session *session, struct sluice_error *err)
{
    const struct sync_setup *setup = session->setup;
    *run = (struct run){
        .session = session,
        .services = *setup->services,
        .arena = ARENA_INIT(RUN_CEILING),
        .phase = "syncing_master",
        .n_slots = (uint32_t)setup->options->workers,
    };
    run->stop = cancel_new();
    if (run->stop == NULL)
        return error_set(err, SLUICE_IO, "no file descriptor is left; raise the limit of open files");
    run->services.cancel = run->stop;
    run->deadline_us = run_now(run) + setup->options->run_timeout.ms * US_PER_MS;
    run->slots = calloc(run->n_slots, sizeof *run->slots);
    run->monitor = setup->tasks->monitor_new(setup->tasks);
    run->observing = setup->tasks->monitor_new(setup->tasks);
    if (run->slots == NULL || run->monitor == NULL || run->observing == NULL)
        return error_no_memory(err);
    return SLUICE_OK;
}

/* Whom the main task's instances obey: the caller's cancel (NULL), the run's stop, or nobody while it is
 * ended. */
static void obey(struct session *session, struct cancel *cancel)
{
    instance_cancel(session->store, cancel);
    if (session->state != NULL)
        instance_cancel(session->state, cancel);
}

/* [cleanup] accepts a zeroed one and one that is half made. */
static void run_free(struct run *run)
{
    if (run->session == NULL)
        return;
    const struct task_runtime *tasks = run->session->setup->tasks;
    obey(run->session, NULL);
    tasks->monitor_free(run->observing);
    tasks->monitor_free(run->monitor);
    free(run->slots);
    cancel_free(run->stop);
    arena_free(&run->arena);
}

/* ---- The phases ---- */

static enum sluice_status enqueue_once(void *context, struct sluice_error *err)
{
    struct run *run = context;
    struct instance *store = run->session->store;
    return store->plugin->store->jobs_enqueue(store->self, run->id, run->epoch, &run->n_enqueued, err);
}

static enum sluice_status enqueue_jobs(struct run *run, struct sluice_error *err)
{
    struct retry retry = {.run = run, .deadline_us = run->deadline_us, .repeatable = true};
    enum sluice_status status = run_is_dry(run) ? SLUICE_OK : scope_check(run, err);
    if (status == SLUICE_OK && !run_is_dry(run))
        status = retry_call(&retry, enqueue_once, run, err);
    if (status != SLUICE_OK)
        return status;
    uint32_t total = run_is_dry(run) ? run->n_dry_jobs : run->n_enqueued;
    if (total == 0 && run->n_scope > 0)
        return error_set(err, SLUICE_CONFIG,
                         "none of the suppliers asked for is active; see the Active column of the "
                         "master sheet");
    if (total < run->n_slots)
        run->n_slots = total;
    enter_phase(run, "processing_suppliers", total);
    return SLUICE_OK;
}

static enum sluice_status run_phases(struct run *run, bool *ret_held, struct sluice_error *err)
{
    *ret_held = false;
    if (strcmp(run->phase, "syncing_master") == 0) {
        enum sluice_status status = master_phase(run, ret_held, err);
        if (status != SLUICE_OK || *ret_held)
            return status;
        status = enqueue_jobs(run, err);
        if (status != SLUICE_OK)
            return status;
    }
    return run->n_slots > 0 ? workers_run(run, err) : SLUICE_OK;
}

/* ---- The end ---- */

static enum sluice_outcome outcome_of(const struct run *run, enum sluice_status status, bool held,
                                      const struct run_counts *counts)
{
    if (run->stop_reason == STOP_CANCELLED)
        return SLUICE_OUTCOME_CANCELLED;
    if (run->stop_reason != STOP_NONE || status != SLUICE_OK)
        return SLUICE_OUTCOME_FAILED;
    return held ? SLUICE_OUTCOME_HELD : outcome_of_run(counts);
}

static void report_counts(struct sync_report *report, const struct run_counts *counts)
{
    report->jobs = counts->jobs;
    report->succeeded = counts->succeeded;
    report->unchanged = counts->unchanged;
    report->failed = counts->failed;
    report->held = counts->held;
    report->cancelled = counts->cancelled;
}

static void say_outcome(struct sync_report *report, const struct run *run, bool held, const char *why)
{
    if (run->stop_reason == STOP_CANCELLED)
        snprintf(report->message, sizeof report->message, "The run was cancelled.");
    else if (run->stop_reason == STOP_TIMEOUT)
        snprintf(report->message, sizeof report->message,
                 "The run took longer than sync.run_timeout allows.");
    else if (held)
        snprintf(report->message, sizeof report->message,
                 "The master sheet is held; approve or discard the hold, see `sluice holds`.");
    else if (why[0] != '\0')
        snprintf(report->message, sizeof report->message, "%.*s", (int)sizeof report->message - 1, why);
    else if (report->failed + report->held > 0)
        snprintf(report->message, sizeof report->message, "%u of %u suppliers failed, %u are held.",
                 report->failed, report->jobs, report->held);
}

struct ending {
    struct run *run;
    const struct sync_report *report;
};

static enum sluice_status finish_once(void *context, struct sluice_error *err)
{
    const struct ending *ending = context;
    const struct run *run = ending->run;
    const struct sync_report *report = ending->report;
    struct instance *store = run->session->store;
    const char *message = report->message[0] != '\0' ? report->message : NULL;
    return store->plugin->store->run_finish(store->self, run->id, run->epoch, report->outcome, message, err);
}

/* Writes the outcome; ending a run twice is no harm. */
static enum sluice_status finish_run(struct run *run, const struct sync_report *report,
                                     struct sluice_error *err)
{
    struct ending ending = {.run = run, .report = report};
    struct retry retry = {.run = run, .deadline_us = INT64_MAX, .repeatable = true};
    return retry_call(&retry, finish_once, &ending, err);
}

/* The first error is the answer; what fails after it follows from it. */
static enum sluice_status first_error(enum sluice_status former, enum sluice_status status,
                                      const struct sluice_error *status_err, struct sluice_error *err)
{
    if (former != SLUICE_OK || status == SLUICE_OK)
        return former;
    *err = *status_err;
    return status;
}

/* report->outcome stays NONE when it could not be written. */
static enum sluice_status end_run(struct run *run, enum sluice_status status, bool held,
                                  struct sync_report *report, struct sluice_error *err)
{
    struct run_counts counts = {0};
    struct sluice_error end_err = {0};
    enum sluice_status ended = outcome_count(run, &counts, &end_err);
    status = first_error(status, ended, &end_err, err);
    memcpy(report->run_id, run->id, SLUICE_ID_SIZE);
    report->epoch = run->epoch;
    report->outcome = outcome_of(run, status, held, &counts);
    report_counts(report, &counts);
    say_outcome(report, run, held, status != SLUICE_OK ? err->message : "");
    if (run_is_dry(run))
        return status;
    ended = finish_run(run, report, &end_err);
    if (ended != SLUICE_OK)
        report->outcome = SLUICE_OUTCOME_NONE;
    return first_error(status, ended, &end_err, err);
}

/* The reason that ended the run before its time is the answer, whatever error the tasks came back with. */
static enum sluice_status stop_status(const struct run *run, enum sluice_status status,
                                      struct sluice_error *err)
{
    switch (run->stop_reason) {
    case STOP_NONE:
        return status;
    case STOP_LOST:
        return error_set(err, SLUICE_BUSY, "another process took run %s over; this one wrote nothing more",
                         run->id);
    case STOP_FAILED:
        *err = run->error;
        return err->status;
    default: /* cancelled or timed out: an outcome, not an error */
        return SLUICE_OK;
    }
}

static enum sluice_status go_through(struct run *run, bool resumed, struct sync_report *report,
                                     struct sluice_error *err)
{
    struct session *session = run->session;
    struct task *heartbeat = NULL;
    bool held = false;
    struct sync_event event = {.kind = SYNC_EVENT_RUN, .resumed = resumed};
    progress_event(run, &event);
    run->moved = true;
    enum sluice_status status = heartbeat_start(run, &heartbeat, err);
    if (status == SLUICE_OK) {
        obey(session, run->stop);
        status = run_phases(run, &held, err);
        heartbeat_end(run, heartbeat);
    }
    if (status == SLUICE_CANCELLED && run->stop_reason == STOP_NONE)
        run->stop_reason = STOP_CANCELLED;
    if (status == SLUICE_LOST && run->stop_reason == STOP_NONE)
        run->stop_reason = STOP_LOST;
    status = stop_status(run, status, err);
    if (run->stop_reason == STOP_LOST)
        return status;
    obey(session, session->closing);
    status = end_run(run, status, held, report, err);
    if (!run_is_dry(run)) {
        progress_publish_end(run, report->outcome);
        run_unlock(session);
    }
    report->elapsed_us = run_now(run) - session->started_us;
    return status;
}

/* ---- The session ---- */

static void recall_last_run(struct session *session)
{
    const struct sluice_progress *progress = NULL;
    struct sluice_error err = {0};
    if (session->state == NULL)
        return;
    if (session->state->plugin->state->observe(session->state->self, &progress, &err) == SLUICE_OK)
        session->last_run_us = progress->last_run_us;
}

static enum sluice_status bring_schema_up(struct session *session, struct sluice_error *err)
{
    const struct sluice_schema *schema = NULL;
    const struct sluice_store *store = session->store->plugin->store;
    enum sluice_status status = store->schema(session->store->self, SLUICE_SCHEMA_CHECK, &schema, err);
    if (status != SLUICE_OK || schema->version == schema->latest)
        return status;
    return store->schema(session->store->self, SLUICE_SCHEMA_MIGRATE, &schema, err);
}

static enum sluice_status session_open(struct session *session, struct sluice_error *err)
{
    const struct sync_setup *setup = session->setup;
    session->started_us = setup->services->clock->monotonic_us(setup->services->clock);
    session->closing = cancel_new();
    if (session->closing == NULL)
        return error_set(err, SLUICE_IO, "no file descriptor is left; raise the limit of open files");
    if (session->request->run_id != NULL)
        snprintf(session->run_id, sizeof session->run_id, "%s", session->request->run_id);
    else
        uuid_make(setup->services->random, setup->services->clock->wall_us(setup->services->clock),
                  session->run_id);
    enum sluice_status status = instance_create(setup->services, setup->store.plugin, setup->store.options,
                                                "run", &session->store, err);
    if (status == SLUICE_OK)
        status = bring_schema_up(session, err);
    if (status != SLUICE_OK || session->request->dry)
        return status;
    struct sluice_error state_err = {0};
    if (instance_create(setup->services, setup->state.plugin, setup->state.options, "run", &session->state,
                        &state_err) != SLUICE_OK)
        log_line(setup->services->log, SLUICE_WARNING, "state", "%s; the run goes on without",
                 state_err.message);
    recall_last_run(session);
    return SLUICE_OK;
}

static void session_close(struct session *session)
{
    run_unlock(session);
    instance_destroy(session->state);
    instance_destroy(session->store);
    cancel_free(session->closing);
}

static enum sluice_status begin_dry(struct run *run, bool *ret_answers, bool *ret_resumed)
{
    const struct session *session = run->session;
    memcpy(run->id, session->run_id, SLUICE_ID_SIZE);
    run->flags = session->request->flags;
    run->scope = session->request->scope;
    run->n_scope = session->request->n_scope;
    *ret_answers = true;
    *ret_resumed = false;
    return SLUICE_OK;
}

/* One run, ours or the one that has to be ended first. */
static enum sluice_status one_run(struct session *session, bool *ret_answers, struct sync_report *report,
                                  struct sluice_error *err)
{
    _cleanup_(run_free) struct run run = {0};
    bool resumed = false;
    enum sluice_status status = run_init(&run, session, err);
    if (status != SLUICE_OK)
        return status;
    status = session->request->dry ? begin_dry(&run, ret_answers, &resumed)
                                   : run_obtain(&run, ret_answers, &resumed, err);
    if (status != SLUICE_OK)
        return status;
    return go_through(&run, resumed, report, err);
}

static enum sluice_status check_options(const struct sync_options *options, struct sluice_error *err)
{
    if (options->workers < 1 || options->workers > WORKERS_MAX)
        return error_set(err, SLUICE_CONFIG, "sync.workers is %" PRId64 "; choose 1 to %d", options->workers,
                         WORKERS_MAX);
    if (options->lease.ms < LEASE_MIN_MS || options->supplier_timeout.ms <= 0 || options->run_timeout.ms <= 0)
        return error_set(
            err, SLUICE_CONFIG,
            "sync.lease must be at least %dms, sync.supplier_timeout and sync.run_timeout above zero",
            LEASE_MIN_MS);
    return SLUICE_OK;
}

enum sluice_status sync_run(const struct sync_setup *setup, const struct sync_request *request,
                            struct sync_report *ret_report, struct sluice_error *err)
{
    struct session session = {.setup = setup, .request = request};
    struct sync_report report = {0};
    bool answers = false;
    enum sluice_status status = check_options(setup->options, err);
    if (status == SLUICE_OK)
        status = session_open(&session, err);
    while (status == SLUICE_OK && !answers && !cancel_requested(setup->services->cancel)) {
        report = (struct sync_report){0};
        status = one_run(&session, &answers, &report, err);
        if (!answers && report.outcome != SLUICE_OUTCOME_NONE)
            status = SLUICE_OK; /* the other run has its outcome, whatever it was; now for ours */
    }
    if (status == SLUICE_OK && report.outcome == SLUICE_OUTCOME_NONE)
        status = error_set(err, SLUICE_CANCELLED, "cancelled before the run began");
    session_close(&session);
    if (status == SLUICE_OK)
        *ret_report = report;
    return status;
}
