/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store contract: suppliers, items, runs, jobs, holds. The store is the truth; the engine believes
 * nothing that it does not say. What a call returns through `ret_…` belongs to the store and lives until
 * the next call on the same instance. Every call is [run]; the engine makes one instance per worker, one
 * for heartbeats and one for the status.
 *
 * Fencing: work on a run names its epoch, work on a job its attempt too. A store checks both in the
 * transaction that writes, last, and answers SLUICE_LOST without a trace when either is no longer current.
 */
#ifndef SLUICE_STORE_H
#define SLUICE_STORE_H

#include <sluice/store_query.h>
#include <sluice/store_types.h>

struct sluice_store {
    uint32_t struct_size;
    uint32_t reserved;

    /* CHECK reads the schema's version; MIGRATE brings it to the latest, each step in a transaction.
     * CONFIG when the database is newer than the plugin. */
    enum sluice_status (*schema)(void *instance, enum sluice_schema_action action,
                                 const struct sluice_schema **ret_schema, struct sluice_error *err);
    enum sluice_status (*clock)(void *instance, int64_t *ret_now_us, struct sluice_error *err);

    /* OK: the run is queued (also when this very run_id is there already). BUSY: *ret_run is the unfinished
     * run that is there instead. */
    enum sluice_status (*request_put)(void *instance, const struct sluice_request *request,
                                      const struct sluice_run **ret_run, struct sluice_error *err);
    /* Marks an unfinished run; its renewals learn of it. END when there is none. */
    enum sluice_status (*request_cancel)(void *instance, const char *run_id, struct sluice_error *err);

    /*
     * Takes a queued run, or one of which no lease (its own or a job's) is alive, and grants the next epoch;
     * its unfinished jobs wait again, with attempt + 1 and deaths + 1 when they had begun. BUSY: *ret_run is the run whose
     * leases live. END: no run wants a holder.
     */
    enum sluice_status (*run_claim)(void *instance, const struct sluice_claim *claim,
                                    const struct sluice_run **ret_run, struct sluice_error *err);
    /* Sets the run's lease anew and says how it stands (cancel_requested, jobs_done); lease_ms 0 gives it up:
     * unless a job's lease is alive, anyone may claim the run at once. LOST when stale. */
    enum sluice_status (*run_renew)(void *instance, const char *run_id, int64_t epoch, int64_t lease_ms,
                                    const struct sluice_run **ret_run, struct sluice_error *err);
    /* Ends a run. END when it had ended before, with whatever outcome; LOST when stale. */
    enum sluice_status (*run_finish)(void *instance, const char *run_id, int64_t epoch,
                                     enum sluice_outcome outcome, const char *message,
                                     struct sluice_error *err);

    /* Brings the supplier table in line with the master sheet. A supplier that is present but invalid keeps
     * its state; one that is absent is deactivated, never deleted. Foreign columns stay. */
    enum sluice_status (*suppliers_sync)(void *instance, const struct sluice_suppliers_sync *sync,
                                         const struct sluice_suppliers_change **ret_change,
                                         struct sluice_error *err);

    /* A waiting job for each active supplier in the run's scope, oldest success first; the run's state
     * becomes SUPPLIERS. Once per run: a second call changes nothing. */
    enum sluice_status (*jobs_enqueue)(void *instance, const char *run_id, int64_t epoch, uint32_t *ret_total,
                                       struct sluice_error *err);
    /* OK with a waiting job, or one whose lease has ended (attempt + 1, deaths + 1), of `run_id` (NULL: of any
     * run); those without deaths first.
     * BUSY: none is free now, but some are leased by others. END: all jobs are done. */
    enum sluice_status (*job_claim)(void *instance, const char *run_id, const char *worker, int64_t lease_ms,
                                    const struct sluice_job **ret_job, struct sluice_error *err);
    /* Extends the job's lease and its run's. LOST when stale. */
    enum sluice_status (*job_renew)(void *instance, const struct sluice_job *job, int64_t lease_ms,
                                    uint32_t *ret_cancelled, struct sluice_error *err);
    /* Ends a job that commits no snapshot: unchanged, failed, held, cancelled. LOST when stale. */
    enum sluice_status (*job_finish)(void *instance, const struct sluice_job *job,
                                     const struct sluice_job_outcome *outcome, struct sluice_error *err);
    /* Gives a job back undone: it waits again with attempt + 1, and no death is counted. LOST when stale. */
    enum sluice_status (*job_release)(void *instance, const struct sluice_job *job, struct sluice_error *err);
    /* After UNKNOWN: what became of that attempt. OK with its state, END when there is no such job. */
    enum sluice_status (*job_lookup)(void *instance, const char *run_id, const char *supplier_id,
                                     uint32_t attempt, enum sluice_job_state *ret_state,
                                     struct sluice_error *err);

    /*
     * One supplier's items as of one read: open, write and reject in any order, stat, then commit or abort.
     * What is written is private until commit, which replaces the former snapshot, writes price history,
     * rejects, log and the job's outcome in one transaction. Of rows with the same SKU the one with the
     * highest line wins. A dry snapshot leaves no trace and can only be aborted.
     */
    enum sluice_status (*snapshot_open)(void *instance, const struct sluice_snapshot_open *open,
                                        void **ret_snapshot, struct sluice_error *err);
    enum sluice_status (*snapshot_write)(void *instance, void *snapshot, const struct sluice_item *items,
                                         size_t n, struct sluice_error *err);
    enum sluice_status (*snapshot_reject)(void *instance, void *snapshot, const struct sluice_reject *rejects,
                                          size_t n, struct sluice_error *err);
    /* `jump` is the factor from which a changed price counts as jumped, up or down: 3.0. */
    enum sluice_status (*snapshot_stat)(void *instance, void *snapshot, double jump,
                                        const struct sluice_snapshot_stat **ret_stat,
                                        struct sluice_error *err);
    /* Ends the snapshot whatever it answers. UNKNOWN: ask job_lookup. */
    enum sluice_status (*snapshot_commit)(void *instance, void *snapshot,
                                          const struct sluice_snapshot_commit *commit,
                                          struct sluice_error *err);
    /* Ends the snapshot without its items. With an outcome the job ends so and the rejects are kept; with
     * NULL nothing is. */
    enum sluice_status (*snapshot_abort)(void *instance, void *snapshot,
                                         const struct sluice_job_outcome *outcome, struct sluice_error *err);

    /* Keeps a hold for 7 days. Of one supplier, or of the master sheet when supplier_id is NULL; it replaces
     * an undecided one of the same guard. The job that is held is still to be finished. */
    enum sluice_status (*hold_put)(void *instance, const char *run_id, const char *supplier_id, int64_t epoch,
                                   const struct sluice_hold *hold, struct sluice_error *err);
    /* Once: END when the hold is unknown, expired or decided. *ret_key is the supplier's key, NULL: the
     * master. An approval waits for the supplier's next job; its commit uses it up. */
    enum sluice_status (*hold_decide)(void *instance, const char *hold_id, enum sluice_hold_decision decision,
                                      const char *by, const char **ret_key, struct sluice_error *err);
    /* The approval that waits for the master sheet; END when there is none. suppliers_sync uses it up. */
    enum sluice_status (*master_approval)(void *instance, const struct sluice_approval **ret_approval,
                                          struct sluice_error *err);

    /* END when the schedule is unknown. */
    enum sluice_status (*schedule_get)(void *instance, const char *name,
                                       const struct sluice_schedule **ret_schedule, struct sluice_error *err);
    /* Keeps the schedule as given (not paused) unless its name is known; what is kept then, by whomever. */
    enum sluice_status (*schedule_begin)(void *instance, const struct sluice_schedule *schedule,
                                         const struct sluice_schedule **ret_schedule,
                                         struct sluice_error *err);
    /* END when the schedule is unknown. Pausing what is paused replaces reason and by, not paused_us. */
    enum sluice_status (*schedule_pause)(void *instance, const char *name, enum sluice_pause pause,
                                         const char *reason, const char *by, struct sluice_error *err);
    /*
     * Accounts for nominal times, in one transaction: writes the ticks, queues the request's run, and gives
     * the schedule these until_us, waiting_us and definition. LOST, and nothing is written, unless the
     * schedule's accounted_us still is from_us: someone else accounted for them. BUSY, and nothing is
     * written: *ret_run is the unfinished run that is there instead of the requested one. UNKNOWN: read the
     * schedule again, its accounted_us tells. Of calls at once with the same from_us one alone is OK, unless
     * until_us is from_us. A nominal time that has its row already keeps it.
     */
    enum sluice_status (*ticks_put)(void *instance, const struct sluice_ticks *ticks,
                                    const struct sluice_run **ret_run, struct sluice_error *err);
    enum sluice_status (*audit_put)(void *instance, const struct sluice_audit *audit,
                                    struct sluice_error *err);
    /* Deletes what is older, but keeps each supplier's last run. */
    enum sluice_status (*prune)(void *instance, const struct sluice_retention *retention,
                                struct sluice_error *err);

    enum sluice_status (*query)(void *instance, const struct sluice_query *query,
                                const struct sluice_sink *sink, struct sluice_error *err);
};

#endif
