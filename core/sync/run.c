/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of a run: heartbeat, master, jobs, outcome, unlock. What was begun is ended on every
 * path: a run that we may still write to gets its outcome or is given up, the lock is released, the tasks are
 * joined.
 */
#include "sync/run.h"

#include "base/log.h"
#include "sync/retry.h"

#include <stdlib.h>
#include <string.h>

#define RUN_CEILING (16u << 20)

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

bool run_leaving(const struct run *run)
{
    return cancel_requested(run->session->leave);
}

/* `seen` NULL: whatever ends meanwhile. */
static enum sluice_status wait_for(struct run *run, const uint32_t *seen, int64_t ms,
                                   struct sluice_error *err)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    int64_t until_us = run_now(run) + ms * US_PER_MS;
    tasks->enter(run->monitor);
    for (int64_t now = run_now(run); now < until_us && !cancel_requested(run->stop) &&
                                     (seen == NULL || (*seen == run->jobs_ended && !run_leaving(run)));
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

enum sluice_status run_init(struct run *run, struct session *session, struct sluice_error *err)
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
        return cancel_fail(err);
    run->services.cancel = run->stop;
    if (setup->services->log != NULL) {
        run->log = *setup->services->log;
        run->log.run_id = run->id;
        run->services.log = &run->log;
    }
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

void run_free(struct run *run)
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
    if (!run_is_dry(run))
        session_wake(run->session); /* other processes may join */
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
    if (run_leaving(run))
        return SLUICE_OK;
    run->exhausted = run->n_slots == 0;
    return run->n_slots > 0 ? workers_run(run, err) : SLUICE_OK;
}

/* ---- The end ---- */

/* A process that leaves makes room at once; without the store's answer the lease ends by itself. */
static void give_up(struct run *run)
{
    const struct sluice_run *now = NULL;
    struct sluice_error err = {0};
    struct instance *store = run->session->store;
    obey(run->session, run->session->closing);
    enum sluice_status status =
        store->plugin->store->run_renew(store->self, run->id, run->epoch, 0, &now, &err);
    if (status != SLUICE_OK && status != SLUICE_LOST)
        log_line(run->services.log, SLUICE_INFO, "store", "%s", err.message);
    run_unlock(run->session);
    session_wake(run->session);
}

/* The reason that ended the run before its time is the answer, whatever error the tasks came back with. */
static enum sluice_status stop_status(const struct run *run, enum sluice_status status,
                                      struct sluice_error *err)
{
    switch (run->stop_reason) {
    case STOP_NONE:
        return status;
    case STOP_LOST:
        return error_set(err, SLUICE_BUSY,
                         "another process took run %s over or ended it; this one wrote nothing more",
                         run->id);
    case STOP_LEFT:
        return SLUICE_OK;
    case STOP_FAILED:
        *err = run->error;
        return err->status;
    default: /* cancelled or timed out: an outcome, not an error */
        return SLUICE_OK;
    }
}

enum sluice_status run_go_through(struct run *run, bool resumed, struct sync_report *report,
                                  struct sluice_error *err)
{
    struct session *session = run->session;
    struct task *heartbeat = NULL;
    bool held = false;
    struct sync_event event = {.kind = SYNC_EVENT_RUN, .resumed = resumed, .joined = run->joined};
    progress_event(run, &event);
    run->moved = true;
    enum sluice_status status = heartbeat_start(run, &heartbeat, err);
    if (status == SLUICE_OK) {
        obey(session, run->stop);
        status = run_phases(run, &held, err);
        heartbeat_end(run, heartbeat);
    }
    if (status == SLUICE_CANCELLED && run->stop_reason == STOP_NONE)
        run->stop_reason = session->shares ? STOP_LEFT : STOP_CANCELLED;
    if (status == SLUICE_LOST && run->stop_reason == STOP_NONE)
        run->stop_reason = STOP_LOST;
    if (run->stop_reason == STOP_NONE && status == SLUICE_OK && run_leaving(run) && !run->exhausted && !held)
        run->stop_reason = STOP_LEFT;
    status = stop_status(run, status, err);
    if (run->stop_reason == STOP_LOST || (run->stop_reason == STOP_FAILED && session->shares))
        return status;
    if (run->stop_reason == STOP_LEFT) {
        give_up(run);
        return status;
    }
    obey(session, session->closing);
    status = outcome_write(run, status, held, report, err);
    if (!run_is_dry(run)) {
        progress_publish_end(run, report->outcome);
        run_unlock(session);
        session_wake(session);
    }
    report->elapsed_us = run_now(run) - session->started_us;
    return status;
}
