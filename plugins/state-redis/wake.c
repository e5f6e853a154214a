/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wake-ups are a stream of which only the last entry is kept. Each waiter remembers the entry that it saw: so
 * everyone is woken, and one that was not listening just then, or has lost its connection, still finds what
 * came meanwhile. A list (BLPOP) would wake one waiter, a channel (SUBSCRIBE) forgets, and needs a second
 * connection.
 *
 * A wait asks in slices: a Redis that hangs is noticed after one, however long the wait is to be.
 */
#include "base/cleanup.h"
#include "base/clock.h"
#include "redis.h"

#include <inttypes.h>
#include <string.h>

#define SLICE_MS 5000

static const char stream_name[] = "wake", before_all[] = "0-0";

static enum sluice_status call(struct state *state, const char *const *words, int64_t wait_ms,
                               redisReply **ret_reply, struct sluice_error *err)
{
    redisReply *reply = NULL;
    struct command command = command_of(words);
    enum sluice_status status = connection_call(&state->connection, &command, 1, wait_ms, &reply, err);
    if (status != SLUICE_OK)
        return status;
    status = reply_check(state->host, state->connection.address.name, reply, err);
    if (status != SLUICE_OK) {
        freeReplyObject(reply);
        return status;
    }
    *ret_reply = reply;
    return SLUICE_OK;
}

enum sluice_status state_wake(void *instance, struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    const char *key = key_of(state, stream_name);
    if (key == NULL)
        return fail_memory(state, err);
    const char *const words[] = {"XADD", key, "MAXLEN", "1", "*", "wake", "1", NULL};
    _cleanup_(reply_free) redisReply *reply = NULL;
    return call(state, words, 0, &reply, err);
}

/* Remembers the id of an entry, [id, [field, value, …]]; false when that is none. */
static bool remember(struct state *state, const redisReply *entry)
{
    struct sluice_cell id = reply_text(reply_element(entry, 0), sizeof state->wake_id - 1);
    if (id.len == 0 || strspn(id.ptr, "0123456789-") != id.len)
        return false;
    memcpy(state->wake_id, id.ptr, id.len);
    state->wake_id[id.len] = '\0';
    return true;
}

/* The first wait begins behind whatever was there before. */
static enum sluice_status begin(struct state *state, const char *key, struct sluice_error *err)
{
    const char *const words[] = {"XREVRANGE", key, "+", "-", "COUNT", "1", NULL};
    _cleanup_(reply_free) redisReply *reply = NULL;
    enum sluice_status status = call(state, words, 0, &reply, err);
    if (status == SLUICE_OK && !remember(state, reply_element(reply, 0)))
        memcpy(state->wake_id, before_all, sizeof before_all);
    return status;
}

/* OK when woken, END when this slice is over. */
static enum sluice_status wait_slice(struct state *state, const char *key, int64_t ms,
                                     struct sluice_error *err)
{
    char block[24];
    snprintf(block, sizeof block, "%" PRId64, ms);
    const char *const words[] = {"XREAD", "BLOCK", block, "STREAMS", key, state->wake_id, NULL};
    _cleanup_(reply_free) redisReply *reply = NULL;
    enum sluice_status status = call(state, words, ms, &reply, err);
    if (status != SLUICE_OK)
        return status;
    if (reply->type == REDIS_REPLY_NIL)
        return SLUICE_END;
    const redisReply *entries = reply_element(reply_element(reply, 0), 1); /* [[key, [entry, …]]] */
    if (entries == NULL || entries->type != REDIS_REPLY_ARRAY || entries->elements == 0 ||
        !remember(state, reply_element(entries, entries->elements - 1)))
        return fail_answer(state, err);
    return SLUICE_OK;
}

enum sluice_status state_wait(void *instance, int64_t timeout_ms, struct sluice_error *err)
{
    struct state *state = instance;
    const struct sluice_host *host = state->host;
    int64_t until_us = host->monotonic_us(host) + timeout_ms * US_PER_MS;
    enum sluice_status status = SLUICE_OK;
    arena_reset(&state->result);
    const char *key = key_of(state, stream_name);
    if (key == NULL)
        return fail_memory(state, err);
    if (state->wake_id[0] == '\0')
        status = begin(state, key, err);
    if (status != SLUICE_OK)
        return status;
    do {
        int64_t left_ms = (until_us - host->monotonic_us(host) + US_PER_MS - 1) / US_PER_MS;
        int64_t slice_ms = left_ms > SLICE_MS ? SLICE_MS : left_ms < 1 ? 1 : left_ms;
        status = wait_slice(state, key, slice_ms, err);
    } while (status == SLUICE_END && host->monotonic_us(host) < until_us);
    return status;
}
