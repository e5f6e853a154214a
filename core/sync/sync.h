/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run, from its request to its final outcome: lock, epoch, master phase, jobs by N workers, progress; and a
 * process's share in the runs that anyone asked for.
 * Everything that moves reaches this room through base/ and the vtables, so the whole run can be played on
 * mock plugins and a virtual clock.
 */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include "base/task.h"
#include "host/instance.h"
#include "ingest/options.h"

#include <sluice/state.h>
#include <sluice/store.h>

/* Section `sync`. */
struct sync_options {
    int64_t workers;                         /* tasks that read lists side by side: 4 */
    struct sluice_duration lease;            /* of a run or job; renewed at a third of it: 30s */
    struct sluice_duration supplier_timeout; /* 300s */
    struct sluice_duration run_timeout;      /* 6h */
    int64_t full_every;                      /* every n-th read of a list compares in full: 10 */
};
extern const struct sluice_option sync_option_table[];
extern const size_t sync_option_count;

/* A plugin with its filled options. */
struct sync_plugin {
    const struct sluice_plugin *plugin;
    const void *options;
};

/* Which plugin and which options read a supplier's list. */
struct sync_source {
    struct sync_plugin plugin;
    const struct ingest_options *ingest;
};

/* How Sluice is composed; all of it outlives the run. */
struct sync_setup {
    const struct host_services *services; /* clock, random, log, fetch policy, memo */
    const struct task_runtime *tasks;
    const char *who; /* this process for people: "host, process 4711"; NULL: not known */
    const struct sync_options *options;
    const struct guard_options *guards;
    struct sync_plugin store, state;
    struct sync_source master;
    const char *master_location;
    const char *const *formats; /* values of the Format column that are served */
    size_t n_formats;
    void *context;
    /* The source of a supplier by its name and Format value; CONFIG when there is none. [any] */
    enum sluice_status (*source)(void *context, const char *supplier_name, const char *format,
                                 struct sync_source *ret_source, struct sluice_error *err);
};

enum sync_event_kind {
    SYNC_EVENT_RUN,      /* a run was claimed: run_id, epoch, resumed */
    SYNC_EVENT_MASTER,   /* the master was read: figures in change; held or unchanged by outcome */
    SYNC_EVENT_STARTED,  /* a job began */
    SYNC_EVENT_PROGRESS, /* a job has read that many rows */
    SYNC_EVENT_FINISHED, /* a job ended */
    SYNC_EVENT_IDLE,     /* what is left of the run is other processes' */
    SYNC_EVENT_WAITING,  /* a quota is used up and waited for: waiting_until_us */
};

struct sync_event {
    enum sync_event_kind kind;
    const char *run_id;
    int64_t epoch;
    uint32_t resumed;        /* SYNC_EVENT_RUN: 1 when it had begun before and is taken over */
    uint32_t joined;         /* SYNC_EVENT_RUN: 1 when other processes work on it, too */
    uint32_t attempt;        /* of a job */
    const char *supplier;    /* name, or NULL */
    const char *supplier_id; /* of a job, or NULL */
    uint64_t rows;           /* read so far */
    uint32_t current, total; /* jobs done and all */
    enum sluice_outcome outcome;
    const char *error_type, *message; /* of a job or master that ended, or NULL */
    const struct sluice_figures *figures;
    const struct sluice_suppliers_change *change;
    const char *const *notices; /* of the reading: encoding, convention, chosen tab … */
    size_t n_notices;
    const struct sluice_reject
        *rejects; /* SYNC_EVENT_FINISHED of a dry run, SYNC_EVENT_MASTER: up to 100 of them */
    size_t n_rejects;
    const char *hold_id; /* when it ended held */
    int64_t waiting_until_us; /* wall clock, since 1970 UTC */
};

struct sync_request {
    const char *run_id;       /* NULL: made here */
    const char *const *scope; /* supplier keys; none: all */
    size_t n_scope;
    enum sluice_trigger trigger;
    const char *by;
    uint32_t flags; /* enum sluice_request_flag */
    uint32_t dry;   /* 1: reads, maps and compares; writes nothing, takes no lock */
    /* Called one at a time, from any task; pointers live until it returns. */
    void (*observe)(void *context, const struct sync_event *event);
    void *context;
};

struct sync_report {
    char run_id[SLUICE_ID_SIZE];
    int64_t epoch;
    enum sluice_outcome outcome; /* NONE: it goes on without this process */
    uint32_t ended;              /* 1: its outcome was written here, not by another process */
    uint32_t jobs, succeeded, unchanged, failed, held, cancelled;
    int64_t elapsed_us;
    uint32_t throttled; /* 1: it failed because a server asked for patience (429) */
    char message[512]; /* one sentence: why it failed, who holds the lock, … */
};

/*
 * Before anything else an unfinished run of a dead process is taken over and brought to its end (events carry
 * its id, as resumed); then the request's own run reads every list, so that its report is about this moment.
 * A queued run that nobody had begun and that asks for at least as much takes the request's place.
 *
 * The schema is brought up to date first. A dry run leaves everything as it was: where there is no schema yet
 * it compares with nothing (and so finds no duplicates), an older one is a CONFIG error.
 *
 * Runs to the end or until services->cancel is requested (outcome CANCELLED, the store consistent). OK: the
 * report says how it ended, which may be FAILED or HELD. BUSY: another run makes progress, err says whose.
 * Other errors: the store, the state backend or the configuration made a run impossible.
 */
enum sluice_status sync_run(const struct sync_setup *setup, const struct sync_request *request,
                            struct sync_report *ret_report, struct sluice_error *err);

/* ---- A process's share in everyone's runs ------------------------------------------------------------ */

struct session;

struct sync_share {
    /* Requested: jobs that are under way go on, no other is begun. When services->cancel is requested, too,
     * they are given back undone. Neither ends a run: other processes, or the next life, go on with it. */
    struct cancel *leave;
    /* As in a request. */
    void (*observe)(void *context, const struct sync_event *event);
    void *context;
};

/* Setup and share outlive the session, which is [run]. The schema is brought up to date. */
enum sluice_status sync_open(const struct sync_setup *setup, const struct sync_share *share,
                             struct session **ret_session, struct sluice_error *err);
void sync_close(struct session *session); /* accepts NULL */

/*
 * Does what there is to do: claims the run that is queued or dead, or joins the one in progress, and works
 * until none of its jobs is left or `leave` is requested. OK: the report says how the run ended, or that it
 * goes on elsewhere. END: there is nothing to do. Other errors: the store or the configuration made it
 * impossible; open a new session later.
 */
enum sluice_status sync_work(struct session *session, struct sync_report *ret_report,
                             struct sluice_error *err);
/* Until someone says that there may be something to do, or that long, or `leave`. */
void sync_wait(struct session *session, int64_t ms);

#endif
