/* SPDX-License-Identifier: Apache-2.0 */
/* A state backend that does what the test's script says. */
#include "house_inner.h"

#include <stdio.h>
#include <string.h>

struct state_instance {
    struct house_state *script;
    const struct sluice_host *host;
    struct sluice_lock_holder holder;
    struct sluice_progress progress;
    char holder_id[SLUICE_ID_SIZE];
};

static enum sluice_status state_create(const struct sluice_host *host, const void *config,
                                       void **ret_instance, struct sluice_error *err)
{
    struct state_instance *self = calloc(1, sizeof *self);
    const struct house_state_options *options = config;
    if (self == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory");
    self->script = options->script;
    self->host = host;
    *ret_instance = self;
    return SLUICE_OK;
}

static bool begin(struct state_instance *self)
{
    task_system()->enter(self->script->monitor);
    return !self->script->down;
}

static enum sluice_status end(struct state_instance *self, enum sluice_status status,
                              struct sluice_error *err)
{
    bool down = self->script->down;
    task_system()->leave(self->script->monitor);
    return down ? self->host->fail(self->host, err, SLUICE_RETRY, "the state backend does not answer")
                : status;
}

static void fill_holder(struct state_instance *self)
{
    memcpy(self->holder_id, self->script->holder, SLUICE_ID_SIZE);
    self->holder = (struct sluice_lock_holder){
        .struct_size = sizeof self->holder,
        .provably_dead = self->script->dead_holder,
        .run_id = self->holder_id,
        .who = "the test",
    };
}

static enum sluice_status state_lock(void *instance, const char *run_id, int64_t ttl_ms,
                                     const struct sluice_lock_holder **ret_holder, struct sluice_error *err)
{
    struct state_instance *self = instance;
    enum sluice_status status = SLUICE_OK;
    (void)ttl_ms;
    if (begin(self)) {
        struct house_state *script = self->script;
        fill_holder(self);
        if (script->holder[0] != '\0')
            *ret_holder = &self->holder;
        if (script->holder[0] != '\0' && !script->dead_holder) {
            status = SLUICE_BUSY;
        } else {
            snprintf(script->holder, sizeof script->holder, "%s", run_id);
            script->dead_holder = false;
            script->locks++;
        }
    }
    return end(self, status, err);
}

static enum sluice_status state_renew(void *instance, const char *run_id, int64_t ttl_ms,
                                      struct sluice_error *err)
{
    struct state_instance *self = instance;
    enum sluice_status status = SLUICE_OK;
    (void)ttl_ms;
    if (begin(self)) {
        self->script->renewals++;
        status = strcmp(self->script->holder, run_id) == 0 ? SLUICE_OK : SLUICE_LOST;
    }
    return end(self, status, err);
}

static enum sluice_status state_release(void *instance, const char *run_id, struct sluice_error *err)
{
    struct state_instance *self = instance;
    if (begin(self) && strcmp(self->script->holder, run_id) == 0) {
        self->script->holder[0] = '\0';
        self->script->releases++;
    }
    return end(self, SLUICE_OK, err);
}

static enum sluice_status state_holder(void *instance, const struct sluice_lock_holder **ret_holder,
                                       struct sluice_error *err)
{
    struct state_instance *self = instance;
    enum sluice_status status = SLUICE_END;
    if (begin(self) && self->script->holder[0] != '\0') {
        fill_holder(self);
        *ret_holder = &self->holder;
        status = SLUICE_OK;
    }
    return end(self, status, err);
}

static enum sluice_status state_publish(void *instance, const struct sluice_progress *progress,
                                        struct sluice_error *err)
{
    struct state_instance *self = instance;
    if (begin(self) && progress->epoch >= self->script->published_epoch) {
        struct house_state *script = self->script;
        script->publishes++;
        script->published_epoch = progress->epoch;
        script->current = progress->current;
        script->total = progress->total;
        snprintf(script->status, sizeof script->status, "%s", progress->status);
    }
    return end(self, SLUICE_OK, err);
}

static enum sluice_status state_observe(void *instance, const struct sluice_progress **ret_progress,
                                        struct sluice_error *err)
{
    struct state_instance *self = instance;
    (void)ret_progress;
    begin(self);
    return end(self, SLUICE_END, err);
}

static enum sluice_status state_wake(void *instance, struct sluice_error *err)
{
    begin(instance);
    return end(instance, SLUICE_OK, err);
}

static enum sluice_status state_wait(void *instance, int64_t timeout_ms, struct sluice_error *err)
{
    (void)timeout_ms;
    begin(instance);
    return end(instance, SLUICE_END, err);
}

static enum sluice_status state_take(void *instance, const struct sluice_bucket *bucket, int64_t *ret_wait_ms,
                                     struct sluice_error *err)
{
    (void)bucket;
    *ret_wait_ms = 0;
    begin(instance);
    return end(instance, SLUICE_OK, err);
}

static const struct sluice_state state = {
    .struct_size = sizeof state,
    .lock = state_lock,
    .renew = state_renew,
    .release = state_release,
    .holder = state_holder,
    .publish = state_publish,
    .observe = state_observe,
    .wake = state_wake,
    .wait = state_wait,
    .take = state_take,
};

const struct sluice_plugin house_state_plugin = {
    .struct_size = sizeof house_state_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_STATE,
    .name = "scripted-state",
    .version = "0.1.0",
    .summary = "What the test's script says",
    .config_size = sizeof(struct house_state_options),
    .create = state_create,
    .destroy = free,
    .state = &state,
};
