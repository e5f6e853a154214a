/* SPDX-License-Identifier: Apache-2.0 */
/* The server's life: its parts are made in the order in which they need each other, and freed the other way
 * round. */
#include "http/server.h"

#include "base/cleanup.h"
#include "http/listen.h"
#include "http/openapi.h"
#include "http/serve.h"

#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
    WORKERS = 4,
    LOOK_MS = 200,
    MEMORY_PER_CONNECTION = 32 << 10, /* holds the largest head and the headers of the answer */
};

static enum sluice_status make_openapi(struct http_server *server, struct sluice_error *err)
{
    const size_t size = sizeof openapi_json - 1;
    char etag[ETAG_SIZE];
    struct buffer plain = BUFFER_INIT(2 * sizeof openapi_json), gzip = BUFFER_INIT(2 * sizeof openapi_json);
    struct ready_form form = {.status = 200,
                              .content_type = "application/json",
                              .etag = etag,
                              .cache_control = "no-cache",
                              .age_s = -1};
    etag_make(openapi_json, size, etag);
    buffer_append(&plain, openapi_json, size);
    server->openapi = ready_new(&form, &plain);
    form.encoding = "gzip";
    if (gzip_make(openapi_json, size, &gzip))
        server->openapi_gzip = ready_new(&form, &gzip);
    return server->openapi == NULL || server->openapi_gzip == NULL ? error_no_memory(err) : SLUICE_OK;
}

static enum sluice_status make_parts(struct http_server *server, struct sluice_error *err)
{
    const struct http_setup *setup = server->setup;
    server->tokens = token_memory_new(setup->tasks);
    server->limits = limits_new(setup);
    server->metrics = metrics_new();
    server->connections = connections_new(setup->tasks, server->clock);
    server->monitor = setup->tasks->monitor_new(setup->tasks);
    if (server->tokens == NULL || server->limits == NULL || server->metrics == NULL ||
        server->connections == NULL || server->monitor == NULL)
        return error_no_memory(err);
    enum sluice_status status = proxies_parse(&server->options->trusted_proxies, &server->proxies, err);
    if (status == SLUICE_OK)
        status = http_secret_load(server->options, setup->services->random, server->secret, err);
    if (status == SLUICE_OK)
        status = panel_load(server->options->panel, &server->panel, err);
    return status == SLUICE_OK ? make_openapi(server, err) : status;
}

static enum sluice_status start_tasks(struct http_server *server, struct sluice_error *err)
{
    static const struct pool_duty reading = {"api", serve_work, serve_resume};
    static const struct pool_duty signing_in = {"login", serve_work, serve_resume};
    enum sluice_status status = status_start(server->setup, &server->status, err);
    if (status == SLUICE_OK)
        status = pool_new(server->setup, &reading, WORKERS, &server->workers, err);
    return status == SLUICE_OK ? pool_new(server->setup, &signing_in, 1, &server->door, err) : status;
}

/* Cuts slow connections and answers for workers that are late. */
static void warden_run(void *argument)
{
    struct http_server *server = argument;
    const struct task_runtime *tasks = server->setup->tasks;
    tasks->enter(server->monitor);
    while (!server->ending) {
        tasks->leave(server->monitor);
        connections_look(server->connections);
        pool_look(server->workers);
        pool_look(server->door);
        tasks->enter(server->monitor);
        if (!server->ending)
            tasks->wait(server->monitor, LOOK_MS);
    }
    tasks->leave(server->monitor);
}

/* The library's threads must not get the program's signals. */
static struct MHD_Daemon *start_library(struct http_server *server, int fd)
{
    const unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_ITC;
    const struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)server->options->threads, NULL}, {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    /* What stands before clients has the connections of many. */
    bool proxied = server->options->trusted_proxies.n_items > 0;
    unsigned per_peer = proxied ? CONNECTIONS_MOST : CONNECTIONS_PER_PEER;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, serve_request, server, MHD_OPTION_EXTERNAL_LOGGER, serve_log, server,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MOST,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_peer, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, serve_connection, server, MHD_OPTION_NOTIFY_COMPLETED, serve_completed,
        server, MHD_OPTION_URI_LOG_CALLBACK, serve_uri, server, MHD_OPTION_ARRAY,
        server->options->threads > 1 ? pool : none, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return daemon;
}

/* Only for a server that nobody else can reach and that has no users to sign in. */
static enum sluice_status make_link(struct http_server *server, const struct listen_place *place,
                                    struct sluice_error *err)
{
    if (server->setup->n_users > 0 || place->kind != LISTEN_TCP || !listen_is_local(place))
        return SLUICE_OK;
    link_make(&server->link, server->setup->services->random, server->clock->monotonic_us(server->clock));
    if (asprintf(&server->login_link, "%s/#/login?code=%s", server->address, server->link.code) >= 0)
        return SLUICE_OK;
    server->login_link = NULL;
    return error_no_memory(err);
}

static enum sluice_status start_listening(struct http_server *server, struct sluice_error *err)
{
    struct listen_place place;
    int fd = -1;
    enum sluice_status status = listen_parse(server->options->listen, &place, err);
    if (status == SLUICE_OK)
        status = listen_open(&place, &fd, err);
    if (status != SLUICE_OK)
        return status;
    server->address = listen_address(&place, fd);
    status = server->address == NULL ? error_no_memory(err) : make_link(server, &place, err);
    if (status == SLUICE_OK) {
        server->warden = server->setup->tasks->spawn(server->setup->tasks, warden_run, server);
        server->daemon = server->warden == NULL ? NULL : start_library(server, fd);
    }
    if (server->daemon != NULL)
        return SLUICE_OK; /* the library closes the socket */
    close(fd);
    return status == SLUICE_OK
               ? error_set(err, SLUICE_IO, "the HTTP server does not start on %s", server->address)
               : status;
}

enum sluice_status http_server_start(const struct http_setup *setup, struct http_server **ret_server,
                                     struct sluice_error *err)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return error_no_memory(err);
    server->setup = setup;
    server->options = setup->options;
    server->clock = setup->services->clock;
    server->log = setup->services->log;
    setup->services->random->bytes(setup->services->random, &server->seed, sizeof server->seed);
    atomic_init(&server->requests, 0);
    server->key = (struct token_key){server->secret, setup->options->issuer};
    enum sluice_status status = make_parts(server, err);
    if (status == SLUICE_OK)
        status = start_tasks(server, err);
    if (status == SLUICE_OK)
        status = start_listening(server, err);
    if (status != SLUICE_OK) {
        http_server_stop(server);
        return status;
    }
    *ret_server = server;
    return SLUICE_OK;
}

static void stop_warden(struct http_server *server)
{
    const struct task_runtime *tasks = server->setup->tasks;
    if (server->warden == NULL)
        return;
    tasks->enter(server->monitor);
    server->ending = true;
    tasks->wake_all(server->monitor);
    tasks->leave(server->monitor);
    tasks->join(server->warden);
}

/* Calls that were handed over are abandoned while the library still runs, so that it can resume and answer
 * them; it must not be stopped with a connection suspended. */
void http_server_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    stop_warden(server);
    pool_stop(server->workers);
    pool_stop(server->door);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    pool_free(server->workers);
    pool_free(server->door);
    status_stop(server->status);
    panel_free(server->panel);
    ready_drop(server->openapi);
    ready_drop(server->openapi_gzip);
    connections_free(server->connections);
    metrics_free(server->metrics);
    limits_free(server->limits);
    token_memory_free(server->tokens);
    if (server->monitor != NULL)
        server->setup->tasks->monitor_free(server->monitor);
    explicit_bzero(server->secret, sizeof server->secret);
    free(server->address);
    free(server->login_link);
    free(server);
}

const char *http_server_address(const struct http_server *server)
{
    return server->address;
}

const char *http_server_login_link(const struct http_server *server)
{
    return server->login_link;
}
