/* SPDX-License-Identifier: Apache-2.0 */
/* The embedded state backend: a folder of small files. Here are its options, its instances and its calls. */
#include "bucket.h"
#include "folder.h"
#include "lock.h"
#include "progress.h"
#include "wake.h"

enum { RESULT_CEILING = 256 << 10 };

static const struct sluice_option options[] = {
    SLUICE_OPTION(struct state_options, path, "path", "./state",
                  "Folder for the lock, the progress and the token buckets; made when it does not exist.",
                  .flags = SLUICE_OPTION_PATH),
};

static enum sluice_status state_create(const struct sluice_host *host, const void *config,
                                       void **ret_instance, struct sluice_error *err)
{
    const struct state_options *own = config;
    struct state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more or lower the limits");
    *state = (struct state){
        .host = host, .path = own->path, .result = ARENA_INIT(RESULT_CEILING), .lock_fd = -1, .watch_fd = -1};
    *ret_instance = state;
    return SLUICE_OK;
}

/* Closing gives the lock back to the kernel but leaves its record: like a death, which is what it is to
 * others. */
static void state_destroy(void *instance)
{
    struct state *state = instance;
    cleanup_close(&state->lock_fd);
    cleanup_close(&state->watch_fd);
    arena_free(&state->result);
    free(state);
}

static const struct sluice_state calls = {
    .struct_size = sizeof calls,
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

const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_STATE,
    .n_options = ELEMENTS(options),
    .name = "state-local",
    .version = "0.1.0",
    .summary = "Lock, progress and token buckets in a folder of this machine",
    .options = options,
    .config_size = sizeof(struct state_options),
    .create = state_create,
    .destroy = state_destroy,
    .state = &calls,
};
