/* SPDX-License-Identifier: Apache-2.0 */
/* What the store is asked, and what it keeps beside suppliers and runs: schedules, ticks, the audit trail. */
#ifndef SLUICE_STORE_QUERY_H
#define SLUICE_STORE_QUERY_H

#include <sluice/plugin.h>

struct sluice_request; /* store_types.h */

/* ---- Reading back ---------------------------------------------------------------------------------- */

enum sluice_query_what {
    SLUICE_QUERY_SUPPLIERS, /* status derived from each supplier's newest outcome */
    SLUICE_QUERY_RUNS,
    SLUICE_QUERY_JOBS,    /* of one run */
    SLUICE_QUERY_ITEMS,   /* of one supplier */
    SLUICE_QUERY_REJECTS, /* of each supplier's last read (finding it unchanged is none), and the master's */
    SLUICE_QUERY_LOGS,    /* newest first */
    SLUICE_QUERY_HOLDS,   /* undecided and unexpired first */
    SLUICE_QUERY_TICKS,
    SLUICE_QUERY_AUDIT,
};

struct sluice_query {
    uint32_t struct_size;
    uint32_t what;
    const char *key;    /* a supplier's key, or NULL */
    const char *run_id; /* or NULL */
    uint32_t limit;     /* rows; 0: all */
    uint32_t offset;
};

enum sluice_value_type {
    SLUICE_VALUE_TEXT,
    SLUICE_VALUE_NUMBER,
    SLUICE_VALUE_BOOL,
    SLUICE_VALUE_TIME,
    SLUICE_VALUE_JSON
};

struct sluice_column {
    const char *name;
    uint32_t type, flags;
};

/* row () gets n columns and as many cells, valid until it returns; a time is RFC 3339 UTC. */
struct sluice_sink {
    void *context;
    enum sluice_status (*row)(void *context, const struct sluice_column *columns,
                              const struct sluice_cell *cells, size_t n);
};

/* ---- Schedules ------------------------------------------------------------------------------------- */

enum sluice_tick_state { SLUICE_TICK_RAN, SLUICE_TICK_SKIPPED, SLUICE_TICK_MISSED, SLUICE_TICK_PAUSED };

enum sluice_pause { SLUICE_PAUSE, SLUICE_RESUME };

/* What the store remembers of a schedule; 0 and NULL where there is nothing. */
struct sluice_schedule {
    uint32_t struct_size;
    uint32_t paused;
    const char *name;
    const char *reason, *by; /* of the last pause or resumption */
    int64_t paused_us;       /* when it was paused, while it is */
    const char *definition;  /* what it was when last accounted for: "every 7h", "cron 0 6 * * *; UTC" */
    int64_t anchor_us;       /* from which elapsed intervals are counted: the schedule's first use */
    int64_t accounted_us;    /* every nominal time up to and including this one has its tick; never goes back */
    int64_t waiting_us;      /* a nominal time behind it that waits for the unfinished run's end */
};

struct sluice_tick {
    uint32_t struct_size;
    uint32_t state;     /* enum sluice_tick_state */
    const char *run_id; /* the run that ran or overlapped, or NULL */
    int64_t nominal_us; /* the first one that this row stands for */
    uint64_t count;     /* nominal times that this row stands for, 1 or more */
};

/* One step of a schedule's account: from `from_us` to `until_us`, by these ticks and perhaps one run. */
struct sluice_ticks {
    uint32_t struct_size;
    uint32_t n_ticks;
    const char *schedule;
    const char *definition;
    int64_t from_us;  /* accounted_us as it was read */
    int64_t until_us; /* accounted_us as it becomes, >= from_us */
    int64_t waiting_us;
    const struct sluice_tick *ticks;
    const struct sluice_request *request; /* the run of the tick that ran, or NULL */
};

/* Who did what, to which thing, from which address. */
struct sluice_audit {
    uint32_t struct_size;
    uint32_t reserved;
    const char *who, *what, *detail, *from;
};

/* Ages in microseconds from which rows may go. */
struct sluice_retention {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t logs_us, ticks_us, holds_us;
};

#endif
