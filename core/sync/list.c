/* SPDX-License-Identifier: Apache-2.0 */
/* A list's rows on their way from the source through ingest into the store's private snapshot. */
#include "sync/content.h"
#include "sync/job.h"
#include "sync/read.h"

#include <string.h>

#define PROGRESS_EVERY_US (100 * US_PER_MS)

/* ---- ingest -> store ---- */

static enum sluice_status put_items(void *context, const struct sluice_item *items, size_t n,
                                    struct sluice_error *err)
{
    struct job_work *work = context;
    struct instance *store = work->worker->store;
    if (work->run->session->blank)
        return SLUICE_OK;
    enum sluice_status status =
        store->plugin->store->snapshot_write(store->self, work->snapshot, items, n, err);
    work->store_failed = status != SLUICE_OK;
    return status;
}

/* A dry run has nowhere to look its rejects up: it shows the first ones. */
static enum sluice_status show_rejects(struct job_work *work, const struct sluice_reject *rejects, size_t n,
                                       struct sluice_error *err)
{
    size_t room = JOB_REJECTS_SHOWN - work->n_rejects;
    size_t taken = n < room ? n : room;
    if (work->rejects == NULL)
        work->rejects = arena_alloc(&work->arena, JOB_REJECTS_SHOWN * sizeof *work->rejects);
    const struct sluice_reject *copies = rejects_copy(&work->arena, rejects, taken);
    if (work->rejects == NULL || copies == NULL)
        return error_no_memory(err);
    memcpy(&work->rejects[work->n_rejects], copies, taken * sizeof *copies);
    work->n_rejects += taken;
    return SLUICE_OK;
}

static enum sluice_status put_rejects(void *context, const struct sluice_reject *rejects, size_t n,
                                      struct sluice_error *err)
{
    struct job_work *work = context;
    struct instance *store = work->worker->store;
    enum sluice_status status =
        work->run->session->blank
            ? SLUICE_OK
            : store->plugin->store->snapshot_reject(store->self, work->snapshot, rejects, n, err);
    work->store_failed = status != SLUICE_OK;
    if (status == SLUICE_OK && run_is_dry(work->run) && work->n_rejects < JOB_REJECTS_SHOWN)
        status = show_rejects(work, rejects, n, err);
    return status;
}

/* ---- source -> ingest ---- */

static bool in_full(const struct job_work *work)
{
    int64_t every = work->run->session->setup->options->full_every;
    return (work->job->flags & SLUICE_REQUEST_FULL) != 0 ||
           (every > 0 && (int64_t)work->job->reads_since_full + 1 >= every);
}

static enum sluice_status open_snapshot(struct job_work *work, struct sluice_error *err)
{
    struct instance *store = work->worker->store;
    struct sluice_snapshot_open open = {
        .struct_size = sizeof open, .dry = run_is_dry(work->run), .job = work->job, .full = in_full(work)};
    enum sluice_status status = store->plugin->store->snapshot_open(store->self, &open, &work->snapshot, err);
    work->store_failed = status != SLUICE_OK;
    return status;
}

static enum sluice_status opened(void *context, const struct sluice_description *description,
                                 struct sluice_error *err)
{
    struct job_work *work = context;
    work->sink = (struct list_sink){.context = work, .items = put_items, .rejects = put_rejects};
    enum sluice_status status = work->run->session->blank ? SLUICE_OK : open_snapshot(work, err);
    if (status != SLUICE_OK)
        return status;
    return list_reader_new(work->source.ingest, read_name(description, work->job->name), description,
                           &work->sink, &work->reader, err);
}

static void tell_progress(struct job_work *work)
{
    int64_t now = run_now(work->run);
    if (now - work->told_us < PROGRESS_EVERY_US)
        return;
    work->told_us = now;
    struct sync_event event = {.kind = SYNC_EVENT_PROGRESS, .supplier = work->job->name, .rows = work->rows};
    progress_event(work->run, &event);
}

static enum sluice_status take_batch(void *context, const struct sluice_batch *batch,
                                     struct sluice_error *err)
{
    struct job_work *work = context;
    if (worker_lost(work->worker))
        return error_set(err, SLUICE_LOST, "another worker has the job");
    enum sluice_status status = list_reader_batch(work->reader, batch, err);
    work->rows += batch->n_rows;
    tell_progress(work);
    return status;
}

static enum sluice_status take_reject(void *context, const struct sluice_source_reject *reject,
                                      struct sluice_error *err)
{
    struct job_work *work = context;
    work->rows++;
    return list_reader_reject(work->reader, reject, err);
}

/* ---- One read ---- */

/* The version is handed back only when the same bytes would be read the same way. */
static const char *known_version(const struct job_work *work)
{
    const struct sluice_job *job = work->job;
    bool same =
        job->version != NULL && job->fingerprint != NULL && strcmp(job->fingerprint, work->fingerprint) == 0;
    return same && !in_full(work) ? job->version : NULL;
}

enum sluice_status list_read(struct job_work *work, struct sluice_error *err)
{
    struct source_read read = {
        .run = work->run,
        .instance = work->instance,
        .location = work->job->source_url,
        .version = known_version(work),
        .deadline_us = work->deadline_us,
        .context = work,
        .opened = opened,
        .batch = take_batch,
        .reject = take_reject,
    };
    work->rows = 0;
    work->n_rejects = 0;
    work->store_failed = false;
    list_reader_free(work->reader);
    work->reader = NULL;
    work->report = NULL;
    enum sluice_status status = source_read(&read, err);
    if (status != SLUICE_OK)
        return status;
    memcpy(work->version, read.read_version, sizeof work->version);
    return list_reader_finish(work->reader, &work->report, err);
}

void list_salvage(struct job_work *work)
{
    struct sluice_error ignored = {0};
    bool failed = work->store_failed;
    if (work->reader != NULL && (work->snapshot != NULL || work->run->session->blank) &&
        work->report == NULL && !failed)
        list_reader_finish(work->reader, &work->report, &ignored);
    work->store_failed = failed;
}
