/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers that answer from memory, on the server's own threads. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/ready.h"
#include "http/server.h"

/* Takes over the reference. */
static void reply_ready(struct call *call, struct ready *ready)
{
    if (ready == NULL) {
        call_fail(call, API_INTERNAL, "the server is out of memory");
        return;
    }
    call->reply.ready = ready;
    call->reply.status = ready_status(ready);
}

void handle_status(struct call *call, struct desk *desk)
{
    (void)desk;
    reply_ready(call, status_answer(call->server->status, (unsigned)call->query.log_limit, call->encoding));
}

void handle_openapi(struct call *call, struct desk *desk)
{
    (void)desk;
    struct ready *ready =
        call->encoding == ENCODING_GZIP ? call->server->openapi_gzip : call->server->openapi;
    ready_hold(ready);
    reply_ready(call, ready);
}

void handle_health(struct call *call, struct desk *desk)
{
    (void)desk;
    call_text(call, 200, "ok\n");
}

void handle_ready(struct call *call, struct desk *desk)
{
    struct status_figures figures;
    (void)desk;
    status_figures(call->server->status, &figures);
    if (figures.known && figures.store == HEALTH_GOOD)
        call_text(call, 200, "ready\n");
    else
        call_text(call, 503, "not ready\n");
}

void handle_metrics(struct call *call, struct desk *desk)
{
    const struct http_server *server = call->server;
    struct metrics_view view = {
        .connections = connections_count(server->connections),
        .connections_cut = connections_cut(server->connections),
        .waiting = pool_waiting(server->workers) + pool_waiting(server->door),
        .version = server->setup->version,
    };
    (void)desk;
    status_figures(server->status, &view.status);
    call_text(call, 200, "");
    call->reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_write(server->metrics, &view, &call->reply.body);
}

void handle_me(struct call *call, struct desk *desk)
{
    char until[TIME_TEXT_SIZE];
    const struct claims *claims = &call->claims;
    (void)desk;
    time_format(claims->expires_us, until);
    struct buffer *out = call_json(call, 200);
    buffer_text(out, "{\"id\": ");
    json_text(out, text_of(claims->subject));
    buffer_text(out, ", \"username\": ");
    json_text(out, text_of(claims->subject));
    buffer_printf(out, ", \"role\": \"%s\", \"expires_at\": \"%s\"}\n",
                  http_roles[claims->role - ROLE_VIEWER], until);
}
