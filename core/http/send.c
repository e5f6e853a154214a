/* SPDX-License-Identifier: Apache-2.0 */
#include "http/send.h"

#include "base/cleanup.h"
#include "http/ready.h"
#include "http/server.h"

#include <stdio.h>
#include <string.h>

enum { WORTH_GZIP = 1024, GZIP_CEILING = 64 << 20 };

static const char *request_header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* The request's origin when the configuration allows it, else NULL. */
static const char *allowed_origin(const struct call *call, struct MHD_Connection *connection)
{
    const struct sluice_list *origins = &call->server->options->cors_origins;
    const char *origin = origins->n_items == 0 ? NULL : request_header(connection, "Origin");
    for (size_t i = 0; origin != NULL && i < origins->n_items; i++)
        if (strcmp(origins->items[i], origin) == 0)
            return origin;
    return NULL;
}

static void allow_origin(struct MHD_Response *response, const char *origin)
{
    if (origin == NULL)
        return;
    MHD_add_response_header(response, "Access-Control-Allow-Origin", origin);
    MHD_add_response_header(
        response, "Access-Control-Expose-Headers",
        "Age, Date, ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id");
}

static enum MHD_Result queue(struct call *call, struct MHD_Connection *connection, unsigned status,
                             struct MHD_Response *response)
{
    const struct clock *clock = call->server->clock;
    if (response == NULL)
        return MHD_NO;
    metrics_request(call->server->metrics, call->route, status,
                    clock->monotonic_us(clock) - call->started_us);
    return MHD_queue_response(connection, status, response);
}

static enum MHD_Result queue_own(struct call *call, struct MHD_Connection *connection, unsigned status,
                                 struct MHD_Response *response)
{
    enum MHD_Result result = queue(call, connection, status, response);
    if (response != NULL)
        MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_ready(struct call *call, struct MHD_Connection *connection,
                                  const struct ready *ready)
{
    const char *origin = allowed_origin(call, connection);
    bool same = ready_matches(ready, call->if_none_match);
    if (origin == NULL && !same)
        return queue(call, connection, ready_status(ready), ready_response(ready));
    struct MHD_Response *response = ready_copied(ready, same ? READY_NOT_MODIFIED : READY_WHOLE);
    if (response != NULL)
        allow_origin(response, origin);
    return queue_own(call, connection, same ? 304 : ready_status(ready), response);
}

/* The body goes over to the library; `call` keeps an empty one. */
static struct MHD_Response *response_of(struct buffer *body)
{
    size_t size = body->size;
    char *bytes = buffer_steal(body);
    struct MHD_Response *response =
        bytes == NULL ? NULL : MHD_create_response_from_buffer_with_free_callback(size, bytes, free);
    if (response == NULL)
        free(bytes);
    return response;
}

static void add_headers(const struct call *call, struct MHD_Connection *connection,
                        struct MHD_Response *response)
{
    const struct reply *reply = &call->reply;
    response_protect(response, READY_API);
    MHD_add_response_header(response, "Content-Type", reply->content_type);
    MHD_add_response_header(response, "Vary", "Accept-Encoding, Origin");
    MHD_add_response_header(response, "X-Request-Id", call->request_id);
    MHD_add_response_header(response, "Cache-Control",
                            reply->etag[0] == '\0' ? "no-store" : "private, no-cache");
    if (reply->etag[0] != '\0')
        MHD_add_response_header(response, "ETag", reply->etag);
    if (reply->packed)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    for (size_t i = 0; i < reply->n_headers; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    allow_origin(response, allowed_origin(call, connection));
}

static bool may_be_kept(const struct call *call)
{
    return call->reply.status == 200 && call->route->method == METHOD_GET && !call->reply.body.failed;
}

void reply_finish(struct call *call)
{
    struct reply *reply = &call->reply;
    if (may_be_kept(call))
        etag_make(reply->body.data, reply->body.size, reply->etag);
    if (reply->etag[0] != '\0' && etag_matches(call->if_none_match, reply->etag)) {
        reply->status = 304;
        buffer_clear(&reply->body);
    }
    if (call->encoding == ENCODING_PLAIN || reply->body.failed || reply->body.size < WORTH_GZIP)
        return;
    struct buffer gzip = BUFFER_INIT(GZIP_CEILING);
    reply->packed = gzip_make(reply->body.data, reply->body.size, &gzip);
    buffer_free(reply->packed ? &reply->body : &gzip);
    if (reply->packed)
        reply->body = gzip;
}

enum MHD_Result send_reply(struct call *call, struct MHD_Connection *connection)
{
    struct reply *reply = &call->reply;
    if (reply->ready != NULL)
        return send_ready(call, connection, reply->ready);
    struct MHD_Response *response = response_of(&reply->body);
    if (response == NULL)
        return MHD_NO;
    add_headers(call, connection, response);
    return queue_own(call, connection, reply->status, response);
}

enum MHD_Result send_unavailable(struct call *call, struct MHD_Connection *connection)
{
    struct call *stand_in = call_new(call->server, "/");
    if (stand_in == NULL)
        return MHD_NO;
    memcpy(stand_in->request_id, call->request_id, sizeof stand_in->request_id);
    stand_in->route = call->route;
    stand_in->started_us = call->started_us;
    call_fail_task(stand_in, API_STORE, call->task_id[0] == '\0' ? NULL : call->task_id,
                   call->task_id[0] == '\0' ? "the store does not answer in time"
                                            : "the store does not answer in time; look the run up by its id");
    enum MHD_Result result = send_reply(stand_in, connection);
    call_drop(stand_in);
    return result;
}

enum MHD_Result send_preflight(struct call *call, struct MHD_Connection *connection)
{
    const char *origin = allowed_origin(call, connection);
    struct buffer none = BUFFER_INIT(1);
    struct MHD_Response *response = response_of(&none);
    if (response == NULL)
        return MHD_NO;
    response_protect(response, READY_API);
    allow_origin(response, origin);
    MHD_add_response_header(response, "Vary", "Origin");
    MHD_add_response_header(response, "Access-Control-Allow-Methods", "GET, POST");
    MHD_add_response_header(response, "Access-Control-Allow-Headers",
                            "Authorization, Content-Type, If-None-Match");
    MHD_add_response_header(response, "Access-Control-Max-Age", "600");
    return queue_own(call, connection, 204, response);
}
