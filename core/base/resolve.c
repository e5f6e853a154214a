/* SPDX-License-Identifier: Apache-2.0 */
#include "base/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct resolve {
    bool numeric; /* nothing to look up */
    struct gaicb request;
    struct addrinfo hints;
    char host[]; /* what request points to lives as long as it runs */
};

struct resolve *resolve_begin(const char *host)
{
    size_t n = strlen(host) + 1;
    struct resolve *resolve = calloc(1, sizeof *resolve + n);
    if (resolve == NULL)
        return NULL;
    memcpy(resolve->host, host, n);
    resolve->hints = (struct addrinfo){.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    unsigned char numeric[sizeof(struct in6_addr)];
    resolve->numeric = inet_pton(AF_INET, host, numeric) == 1 || inet_pton(AF_INET6, host, numeric) == 1;
    if (resolve->numeric)
        return resolve;
    resolve->request = (struct gaicb){.ar_name = resolve->host, .ar_request = &resolve->hints};
    struct gaicb *list[] = {&resolve->request};
    if (getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) != 0) {
        free(resolve);
        errno = EAGAIN;
        return NULL;
    }
    return resolve;
}

enum resolve_state resolve_look(struct resolve *resolve, char ret_address[INET6_ADDRSTRLEN],
                                const char **ret_why)
{
    if (resolve->numeric) {
        snprintf(ret_address, INET6_ADDRSTRLEN, "%s", resolve->host);
        return RESOLVE_DONE;
    }
    int code = gai_error(&resolve->request);
    if (code == EAI_INPROGRESS)
        return RESOLVE_RUNNING;
    const struct addrinfo *first = code == 0 ? resolve->request.ar_result : NULL;
    if (first == NULL || getnameinfo(first->ai_addr, first->ai_addrlen, ret_address, INET6_ADDRSTRLEN, NULL,
                                     0, NI_NUMERICHOST) != 0) {
        *ret_why = gai_strerror(code == 0 ? EAI_NONAME : code);
        return RESOLVE_FAILED;
    }
    return RESOLVE_DONE;
}

void resolve_free(struct resolve *resolve)
{
    if (resolve == NULL)
        return;
    if (!resolve->numeric && gai_cancel(&resolve->request) == EAI_NOTCANCELED)
        return;
    if (resolve->request.ar_result != NULL)
        freeaddrinfo(resolve->request.ar_result);
    free(resolve);
}
