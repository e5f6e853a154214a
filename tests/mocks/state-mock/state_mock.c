/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state whose calls fail, wait or kill as its script says (script/script.h). What is not struck by the
 * script is done by the embedded state, over the same options: so the mock keeps every promise that nobody
 * told it to break.
 */
#include "base/cleanup.h"
#include "script/script.h"

#include <sluice/state.h>

extern const struct sluice_plugin state_local_plugin;
static const struct sluice_plugin *const real = &state_local_plugin;

/* Begins as the real backend's options do. */
struct mock_options {
    struct {
        const char *path;
    } state;
    struct sluice_list faults;
};

static const struct sluice_option options[] = {
    SLUICE_OPTION(struct mock_options, state.path, "path", "./mock-state", "The folder.",
                  .flags = SLUICE_OPTION_PATH),
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

static enum sluice_status mock_lock(void *instance, const char *run_id, int64_t ttl_ms,
                                    const struct sluice_lock_holder **ret_holder, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "lock", real->state->lock(mock->self, run_id, ttl_ms, ret_holder, err),
                    err);
}

static enum sluice_status mock_renew(void *instance, const char *run_id, int64_t ttl_ms,
                                     struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "renew", real->state->renew(mock->self, run_id, ttl_ms, err), err);
}

static enum sluice_status mock_release(void *instance, const char *run_id, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "release", real->state->release(mock->self, run_id, err), err);
}

static enum sluice_status mock_holder(void *instance, const struct sluice_lock_holder **ret_holder,
                                      struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "holder", real->state->holder(mock->self, ret_holder, err), err);
}

static enum sluice_status mock_publish(void *instance, const struct sluice_progress *progress,
                                       struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "publish", real->state->publish(mock->self, progress, err), err);
}

static enum sluice_status mock_observe(void *instance, const struct sluice_progress **ret_progress,
                                       struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "observe", real->state->observe(mock->self, ret_progress, err), err);
}

static enum sluice_status mock_wake(void *instance, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "wake", real->state->wake(mock->self, err), err);
}

static enum sluice_status mock_wait(void *instance, int64_t timeout_ms, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "wait", real->state->wait(mock->self, timeout_ms, err), err);
}

static enum sluice_status mock_take(void *instance, const struct sluice_bucket *bucket, int64_t *ret_wait_ms,
                                    struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "take", real->state->take(mock->self, bucket, ret_wait_ms, err), err);
}

static const struct sluice_state calls = {
    .struct_size = sizeof calls,
    .lock = mock_lock,
    .renew = mock_renew,
    .release = mock_release,
    .holder = mock_holder,
    .publish = mock_publish,
    .observe = mock_observe,
    .wake = mock_wake,
    .wait = mock_wait,
    .take = mock_take,
};

const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_STATE,
    .n_options = ELEMENTS(options),
    .name = "state-mock",
    .version = "0.1.0",
    .summary = "A state that fails as it is told",
    .options = options,
    .config_size = sizeof(struct mock_options),
    .create = mock_create,
    .destroy = mock_destroy,
    .state = &calls,
};
