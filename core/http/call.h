/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request from its head to its answer. Handlers read what it asks and write its reply; they neither send
 * nor wait for the client. A call of a worker may outlive its connection: then nobody reads its reply.
 */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H

#include "base/buffer.h"
#include "http/head.h"
#include "http/proxies.h"
#include "http/query.h"
#include "http/ready.h"
#include "http/route.h"
#include "http/token.h"

#include <jansson.h>
#include <stdatomic.h>

enum { REQUEST_ID_SIZE = 17, EXTRA_HEADERS = 4, HEADER_VALUE_SIZE = 160 };

enum api_error {
    API_VALIDATION,
    API_UNAUTHORIZED,
    API_FORBIDDEN,
    API_NOT_FOUND,
    API_METHOD,
    API_CONFLICT,
    API_IN_PROGRESS,
    API_TOO_LARGE,
    API_LINE_TOO_LONG,
    API_HEAD_TOO_LARGE,
    API_MEDIA_TYPE,
    API_RATE_LIMIT,
    API_STORE,
    API_INTERNAL,
};

struct reply {
    unsigned status;
    const char *content_type; /* a literal */
    struct buffer body;
    struct ready *ready; /* an answer from memory, with a reference that the reply owns; or NULL */
    struct reply_header {
        const char *name; /* a literal */
        char value[HEADER_VALUE_SIZE];
    } headers[EXTRA_HEADERS];
    size_t n_headers;
    char etag[ETAG_SIZE]; /* "": none */
    bool packed;          /* the body is gzip */
};

enum call_stage {
    CALL_HEAD,
    CALL_REFUSED,
    CALL_BODY,
    CALL_QUEUED,
    CALL_RUNNING,
    CALL_ANSWERED,
    CALL_ABANDONED
};

struct call {
    struct http_server *server;
    const struct route *route; /* NULL until it is known */
    struct head head;
    char request_id[REQUEST_ID_SIZE];
    char peer[PEER_SIZE];   /* an address, or "local" for a unix socket */
    char client[PEER_SIZE]; /* who asks: the peer, or whom a trusted proxy names */
    bool proxied;           /* the peer is a trusted proxy */
    char id[SLUICE_ID_SIZE];
    char task_id[SLUICE_ID_SIZE]; /* of a trigger: the run that it will make, chosen before anything can fail
                                   */
    struct query_values query;
    struct claims claims;
    struct buffer text;     /* the body as it came */
    json_t *body;           /* an object, or NULL when there is none */
    enum encoding encoding; /* that the client takes */
    char if_none_match[HEADER_VALUE_SIZE];
    struct reply reply;

    /* Between the connection and a worker; guarded by the pool's monitor. */
    enum call_stage stage;
    int64_t deadline_us; /* monotonic */
    struct call *next;   /* in the queue */
    struct MHD_Connection *connection;
    atomic_int references;
    int64_t started_us; /* monotonic */
};

struct call *call_new(struct http_server *server, const char *uri); /* NULL without memory */
void call_hold(struct call *call);
void call_drop(struct call *call); /* frees it with the last reference */

/* ---- For handlers ------------------------------------------------------------------------------- */

/* The one envelope; replaces whatever the reply was. The message is for people and has no internals. */
void call_fail(struct call *call, enum api_error error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with details.field. */
void call_fail_field(struct call *call, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with current_task_id. */
void call_fail_task(struct call *call, enum api_error error, const char *task_id, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A call of the store or state failed: logged with the request's id and answered with 503 (500 for a bug). */
void call_fail_store(struct call *call, const struct sluice_error *err);

/* Begins a JSON reply of that status. */
struct buffer *call_json(struct call *call, unsigned status);
void call_text(struct call *call, unsigned status, const char *text);
void call_header(struct call *call, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A member of the body: NULL when absent or null; false, with the failure as the reply, when it is not of
 * that type or a member is not among the `known` ones (NULL-terminated). */
bool call_body_known(struct call *call, const char *const *known);
bool call_body_text(struct call *call, const char *name, size_t most, const char **ret_text);

#endif
