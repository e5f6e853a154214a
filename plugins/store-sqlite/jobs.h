/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs: one supplier within one run. store.h says what each call answers. */
#ifndef STORE_SQLITE_JOBS_H
#define STORE_SQLITE_JOBS_H

#include "connection.h"

enum sluice_status store_jobs_enqueue(void *instance, const char *run_id, int64_t epoch, uint32_t *ret_total,
                                      struct sluice_error *err);
enum sluice_status store_job_claim(void *instance, const char *run_id, const char *worker, int64_t lease_ms,
                                   const struct sluice_job **ret_job, struct sluice_error *err);
enum sluice_status store_job_renew(void *instance, const struct sluice_job *job, int64_t lease_ms,
                                   uint32_t *ret_cancelled, struct sluice_error *err);
enum sluice_status store_job_finish(void *instance, const struct sluice_job *job,
                                    const struct sluice_job_outcome *outcome, struct sluice_error *err);
enum sluice_status store_job_release(void *instance, const struct sluice_job *job, struct sluice_error *err);
enum sluice_status store_job_lookup(void *instance, const char *run_id, const char *supplier_id,
                                    uint32_t attempt, enum sluice_job_state *ret_state,
                                    struct sluice_error *err);

#endif
