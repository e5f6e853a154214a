/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One instance, and how its calls speak to Redis: each that decides something is one script, and a script is one round
 * trip (EVAL; its text is a few hundred bytes, which costs less than a second trip for a server that has forgotten it).
 * Every script answers an array whose first element is a word.
 */
#ifndef STATE_REDIS_REDIS_H
#define STATE_REDIS_REDIS_H

#include "connection.h"
#include "reply.h"

#include <sluice/state.h>

struct state_options {
    struct sluice_secret url;
    const char *prefix;
    struct sluice_duration timeout;
};

enum { WAKE_ID_SIZE = 48 };

struct state {
    const struct sluice_host *host;
    const char *prefix;
    struct arena kept;   /* lives with the instance: the address */
    struct arena result; /* what the last call returned */
    struct connection connection;
    char wake_id[WAKE_ID_SIZE]; /* the last wake that was seen; "" before the first wait () */
};

/* prefix and name, in the instance's result; NULL without memory. */
const char *key_of(struct state *state, const char *name);

/* The script with these keys (names without prefix) and arguments, each NULL-terminated. OK with an array of at least one
 * element to free; CONFIG when it found a key that is another program's. */
enum sluice_status script_run(struct state *state, const char *script, const char *const *names,
                              const char *const *arguments, redisReply **ret_reply, struct sluice_error *err);

enum sluice_status fail_memory(const struct state *state, struct sluice_error *err);
enum sluice_status fail_answer(const struct state *state, struct sluice_error *err); /* of a kind that never comes */

enum sluice_status state_lock(void *instance, const char *run_id, int64_t ttl_ms,
                              const struct sluice_lock_holder **ret_holder, struct sluice_error *err);
enum sluice_status state_renew(void *instance, const char *run_id, int64_t ttl_ms, struct sluice_error *err);
enum sluice_status state_release(void *instance, const char *run_id, struct sluice_error *err);
enum sluice_status state_holder(void *instance, const struct sluice_lock_holder **ret_holder,
                                struct sluice_error *err);

enum sluice_status state_publish(void *instance, const struct sluice_progress *progress, struct sluice_error *err);
enum sluice_status state_observe(void *instance, const struct sluice_progress **ret_progress,
                                 struct sluice_error *err);

enum sluice_status state_wake(void *instance, struct sluice_error *err);
enum sluice_status state_wait(void *instance, int64_t timeout_ms, struct sluice_error *err);

enum sluice_status state_take(void *instance, const struct sluice_bucket *bucket, int64_t *ret_wait_ms,
                              struct sluice_error *err);

#endif
