/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A job's life and the failure policy: RETRY is tried again inside the supplier's deadline, CONFIG, AUTH and
 * DATA fail the job at once, LOST drops the work without a trace, IO and FATAL of the store end the run.
 */
#include "sync/job.h"

#include "base/log.h"
#include "base/text.h"
#include "sync/retry.h"

#include <string.h>

#define ARENA_CEILING (4u << 20)
#define DEATHS_ALONE  3 /* after the first one a job works alone; it gets that many more */

/* ---- Getting ready ---- */

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void begin(struct job_work *work)
{
    const struct run *run = work->run;
    const char *name = work->job->name;
    size_t cut = utf8_cut(name, strnlen(name, sizeof work->who - 1));
    memcpy(work->who, name, cut);
    work->started_us = run_now(run);
    work->told_us = work->started_us;
    work->deadline_us = sooner(
        work->started_us + run->session->setup->options->supplier_timeout.ms * US_PER_MS, run->deadline_us);
    struct sync_event event = {.kind = SYNC_EVENT_STARTED,
                               .supplier = name,
                               .supplier_id = work->job->supplier_id,
                               .attempt = work->job->attempt};
    progress_event(work->run, &event);
}

static enum sluice_status find_source(struct job_work *work, struct sluice_error *err)
{
    const struct sync_setup *setup = work->run->session->setup;
    const struct sluice_job *job = work->job;
    enum sluice_status status =
        setup->source(setup->context, job->name, job->source_type, &work->source, err);
    if (status != SLUICE_OK)
        return status;
    fingerprint_make(work->source.plugin.plugin, work->source.plugin.options, work->source.ingest,
                     work->fingerprint);
    return worker_source(work->worker, &work->source.plugin, &work->instance, err);
}

/* ---- Reading, again where it may help ---- */

static enum sluice_status read_once(struct job_work *work, struct sluice_error *err)
{
    enum sluice_status status = find_source(work, err);
    if (status == SLUICE_OK)
        status = list_read(work, err);
    if (status == SLUICE_FATAL && !work->store_failed && work->instance != NULL)
        worker_drop_source(work->worker, work->instance);
    if (status == SLUICE_OK)
        status = snapshot_conclude(work, err);
    return status;
}

static enum sluice_status read_until_settled(struct job_work *work, struct sluice_error *err)
{
    struct retry retry = {.run = work->run, .deadline_us = work->deadline_us};
    for (;;) {
        enum sluice_status status = read_once(work, err);
        if (status != SLUICE_RETRY && status != SLUICE_BUSY)
            return status;
        enum sluice_status paused = retry_pause(&retry, status, err);
        work->deadline_us = retry.deadline_us;
        if (paused != SLUICE_OK)
            return paused;
        log_line(work->run->services.log, SLUICE_INFO, work->who, "%s; trying again", err->message);
        err->retry_after_ms = 0;
        snapshot_drop(work);
    }
}

/* ---- A job that kills its workers ---- */

static bool is_deadly(const struct sluice_job *job)
{
    return job->deaths > DEATHS_ALONE;
}

static enum sluice_status park(struct job_work *work, struct sluice_error *err)
{
    return error_set(
        err, SLUICE_DATA,
        "%u attempts at this list ended with the death of their process, %u of them while nothing "
        "else was at work there; it is not tried again in this run: see the system's log, then "
        "`sluice preview` the list",
        work->job->deaths, work->job->deaths - 1);
}

/* ---- The outcome ---- */

static const char *error_type(const struct job_work *work, enum sluice_status status,
                              const struct sluice_error *cause)
{
    if (cause->quota)
        return "quota";
    if (is_deadly(work->job))
        return "parked";
    if ((status == SLUICE_RETRY || status == SLUICE_BUSY) && run_now(work->run) >= work->deadline_us)
        return "timeout";
    switch (status) {
    case SLUICE_RETRY:
    case SLUICE_BUSY:
    case SLUICE_UNKNOWN:
        return "unavailable";
    case SLUICE_CANCELLED: /* by sync.run_timeout: other cancellations have no error */
        return "timeout";
    default:
        return status_name(status);
    }
}

/* How many rows were seen before it failed; what the store would have made of them is not known. */
static void count_rows(struct job_work *work)
{
    list_salvage(work);
    if (work->report == NULL)
        return;
    work->figures = work->report->figures;
    work->figures.struct_size = sizeof work->figures;
    work->figures.elapsed_us = run_now(work->run) - work->started_us;
}

static void tell_end(struct job_work *work, const char *type, const char *message)
{
    struct sync_event event = {
        .kind = SYNC_EVENT_FINISHED,
        .supplier = work->job->name,
        .supplier_id = work->job->supplier_id,
        .attempt = work->job->attempt,
        .rows = work->rows,
        .outcome = work->outcome,
        .error_type = type,
        .message = message,
        .figures = work->figures.struct_size != 0 ? &work->figures : NULL,
        .notices = work->report != NULL ? work->report->notices : NULL,
        .n_notices = work->report != NULL ? work->report->n_notices : 0,
        .rejects = work->rejects,
        .n_rejects = work->n_rejects,
        .hold_id = work->hold_id[0] != '\0' ? work->hold_id : NULL,
    };
    progress_job_ended(work->run, &event);
}

static enum sluice_status close_as(struct job_work *work, enum sluice_outcome outcome, const char *type,
                                   const char *message, struct sluice_error *err)
{
    const struct sluice_job_outcome end = {
        .struct_size = sizeof end,
        .outcome = outcome,
        .error_type = type,
        .message = message,
        .figures = work->figures.struct_size != 0 ? &work->figures : NULL,
    };
    work->outcome = outcome;
    enum sluice_status status = job_close(work, &end, err);
    if (status == SLUICE_OK)
        tell_end(work, type, message);
    return status;
}

/* The store's trouble when a job is to be ended: nothing more can be written, so the run ends. */
static void give_up(struct job_work *work, enum sluice_status status, const struct sluice_error *err)
{
    struct run *run = work->run;
    snapshot_drop(work);
    if (status == SLUICE_LOST) {
        log_line(run->services.log, SLUICE_INFO, work->who, "%s; what was read is dropped", err->message);
        return;
    }
    if (status != SLUICE_CANCELLED)
        run_stop(run, STOP_FAILED, err);
}

static void fail_job(struct job_work *work, enum sluice_status status, const struct sluice_error *cause)
{
    struct sluice_error err = {0};
    count_rows(work);
    status = close_as(work, SLUICE_OUTCOME_FAILED, error_type(work, status, cause), cause->message, &err);
    if (status != SLUICE_OK)
        give_up(work, status, &err);
}

static void end_unchanged(struct job_work *work)
{
    struct sluice_error err = {0};
    enum sluice_status status = close_as(work, SLUICE_OUTCOME_UNCHANGED, "SUCCESS", NULL, &err);
    if (status != SLUICE_OK)
        give_up(work, status, &err);
}

/* Someone else may do it at once. */
static void give_back(struct job_work *work)
{
    struct sluice_error err = {0};
    enum sluice_status status = job_give_back(work, &err);
    if (status != SLUICE_OK)
        log_line(work->run->services.log, SLUICE_INFO, work->who, "%s", err.message);
}

/* The run has to end while the job is under way. A cancelled job leaves no word behind, only its state. */
static void interrupt_job(struct job_work *work)
{
    struct sluice_error err = {0};
    enum sluice_status status;
    switch (run_stop_reason(work->run)) {
    case STOP_TIMEOUT:
        status = error_set(&err, SLUICE_CANCELLED, "the run took longer than sync.run_timeout allows");
        fail_job(work, status, &err);
        return;
    case STOP_LEFT:
        give_back(work);
        return;
    case STOP_NONE:
    case STOP_CANCELLED:
        snapshot_drop(work);
        work->outcome = SLUICE_OUTCOME_CANCELLED;
        status = close_as(work, SLUICE_OUTCOME_CANCELLED, "cancelled", NULL, &err);
        if (status != SLUICE_OK)
            give_up(work, status, &err);
        return;
    default:
        snapshot_drop(work);
    }
}

/* A store that cannot work at all; RETRY and DATA of it concern this job only. */
static bool store_is_done_for(const struct job_work *work, enum sluice_status status)
{
    return work->store_failed && (status == SLUICE_IO || status == SLUICE_FATAL || status == SLUICE_CONFIG ||
                                  status == SLUICE_AUTH);
}

static void settle(struct job_work *work, enum sluice_status status, const struct sluice_error *err)
{
    if (status == SLUICE_OK)
        tell_end(work, work->outcome == SLUICE_OUTCOME_HELD ? "HELD" : "SUCCESS",
                 work->message[0] != '\0' ? work->message : NULL);
    else if (status == SLUICE_UNCHANGED)
        end_unchanged(work);
    else if (status == SLUICE_LOST || store_is_done_for(work, status))
        give_up(work, status, err);
    else if (run_stop_reason(work->run) != STOP_NONE)
        interrupt_job(work);
    else
        fail_job(work, status, err);
}

void job_run(struct worker *worker, const struct sluice_job *job)
{
    struct sluice_error err = {0};
    struct job_work work = {
        .worker = worker, .run = worker->run, .job = job, .arena = ARENA_INIT(ARENA_CEILING)};
    begin(&work);
    settle(&work, is_deadly(job) ? park(&work, &err) : read_until_settled(&work, &err), &err);
    snapshot_drop(&work);
    list_reader_free(work.reader);
    arena_free(&work.arena);
}
