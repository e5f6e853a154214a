/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library calls serve_request () first when the head is complete, then with each piece of the body, then
 * without one, and once more after a suspended connection was resumed. Whatever can be refused is refused at
 * the first call, before any body is read.
 */
#include "http/serve.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "http/send.h"
#include "http/server.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <xxhash.h>

/* A worker has this long, waiting included. */
static const int64_t deadline_us = 5 * US_PER_SECOND;

void serve_log(void *cls, const char *format, va_list args)
{
    const struct http_server *server = cls;
    log_linev(server->log, SLUICE_DEBUG, "http", format, args);
}

/* ---- Connections -------------------------------------------------------------------------------- */

static struct connection *connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

void serve_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                      enum MHD_ConnectionNotificationCode what)
{
    struct http_server *server = cls;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (what == MHD_CONNECTION_NOTIFY_STARTED && info != NULL)
        *socket_context = connection_opened(server->connections, info->connect_fd);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED)
        connection_closed(server->connections, *socket_context);
}

static void peer_of(struct MHD_Connection *connection, char ret_peer[PEER_SIZE])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;
    const void *bytes = NULL;
    if (address != NULL && address->sa_family == AF_INET)
        bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    if (address != NULL && address->sa_family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (bytes == NULL || inet_ntop(address->sa_family, bytes, ret_peer, PEER_SIZE) == NULL)
        memcpy(ret_peer, "local", sizeof "local");
}

/* ---- The head ----------------------------------------------------------------------------------- */

void *serve_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
    (void)connection;
    return call_new(cls, uri);
}

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct call *call = cls;
    (void)kind;
    head_take(&call->head, name, value);
    if (value == NULL)
        return MHD_YES;
    if (call->proxied && strcasecmp(name, "X-Forwarded-For") == 0)
        proxies_follow(&call->server->proxies, call->peer, value, call->client);
    if (strcasecmp(name, "If-None-Match") == 0 && strlen(value) < sizeof call->if_none_match)
        memcpy(call->if_none_match, value, strlen(value) + 1);
    if (strcasecmp(name, "Accept-Encoding") == 0)
        call->encoding = strstr(value, "gzip") != NULL && strstr(value, "gzip;q=0") == NULL ? ENCODING_GZIP
                                                                                            : ENCODING_PLAIN;
    return MHD_YES;
}

/* The id is for finding a line in the log: it need not be unpredictable, only another one each time. */
static void identify(struct call *call, struct MHD_Connection *connection)
{
    struct http_server *server = call->server;
    uint64_t number = atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    uint64_t id = XXH3_64bits_withSeed(&number, sizeof number, server->seed);
    snprintf(call->request_id, sizeof call->request_id, "%016" PRIx64, id);
    peer_of(connection, call->peer);
    memcpy(call->client, call->peer, sizeof call->client);
    call->proxied = proxies_trust(&server->proxies, call->peer);
}

/* false: the reply says why. */
static bool head_is_fine(struct call *call)
{
    switch (call->head.fault) {
    case HEAD_FINE:
        return true;
    case HEAD_LINE_TOO_LONG:
        call_fail(call, API_LINE_TOO_LONG, "the request line is longer than %d bytes", HEAD_LINE_MOST);
        return false;
    case HEAD_TOO_LARGE:
        call_fail(call, API_HEAD_TOO_LARGE, "there are more than %d headers, or more than %d bytes of them",
                  HEAD_FIELDS_MOST, HEAD_BYTES_MOST);
        return false;
    case HEAD_BODY_TOO_LARGE:
        call_fail(call, API_TOO_LARGE, "the body is larger than %d bytes", BODY_MOST);
        return false;
    case HEAD_AMBIGUOUS:
        call_fail(call, API_VALIDATION,
                  "a header stands twice, or Transfer-Encoding does; send Content-Length");
        return false;
    case HEAD_LENGTH_INVALID:
        call_fail(call, API_VALIDATION, "Content-Length is no number");
        return false;
    }
    return false;
}

static enum MHD_Result take_argument(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct call *call = cls;
    (void)kind;
    if (query_take(&call->query, call->route->parameters, name, value))
        return MHD_YES;
    char shown[64];
    text_excerpt(text_of(name), shown, sizeof shown);
    call_fail_field(call, shown, "the parameter is not known here, stands twice, or is not what it may be");
    return MHD_NO;
}

/* false: the reply says why. */
static bool signed_in(struct call *call, struct MHD_Connection *connection)
{
    static const char scheme[] = "Bearer ";
    const struct http_server *server = call->server;
    struct sluice_error ignored; /* why a token is refused helps only who makes one up */
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    bool valid =
        value != NULL && strncasecmp(value, scheme, strlen(scheme)) == 0 &&
        token_verify_again(server->tokens, &server->key, value + strlen(scheme),
                           server->clock->wall_us(server->clock), &call->claims, &ignored) == SLUICE_OK;
    if (!valid) {
        call_fail(call, API_UNAUTHORIZED, "sign in first: there is no token, or it is not valid (any more)");
        return false;
    }
    if (call->claims.role < call->route->role) {
        call_fail(call, API_FORBIDDEN, "this needs the role %s", http_roles[call->route->role - ROLE_VIEWER]);
        return false;
    }
    return true;
}

/* false: the reply says why. */
static bool body_is_welcome(struct call *call, struct MHD_Connection *connection)
{
    static const char json[] = "application/json";
    const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");
    if (call->head.body_size == 0)
        return true;
    if (call->route->method != METHOD_POST) {
        call_fail(call, API_VALIDATION, "this request takes no body");
        return false;
    }
    if (type != NULL && strncasecmp(type, json, strlen(json)) == 0)
        return true;
    call_fail(call, API_MEDIA_TYPE, "a body is application/json");
    return false;
}

/* false: the reply says why. */
static bool routed(struct call *call, const char *url, const char *method)
{
    switch (route_find(method_of(method), url, &call->route, call->id)) {
    case ROUTE_FOUND:
        return true;
    case ROUTE_NO_METHOD:
        call_fail(call, API_METHOD, "this address knows no such method");
        return false;
    case ROUTE_NO_PATH:
        call_fail(call, API_NOT_FOUND, "there is nothing at this address");
        return false;
    }
    return false;
}

/* A file of the panel; NULL when it is none. */
static struct ready *panel_file(const struct call *call, const char *url, const char *method)
{
    if (method_of(method) != METHOD_GET || route_is_api(url) || call->head.fault != HEAD_FINE ||
        call->head.body_size > 0)
        return NULL;
    return panel_find(call->server->panel, url, call->encoding);
}

/* false: the reply says why, or is a file of the panel. */
static bool admit(struct call *call, struct MHD_Connection *connection, const char *url, const char *method)
{
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, call);
    if (!head_is_fine(call))
        return false;
    if (!routed(call, url, method)) {
        struct ready *file = call->reply.status == 404 ? panel_file(call, url, method) : NULL;
        if (file != NULL)
            ready_hold(file);
        call->reply.ready = file;
        return false;
    }
    if (call->route->role != ROLE_PUBLIC && !signed_in(call, connection))
        return false;
    call->reply.status = 0;
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument, call);
    return call->reply.status == 0 && body_is_welcome(call, connection);
}

/* A refusal is sent at once, and ends the connection, when a body would follow that nobody wants; otherwise
 * the connection stays for the next request, which the library allows from its second call on. */
static enum MHD_Result begin(struct call *call, struct MHD_Connection *connection, const char *url,
                             const char *method)
{
    connection_allow(call->server->connections, connection_of(connection), BODY_SECONDS);
    if (admit(call, connection, url, method)) {
        call->stage = CALL_BODY;
        return MHD_YES;
    }
    call->stage = CALL_REFUSED;
    return call->head.body_size > 0 || call->head.fault != HEAD_FINE ? send_reply(call, connection) : MHD_YES;
}

/* ---- The body ----------------------------------------------------------------------------------- */

/* false: the reply says why. */
static bool body_parse(struct call *call)
{
    json_error_t ignored; /* its message quotes what was sent */
    struct buffer *text = &call->text;
    if (text->failed) {
        call_fail(call, API_TOO_LARGE, "the body is larger than %d bytes", BODY_MOST);
        return false;
    }
    if (text_is_blank((struct sluice_cell){text->data, (uint32_t)text->size, 0})) {
        if (call->route->body != BODY_REQUIRED)
            return true;
        call_fail(call, API_VALIDATION, "this request needs a body: a JSON object");
        return false;
    }
    call->body = json_loadb(text->data, text->size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &ignored);
    if (json_is_null(call->body) && call->route->body != BODY_REQUIRED) {
        json_decref(call->body);
        call->body = NULL;
        return true;
    }
    if (!json_is_object(call->body)) {
        call_fail(call, API_VALIDATION, "the body is no JSON object, or names something twice");
        return false;
    }
    static const char *const nothing[] = {NULL};
    return call->route->body != BODY_NONE || call_body_known(call, nothing);
}

static struct pool *pool_of(const struct call *call)
{
    return call->route->place == PLACE_DOOR ? call->server->door : call->server->workers;
}

static enum MHD_Result hand_over(struct call *call, struct MHD_Connection *connection)
{
    const struct http_server *server = call->server;
    if (!body_parse(call))
        return send_reply(call, connection);
    if (call->route->place == PLACE_MEMORY) {
        call->route->handle(call, NULL);
        return send_reply(call, connection);
    }
    connection_allow(call->server->connections, connection_of(connection), ANSWER_SECONDS);
    uuid_make(server->setup->services->random, server->clock->wall_us(server->clock), call->task_id);
    call->connection = connection;
    MHD_suspend_connection(connection);
    pool_submit(pool_of(call), call, server->clock->monotonic_us(server->clock) + deadline_us);
    return MHD_YES;
}

enum MHD_Result serve_request(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    struct call *call = *request;
    (void)cls;
    (void)version;
    if (call == NULL)
        return MHD_NO; /* out of memory when it began */
    if (call->stage == CALL_HEAD) {
        identify(call, connection);
        return begin(call, connection, url, method);
    }
    if (call->stage == CALL_REFUSED)
        return method_of(method) == METHOD_OPTIONS ? send_preflight(call, connection)
                                                   : send_reply(call, connection);
    if (call->stage == CALL_BODY && *upload_size > 0) {
        buffer_append(&call->text, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (call->stage == CALL_BODY)
        return hand_over(call, connection);
    return pool_stage(pool_of(call), call) == CALL_ANSWERED ? send_reply(call, connection)
                                                            : send_unavailable(call, connection);
}

void serve_completed(void *cls, struct MHD_Connection *connection, void **request,
                     enum MHD_RequestTerminationCode why)
{
    struct http_server *server = cls;
    (void)why;
    connection_allow(server->connections, connection_of(connection), IDLE_SECONDS + HEAD_SECONDS);
    if (*request != NULL)
        call_drop(*request);
    *request = NULL;
}

/* ---- The workers' side -------------------------------------------------------------------------- */

void serve_work(struct call *call, struct desk *desk)
{
    call->route->handle(call, desk);
    reply_finish(call);
}

void serve_resume(struct call *call)
{
    MHD_resume_connection(call->connection);
}
