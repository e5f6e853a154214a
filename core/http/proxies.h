/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who stands behind a reverse proxy: the header X-Forwarded-For of a peer that `http.trusted_proxies` names. Each proxy
 * appends the address that it was connected from, so the last one that is no trusted proxy's is the client; whatever
 * stands before it the client may have made up.
 */
#ifndef HTTP_PROXIES_H
#define HTTP_PROXIES_H

#include "base/error.h"

#include <sluice/plugin.h>
#include <stdbool.h>

enum { PROXIES_MOST = 64, PEER_SIZE = 64 };

/* The first bits of an IPv6 address; of an IPv4 address as it is mapped into IPv6 (RFC 4291, 2.5.5.2). */
struct network {
    unsigned char address[16];
    unsigned bits;
};

struct proxies {
    struct network networks[PROXIES_MOST];
    size_t n;
    bool local; /* whoever connects to the unix socket */
};

/* "192.0.2.1", "2001:db8::/32" or "unix"; CONFIG names the one that is none of them. Nothing of
 * the names is kept. */
enum sluice_status proxies_parse(const struct sluice_list *names, struct proxies *ret_proxies,
                                 struct sluice_error *err);

/* A peer is an address or, on a unix socket, "local". */
bool proxies_trust(const struct proxies *proxies, const char *peer);

/* Takes the X-Forwarded-For lines of a trusted peer one after the other. The client begins as the peer, and is the peer
 * again behind something that is no address. */
void proxies_follow(const struct proxies *proxies, const char *peer, const char *line, char client[PEER_SIZE]);

#endif
