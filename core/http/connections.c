/* SPDX-License-Identifier: Apache-2.0 */
#include "http/connections.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

struct connection {
    int fd;
    _Atomic int64_t deadline_us; /* monotonic */
    struct connection *next, *previous;
};

struct connections {
    const struct task_runtime *tasks;
    const struct clock *clock;
    struct monitor *monitor; /* guards the list; a descriptor in it is open */
    struct connection *first;
    size_t n;
    uint64_t n_cut;
};

struct connections *connections_new(const struct task_runtime *tasks, const struct clock *clock)
{
    struct connections *connections = calloc(1, sizeof *connections);
    if (connections == NULL)
        return NULL;
    connections->tasks = tasks;
    connections->clock = clock;
    connections->monitor = tasks->monitor_new(tasks);
    if (connections->monitor == NULL) {
        free(connections);
        return NULL;
    }
    return connections;
}

void connections_free(struct connections *connections)
{
    if (connections == NULL)
        return;
    connections->tasks->monitor_free(connections->monitor);
    free(connections);
}

void connection_allow(struct connections *connections, struct connection *connection, int seconds)
{
    if (connection == NULL)
        return;
    int64_t until_us = connections->clock->monotonic_us(connections->clock) + seconds * US_PER_SECOND;
    atomic_store_explicit(&connection->deadline_us, until_us, memory_order_relaxed);
}

struct connection *connection_opened(struct connections *connections, int fd)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        return NULL;
    connection->fd = fd;
    connection_allow(connections, connection, HEAD_SECONDS);
    connections->tasks->enter(connections->monitor);
    connection->next = connections->first;
    if (connections->first != NULL)
        connections->first->previous = connection;
    connections->first = connection;
    connections->n++;
    connections->tasks->leave(connections->monitor);
    return connection;
}

void connection_closed(struct connections *connections, struct connection *connection)
{
    if (connection == NULL)
        return;
    connections->tasks->enter(connections->monitor);
    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        connections->first = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
    connections->n--;
    connections->tasks->leave(connections->monitor);
    free(connection);
}

/* Shutting a socket down makes the library notice the end; it closes the descriptor itself. */
void connections_look(struct connections *connections)
{
    int64_t now_us = connections->clock->monotonic_us(connections->clock);
    connections->tasks->enter(connections->monitor);
    for (struct connection *connection = connections->first; connection != NULL;
         connection = connection->next) {
        if (atomic_load_explicit(&connection->deadline_us, memory_order_relaxed) > now_us)
            continue;
        shutdown(connection->fd, SHUT_RDWR);
        atomic_store_explicit(&connection->deadline_us, INT64_MAX, memory_order_relaxed);
        connections->n_cut++;
    }
    connections->tasks->leave(connections->monitor);
}

size_t connections_count(struct connections *connections)
{
    connections->tasks->enter(connections->monitor);
    size_t n = connections->n;
    connections->tasks->leave(connections->monitor);
    return n;
}

uint64_t connections_cut(struct connections *connections)
{
    connections->tasks->enter(connections->monitor);
    uint64_t n = connections->n_cut;
    connections->tasks->leave(connections->monitor);
    return n;
}
