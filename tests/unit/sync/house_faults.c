/* SPDX-License-Identifier: Apache-2.0 */
/* The store's calls pass through here: counted, and failed where the test says so. */
#include "house_inner.h"

#include "base/error.h"

#include <stdatomic.h>
#include <stdio.h>

static const struct sluice_store *real;
static struct house *house;
static atomic_uint counters[CALL_COUNT];

static const struct house_fault *fault_of(enum house_call call)
{
    unsigned n = atomic_fetch_add(&counters[call], 1) + 1;
    for (size_t i = 0; i < house->n_faults; i++) {
        const struct house_fault *fault = &house->faults[i];
        if (fault->call == call && (fault->at == 0 || fault->at == n))
            return fault;
    }
    return NULL;
}

#define SCRIPTED "the test's fault"

static enum sluice_status request_put(void *self, const struct sluice_request *request,
                                      const struct sluice_run **ret_run, struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_REQUEST_PUT);
    if (fault == NULL || fault->after) {
        enum sluice_status status = real->request_put(self, request, ret_run, err);
        if (fault == NULL)
            return status;
    }
    return error_set(err, fault->status, SCRIPTED);
}

static enum sluice_status run_claim(void *self, const struct sluice_claim *claim,
                                    const struct sluice_run **ret_run, struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_RUN_CLAIM);
    return fault == NULL ? real->run_claim(self, claim, ret_run, err)
                         : error_set(err, fault->status, SCRIPTED);
}

static enum sluice_status run_renew(void *self, const char *run_id, int64_t epoch, int64_t lease_ms,
                                    const struct sluice_run **ret_run, struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_RUN_RENEW);
    return fault == NULL ? real->run_renew(self, run_id, epoch, lease_ms, ret_run, err)
                         : error_set(err, fault->status, SCRIPTED);
}

static enum sluice_status job_claim(void *self, const char *run_id, const char *worker, int64_t lease_ms,
                                    const struct sluice_job **ret_job, struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_JOB_CLAIM);
    return fault == NULL ? real->job_claim(self, run_id, worker, lease_ms, ret_job, err)
                         : error_set(err, fault->status, SCRIPTED);
}

static enum sluice_status job_renew(void *self, const struct sluice_job *job, int64_t lease_ms,
                                    uint32_t *ret_cancelled, struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_JOB_RENEW);
    return fault == NULL ? real->job_renew(self, job, lease_ms, ret_cancelled, err)
                         : error_set(err, fault->status, SCRIPTED);
}

static enum sluice_status job_finish(void *self, const struct sluice_job *job,
                                     const struct sluice_job_outcome *outcome, struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_JOB_FINISH);
    if (fault == NULL || fault->after) {
        enum sluice_status status = real->job_finish(self, job, outcome, err);
        if (fault == NULL)
            return status;
    }
    return error_set(err, fault->status, SCRIPTED);
}

static enum sluice_status job_lookup(void *self, const char *run_id, const char *supplier_id,
                                     uint32_t attempt, enum sluice_job_state *ret_state,
                                     struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_JOB_LOOKUP);
    return fault == NULL ? real->job_lookup(self, run_id, supplier_id, attempt, ret_state, err)
                         : error_set(err, fault->status, SCRIPTED);
}

static enum sluice_status snapshot_write(void *self, void *snapshot, const struct sluice_item *items,
                                         size_t n, struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_SNAPSHOT_WRITE);
    return fault == NULL ? real->snapshot_write(self, snapshot, items, n, err)
                         : error_set(err, fault->status, SCRIPTED);
}

/* Whatever it answers the snapshot is over: without `after` it is aborted. */
static enum sluice_status snapshot_commit(void *self, void *snapshot,
                                          const struct sluice_snapshot_commit *commit,
                                          struct sluice_error *err)
{
    const struct house_fault *fault = fault_of(CALL_SNAPSHOT_COMMIT);
    if (fault == NULL)
        return real->snapshot_commit(self, snapshot, commit, err);
    if (fault->after)
        real->snapshot_commit(self, snapshot, commit, err);
    else
        real->snapshot_abort(self, snapshot, NULL, err);
    return error_set(err, fault->status, SCRIPTED);
}

void house_intercept(struct house *the_house, const struct sluice_plugin *store)
{
    house = the_house;
    real = store->store;
    for (size_t i = 0; i < CALL_COUNT; i++)
        atomic_store(&counters[i], 0);
    house->store = *real;
    house->store.request_put = request_put;
    house->store.run_claim = run_claim;
    house->store.run_renew = run_renew;
    house->store.job_claim = job_claim;
    house->store.job_renew = job_renew;
    house->store.job_finish = job_finish;
    house->store.job_lookup = job_lookup;
    house->store.snapshot_write = snapshot_write;
    house->store.snapshot_commit = snapshot_commit;
    house->store_plugin = *store;
    house->store_plugin.store = &house->store;
}
