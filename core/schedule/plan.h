/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be written of a schedule at one moment: which nominal times are due, and how each ends. Pure. */
#ifndef SCHEDULE_PLAN_H
#define SCHEDULE_PLAN_H

#include "schedule/schedule.h"

/* Beyond that, neighbours that end alike share one row. */
enum { PLAN_ROWS = 1000 };
/* Nominal times that one look accounts for at most; the following look goes on. */
#define PLAN_DUE_MOST UINT64_C(5000000)
/* A tick that is later than that is missed, unless it waited or is to be made up for. */
#define PLAN_LATE_US INT64_C(300000000)

struct plan {
    int64_t from_us;           /* accounted_us as the store has it */
    int64_t until_us;          /* as it becomes when all is written */
    struct sluice_tick *ticks; /* how the times end; without the one that may run */
    uint32_t n_ticks, capacity;
    uint64_t n_due;
    bool has_newest;             /* one time may run now */
    struct schedule_time newest; /* it is after all of the ticks */
    struct schedule_time next;   /* the first one that is not due */
    bool is_more;                /* there is more due than one look accounts for */
    bool is_new_definition;
};

void plan_free(struct plan *plan); /* [cleanup] accepts a zeroed one */

/* `kept` is what the store remembers, `now_us` its clock. */
enum sluice_status plan_make(struct schedule *schedule, const struct sluice_schedule *kept, int64_t now_us,
                             struct plan *ret_plan, struct sluice_error *err);
/* Another tick behind the others. */
enum sluice_status plan_add(struct plan *plan, enum sluice_tick_state state, int64_t nominal_us,
                            const char *run_id, struct sluice_error *err);

/* The account's beginning: what the store remembers, and its first use. */
int64_t plan_accounted(const struct sluice_schedule *kept);

#endif
