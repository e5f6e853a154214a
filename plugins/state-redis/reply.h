/* SPDX-License-Identifier: Apache-2.0 */
/* What Redis answered. Nothing in a reply is trusted: not its type, its size, nor its bytes. */
#ifndef STATE_REDIS_REPLY_H
#define STATE_REDIS_REPLY_H

#include "base/arena.h"

#include <hiredis/hiredis.h>

/* OK unless the reply is an error, of which it makes one clear sentence. `name` is the server's. */
enum sluice_status reply_check(const struct sluice_host *host, const char *name, const redisReply *reply,
                               struct sluice_error *err);

/* The bytes of a text; absent for any other reply, and for one longer than `most`. */
struct sluice_cell reply_text(const redisReply *reply, size_t most);
bool reply_is(const redisReply *reply, const char *word);

/* Element i of an array, or NULL. */
const redisReply *reply_element(const redisReply *reply, size_t i);

/* A run's id as it stands in a key, or NULL when it cannot be one. Lives as long as the arena. */
const char *reply_run_id(const redisReply *reply, struct arena *arena);

static inline void reply_free(redisReply **reply)
{
    freeReplyObject(*reply);
}

#endif
