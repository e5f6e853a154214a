/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The address of a host name, looked up beside the caller, who can so keep its deadline and notice a cancellation:
 * getaddrinfo () itself may wait for a name server for half a minute.
 */
#ifndef BASE_RESOLVE_H
#define BASE_RESOLVE_H

#include <netinet/in.h>

struct resolve;

enum resolve_state { RESOLVE_RUNNING, RESOLVE_DONE, RESOLVE_FAILED };

/* Begins to look up a name; a numeric address is done at once. NULL without memory or threads (errno). */
struct resolve *resolve_begin(const char *host);
/* How far it is. DONE: the numeric address that the system prefers. FAILED: why, for ever valid. */
enum resolve_state resolve_look(struct resolve *resolve, char ret_address[INET6_ADDRSTRLEN], const char **ret_why);
/* Accepts NULL. A lookup that still runs goes on for nobody. [cleanup] */
void resolve_free(struct resolve *resolve);

#endif
