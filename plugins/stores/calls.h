/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of store.h as each store defines them, and the table of them. */
#ifndef STORES_CALLS_H
#define STORES_CALLS_H

#include "base/random.h"

#include <sluice/plugin.h>
#include <sluice/store.h>

/* ---- Runs: requested, claimed with an epoch, renewed, finished ---- */

enum sluice_status store_request_put(void *instance, const struct sluice_request *request,
                                     const struct sluice_run **ret_run, struct sluice_error *err);
enum sluice_status store_request_cancel(void *instance, const char *run_id, struct sluice_error *err);
enum sluice_status store_run_claim(void *instance, const struct sluice_claim *claim,
                                   const struct sluice_run **ret_run, struct sluice_error *err);
enum sluice_status store_run_renew(void *instance, const char *run_id, int64_t epoch, int64_t lease_ms,
                                   const struct sluice_run **ret_run, struct sluice_error *err);
enum sluice_status store_run_finish(void *instance, const char *run_id, int64_t epoch,
                                    enum sluice_outcome outcome, const char *message,
                                    struct sluice_error *err);

/* ---- The supplier table brought in line with the master sheet ---- */

enum sluice_status store_suppliers_sync(void *instance, const struct sluice_suppliers_sync *sync,
                                        const struct sluice_suppliers_change **ret_change,
                                        struct sluice_error *err);

/* ---- Jobs: one supplier within one run ---- */

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

/* ---- Snapshots ---- */

enum sluice_status store_snapshot_open(void *instance, const struct sluice_snapshot_open *open,
                                       void **ret_snapshot, struct sluice_error *err);
enum sluice_status store_snapshot_write(void *instance, void *snapshot, const struct sluice_item *items,
                                        size_t n, struct sluice_error *err);
enum sluice_status store_snapshot_reject(void *instance, void *snapshot, const struct sluice_reject *rejects,
                                         size_t n, struct sluice_error *err);
enum sluice_status store_snapshot_stat(void *instance, void *snapshot, double jump,
                                       const struct sluice_snapshot_stat **ret_stat,
                                       struct sluice_error *err);
enum sluice_status store_snapshot_commit(void *instance, void *snapshot,
                                         const struct sluice_snapshot_commit *commit,
                                         struct sluice_error *err);
enum sluice_status store_snapshot_abort(void *instance, void *snapshot,
                                        const struct sluice_job_outcome *outcome, struct sluice_error *err);

/* ---- Holds and their approvals ---- */

enum sluice_status store_hold_put(void *instance, const char *run_id, const char *supplier_id, int64_t epoch,
                                  const struct sluice_hold *hold, struct sluice_error *err);
enum sluice_status store_hold_decide(void *instance, const char *hold_id, enum sluice_hold_decision decision,
                                     const char *by, const char **ret_key, struct sluice_error *err);
enum sluice_status store_master_approval(void *instance, const struct sluice_approval **ret_approval,
                                         struct sluice_error *err);

/* ---- Schedules, ticks, the audit trail and what retention deletes ---- */

enum sluice_status store_schedule_get(void *instance, const char *name,
                                      const struct sluice_schedule **ret_schedule, struct sluice_error *err);
enum sluice_status store_schedule_begin(void *instance, const struct sluice_schedule *schedule,
                                        const struct sluice_schedule **ret_schedule, struct sluice_error *err);
enum sluice_status store_schedule_pause(void *instance, const char *name, enum sluice_pause pause,
                                        const char *reason, const char *by, struct sluice_error *err);
enum sluice_status store_ticks_put(void *instance, const struct sluice_ticks *ticks,
                                   const struct sluice_run **ret_run, struct sluice_error *err);
enum sluice_status store_audit_put(void *instance, const struct sluice_audit *audit,
                                   struct sluice_error *err);
enum sluice_status store_prune(void *instance, const struct sluice_retention *retention,
                               struct sluice_error *err);

/* ---- The schema, the clock, and reading back what status, panel and command line show ---- */

enum sluice_status store_schema(void *instance, enum sluice_schema_action action,
                                const struct sluice_schema **ret_schema, struct sluice_error *err);
enum sluice_status store_clock(void *instance, int64_t *ret_now_us, struct sluice_error *err);
enum sluice_status store_query(void *instance, const struct sluice_query *query,
                               const struct sluice_sink *sink, struct sluice_error *err);

extern const struct sluice_store store_calls;

/* The host's source of randomness for base/, valid as long as the host. */
struct random_source store_random(const struct sluice_host *host);

#endif
