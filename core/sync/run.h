/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tasks of one run share in this process. A session works on one run after another, each with its own
 * epoch, heartbeat and workers; other processes may work on the same run at the same time.
 */
#ifndef SYNC_RUN_H
#define SYNC_RUN_H

#include "base/arena.h"
#include "base/error.h"
#include "host/cancel.h"
#include "ingest/master.h"
#include "sync/sync.h"

/* The main task's things, from the first call to the last. */
struct session {
    const struct sync_setup *setup;
    const struct sync_request *request;
    struct instance *store;
    struct instance *state;      /* NULL: the backend is down, the run goes on without */
    bool state_ails;             /* said once, until it is well again */
    struct cancel *leave;        /* of a share: requested when no new job is to be begun; NULL: never */
    bool shares;                 /* everyone's runs: what ends this process does not end the run */
    struct cancel *closing;      /* never requested: what writes the end of a job or run is not interrupted */
    char run_id[SLUICE_ID_SIZE]; /* of the session's own run */
    char locked[SLUICE_ID_SIZE]; /* the run whose lock we hold, or "" */
    bool blank;                  /* a dry run before the first run: there is nothing to compare with */
    int64_t last_run_us;         /* end of the last run that ended well, 0: unknown */
    int64_t started_us;          /* monotonic */
};

/* Why a run has to end before its jobs are done. */
enum stop_reason {
    STOP_NONE,
    STOP_CANCELLED, /* someone asked for it, here or in the store */
    STOP_TIMEOUT,   /* sync.run_timeout */
    STOP_LEFT,      /* this process goes; others, or its next life, go on with the run */
    STOP_LOST,      /* another process has the run: write nothing */
    STOP_FAILED,    /* the store is of no more use */
};

/* What the heartbeat renews for one worker; job NULL: nothing. */
struct run_slot {
    const struct sluice_job *job;
    bool lost;
};

struct run_counts {
    uint32_t jobs, succeeded, unchanged, failed, held, cancelled;
};

struct run {
    struct session *session;
    struct host_services services; /* the setup's, but cancelled by `stop` and with `log` */
    struct log log;                /* names the run in every line */
    struct cancel *stop;
    struct arena arena; /* of what is fixed once the run is claimed */
    char id[SLUICE_ID_SIZE];
    int64_t epoch;
    uint32_t flags; /* enum sluice_request_flag */
    const char *const *scope;
    size_t n_scope;
    const char *master_version, *master_fingerprint, *master_signature;
    bool joined;         /* another process has done the master phase, or does it */
    uint32_t n_enqueued; /* jobs that the store made of it */
    int64_t started_us;  /* wall clock, for the progress */
    int64_t deadline_us; /* monotonic */

    struct monitor *monitor; /* guards what follows */
    enum stop_reason stop_reason;
    struct sluice_error error; /* of STOP_FAILED */
    struct run_slot *slots;    /* one per worker */
    uint32_t n_slots;
    const char *phase; /* "syncing_master", "processing_suppliers" */
    uint32_t current, total;
    uint32_t jobs_ended; /* of this process */
    uint32_t jobs_begun; /* of these, under way */
    bool alone;          /* a job has this process to itself, or waits for that */
    bool exhausted;      /* the store says that all jobs are done */
    bool moved;          /* since the heartbeat published last */
    int64_t waiting_until_us; /* wall clock: some task waits for a quota until then; 0: none did yet */
    bool ending;         /* the heartbeat goes home */
    struct run_counts counts;
    const struct sluice_job *dry_jobs; /* of a dry run: what is to be read */
    uint32_t n_dry_jobs, next_dry_job;

    struct monitor *observing; /* one event at a time */
};

/* ---- session.c ---- */

enum sluice_status session_open(struct session *session, struct sluice_error *err);
void session_close(struct session *session); /* also one that did not open */
/* Opens the state backend when it is not; a failure is said once. */
void session_find_state(struct session *session);
/* Tells everyone that waits for something to do; a failure costs them a while. */
void session_wake(struct session *session);

/* ---- run.c ---- */

enum sluice_status run_init(struct run *run, struct session *session, struct sluice_error *err);
void run_free(struct run *run); /* [cleanup] accepts a zeroed one and one that is half made */
/* All that comes after the claim, up to the outcome and the unlocking. */
enum sluice_status run_go_through(struct run *run, bool resumed, struct sync_report *report,
                                  struct sluice_error *err);

/* Makes the waiting calls of this run's tasks return. The first reason counts; err is kept with STOP_FAILED.
 * [any] */
void run_stop(struct run *run, enum stop_reason reason, const struct sluice_error *err);
enum stop_reason run_stop_reason(struct run *run); /* [any] */
/* OK after that time, CANCELLED as soon as the run has to end. [any] */
enum sluice_status run_pause(struct run *run, int64_t ms, struct sluice_error *err);
/* The same, but OK already when jobs_ended is no longer `seen`. [any] */
enum sluice_status run_idle(struct run *run, uint32_t seen, int64_t ms, struct sluice_error *err);
uint32_t run_jobs_ended(struct run *run); /* [any] */
/* Whether new jobs are not to be begun here. [any] */
bool run_leaving(const struct run *run);
/* A store or state instance that obeys the run's stop. */
enum sluice_status run_instance(struct run *run, const struct sync_plugin *plugin, const char *who,
                                struct instance **ret_instance, struct sluice_error *err);
static inline bool run_is_dry(const struct run *run)
{
    return run->session->request->dry != 0;
}
static inline int64_t run_now(const struct run *run)
{
    return run->services.clock->monotonic_us(run->services.clock);
}

/* ---- The steps of a run, in their order; each in its own file ---- */

/* Requests, locks and claims. OK: the run is ours, *ret_answers says whether it is what was asked for and
 * *ret_resumed whether it had begun before. BUSY: err names the run that makes progress. */
enum sluice_status run_obtain(struct run *run, bool *ret_answers, bool *ret_resumed,
                              struct sluice_error *err);
/* Claims the run that wants a holder, or joins the one that has jobs. END: there is none of either. */
enum sluice_status run_take(struct run *run, bool *ret_resumed, struct sluice_error *err);
/* Releases the lock that the session holds, if any. */
void run_unlock(struct session *session);

/* Reads the master sheet and brings the suppliers in line. OK also when it was unchanged or is held:
 * *ret_held. */
enum sluice_status master_phase(struct run *run, bool *ret_held, struct sluice_error *err);
/* A dry run's jobs: the active suppliers of the sheet, known to the store or not. */
enum sluice_status dry_jobs(struct run *run, const struct master_report *report, struct sluice_error *err);
/* CONFIG naming the nearest suppliers when the run's scope has one that is unknown. */
enum sluice_status scope_check(struct run *run, struct sluice_error *err);
/* The same for a dry run, against the sheet itself. */
enum sluice_status scope_check_sheet(const struct run *run, const struct master_report *report,
                                     struct sluice_error *err);

/* The task that renews leases and lock, publishes progress and notices that the run has to end. */
enum sluice_status heartbeat_start(struct run *run, struct task **ret_task, struct sluice_error *err);
void heartbeat_end(struct run *run, struct task *task);

/* Starts the workers and waits for them. */
enum sluice_status workers_run(struct run *run, struct sluice_error *err);

/*
 * A job that may have killed its worker gets this process to itself, so that another death tells who did it.
 * job_enter () waits for that. false: not now, give the job back. job_leave () follows each true. [any]
 */
bool job_enter(struct run *run, const struct sluice_job *job);
void job_leave(struct run *run, const struct sluice_job *job);

/* Writes the run's outcome, counted from the jobs in the store, whoever did them, and fills the report; its
 * outcome stays NONE when it could not be written, `ended` 0 when another process was sooner. `status` and err are how the phases ended; the first error
 * is returned. */
enum sluice_status outcome_write(struct run *run, enum sluice_status status, bool held,
                                 struct sync_report *report, struct sluice_error *err);

/* ---- Progress: progress.c ---- */

/* Fills in run, epoch and counts and hands the event over, one at a time. [any] */
void progress_event(struct run *run, struct sync_event *event);
/* Counts a job that ended and hands its event over. [any] */
void progress_job_ended(struct run *run, struct sync_event *event);
/* Some task waits so many ms for a quota. [any] */
void progress_waits(struct run *run, int64_t wait_ms);
/* Tells the state backend where the run stands; a failure is not an error of the run. */
enum sluice_status progress_publish(struct run *run, struct instance *state, struct sluice_error *err);
/* The end: idle, and when it ended well. */
void progress_publish_end(struct run *run, enum sluice_outcome outcome);

#endif
