/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers and how many there are. A worker that finds nothing free while others still work waits: a job whose
 * worker died becomes free when its lease ends.
 */
#include "sync/worker.h"

#include "base/cleanup.h"
#include "sync/content.h"
#include "sync/job.h"
#include "sync/retry.h"

#include <stdio.h>
#include <string.h>

#define IDLE_MS     200 /* at first, when every job is another worker's; then longer */
#define IDLE_MAX_MS 2000
#define JOB_CEILING (1u << 20)
#define WHO_SHOWN   96 /* bytes */

/* ---- Sources ---- */

enum sluice_status worker_source(struct worker *worker, const struct sync_plugin *plugin,
                                 struct instance **ret_instance, struct sluice_error *err)
{
    for (size_t i = 0; i < worker->n_sources; i++) {
        const struct worker_source *source = &worker->sources[i];
        if (source->plugin.plugin == plugin->plugin && source->plugin.options == plugin->options) {
            *ret_instance = source->instance;
            return SLUICE_OK;
        }
    }
    struct worker_source *grown = realloc(worker->sources, (worker->n_sources + 1) * sizeof *grown);
    if (grown == NULL)
        return error_no_memory(err);
    worker->sources = grown;
    struct instance *instance = NULL;
    enum sluice_status status = instance_create(&worker->quota.services, plugin->plugin, plugin->options,
                                                plugin->plugin->name, &instance, err);
    if (status != SLUICE_OK)
        return status;
    grown[worker->n_sources++] = (struct worker_source){.plugin = *plugin, .instance = instance};
    *ret_instance = instance;
    return SLUICE_OK;
}

void worker_drop_source(struct worker *worker, struct instance *instance)
{
    for (size_t i = 0; i < worker->n_sources; i++) {
        if (worker->sources[i].instance != instance)
            continue;
        instance_destroy(instance);
        worker->sources[i] = worker->sources[--worker->n_sources];
        return;
    }
}

/* ---- Jobs ---- */

void worker_holds(struct worker *worker, const struct sluice_job *job)
{
    struct run *run = worker->run;
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    run->slots[worker->index] = (struct run_slot){.job = job};
    tasks->leave(run->monitor);
}

bool worker_lost(struct worker *worker)
{
    struct run *run = worker->run;
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    bool lost = run->slots[worker->index].lost;
    tasks->leave(run->monitor);
    return lost;
}

static enum sluice_status next_dry_job(struct run *run, const struct sluice_job **ret_job)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    enum sluice_status status = SLUICE_END;
    tasks->enter(run->monitor);
    if (run->next_dry_job < run->n_dry_jobs) {
        *ret_job = &run->dry_jobs[run->next_dry_job++];
        status = SLUICE_OK;
    }
    tasks->leave(run->monitor);
    return status;
}

static enum sluice_status next_job(struct worker *worker, struct arena *arena,
                                   const struct sluice_job **ret_job, struct sluice_error *err)
{
    const struct run *run = worker->run;
    const struct sluice_job *claimed = NULL;
    if (run_is_dry(run))
        return next_dry_job(worker->run, ret_job);
    enum sluice_status status = worker->store->plugin->store->job_claim(
        worker->store->self, run->id, worker->name, run->session->setup->options->lease.ms, &claimed, err);
    if (status != SLUICE_OK)
        return status;
    *ret_job = job_copy(arena, claimed);
    return *ret_job != NULL ? SLUICE_OK : error_no_memory(err);
}

static void note_exhausted(struct run *run)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    run->exhausted = true;
    tasks->leave(run->monitor);
}

/* Not this process's to do now: another one may take it at once. */
static enum sluice_status give_back(struct worker *worker, const struct sluice_job *job, uint32_t ended,
                                    struct sluice_error *err)
{
    if (!run_is_dry(worker->run)) /* what is not given back is free when its lease ends */
        worker->store->plugin->store->job_release(worker->store->self, job, err);
    return run_idle(worker->run, ended, IDLE_MS, err);
}

static enum sluice_status do_job(struct worker *worker, const struct sluice_job *job, uint32_t ended,
                                 struct sluice_error *err)
{
    struct run *run = worker->run;
    worker_holds(worker, job);
    bool entered = job->epoch == run->epoch && job_enter(run, job);
    if (entered) {
        job_run(worker, job);
        job_leave(run, job);
    }
    worker_holds(worker, NULL);
    if (job->epoch != run->epoch)
        run_stop(run, STOP_LOST, NULL);
    return entered ? SLUICE_OK : give_back(worker, job, ended, err);
}

static void tell_idle(struct run *run)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    struct sync_event event = {.kind = SYNC_EVENT_IDLE};
    tasks->enter(run->monitor);
    bool busy = run->jobs_begun > 0;
    tasks->leave(run->monitor);
    if (!busy)
        progress_event(run, &event);
}

/* Takes one job to its end. END: there is none left, or none is to be begun here. */
static enum sluice_status take_job(struct worker *worker, struct retry *retry, struct sluice_error *err)
{
    _cleanup_(arena_free) struct arena arena = ARENA_INIT(JOB_CEILING);
    const struct sluice_job *job = NULL;
    if (cancel_requested(worker->run->stop) || run_leaving(worker->run))
        return SLUICE_END;
    uint32_t ended = run_jobs_ended(worker->run);
    enum sluice_status status = next_job(worker, &arena, &job, err);
    if (status == SLUICE_BUSY) {
        tell_idle(worker->run);
        worker->idle_ms = worker->idle_ms == 0 ? IDLE_MS : worker->idle_ms * 2;
        if (worker->idle_ms > IDLE_MAX_MS)
            worker->idle_ms = IDLE_MAX_MS;
        return run_idle(worker->run, ended, worker->idle_ms, err);
    }
    if (status == SLUICE_END)
        note_exhausted(worker->run);
    if (status != SLUICE_OK)
        return retry_pause(retry, status, err);
    worker->idle_ms = 0;
    retry->made = 0;
    return do_job(worker, job, ended, err);
}

static void worker_main(void *argument)
{
    struct worker *worker = argument;
    struct run *run = worker->run;
    struct retry retry = {.run = run, .deadline_us = run->deadline_us, .repeatable = true};
    struct sluice_error err = {0};
    enum sluice_status status = SLUICE_OK;
    while (status == SLUICE_OK)
        status = take_job(worker, &retry, &err);
    if (status == SLUICE_LOST)
        run_stop(run, STOP_LOST, NULL);
    else if (status != SLUICE_END && status != SLUICE_CANCELLED)
        run_stop(run, STOP_FAILED, &err);
}

/* ---- All of them ---- */

static void worker_end(struct worker *worker)
{
    while (worker->n_sources > 0)
        instance_destroy(worker->sources[--worker->n_sources].instance);
    free(worker->sources);
    quota_end(&worker->quota);
    instance_destroy(worker->store);
}

static enum sluice_status worker_begin(struct worker *worker, struct run *run, uint32_t index,
                                       struct sluice_error *err)
{
    worker->run = run;
    worker->index = index;
    const char *who = run->session->setup->who;
    char own[24];
    snprintf(own, sizeof own, "worker %u", index + 1);
    snprintf(worker->name, sizeof worker->name, "%.*s%s%s", WHO_SHOWN, who != NULL ? who : "",
             who != NULL ? ", " : "", own);
    quota_begin(&worker->quota, run);
    return run_instance(run, &run->session->setup->store, own, &worker->store, err);
}

static enum sluice_status spawn_all(struct run *run, struct worker *workers, struct task **tasks,
                                    uint32_t *ret_n, struct sluice_error *err)
{
    const struct task_runtime *runtime = run->session->setup->tasks;
    for (uint32_t i = 0; i < run->n_slots; i++) {
        enum sluice_status status = worker_begin(&workers[i], run, i, err);
        if (status != SLUICE_OK)
            return status;
        tasks[i] = runtime->spawn(runtime, worker_main, &workers[i]);
        if (tasks[i] == NULL)
            return error_no_task(err);
        *ret_n = i + 1;
    }
    return SLUICE_OK;
}

enum sluice_status workers_run(struct run *run, struct sluice_error *err)
{
    uint32_t spawned = 0;
    _cleanup_free_ struct worker *workers = calloc(run->n_slots, sizeof *workers);
    _cleanup_free_ struct task **tasks = calloc(run->n_slots, sizeof *tasks);
    if (workers == NULL || tasks == NULL)
        return error_no_memory(err);
    enum sluice_status status = spawn_all(run, workers, tasks, &spawned, err);
    if (status != SLUICE_OK)
        run_stop(run, STOP_FAILED, err);
    for (uint32_t i = 0; i < spawned; i++)
        run->session->setup->tasks->join(tasks[i]);
    for (uint32_t i = 0; i < run->n_slots; i++)
        worker_end(&workers[i]);
    return status;
}
