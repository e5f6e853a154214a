/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to Redis, made when it is needed and made again when it broke. No call waits longer than its
 * time-out, nor past a cancellation: a Redis that hangs costs one time-out, and then nothing for a growing while, because
 * until that is over every call fails at once.
 */
#ifndef STATE_REDIS_CONNECTION_H
#define STATE_REDIS_CONNECTION_H

#include "address.h"

#include <hiredis/hiredis.h>

enum { COMMAND_WORDS = 20, REASON_SIZE = 320 };

struct connection {
    const struct sluice_host *host;
    struct address address;
    int64_t timeout_ms;    /* of connecting, and of each call */
    redisContext *context; /* NULL: none */
    int64_t retry_at_us;   /* monotonic; not tried before */
    int failures;          /* in a row */
    char reason[REASON_SIZE];
};

/* One command; its words are copied nowhere and live with their owner. */
struct command {
    int n;
    const char *words[COMMAND_WORDS];
    size_t sizes[COMMAND_WORDS];
};

struct command command_of(const char *const *words); /* NULL-terminated */
void command_add(struct command *command, const char *word);

/*
 * Sends n commands at once and waits for their n replies, which may be errors; the caller frees each. `wait_ms` is what
 * the commands themselves may take beyond the time-out. A connection that turns out to be closed is made once more and
 * the commands are sent again: so they must do no harm twice. RETRY, AUTH, CONFIG or CANCELLED.
 */
enum sluice_status connection_call(struct connection *connection, const struct command *commands, size_t n,
                                   int64_t wait_ms, redisReply **ret_replies, struct sluice_error *err);

void connection_close(struct connection *connection); /* [cleanup] */

#endif
