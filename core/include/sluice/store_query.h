/* SPDX-License-Identifier: Apache-2.0 */
/* What the store is asked, and what it keeps beside suppliers and runs: schedules, ticks, the audit trail. */
#ifndef SLUICE_STORE_QUERY_H
#define SLUICE_STORE_QUERY_H

#include <sluice/plugin.h>

struct sluice_request; /* store_types.h */

/* ---- Reading back ---------------------------------------------------------------------------------- */

/* Each takes the filters of struct sluice_query that stand behind it; a filter that is not set leaves nothing out. */
enum sluice_query_what {
    SLUICE_QUERY_SUPPLIERS, /* key, id, search; status derived from each supplier's newest outcome */
    SLUICE_QUERY_RUNS,      /* key, run_id; newest first, with the sums of their jobs */
    SLUICE_QUERY_JOBS,      /* key; of one run (none named: the newest) in its order of work */
    SLUICE_QUERY_ITEMS,     /* search; of the supplier `key` */
    SLUICE_QUERY_REJECTS,   /* key, run_id, code; of each supplier's last read (finding it unchanged is none), and
                               the master's */
    SLUICE_QUERY_LOGS,      /* key, run_id, after, before, level, OLDEST_FIRST; else newest first */
    SLUICE_QUERY_HOLDS,     /* key, run_id, id, OPEN; undecided and unexpired first */
    SLUICE_QUERY_TICKS,     /* key (the schedule's name), run_id */
    SLUICE_QUERY_AUDIT,     /* newest first */
    SLUICE_QUERY_HISTORY,   /* jobs of the supplier `key` in every run, newest first */
    SLUICE_QUERY_PRICES,    /* prices that a commit for the supplier `key` changed: that of run_id, else the last one.
                               A new item's first price is no change. In the order of the SKUs */
    SLUICE_QUERY_REJECT_COUNTS, /* key, run_id; the rows of REJECTS by reason code, most frequent first */
    SLUICE_QUERY_MAPPINGS,      /* key; of each supplier's last accepted read */
};

enum sluice_query_flag {
    SLUICE_QUERY_OPEN = 1,         /* only holds that wait for a decision */
    SLUICE_QUERY_OLDEST_FIRST = 2, /* of logs */
};

struct sluice_query {
    uint32_t struct_size;
    uint32_t what;
    const char *key;    /* a supplier's key, or NULL */
    const char *run_id; /* or NULL */
    uint32_t limit;     /* rows; 0: all */
    uint32_t offset;
    const char *id;        /* the one row of that id, or NULL */
    const char *code;      /* a reason code, or NULL */
    const char *search;    /* a part of a supplier's key, or of an item's SKU or name in any case (of ASCII); or NULL */
    int64_t after, before; /* ids of logs, exclusive; 0: none */
    uint32_t level;        /* enum sluice_level: logs of that level and graver ones */
    uint32_t flags;        /* enum sluice_query_flag */
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
