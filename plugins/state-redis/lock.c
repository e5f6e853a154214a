/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lock is the key `lock`: the run's id, with a time to live. Beside it `lock:holder` says for people who
 * that is. Redis cannot prove that a holder is dead, so nobody is ever called so: the lock of a dead one ends
 * with its time, and meanwhile the store decides.
 */
#include "base/cleanup.h"
#include "base/text.h"
#include "lua.h"
#include "redis.h"

#include <inttypes.h>
#include <string.h>

enum { HOST_NAME_SIZE = 128, WHO_SIZE = HOST_NAME_SIZE + 24, WHO_MOST = 256, RUN_ID_BYTES = 64 };

static const char *const lock_names[] = {"lock", "lock:holder", NULL};

static const char *who(char ret_who[WHO_SIZE])
{
    char name[HOST_NAME_SIZE];
    if (gethostname(name, sizeof name) != 0)
        snprintf(name, sizeof name, "unknown");
    name[sizeof name - 1] = '\0';
    snprintf(ret_who, WHO_SIZE, "%s, pid %ld", name, (long)getpid());
    return ret_who;
}

/* In the instance's result; with an empty run_id when what stands in the key can be none. */
static const struct sluice_lock_holder *holder_of(struct state *state, const redisReply *run_id,
                                                  const redisReply *by)
{
    struct sluice_lock_holder *holder = arena_alloc(&state->result, sizeof *holder);
    char *shown = arena_alloc(&state->result, WHO_MOST);
    if (holder == NULL || shown == NULL)
        return NULL;
    const char *id = reply_run_id(run_id, &state->result);
    struct sluice_cell text = reply_text(by, WHO_MOST);
    text_excerpt(text, shown, WHO_MOST);
    *holder = (struct sluice_lock_holder){
        .struct_size = sizeof *holder, .run_id = id == NULL ? "" : id, .who = text.len == 0 ? NULL : shown};
    return holder;
}

static enum sluice_status lost(const struct state *state, const char *run_id, struct sluice_error *err)
{
    return state->host->fail(state->host, err, SLUICE_LOST, "run %s does not have the lock any more", run_id);
}

enum sluice_status state_lock(void *instance, const char *run_id, int64_t ttl_ms,
                              const struct sluice_lock_holder **ret_holder, struct sluice_error *err)
{
    struct state *state = instance;
    char ttl[24], own[WHO_SIZE];
    arena_reset(&state->result);
    if (strlen(run_id) >= RUN_ID_BYTES)
        return state->host->fail(state->host, err, SLUICE_DATA, "a run's id is longer than %d bytes",
                                 RUN_ID_BYTES - 1);
    snprintf(ttl, sizeof ttl, "%" PRId64, ttl_ms);
    _cleanup_(reply_free) redisReply *reply = NULL;
    enum sluice_status status = script_run(state, lua_lock, lock_names,
                                           (const char *const[]){run_id, ttl, who(own), NULL}, &reply, err);
    if (status != SLUICE_OK || reply_is(reply_element(reply, 0), "ok"))
        return status;
    const struct sluice_lock_holder *holder =
        holder_of(state, reply_element(reply, 1), reply_element(reply, 2));
    if (holder == NULL)
        return fail_memory(state, err);
    *ret_holder = holder;
    return state->host->fail(state->host, err, SLUICE_BUSY, "run %s has the lock (%s)", holder->run_id,
                             holder->who == NULL ? "by nobody known" : holder->who);
}

enum sluice_status state_renew(void *instance, const char *run_id, int64_t ttl_ms, struct sluice_error *err)
{
    struct state *state = instance;
    char ttl[24];
    arena_reset(&state->result);
    snprintf(ttl, sizeof ttl, "%" PRId64, ttl_ms);
    _cleanup_(reply_free) redisReply *reply = NULL;
    enum sluice_status status =
        script_run(state, lua_renew, lock_names, (const char *const[]){run_id, ttl, NULL}, &reply, err);
    if (status != SLUICE_OK || reply_is(reply_element(reply, 0), "ok"))
        return status;
    return lost(state, run_id, err);
}

enum sluice_status state_release(void *instance, const char *run_id, struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    _cleanup_(reply_free) redisReply *reply = NULL;
    enum sluice_status status =
        script_run(state, lua_release, lock_names, (const char *const[]){run_id, NULL}, &reply, err);
    if (status != SLUICE_OK || reply_is(reply_element(reply, 0), "ok"))
        return status;
    return lost(state, run_id, err);
}

enum sluice_status state_holder(void *instance, const struct sluice_lock_holder **ret_holder,
                                struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    _cleanup_(reply_free) redisReply *reply = NULL;
    enum sluice_status status =
        script_run(state, lua_holder, lock_names, (const char *const[]){NULL}, &reply, err);
    if (status != SLUICE_OK)
        return status;
    if (!reply_is(reply_element(reply, 0), "held"))
        return SLUICE_END;
    const struct sluice_lock_holder *holder =
        holder_of(state, reply_element(reply, 1), reply_element(reply, 2));
    if (holder == NULL)
        return fail_memory(state, err);
    *ret_holder = holder;
    return SLUICE_OK;
}
