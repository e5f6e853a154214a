/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeps a stale holder from writing. Both are called last in the transaction that writes, just before
 * COMMIT; it holds the write lock since BEGIN IMMEDIATE, so the answer cannot change any more.
 */
#ifndef STORE_SQLITE_FENCE_H
#define STORE_SQLITE_FENCE_H

#include "connection.h"
#include "plugins/stores/job_key.h"

/* LOST unless the run is unfinished and the epoch is its current one. */
enum sluice_status fence_run(struct store *store, const char *run_id, int64_t epoch,
                             struct sluice_error *err);

/* LOST unless that attempt is the one that is going on. */
enum sluice_status fence_job(struct store *store, const struct job_key *job, struct sluice_error *err);
/* The job's end: its figures and, unless it was cancelled, the supplier's newest outcome in parsing_logs. */
enum sluice_status job_end(struct store *store, const struct job_key *job,
                           const struct sluice_job_outcome *outcome, const struct sluice_figures *figures,
                           int64_t now_us, struct sluice_error *err);

/* The approval of a hold that waits for a supplier's list, or with NULL for the master; NULL when there is
 * none. */
enum sluice_status approval_find(struct store *store, const char *supplier_id,
                                 const struct sluice_approval **ret_approval, struct sluice_error *err);
enum sluice_status approval_use(struct store *store, const char *supplier_id, int64_t now_us,
                                struct sluice_error *err);

#endif
