/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeps a stale holder from writing. Each adds statements to the message that ends with COMMIT; the fence raises an
 * error, so that nothing of the message is done unless it passes. It locks the run until that COMMIT, so its answer
 * cannot change any more; being last, it makes no one wait for longer.
 */
#ifndef STORE_PG_FENCE_H
#define STORE_PG_FENCE_H

#include "connection.h"
#include "plugins/stores/job_key.h"

void fence_run(struct store *store, const char *run_id, int64_t epoch);
void fence_job(struct store *store, const struct job_key *job);

/* The job's end: its figures and, unless it was cancelled, the supplier's newest outcome in parsing_logs. The fence
 * stands right before it, because it asks for a running job. */
void job_end(struct store *store, const struct job_key *job, const struct sluice_job_outcome *outcome,
             const struct sluice_figures *figures);
/* Uses up what was approved for a supplier's list, or with NULL for the master. */
void approval_use(struct store *store, const char *supplier_id);

/* For a link that broke: LOST when the job is no longer ours, otherwise `status` with the error as it is. */
enum sluice_status lost_or(struct store *store, const struct job_key *job, enum sluice_status status,
                           struct sluice_error *err);

#endif
