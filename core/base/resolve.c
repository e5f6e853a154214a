/* SPDX-License-Identifier: Apache-2.0 */
/* A thread of its own asks, because nothing else can be given up: it and the caller share the answer, and
 * whoever is done with it last frees it. */
#include "base/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct resolve {
    atomic_int owners;
    atomic_int state; /* enum resolve_state; what follows is the thread's until it is not RUNNING */
    const char *why;
    char address[INET6_ADDRSTRLEN];
    char host[];
};

static void release(struct resolve *resolve)
{
    if (atomic_fetch_sub(&resolve->owners, 1) == 1)
        free(resolve);
}

static enum resolve_state ask(struct resolve *resolve)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *found = NULL;
    int code = getaddrinfo(resolve->host, NULL, &hints, &found);
    if (code == 0)
        code = getnameinfo(found->ai_addr, found->ai_addrlen, resolve->address, sizeof resolve->address, NULL,
                           0, NI_NUMERICHOST);
    if (found != NULL)
        freeaddrinfo(found);
    resolve->why = code == 0 ? NULL : gai_strerror(code);
    return code == 0 ? RESOLVE_DONE : RESOLVE_FAILED;
}

static void *resolve_main(void *argument)
{
    struct resolve *resolve = argument;
    atomic_store(&resolve->state, (int)ask(resolve));
    release(resolve);
    return NULL;
}

/* Signals are for other threads. */
static int start(struct resolve *resolve)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int number = pthread_create(&thread, &attributes, resolve_main, resolve);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return number;
}

static bool is_numeric(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

struct resolve *resolve_begin(const char *host)
{
    size_t n = strlen(host) + 1;
    struct resolve *resolve = calloc(1, sizeof *resolve + n);
    if (resolve == NULL)
        return NULL;
    memcpy(resolve->host, host, n);
    if (is_numeric(host)) {
        atomic_init(&resolve->owners, 1);
        atomic_init(&resolve->state, RESOLVE_DONE);
        snprintf(resolve->address, sizeof resolve->address, "%s", host);
        return resolve;
    }
    atomic_init(&resolve->owners, 2);
    atomic_init(&resolve->state, RESOLVE_RUNNING);
    int number = start(resolve);
    if (number == 0)
        return resolve;
    free(resolve);
    errno = number;
    return NULL;
}

enum resolve_state resolve_look(struct resolve *resolve, char ret_address[INET6_ADDRSTRLEN],
                                const char **ret_why)
{
    enum resolve_state state = (enum resolve_state)atomic_load(&resolve->state);
    if (state == RESOLVE_DONE)
        memcpy(ret_address, resolve->address, sizeof resolve->address);
    if (state == RESOLVE_FAILED)
        *ret_why = resolve->why;
    return state;
}

void resolve_free(struct resolve *resolve)
{
    if (resolve != NULL)
        release(resolve);
}
