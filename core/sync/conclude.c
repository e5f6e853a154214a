/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a job ends in the store: the snapshot is committed, or held, or dropped with its rejects kept. A commit
 * whose reply was lost is looked up before anything else is done.
 */
#include "base/random.h"
#include "ingest/guard.h"
#include "sync/content.h"
#include "sync/job.h"
#include "sync/retry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct sluice_store *store_of(const struct job_work *work)
{
    return work->worker->store->plugin->store;
}

static void *self_of(const struct job_work *work)
{
    return work->worker->store->self;
}

/* Once the run is stopped the store would refuse even to write that; what follows is short. */
static void let_store_finish(struct job_work *work)
{
    if (cancel_requested(work->run->stop))
        instance_cancel(work->worker->store, work->run->session->closing);
}

void snapshot_drop(struct job_work *work)
{
    struct sluice_error ignored = {0};
    void *snapshot = work->snapshot;
    if (snapshot == NULL)
        return;
    work->snapshot = NULL;
    let_store_finish(work);
    store_of(work)->snapshot_abort(self_of(work), snapshot, NULL, &ignored); /* nothing of it was shared */
}

/* ---- Replies that were lost ---- */

struct question {
    struct job_work *work;
    enum sluice_job_state state; /* the answer */
};

static enum sluice_status ask(void *context, struct sluice_error *err)
{
    struct question *question = context;
    const struct sluice_job *job = question->work->job;
    let_store_finish(question->work);
    return store_of(question->work)
        ->job_lookup(self_of(question->work), job->run_id, job->supplier_id, job->attempt, &question->state,
                     err);
}

/* Turns UNKNOWN into OK when that attempt of the job is done, or RETRY when what was sent did not happen. */
static enum sluice_status resolve(struct job_work *work, enum sluice_status status, struct sluice_error *err)
{
    struct question question = {.work = work};
    struct retry retry = {.run = work->run, .deadline_us = work->deadline_us};
    if (status != SLUICE_UNKNOWN)
        return status;
    status = retry_call(&retry, ask, &question, err);
    if (status == SLUICE_END)
        return error_set(err, SLUICE_LOST, "the store knows nothing of this job any more");
    if (status != SLUICE_OK || question.state == SLUICE_JOB_DONE)
        return status;
    return error_set(err, SLUICE_RETRY, "the store did not get the job's result; it is made again");
}

/* ---- Ends without items ---- */

static enum sluice_status close_once(struct job_work *work, const struct sluice_job_outcome *outcome,
                                     struct sluice_error *err)
{
    void *snapshot = work->snapshot;
    let_store_finish(work);
    if (snapshot == NULL)
        return store_of(work)->job_finish(self_of(work), work->job, outcome, err);
    work->snapshot = NULL;
    return store_of(work)->snapshot_abort(self_of(work), snapshot, outcome, err);
}

enum sluice_status job_close(struct job_work *work, const struct sluice_job_outcome *outcome,
                             struct sluice_error *err)
{
    if (run_is_dry(work->run)) {
        snapshot_drop(work);
        return SLUICE_OK;
    }
    struct retry retry = {.run = work->run, .deadline_us = INT64_MAX};
    for (;;) {
        enum sluice_status status = resolve(work, close_once(work, outcome, err), err);
        enum sluice_status paused = retry_pause(&retry, status, err);
        work->store_failed = paused != SLUICE_OK;
        if (status == SLUICE_OK || paused != SLUICE_OK)
            return paused;
    }
}

enum sluice_status job_give_back(struct job_work *work, struct sluice_error *err)
{
    snapshot_drop(work);
    let_store_finish(work);
    return store_of(work)->job_release(self_of(work), work->job, err);
}

/* ---- Ends with items ---- */

/* The engine's part and the store's part of the counts together; no row may be missing. */
static enum sluice_status sum_up(struct job_work *work, const struct sluice_snapshot_stat *stat,
                                 struct sluice_error *err)
{
    struct sluice_figures *figures = &work->figures;
    *figures = work->report->figures;
    figures->struct_size = sizeof *figures;
    figures->inserted = stat->figures.inserted;
    figures->updated = stat->figures.updated;
    figures->unchanged = stat->figures.unchanged;
    figures->duplicates = stat->figures.duplicates;
    figures->gone = stat->figures.gone;
    figures->elapsed_us = run_now(work->run) - work->started_us;
    uint64_t sum = figures->skipped + figures->inserted + figures->updated + figures->unchanged +
                   figures->rejected + figures->duplicates;
    if (sum == figures->rows_read)
        return SLUICE_OK;
    return error_set(err, SLUICE_FATAL,
                     "this is a bug: %" PRIu64 " rows were read and %" PRIu64
                     " accounted for, so nothing was written; please report it with the list",
                     figures->rows_read, sum);
}

static enum sluice_status commit(struct job_work *work, struct sluice_error *err)
{
    struct sluice_job_outcome outcome = {
        .struct_size = sizeof outcome,
        .outcome = SLUICE_OUTCOME_SUCCESS,
        .error_type = "SUCCESS",
        .message = work->message[0] != '\0' ? work->message : NULL,
        .figures = &work->figures,
    };
    struct sluice_snapshot_commit commit = {
        .struct_size = sizeof commit,
        .version = work->version[0] != '\0' ? work->version : NULL,
        .fingerprint = work->fingerprint,
        .mapping = work->report->mapping_json,
        .outcome = &outcome,
    };
    void *snapshot = work->snapshot;
    work->outcome = SLUICE_OUTCOME_SUCCESS;
    if (run_is_dry(work->run)) {
        snapshot_drop(work);
        return SLUICE_OK;
    }
    work->snapshot = NULL;
    enum sluice_status status = store_of(work)->snapshot_commit(self_of(work), snapshot, &commit, err);
    status = resolve(work, status, err);
    work->store_failed = status != SLUICE_OK;
    return status;
}

static enum sluice_status hold(struct job_work *work, const struct guard_verdict *verdict, const char *hash,
                               struct sluice_error *err)
{
    const struct run *run = work->run;
    struct sluice_hold hold = {
        .struct_size = sizeof hold,
        .guard = verdict->guard,
        .content_hash = hash,
        .figure = verdict->figure,
        .limit = verdict->limit,
        .message = verdict->message,
        .n_examples = verdict->n_examples,
        .examples = texts_copy(&work->arena, verdict->examples, verdict->n_examples),
    };
    struct sluice_job_outcome outcome = {
        .struct_size = sizeof outcome,
        .outcome = SLUICE_OUTCOME_HELD,
        .error_type = "HELD",
        .message = verdict->message,
        .figures = &work->figures,
    };
    if (hold.examples == NULL)
        return error_no_memory(err);
    work->outcome = SLUICE_OUTCOME_HELD;
    memcpy(work->message, verdict->message, sizeof verdict->message);
    if (run_is_dry(run))
        return job_close(work, &outcome, err);
    uuid_make(run->services.random, run->services.clock->wall_us(run->services.clock), hold.hold_id);
    enum sluice_status status =
        store_of(work)->hold_put(self_of(work), run->id, work->job->supplier_id, run->epoch, &hold, err);
    work->store_failed = status != SLUICE_OK;
    if (status != SLUICE_OK)
        return status;
    memcpy(work->hold_id, hold.hold_id, SLUICE_ID_SIZE);
    return job_close(work, &outcome, err);
}

/* A changed mapping is worth a sentence in the log of the run. */
static void note_mapping(struct job_work *work)
{
    const char *former = work->job->mapping;
    const char *now = work->report->mapping_json;
    if (former != NULL && now != NULL && strcmp(former, now) != 0)
        snprintf(work->message, sizeof work->message,
                 "The columns are mapped otherwise than at the last read; `sluice preview` shows how.");
}

/* Before the first run every item is new; which SKUs are there twice only a store can tell. */
static const struct sluice_snapshot_stat *stat_of_nothing(const struct job_work *work,
                                                          struct sluice_snapshot_stat *stat)
{
    *stat = (struct sluice_snapshot_stat){.struct_size = sizeof *stat};
    stat->figures.struct_size = sizeof stat->figures;
    stat->figures.inserted = work->report->items;
    return stat;
}

/* `nothing` is room for the answer when there is no store to ask. */
static enum sluice_status snapshot_stat(struct job_work *work, struct sluice_snapshot_stat *nothing,
                                        const struct sluice_snapshot_stat **ret_stat,
                                        struct sluice_error *err)
{
    const struct session *session = work->run->session;
    if (session->blank) {
        *ret_stat = stat_of_nothing(work, nothing);
        return SLUICE_OK;
    }
    double jump = (double)session->setup->guards->price_jump_factor;
    enum sluice_status status =
        store_of(work)->snapshot_stat(self_of(work), work->snapshot, jump, ret_stat, err);
    work->store_failed = status != SLUICE_OK;
    return status;
}

enum sluice_status snapshot_conclude(struct job_work *work, struct sluice_error *err)
{
    const struct guard_options *guards = work->run->session->setup->guards;
    const struct sluice_snapshot_stat *stat = NULL;
    struct guard_verdict verdict = {0};
    char hash[CONTENT_HASH_SIZE];
    struct sluice_snapshot_stat nothing;
    enum sluice_status status = snapshot_stat(work, &nothing, &stat, err);
    if (status != SLUICE_OK)
        return status;
    status = sum_up(work, stat, err);
    if (status != SLUICE_OK)
        return status;
    content_hash(work->version, hash);
    guard_list(guards, &work->figures, stat, hash, work->job->approval, &verdict);
    if (verdict.guard != NULL)
        return hold(work, &verdict, hash, err);
    note_mapping(work);
    return commit(work, err);
}
