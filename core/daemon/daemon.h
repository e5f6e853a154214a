/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that runs unattended: one configuration at work in parts (scheduler, workers, API), each with a
 * task of its own. Signals end it, make it read its configuration again, or are ignored; the invariant is that
 * no part outlives the house it stands in.
 */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include "daemon/notify.h"
#include "http/http.h"
#include "schedule/schedule.h"
#include "sync/sync.h"

enum daemon_role {
    DAEMON_SCHEDULER = 1, /* accounts for the schedule's times, prunes what is past its retention */
    DAEMON_WORKER = 2,    /* does the runs that anyone asked for */
    DAEMON_API = 4,       /* answers over HTTP */
};

/* Section `daemon`. */
struct daemon_options {
    struct sluice_duration drain; /* how long a stop may take: 10s */
};
extern const struct sluice_option daemon_option_table[];
extern const size_t daemon_option_count;

/* Section `retention`; 0 keeps for ever. */
struct retention_options {
    struct sluice_duration logs;  /* also of runs, jobs and the audit trail: 90d */
    struct sluice_duration ticks; /* 400d */
    struct sluice_duration holds; /* 90d */
};
extern const struct sluice_option retention_option_table[];
extern const size_t retention_option_count;

/* A configuration that is ready to work. Nothing in it changes; what it points to lives until unload (). */
struct daemon_house {
    const struct sync_setup *sync; /* its services' cancel is requested when time is over */
    const struct schedule_options *schedule;
    const struct daemon_options *daemon;
    const struct retention_options *retention;
    const struct notify_options *notify;
    const struct http_setup *http;
};

struct daemon_setup {
    uint32_t roles; /* enum daemon_role */
    bool once;      /* do what is due, then end */
    void *context;
    /* Reads the configuration, at the beginning and on each SIGHUP, from the main thread. On failure nothing is
     * left behind and err says what is wrong with it. */
    enum sluice_status (*load)(void *context, const struct daemon_house **ret_house,
                               struct sluice_error *err);
    void (*unload)(void *context, const struct daemon_house *house);
};

/* What the process's end tells. */
struct daemon_report {
    enum sluice_outcome outcome; /* of the last run that ended here; NONE: none did */
};

/* From the first configuration to the last part's end; a stop that takes longer than daemon.drain, or is asked
 * for twice, ends the process on the spot. Blocks SIGTERM, SIGINT and SIGHUP and takes them from there: call it
 * before any thread is made. An error: the first configuration is of no use, or
 * a part could not begin. */
enum sluice_status daemon_run(const struct daemon_setup *setup, struct daemon_report *ret_report,
                              struct sluice_error *err);

#endif
