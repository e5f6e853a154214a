/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where Redis is, from a URL:
 *
 *     redis://[[user]:password@]host[:port][/database]      6379 and database 0 by default
 *     unix://[[user]:password@]/path/to/socket[?db=database]
 *
 * as IANA's registration of `redis` and the common clients have it. User and password may hold percent escapes
 * (RFC 3986).
 */
#ifndef STATE_REDIS_ADDRESS_H
#define STATE_REDIS_ADDRESS_H

#include "base/arena.h"

struct address {
    const char *host; /* without the brackets of an IPv6 address; NULL: a Unix socket */
    int port;
    const char *path; /* of the socket; NULL: over TCP */
    int database;
    const char *user, *password; /* NULL: none */
    const char *name;            /* for messages: no secret in it */
};

/* Everything in it lives as long as the arena. CONFIG with a sentence that does not show the URL. */
enum sluice_status address_parse(const struct sluice_host *host, const char *url, struct arena *arena,
                                 struct address *ret_address, struct sluice_error *err);

#endif
