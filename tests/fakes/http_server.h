/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server on loopback that answers each connection by a function of the test, one at a time, and counts
 * them. It says exactly what it is told to, also what no server should: nothing here knows HTTP beyond the
 * end of a request.
 */
#ifndef FAKES_HTTP_SERVER_H
#define FAKES_HTTP_SERVER_H

#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HTTP_REQUEST_SIZE = 16384 };

struct http_server {
    int listener, stop_fd;
    unsigned port;
    pthread_t thread;
    /* `n` counts from 0. Writes the answer; the connection is closed afterwards. */
    void (*serve)(struct http_server *server, int fd, unsigned n);
    void *context;
    atomic_uint connections;
    char request[HTTP_REQUEST_SIZE]; /* the newest; read it when the fetch is over */
};

static inline void http_say_bytes(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        at += sent;
        n -= (size_t)sent;
    }
}

__attribute__((format(printf, 2, 3))) static inline void http_say(int fd, const char *format, ...)
{
    char text[8192];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    http_say_bytes(fd, text, n < (int)sizeof text ? (size_t)n : sizeof text - 1);
}

/* A whole answer: the status line's end ("200 OK"), further headers with their CRLF, a body. */
static inline void http_answer(int fd, const char *status, const char *headers, const char *body)
{
    http_say(fd, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s", status, strlen(body),
             headers, body);
}

/* Waits until the other side has gone, or the server is stopped. */
static inline void http_hold(const struct http_server *server, int fd)
{
    char byte;
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = server->stop_fd, .events = POLLIN}};
    while (poll(fds, 2, -1) > 0 && fds[1].revents == 0)
        if (recv(fd, &byte, 1, 0) <= 0)
            return;
}

/* Reads to the blank line, and the body that Content-Length announces. */
static inline void http_listen_to(struct http_server *server, int fd)
{
    size_t size = 0, wanted = sizeof server->request - 1;
    server->request[0] = '\0';
    while (size < wanted) {
        ssize_t n = recv(fd, server->request + size, sizeof server->request - 1 - size, 0);
        if (n <= 0)
            return;
        size += (size_t)n;
        server->request[size] = '\0';
        const char *end = strstr(server->request, "\r\n\r\n");
        const char *length = strcasestr(server->request, "\r\ncontent-length:");
        if (end != NULL)
            wanted = (size_t)(end + 4 - server->request) +
                     (length == NULL ? 0 : strtoul(length + strlen("\r\ncontent-length:"), NULL, 10));
    }
}

static inline void *http_server_run(void *argument)
{
    struct http_server *server = argument;
    struct pollfd fds[] = {{.fd = server->listener, .events = POLLIN},
                           {.fd = server->stop_fd, .events = POLLIN}};
    while (poll(fds, 2, -1) > 0 && fds[1].revents == 0) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            continue;
        unsigned n = atomic_fetch_add(&server->connections, 1);
        http_listen_to(server, fd);
        if (server->serve != NULL)
            server->serve(server, fd, n);
        shutdown(fd, SHUT_WR);
        close(fd);
    }
    return NULL;
}

/* Listens on a free port of that address, "::" with IPv4 too; false when it is not there. */
static inline int http_server_start(struct http_server *server, const char *address)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    char port[16];
    server->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (getaddrinfo(address, "0", &hints, &found) != 0)
        return 0;
    server->listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int bound = bind(server->listener, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    if (!bound || listen(server->listener, 64) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&at, &size) != 0 ||
        getnameinfo((struct sockaddr *)&at, size, NULL, 0, port, sizeof port, NI_NUMERICSERV) != 0)
        return 0;
    server->port = (unsigned)strtoul(port, NULL, 10);
    return pthread_create(&server->thread, NULL, http_server_run, server) == 0;
}

static inline void http_server_stop(struct http_server *server)
{
    const uint64_t one = 1;
    if (write(server->stop_fd, &one, sizeof one) != sizeof one)
        abort();
    pthread_join(server->thread, NULL);
    close(server->listener);
    close(server->stop_fd);
}

#endif
