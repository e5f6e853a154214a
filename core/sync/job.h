/* SPDX-License-Identifier: Apache-2.0 */
/* One supplier's job from its claim to its outcome. The invariant: whatever happens, the job's snapshot is
 * committed or aborted exactly once, and a job that lost its lease writes nothing. */
#ifndef SYNC_JOB_H
#define SYNC_JOB_H

#include "ingest/fingerprint.h"
#include "ingest/list.h"
#include "sync/read.h"
#include "sync/worker.h"

struct job_work {
    struct worker *worker;
    struct run *run;
    const struct sluice_job *job;
    struct sync_source source;
    struct instance *instance; /* the worker's, of that source */
    char fingerprint[FINGERPRINT_SIZE];
    char who[64];                    /* for the log: the supplier's name, cut */
    int64_t started_us, deadline_us; /* monotonic */

    /* The read that is going on; remade by each. */
    void *snapshot; /* the store's, NULL: none is open */
    struct list_sink sink;
    struct list_reader *reader;
    const struct list_report *report;
    char version[VERSION_SIZE];
    uint64_t rows;
    int64_t told_us; /* of the last progress event */

    bool store_failed;  /* the last error is the store's, not the source's */
    struct arena arena; /* of what is told at the end */
    struct sluice_figures figures;
    enum sluice_outcome outcome;
    char hold_id[SLUICE_ID_SIZE]; /* "" when nothing is held */
    char message[ERROR_MESSAGE_SIZE];
    struct sluice_reject *rejects; /* of a dry run: the first ones */
    size_t n_rejects;
};

#define JOB_REJECTS_SHOWN 100

/* Claims nothing: the worker has the job, this brings it to its end. */
void job_run(struct worker *worker, const struct sluice_job *job);

/* Source to snapshot: every row of the list is in `report` afterwards. UNCHANGED: nothing was opened in the
 * store. */
enum sluice_status list_read(struct job_work *work, struct sluice_error *err);
/* After a read that failed: what ingest still held of rejects goes into the snapshot, and `report` tells how
 * far it came; both as far as that is possible. */
void list_salvage(struct job_work *work);

/* Snapshot to store: checks the sums, asks the guard, commits or holds. OK: the job has its outcome in the
 * store. */
enum sluice_status snapshot_conclude(struct job_work *work, struct sluice_error *err);
/* Ends a job that commits nothing; its rejects are kept. */
enum sluice_status job_close(struct job_work *work, const struct sluice_job_outcome *outcome,
                             struct sluice_error *err);
/* Leaves the job to others, undone. */
enum sluice_status job_give_back(struct job_work *work, struct sluice_error *err);
/* Forgets the snapshot and its rejects. */
void snapshot_drop(struct job_work *work);

#endif
