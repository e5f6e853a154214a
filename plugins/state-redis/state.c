/* SPDX-License-Identifier: Apache-2.0 */
/* The Redis state backend: its options, its instances, its calls, and how a script is run. */
#include "base/cleanup.h"
#include "redis.h"

#include <string.h>

enum { KEPT_CEILING = 64 << 10, RESULT_CEILING = 256 << 10, LEAST_TIMEOUT_MS = 10 };

static const struct sluice_option options[] = {
    SLUICE_OPTION(struct state_options, url, "url", NULL,
                  "redis://user:password@host:port/database or unix:///path/to/socket?db=database.",
                  .flags = SLUICE_OPTION_REQUIRED),
    SLUICE_OPTION(struct state_options, prefix, "prefix", "sync:", "What every key begins with."),
    SLUICE_OPTION(struct state_options, timeout, "timeout", "2s",
                  "How long Redis may take to connect or to answer; keep it well below sync.lease."),
};

enum sluice_status fail_memory(const struct state *state, struct sluice_error *err)
{
    return state->host->fail(state->host, err, SLUICE_IO,
                             "out of memory; give the process more or lower the limits");
}

enum sluice_status fail_answer(const struct state *state, struct sluice_error *err)
{
    return state->host->retry(state->host, err, 0,
                              "redis at %s answers something that Sluice did not ask for",
                              state->connection.address.name);
}

const char *key_of(struct state *state, const char *name)
{
    return arena_printf(&state->result, "%s%s", state->prefix, name);
}

static enum sluice_status judge_script(const struct state *state, const redisReply *reply,
                                       struct sluice_error *err)
{
    const struct sluice_host *host = state->host;
    const char *name = state->connection.address.name;
    enum sluice_status status = reply_check(host, name, reply, err);
    if (status != SLUICE_OK)
        return status;
    const redisReply *word = reply_element(reply, 0);
    if (word == NULL || reply_text(word, REASON_SIZE).ptr == NULL)
        return fail_answer(state, err);
    struct sluice_cell key = reply_text(reply_element(reply, 1), REASON_SIZE);
    struct sluice_cell kind = reply_text(reply_element(reply, 2), REASON_SIZE);
    if (reply_is(word, "foreign"))
        return host->fail(
            host, err, SLUICE_CONFIG,
            "redis at %s: the key %.*s holds a %.*s, which is not Sluice's; remove it or choose another "
            "prefix in section state",
            name, (int)key.len, key.ptr == NULL ? "" : key.ptr, (int)kind.len,
            kind.ptr == NULL ? "" : kind.ptr);
    return SLUICE_OK;
}

enum sluice_status script_run(struct state *state, const char *script, const char *const *names,
                              const char *const *arguments, redisReply **ret_reply, struct sluice_error *err)
{
    char count[4];
    size_t n = 0;
    while (names[n] != NULL)
        n++;
    snprintf(count, sizeof count, "%u", (unsigned)n % 100);
    struct command command = command_of((const char *const[]){"EVAL", script, count, NULL});
    for (size_t i = 0; i < n; i++) {
        const char *key = key_of(state, names[i]);
        if (key == NULL)
            return fail_memory(state, err);
        command_add(&command, key);
    }
    for (size_t i = 0; arguments[i] != NULL; i++)
        command_add(&command, arguments[i]);
    _cleanup_(reply_free) redisReply *reply = NULL;
    enum sluice_status status = connection_call(&state->connection, &command, 1, 0, &reply, err);
    if (status == SLUICE_OK)
        status = judge_script(state, reply, err);
    if (status != SLUICE_OK)
        return status;
    *ret_reply = reply;
    reply = NULL;
    return SLUICE_OK;
}

static void state_destroy(void *instance)
{
    struct state *state = instance;
    connection_close(&state->connection);
    arena_free(&state->result);
    arena_free(&state->kept);
    free(state);
}

static enum sluice_status state_create(const struct sluice_host *host, const void *config,
                                       void **ret_instance, struct sluice_error *err)
{
    const struct state_options *own = config;
    if (own->timeout.ms < LEAST_TIMEOUT_MS)
        return host->fail(host, err, SLUICE_CONFIG, "state.timeout must be at least %dms", LEAST_TIMEOUT_MS);
    struct state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more or lower the limits");
    *state = (struct state){.host = host,
                            .prefix = own->prefix,
                            .kept = ARENA_INIT(KEPT_CEILING),
                            .result = ARENA_INIT(RESULT_CEILING),
                            .connection = {.host = host, .timeout_ms = own->timeout.ms}};
    enum sluice_status status =
        address_parse(host, own->url.text, &state->kept, &state->connection.address, err);
    if (status != SLUICE_OK) {
        state_destroy(state);
        return status;
    }
    *ret_instance = state;
    return SLUICE_OK;
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
    .name = "state-redis",
    .version = "0.1.0",
    .summary = "Lock, progress, wake-ups and token buckets in Redis",
    .options = options,
    .config_size = sizeof(struct state_options),
    .create = state_create,
    .destroy = state_destroy,
    .state = &calls,
};
