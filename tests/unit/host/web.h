/* SPDX-License-Identifier: Apache-2.0 */
/* A bench whose fetch policy allows one server of the test. */
#ifndef TESTS_HOST_WEB_H
#define TESTS_HOST_WEB_H

#include "services.h"
#include "tests/fakes/http_server.h"

struct web {
    struct bench bench;
    struct http_server server;
    char host[32]; /* 127.0.0.1:PORT */
    const char *hosts[1];
    const struct sluice_document *document;
};

static inline void web_open(struct web *web, void (*serve)(struct http_server *server, int fd, unsigned n))
{
    memset(web, 0, sizeof *web);
    bench_open(&web->bench);
    web->server.serve = serve;
    ck_assert(http_server_start(&web->server, "127.0.0.1"));
    snprintf(web->host, sizeof web->host, "127.0.0.1:%u", web->server.port);
    web->hosts[0] = web->host;
    web->bench.fetch.allow_private = (struct sluice_list){web->hosts, 1};
    web->bench.fetch.allow_http = (struct sluice_list){web->hosts, 1};
}

static inline void web_close(struct web *web)
{
    if (web->document != NULL)
        web->document->release(web->document);
    http_server_stop(&web->server);
    bench_close(&web->bench);
}

static inline enum sluice_status web_request(struct web *web, const char *path,
                                             struct sluice_fetch_request request)
{
    const struct sluice_host *host = web->bench.instance->host;
    char location[512];
    snprintf(location, sizeof location, "http://%s%s", web->host, path);
    request.struct_size = sizeof request;
    request.location = location;
    if (web->document != NULL)
        web->document->release(web->document);
    web->document = NULL;
    return host->fetch(host, &request, &web->document, &web->bench.err);
}

static inline enum sluice_status web_fetch(struct web *web, const char *path)
{
    return web_request(web, path, (struct sluice_fetch_request){.flags = 0});
}

/* ---- Servers that several tests ask ---- */

static inline void serve_hello(struct http_server *server, int fd, unsigned n)
{
    (void)server, (void)n;
    http_answer(fd, "200 OK", "Content-Type: text/csv\r\nDate: Sun, 01 Mar 2026 08:00:00 GMT\r\n", "hello");
}

/* The context is its status. */
static inline void serve_context(struct http_server *server, int fd, unsigned n)
{
    (void)n;
    http_answer(fd, server->context, "", "no list");
}

/* Well at the third attempt. */
static inline void serve_third_time(struct http_server *server, int fd, unsigned n)
{
    if (n < 2)
        http_answer(fd, n == 0 ? "503 Busy" : "429 Many", "Retry-After: 0\r\n", "later");
    else
        serve_hello(server, fd, n);
}

#endif
