/* SPDX-License-Identifier: Apache-2.0 */
/* The names of one attempt at one supplier's list. */
#ifndef STORES_JOB_KEY_H
#define STORES_JOB_KEY_H

#include <sluice/store_types.h>
#include <string.h>

struct job_key {
    char run_id[SLUICE_ID_SIZE];
    char supplier_id[SLUICE_ID_SIZE];
    int64_t epoch;
    uint32_t attempt;
};

static inline struct job_key job_key(const struct sluice_job *job)
{
    struct job_key key = {.epoch = job->epoch, .attempt = job->attempt};
    memcpy(key.run_id, job->run_id, sizeof key.run_id);
    memcpy(key.supplier_id, job->supplier_id, sizeof key.supplier_id);
    return key;
}

#endif
