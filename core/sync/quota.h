/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Request budgets of one task's sources, taken from the state backend's buckets so that all workers of all processes
 * share them. The task's own state instance does it, made when a budget is first wanted; without a backend the
 * process counts for itself, which keeps its own requests within the budget at least.
 */
#ifndef SYNC_QUOTA_H
#define SYNC_QUOTA_H

#include "sync/run.h"

struct quota {
    struct run *run;
    struct host_services services; /* the run's, with budgets; what the task's sources are created with */
    struct instance *state;        /* NULL: not wanted yet, or down */
    int64_t down_until_us;         /* monotonic: it is not asked before */
    bool ails;                     /* said once, until it is well again */
};

void quota_begin(struct quota *quota, struct run *run);
void quota_end(struct quota *quota); /* after the sources; accepts a zeroed one */

#endif
