/* SPDX-License-Identifier: Apache-2.0 */
/* Which network addresses belong to the public Internet. Decided on what is connected to, never on names. */
#ifndef HOST_ADDRESS_H
#define HOST_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#define ADDRESS_TEXT_SIZE 64

/* False for everything that IANA's special-purpose registries (RFC 6890) keep from global unicast, for what
 * maps or tunnels IPv4 into IPv6, and for families other than the two. */
bool address_is_public(const struct sockaddr *address);

/* Is it an address of this machine? True also when that cannot be found out. */
bool address_is_own(const struct sockaddr *address);

/* "192.0.2.1", "[2001:db8::1]" */
void address_format(const struct sockaddr *address, char ret_text[ADDRESS_TEXT_SIZE]);

#endif
