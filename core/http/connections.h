/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is connected, and until when each may take its time. The HTTP library ends connections that are silent;
 * those that send or read a byte now and then are cut here, when the deadline of what they do has passed.
 */
#ifndef HTTP_CONNECTIONS_H
#define HTTP_CONNECTIONS_H

#include "http/http.h"

enum {
    CONNECTIONS_MOST = 1024,
    CONNECTIONS_PER_PEER = 64,
    HEAD_SECONDS = 5,  /* for the head of the first request */
    IDLE_SECONDS = 15, /* without a byte, between requests too */
    BODY_SECONDS = 10,
    ANSWER_SECONDS = 60,
};

struct connections;
struct connection;

struct connections *connections_new(const struct task_runtime *tasks,
                                    const struct clock *clock); /* or NULL */
void connections_free(struct connections *connections);         /* accepts NULL */

/* NULL without memory: then it has no deadlines but the library's. [any] */
struct connection *connection_opened(struct connections *connections, int fd);
/* To be called before the descriptor is closed. Accepts NULL. [any] */
void connection_closed(struct connections *connections, struct connection *connection);
/* From now on it has that many seconds for what it does next. Accepts NULL. [any] */
void connection_allow(struct connections *connections, struct connection *connection, int seconds);

void connections_look(struct connections *connections); /* cuts the late ones; a few times a second */
size_t connections_count(struct connections *connections);
uint64_t connections_cut(struct connections *connections);

#endif
