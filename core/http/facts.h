/* SPDX-License-Identifier: Apache-2.0 */
/* What the status is made of: what one look at the store and one look at the state backend found. Each is
 * read by its own task and belongs to whoever read it last. */
#ifndef HTTP_FACTS_H
#define HTTP_FACTS_H

#include "base/buffer.h"
#include "http/desk.h"
#include "http/schedule_view.h"

enum { FACT_LOGS = 100, FACT_TIME_SIZE = 40, FACT_WORDS_SIZE = 1024 };

/* A run as its row says; id "" when there is none. Times as the store writes them, "" for none. */
struct run_facts {
    char id[SLUICE_ID_SIZE];
    char state[16], outcome[16];
    char created_at[FACT_TIME_SIZE], started_at[FACT_TIME_SIZE], finished_at[FACT_TIME_SIZE];
    char lease_until[FACT_TIME_SIZE];
    char holder[256], message[FACT_WORDS_SIZE];
    bool cancel_requested;
    int64_t jobs_total, jobs_done, rows_read, changed, rejected;
};

struct supplier_counts {
    int64_t success, error, pending, inactive, items, rejects;
};

struct store_facts {
    struct run_facts current; /* the unfinished run */
    struct run_facts last;    /* the newest one that ended */
    char last_sync_at[FACT_TIME_SIZE];
    char first_job_at[FACT_TIME_SIZE];     /* of the current run */
    struct buffer suppliers, current_jobs; /* elements of JSON arrays */
    struct buffer logs;                    /* the same; entry i ends at log_ends[i] */
    size_t log_ends[FACT_LOGS], n_logs;
    struct supplier_counts counts;
    int64_t holds;
    struct schedule_view schedule;
    uint64_t mark; /* of what was looked at: two looks with the same mark found the same */
};

struct state_facts {
    char status[32], run_id[SLUICE_ID_SIZE]; /* "" when nothing is known */
    uint32_t current, total;
    int64_t last_run_us;
    char waiting_for[128];
    int64_t waiting_until_us;
};

/* A quick look: only the mark, to tell whether a whole one is worth it. */
enum sluice_status store_facts_mark(struct desk *desk, uint64_t *ret_mark, struct sluice_error *err);
/* The caller frees what it gets. */
enum sluice_status store_facts_read(struct desk *desk, struct store_facts **ret_facts,
                                    struct sluice_error *err);
void store_facts_free(struct store_facts *facts); /* accepts NULL */

enum sluice_status state_facts_read(struct desk *desk, struct state_facts *ret_facts,
                                    struct sluice_error *err);
bool state_facts_same(const struct state_facts *a, const struct state_facts *b);

#endif
