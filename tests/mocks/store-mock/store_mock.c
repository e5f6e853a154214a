/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store whose calls fail, wait or kill as its script says (script/script.h). What is not struck by the
 * script is done by the embedded store, over the same options: so the mock keeps every promise that nobody
 * told it to break.
 */
#include "base/cleanup.h"
#include "script/script.h"

#include <sluice/store.h>

extern const struct sluice_plugin store_sqlite_plugin;
static const struct sluice_plugin *const real = &store_sqlite_plugin;

/* Begins as the real store's options do. */
struct mock_options {
    struct {
        const char *path;
        struct sluice_duration busy_timeout;
        const char *temp_dir;
        struct sluice_size cache_size;
    } store;
    struct sluice_list faults;
};

static const struct sluice_option options[] = {
    SLUICE_OPTION(struct mock_options, store.path, "path", "./mock.db", "The database file.",
                  .flags = SLUICE_OPTION_PATH),
    SLUICE_OPTION(struct mock_options, store.busy_timeout, "busy_timeout", "5s", "How long a write waits."),
    SLUICE_OPTION(struct mock_options, store.cache_size, "cache_size", "1MiB", "Memory for pages."),
    SLUICE_OPTION(struct mock_options, faults, "faults", NULL, "What befalls which call: CALL:N=WHAT."),
};

struct mock {
    struct script script;
    void *self; /* the real instance */
};

static enum sluice_status mock_create(const struct sluice_host *host, const void *config, void **ret_instance,
                                      struct sluice_error *err)
{
    const struct mock_options *own = config;
    struct mock *mock = calloc(1, sizeof *mock);
    if (mock == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory");
    mock->script = (struct script){.host = host, .faults = own->faults};
    enum sluice_status status = real->create(host, config, &mock->self, err);
    if (status != SLUICE_OK) {
        free(mock);
        return status;
    }
    *ret_instance = mock;
    return SLUICE_OK;
}

static void mock_destroy(void *instance)
{
    struct mock *mock = instance;
    real->destroy(mock->self);
    free(mock);
}

static enum sluice_status mock_schema(void *instance, enum sluice_schema_action action,
                                      const struct sluice_schema **ret_schema, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "schema", real->store->schema(mock->self, action, ret_schema, err), err);
}

static enum sluice_status mock_clock(void *instance, int64_t *ret_now_us, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "clock", real->store->clock(mock->self, ret_now_us, err), err);
}

static enum sluice_status mock_request_put(void *instance, const struct sluice_request *request,
                                           const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "request_put", real->store->request_put(mock->self, request, ret_run, err),
                    err);
}

static enum sluice_status mock_request_cancel(void *instance, const char *run_id, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "request_cancel", real->store->request_cancel(mock->self, run_id, err),
                    err);
}

static enum sluice_status mock_run_claim(void *instance, const struct sluice_claim *claim,
                                         const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "run_claim", real->store->run_claim(mock->self, claim, ret_run, err), err);
}

static enum sluice_status mock_run_renew(void *instance, const char *run_id, int64_t epoch, int64_t lease_ms,
                                         const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "run_renew",
                    real->store->run_renew(mock->self, run_id, epoch, lease_ms, ret_run, err), err);
}

static enum sluice_status mock_run_finish(void *instance, const char *run_id, int64_t epoch,
                                          enum sluice_outcome outcome, const char *message,
                                          struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "run_finish",
                    real->store->run_finish(mock->self, run_id, epoch, outcome, message, err), err);
}

static enum sluice_status mock_suppliers_sync(void *instance, const struct sluice_suppliers_sync *sync,
                                              const struct sluice_suppliers_change **ret_change,
                                              struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "suppliers_sync",
                    real->store->suppliers_sync(mock->self, sync, ret_change, err), err);
}

static enum sluice_status mock_jobs_enqueue(void *instance, const char *run_id, int64_t epoch,
                                            uint32_t *ret_total, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "jobs_enqueue",
                    real->store->jobs_enqueue(mock->self, run_id, epoch, ret_total, err), err);
}

static enum sluice_status mock_job_claim(void *instance, const char *run_id, const char *worker,
                                         int64_t lease_ms, const struct sluice_job **ret_job,
                                         struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "job_claim",
                    real->store->job_claim(mock->self, run_id, worker, lease_ms, ret_job, err), err);
}

static enum sluice_status mock_job_renew(void *instance, const struct sluice_job *job, int64_t lease_ms,
                                         uint32_t *ret_cancelled, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "job_renew",
                    real->store->job_renew(mock->self, job, lease_ms, ret_cancelled, err), err);
}

static enum sluice_status mock_job_finish(void *instance, const struct sluice_job *job,
                                          const struct sluice_job_outcome *outcome, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "job_finish", real->store->job_finish(mock->self, job, outcome, err), err);
}

static enum sluice_status mock_job_release(void *instance, const struct sluice_job *job,
                                           struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "job_release", real->store->job_release(mock->self, job, err), err);
}

static enum sluice_status mock_job_lookup(void *instance, const char *run_id, const char *supplier_id,
                                          uint32_t attempt, enum sluice_job_state *ret_state,
                                          struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "job_lookup",
                    real->store->job_lookup(mock->self, run_id, supplier_id, attempt, ret_state, err), err);
}

static enum sluice_status mock_snapshot_open(void *instance, const struct sluice_snapshot_open *open,
                                             void **ret_snapshot, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "snapshot_open",
                    real->store->snapshot_open(mock->self, open, ret_snapshot, err), err);
}

static enum sluice_status mock_snapshot_write(void *instance, void *snapshot, const struct sluice_item *items,
                                              size_t n, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "snapshot_write",
                    real->store->snapshot_write(mock->self, snapshot, items, n, err), err);
}

static enum sluice_status mock_snapshot_reject(void *instance, void *snapshot,
                                               const struct sluice_reject *rejects, size_t n,
                                               struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "snapshot_reject",
                    real->store->snapshot_reject(mock->self, snapshot, rejects, n, err), err);
}

static enum sluice_status mock_snapshot_stat(void *instance, void *snapshot, double jump,
                                             const struct sluice_snapshot_stat **ret_stat,
                                             struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "snapshot_stat",
                    real->store->snapshot_stat(mock->self, snapshot, jump, ret_stat, err), err);
}

static enum sluice_status mock_snapshot_commit(void *instance, void *snapshot,
                                               const struct sluice_snapshot_commit *commit,
                                               struct sluice_error *err)
{
    struct mock *mock = instance;
    enum sluice_status status = script_before(&mock->script, "snapshot_commit", err);
    if (status == SLUICE_OK)
        return script_after(&mock->script, real->store->snapshot_commit(mock->self, snapshot, commit, err),
                            err);
    real->store->snapshot_abort(mock->self, snapshot, NULL, NULL); /* a commit always ends its snapshot */
    return status;
}

static enum sluice_status mock_snapshot_abort(void *instance, void *snapshot,
                                              const struct sluice_job_outcome *outcome,
                                              struct sluice_error *err)
{
    struct mock *mock = instance;
    enum sluice_status status = script_before(&mock->script, "snapshot_abort", err);
    if (status == SLUICE_OK)
        return script_after(&mock->script, real->store->snapshot_abort(mock->self, snapshot, outcome, err),
                            err);
    real->store->snapshot_abort(mock->self, snapshot, NULL, NULL); /* so does an abort */
    return status;
}

static enum sluice_status mock_hold_put(void *instance, const char *run_id, const char *supplier_id,
                                        int64_t epoch, const struct sluice_hold *hold,
                                        struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "hold_put",
                    real->store->hold_put(mock->self, run_id, supplier_id, epoch, hold, err), err);
}

static enum sluice_status mock_hold_decide(void *instance, const char *hold_id,
                                           enum sluice_hold_decision decision, const char *by,
                                           const char **ret_key, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "hold_decide",
                    real->store->hold_decide(mock->self, hold_id, decision, by, ret_key, err), err);
}

static enum sluice_status mock_master_approval(void *instance, const struct sluice_approval **ret_approval,
                                               struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "master_approval",
                    real->store->master_approval(mock->self, ret_approval, err), err);
}

static enum sluice_status mock_schedule_get(void *instance, const char *name,
                                            const struct sluice_schedule **ret_schedule,
                                            struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "schedule_get",
                    real->store->schedule_get(mock->self, name, ret_schedule, err), err);
}

static enum sluice_status mock_schedule_begin(void *instance, const struct sluice_schedule *schedule,
                                              const struct sluice_schedule **ret_schedule,
                                              struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "schedule_begin",
                    real->store->schedule_begin(mock->self, schedule, ret_schedule, err), err);
}

static enum sluice_status mock_schedule_pause(void *instance, const char *name, enum sluice_pause pause,
                                              const char *reason, const char *by, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "schedule_pause",
                    real->store->schedule_pause(mock->self, name, pause, reason, by, err), err);
}

static enum sluice_status mock_ticks_put(void *instance, const struct sluice_ticks *ticks,
                                         const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "ticks_put", real->store->ticks_put(mock->self, ticks, ret_run, err), err);
}

static enum sluice_status mock_audit_put(void *instance, const struct sluice_audit *audit,
                                         struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "audit_put", real->store->audit_put(mock->self, audit, err), err);
}

static enum sluice_status mock_prune(void *instance, const struct sluice_retention *retention,
                                     struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "prune", real->store->prune(mock->self, retention, err), err);
}

static enum sluice_status mock_query(void *instance, const struct sluice_query *query,
                                     const struct sluice_sink *sink, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "query", real->store->query(mock->self, query, sink, err), err);
}

static const struct sluice_store calls = {
    .struct_size = sizeof calls,
    .schema = mock_schema,
    .clock = mock_clock,
    .request_put = mock_request_put,
    .request_cancel = mock_request_cancel,
    .run_claim = mock_run_claim,
    .run_renew = mock_run_renew,
    .run_finish = mock_run_finish,
    .suppliers_sync = mock_suppliers_sync,
    .jobs_enqueue = mock_jobs_enqueue,
    .job_claim = mock_job_claim,
    .job_renew = mock_job_renew,
    .job_finish = mock_job_finish,
    .job_release = mock_job_release,
    .job_lookup = mock_job_lookup,
    .snapshot_open = mock_snapshot_open,
    .snapshot_write = mock_snapshot_write,
    .snapshot_reject = mock_snapshot_reject,
    .snapshot_stat = mock_snapshot_stat,
    .snapshot_commit = mock_snapshot_commit,
    .snapshot_abort = mock_snapshot_abort,
    .hold_put = mock_hold_put,
    .hold_decide = mock_hold_decide,
    .master_approval = mock_master_approval,
    .schedule_get = mock_schedule_get,
    .schedule_begin = mock_schedule_begin,
    .schedule_pause = mock_schedule_pause,
    .ticks_put = mock_ticks_put,
    .audit_put = mock_audit_put,
    .prune = mock_prune,
    .query = mock_query,
};

const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_STORE,
    .n_options = ELEMENTS(options),
    .name = "store-mock",
    .version = "0.1.0",
    .summary = "A store that fails as it is told",
    .options = options,
    .config_size = sizeof(struct mock_options),
    .create = mock_create,
    .destroy = mock_destroy,
    .store = &calls,
};
