/* SPDX-License-Identifier: Apache-2.0 */
/* Token buckets: the arithmetic is the script's, on the server's clock, so that processes with clocks that
 * differ share one rate. */
#include "base/cleanup.h"
#include "lua.h"
#include "redis.h"

enum sluice_status state_take(void *instance, const struct sluice_bucket *bucket, int64_t *ret_wait_ms,
                              struct sluice_error *err)
{
    struct state *state = instance;
    char rate[16], burst[16], cost[16];
    arena_reset(&state->result);
    if (bucket->per_minute == 0 || bucket->cost > bucket->burst)
        return state->host->fail(state->host, err, SLUICE_CONFIG,
                                 "bucket %s never holds %u tokens: raise its rate or its burst", bucket->name,
                                 bucket->cost);
    snprintf(rate, sizeof rate, "%u", bucket->per_minute);
    snprintf(burst, sizeof burst, "%u", bucket->burst);
    snprintf(cost, sizeof cost, "%u", bucket->cost);
    const char *name = arena_printf(&state->result, "bucket:%s", bucket->name);
    if (name == NULL)
        return fail_memory(state, err);
    _cleanup_(reply_free) redisReply *reply = NULL;
    enum sluice_status status = script_run(state, lua_take, (const char *const[]){name, NULL},
                                           (const char *const[]){rate, burst, cost, NULL}, &reply, err);
    if (status != SLUICE_OK)
        return status;
    const redisReply *wait = reply_element(reply, 1);
    if (wait == NULL || wait->type != REDIS_REPLY_INTEGER || wait->integer < 0)
        return fail_answer(state, err);
    *ret_wait_ms = wait->integer;
    return SLUICE_OK;
}
