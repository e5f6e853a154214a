/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signs of life: one task with instances of its own renews the run, every job and the lock while the workers
 * are busy, tells the state backend how far the run is, and stops the run when someone cancels it, when its
 * time is over or when another process has it. A renewal that fails is tried again soon; a lease that ends
 * meanwhile costs nothing but work, because the store checks it at each commit.
 */
#include "base/cleanup.h"
#include "base/log.h"
#include "sync/content.h"
#include "sync/run.h"

#include <string.h>

#define LOOK_MS          100               /* how soon a cancellation is noticed */
#define PUBLISH_EVERY_US (250 * US_PER_MS) /* at most */
#define TRY_AGAIN_US     US_PER_SECOND
#define JOB_CEILING      (1u << 20)

struct heartbeat {
    struct run *run;
    struct instance *store;
    struct instance *state;             /* NULL: down */
    int64_t renew_at_us, publish_at_us; /* monotonic */
    bool store_ails, state_ails;        /* said once, until it is well again */
};

static void say(struct heartbeat *beat, bool *ails, const char *who, const struct sluice_error *err)
{
    if (!*ails)
        log_line(beat->run->services.log, SLUICE_WARNING, who, "%s", err->message);
    *ails = true;
}

/* ---- The store ---- */

static enum sluice_status renew_run(struct heartbeat *beat, struct sluice_error *err)
{
    struct run *run = beat->run;
    const struct task_runtime *tasks = run->session->setup->tasks;
    const struct sluice_run *now = NULL;
    enum sluice_status status = beat->store->plugin->store->run_renew(
        beat->store->self, run->id, run->epoch, run->session->setup->options->lease.ms, &now, err);
    if (status == SLUICE_LOST)
        run_stop(run, STOP_LOST, err);
    if (status != SLUICE_OK)
        return status;
    if (now->cancel_requested)
        run_stop(run, STOP_CANCELLED, NULL);
    tasks->enter(run->monitor);
    if (now->jobs_done > run->current && now->jobs_done <= run->total) {
        run->current = now->jobs_done; /* other processes work on it, too */
        run->moved = true;
    }
    tasks->leave(run->monitor);
    return SLUICE_OK;
}

/* A copy of what worker i works on: the worker may end it at any moment. NULL: nothing, or no memory. */
static struct sluice_job *job_of_slot(struct run *run, uint32_t i, struct arena *arena)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    struct sluice_job *job = NULL;
    tasks->enter(run->monitor);
    if (run->slots[i].job != NULL && !run->slots[i].lost)
        job = job_copy(arena, run->slots[i].job);
    tasks->leave(run->monitor);
    return job;
}

static void mark_lost(struct run *run, uint32_t i, const struct sluice_job *job)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    const struct sluice_job *there = run->slots[i].job;
    if (there != NULL && there->attempt == job->attempt && strcmp(there->supplier_id, job->supplier_id) == 0)
        run->slots[i].lost = true;
    tasks->leave(run->monitor);
}

static enum sluice_status renew_job(struct heartbeat *beat, uint32_t i, struct sluice_error *err)
{
    struct run *run = beat->run;
    _cleanup_(arena_free) struct arena arena = ARENA_INIT(JOB_CEILING);
    uint32_t cancelled = 0;
    struct sluice_job *job = job_of_slot(run, i, &arena);
    if (job == NULL)
        return SLUICE_OK;
    enum sluice_status status = beat->store->plugin->store->job_renew(
        beat->store->self, job, run->session->setup->options->lease.ms, &cancelled, err);
    if (status == SLUICE_LOST) { /* or it has just been finished: then the slot holds another one */
        mark_lost(run, i, job);
        return SLUICE_OK;
    }
    if (status == SLUICE_OK && cancelled != 0)
        run_stop(run, STOP_CANCELLED, NULL);
    return status;
}

static void renew_in_store(struct heartbeat *beat, int64_t now)
{
    struct run *run = beat->run;
    struct sluice_error err = {0};
    int64_t third = run->session->setup->options->lease.ms * US_PER_MS / 3;
    enum sluice_status status = renew_run(beat, &err);
    for (uint32_t i = 0; i < run->n_slots && status == SLUICE_OK; i++)
        status = renew_job(beat, i, &err);
    if (status == SLUICE_OK) {
        beat->store_ails = false;
        beat->renew_at_us = now + third;
        return;
    }
    beat->renew_at_us = now + (third < TRY_AGAIN_US ? third : TRY_AGAIN_US);
    if (status != SLUICE_LOST && status != SLUICE_CANCELLED)
        say(beat, &beat->store_ails, "store", &err);
}

/* ---- The state backend ---- */

/* What it forgot (a restart, a FLUSHALL) or a leaving process released is taken, if no other run has it. */
static void renew_lock(struct heartbeat *beat)
{
    struct run *run = beat->run;
    struct session *session = run->session;
    int64_t ttl_ms = run->session->setup->options->lease.ms;
    const struct sluice_lock_holder *holder = NULL;
    struct sluice_error err = {0};
    if (beat->state == NULL)
        return;
    const struct sluice_state *state = beat->state->plugin->state;
    enum sluice_status status =
        session->locked[0] == '\0' ? SLUICE_LOST : state->renew(beat->state->self, run->id, ttl_ms, &err);
    if (status == SLUICE_LOST)
        status = state->lock(beat->state->self, run->id, ttl_ms, &holder, &err);
    if (status == SLUICE_OK)
        memcpy(session->locked, run->id, SLUICE_ID_SIZE); /* the main task looks when this one has ended */
    if (status == SLUICE_OK || status == SLUICE_BUSY)
        beat->state_ails = false;
    else if (status != SLUICE_CANCELLED)
        say(beat, &beat->state_ails, "state", &err);
}

static void publish(struct heartbeat *beat, int64_t now)
{
    struct run *run = beat->run;
    const struct task_runtime *tasks = run->session->setup->tasks;
    struct sluice_error err = {0};
    if (beat->state == NULL || now < beat->publish_at_us)
        return;
    tasks->enter(run->monitor);
    bool moved = run->moved;
    tasks->leave(run->monitor);
    if (!moved)
        return;
    beat->publish_at_us = now + PUBLISH_EVERY_US;
    enum sluice_status status = progress_publish(run, beat->state, &err);
    if (status != SLUICE_OK && status != SLUICE_CANCELLED)
        say(beat, &beat->state_ails, "state", &err);
}

/* ---- The task ---- */

static void wake_idle(struct run *run)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    tasks->wake_all(run->monitor);
    tasks->leave(run->monitor);
}

static void look_around(struct heartbeat *beat)
{
    struct run *run = beat->run;
    int64_t now = run_now(run);
    if (cancel_requested(run->session->setup->services->cancel))
        run_stop(run, run->session->shares ? STOP_LEFT : STOP_CANCELLED, NULL);
    if (run_leaving(run))
        wake_idle(run);
    if (now >= run->deadline_us)
        run_stop(run, STOP_TIMEOUT, NULL);
    if (cancel_requested(run->stop))
        return;
    if (!run_is_dry(run) && now >= beat->renew_at_us) {
        renew_in_store(beat, now);
        renew_lock(beat);
    }
    publish(beat, now);
}

static void heartbeat_main(void *argument)
{
    struct heartbeat *beat = argument;
    struct run *run = beat->run;
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    while (!run->ending) {
        tasks->leave(run->monitor);
        look_around(beat);
        tasks->enter(run->monitor);
        if (!run->ending)
            tasks->wait(run->monitor, LOOK_MS);
    }
    tasks->leave(run->monitor);
    instance_destroy(beat->state);
    instance_destroy(beat->store);
    free(beat);
}

static enum sluice_status open_instances(struct heartbeat *beat, struct sluice_error *err)
{
    struct run *run = beat->run;
    const struct sync_setup *setup = run->session->setup;
    if (run_is_dry(run))
        return SLUICE_OK;
    enum sluice_status status = run_instance(run, &setup->store, "heartbeat", &beat->store, err);
    if (status != SLUICE_OK || run->session->state == NULL)
        return status;
    if (run_instance(run, &setup->state, "heartbeat", &beat->state, err) != SLUICE_OK)
        say(beat, &beat->state_ails, "state", err);
    return SLUICE_OK;
}

enum sluice_status heartbeat_start(struct run *run, struct task **ret_task, struct sluice_error *err)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    struct heartbeat *beat = calloc(1, sizeof *beat);
    if (beat == NULL)
        return error_no_memory(err);
    beat->run = run;
    beat->renew_at_us = run_now(run) + run->session->setup->options->lease.ms * US_PER_MS / 3;
    enum sluice_status status = open_instances(beat, err);
    struct task *task = status == SLUICE_OK ? tasks->spawn(tasks, heartbeat_main, beat) : NULL;
    if (status == SLUICE_OK && task == NULL)
        status = error_no_task(err);
    if (status != SLUICE_OK) {
        instance_destroy(beat->state);
        instance_destroy(beat->store);
        free(beat);
        return status;
    }
    *ret_task = task;
    return SLUICE_OK;
}

void heartbeat_end(struct run *run, struct task *task)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    run->ending = true;
    tasks->wake_all(run->monitor);
    tasks->leave(run->monitor);
    tasks->join(task);
}
