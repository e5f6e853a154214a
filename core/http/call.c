/* SPDX-License-Identifier: Apache-2.0 */
#include "http/call.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "http/ready.h"
#include "http/server.h"

#include <stdio.h>
#include <string.h>

enum { REPLY_CEILING = 32 << 20, MESSAGE_SIZE = 512 };

static const struct {
    unsigned status;
    const char *code;
} errors[] = {
    [API_VALIDATION] = {400, "VALIDATION_ERROR"},
    [API_UNAUTHORIZED] = {401, "UNAUTHORIZED"},
    [API_FORBIDDEN] = {403, "FORBIDDEN"},
    [API_NOT_FOUND] = {404, "NOT_FOUND"},
    [API_METHOD] = {405, "VALIDATION_ERROR"},
    [API_CONFLICT] = {409, "CONFLICT"},
    [API_IN_PROGRESS] = {409, "SYNC_IN_PROGRESS"},
    [API_TOO_LARGE] = {413, "VALIDATION_ERROR"},
    [API_LINE_TOO_LONG] = {414, "VALIDATION_ERROR"},
    [API_HEAD_TOO_LARGE] = {431, "VALIDATION_ERROR"},
    [API_MEDIA_TYPE] = {415, "VALIDATION_ERROR"},
    [API_RATE_LIMIT] = {429, "RATE_LIMIT_EXCEEDED"},
    [API_STORE] = {503, "STORE_UNAVAILABLE"},
    [API_INTERNAL] = {500, "INTERNAL_ERROR"},
};

struct call *call_new(struct http_server *server, const char *uri)
{
    struct call *call = calloc(1, sizeof *call);
    if (call == NULL)
        return NULL;
    *call = (struct call){.server = server,
                          .text = BUFFER_INIT(BODY_MOST),
                          .reply.body = BUFFER_INIT(REPLY_CEILING),
                          .started_us = server->clock->monotonic_us(server->clock)};
    atomic_init(&call->references, 1);
    head_begin(&call->head, uri); /* the library rewrites it in place afterwards */
    query_begin(&call->query);
    return call;
}

void call_hold(struct call *call)
{
    atomic_fetch_add(&call->references, 1);
}

static void reply_clear(struct reply *reply)
{
    ready_drop(reply->ready);
    reply->ready = NULL;
    reply->n_headers = 0;
    reply->etag[0] = '\0';
    reply->packed = false;
    buffer_clear(&reply->body);
}

void call_drop(struct call *call)
{
    if (atomic_fetch_sub(&call->references, 1) > 1)
        return;
    reply_clear(&call->reply);
    buffer_free(&call->reply.body);
    buffer_free(&call->text);
    json_decref(call->body);
    free(call);
}

struct buffer *call_json(struct call *call, unsigned status)
{
    reply_clear(&call->reply);
    call->reply.status = status;
    call->reply.content_type = "application/json";
    return &call->reply.body;
}

void call_text(struct call *call, unsigned status, const char *text)
{
    reply_clear(&call->reply);
    call->reply.status = status;
    call->reply.content_type = "text/plain; charset=utf-8";
    buffer_text(&call->reply.body, text);
}

void call_header(struct call *call, const char *name, const char *format, ...)
{
    struct reply *reply = &call->reply;
    if (reply->n_headers == EXTRA_HEADERS)
        return;
    struct reply_header *header = &reply->headers[reply->n_headers++];
    va_list args;
    header->name = name;
    va_start(args, format);
    vsnprintf(header->value, sizeof header->value, format, args);
    va_end(args);
}

/* ---- Errors ------------------------------------------------------------------------------------- */

struct envelope {
    enum api_error error;
    const char *field, *task_id;
};

static void member(struct buffer *body, const char *name, const char *text)
{
    buffer_printf(body, ", \"%s\": ", name);
    json_text(body, text_of(text));
}

static void write_envelope(struct call *call, const struct envelope *envelope, const char *format,
                           va_list args)
{
    char message[MESSAGE_SIZE];
    vsnprintf(message, sizeof message, format, args);
    struct buffer *body = call_json(call, errors[envelope->error].status);
    buffer_printf(body, "{\"error\": {\"code\": \"%s\"", errors[envelope->error].code);
    member(body, "message", message);
    member(body, "request_id", call->request_id);
    if (envelope->task_id != NULL)
        member(body, "current_task_id", envelope->task_id);
    if (envelope->field != NULL) {
        buffer_text(body, ", \"details\": {\"field\": ");
        json_text(body, text_of(envelope->field));
        buffer_byte(body, '}');
    }
    buffer_text(body, "}}\n");
    if (envelope->error == API_UNAUTHORIZED)
        call_header(call, "WWW-Authenticate", "Bearer realm=\"sluice\"");
}

void call_fail(struct call *call, enum api_error error, const char *format, ...)
{
    const struct envelope envelope = {.error = error};
    va_list args;
    va_start(args, format);
    write_envelope(call, &envelope, format, args);
    va_end(args);
}

void call_fail_field(struct call *call, const char *field, const char *format, ...)
{
    const struct envelope envelope = {.error = API_VALIDATION, .field = field};
    va_list args;
    va_start(args, format);
    write_envelope(call, &envelope, format, args);
    va_end(args);
}

void call_fail_task(struct call *call, enum api_error error, const char *task_id, const char *format, ...)
{
    const struct envelope envelope = {.error = error, .task_id = task_id};
    va_list args;
    va_start(args, format);
    write_envelope(call, &envelope, format, args);
    va_end(args);
}

void call_fail_store(struct call *call, const struct sluice_error *err)
{
    bool bug = err->status == SLUICE_FATAL;
    log_line(call->server->log, bug ? SLUICE_ERROR : SLUICE_WARNING, "http", "request %s, %s: %s",
             call->request_id, call->route->name, err->message);
    if (bug)
        call_fail(call, API_INTERNAL,
                  "this is a fault of the server; its log says more under the request's id");
    else
        call_fail(call, API_STORE, "the store does not answer; try again in a moment");
}

/* ---- The body ----------------------------------------------------------------------------------- */

bool call_body_known(struct call *call, const char *const *known)
{
    const char *name;
    json_t *value;
    json_object_foreach(call->body, name, value)
    {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], name) != 0)
            i++;
        if (known[i] == NULL) {
            call_fail_field(call, name, "the body has a field that is not known here");
            return false;
        }
    }
    return true;
}

bool call_body_text(struct call *call, const char *name, size_t most, const char **ret_text)
{
    const json_t *value = json_object_get(call->body, name);
    *ret_text = NULL;
    if (value == NULL || json_is_null(value))
        return true;
    if (!json_is_string(value) || json_string_length(value) > most ||
        strlen(json_string_value(value)) != json_string_length(value)) {
        call_fail_field(call, name, "%s is a text of at most %zu bytes", name, most);
        return false;
    }
    *ret_text = json_string_value(value);
    return true;
}
