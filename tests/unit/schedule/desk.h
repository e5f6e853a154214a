/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store whose clock the test moves, workers that share it, and what they did to it. What befalls ticks_put is
 * scripted. One desk per process at a time.
 */
#ifndef TESTS_SCHEDULE_DESK_H
#define TESTS_SCHEDULE_DESK_H

#include "base/clock.h"
#include "base/error.h"
#include "host/instance.h"
#include "schedule/schedule.h"

#define DESK_WORKERS  8
#define US_PER_MINUTE (60 * US_PER_SECOND)
#define US_PER_HOUR   (60 * US_PER_MINUTE)

enum desk_fault {
    DESK_WORKS,
    DESK_REFUSES,     /* the next ticks_put is not made and answers RETRY */
    DESK_LOSES_REPLY, /* it is made and answers UNKNOWN */
    DESK_LOSES_CALL,  /* it is not made and answers UNKNOWN */
};

struct desk {
    char folder[64];
    struct clock clock; /* the store's */
    int64_t now_us;
    struct random_source random;
    uint64_t seed;
    struct host_services services;
    struct config *config;
    const struct sluice_plugin *plugin;
    void *options;
    struct sluice_store calls; /* the real ones, with ticks_put scripted */
    struct instance *instances[DESK_WORKERS];
    struct schedule_book books[DESK_WORKERS];
    size_t n_workers;
    enum desk_fault fault;             /* of the next ticks_put, then again DESK_WORKS */
    void (*meanwhile)(struct desk *desk); /* once, before the next ticks_put: what another worker does */
    struct sluice_error err;
};

/* The clock begins at that RFC 3339 time. */
struct desk *desk_new(const char *now, size_t n_workers);
void desk_free(struct desk *desk);
/* A worker that restarts: another instance. */
void desk_restart(struct desk *desk, size_t worker);
void desk_at(struct desk *desk, const char *now);

struct schedule *desk_schedule(const struct schedule_options *options);
/* A look that has to be OK. */
struct schedule_look desk_look(struct desk *desk, struct schedule *schedule, size_t worker);
/* Every tick, oldest first: "2026-03-01T08:00:00Z ran|2026-03-01T16:00:00Z missed x3". The caller frees it. */
char *desk_ticks(struct desk *desk);
/* "2026-03-01T08:00:00Z|…": the nominal times of all scheduled runs, oldest first. The caller frees it. */
char *desk_runs(struct desk *desk);
void desk_ticks_are(struct desk *desk, const char *expected);
void desk_runs_are(struct desk *desk, const char *expected);

/* A run that another asks for and works on; desk_run_ends () finishes the unfinished one. */
void desk_run_begins(struct desk *desk, char ret_run_id[SLUICE_ID_SIZE]);
void desk_run_ends(struct desk *desk);

#endif
