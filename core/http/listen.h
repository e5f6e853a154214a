/* SPDX-License-Identifier: Apache-2.0 */
/* Where the server listens: "host:port", "[::1]:port" or "unix:/path". */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include "base/error.h"

#include <sys/un.h>

enum listen_kind { LISTEN_TCP, LISTEN_UNIX };

struct listen_place {
    enum listen_kind kind;
    char host[256]; /* without brackets */
    char port[6];
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
};

/* CONFIG with what is wrong about it. */
enum sluice_status listen_parse(const char *text, struct listen_place *ret_place, struct sluice_error *err);

/* A listening socket; of a unix socket the file is made anew with mode 0660. BUSY: someone listens there
 * already. */
enum sluice_status listen_open(const struct listen_place *place, int *ret_fd, struct sluice_error *err);

/* Can only this machine reach it? */
bool listen_is_local(const struct listen_place *place);

/* "http://host:port" with the port that the socket really has, or "unix:/path"; the caller frees it. */
char *listen_address(const struct listen_place *place, int fd);

#endif
