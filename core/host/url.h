/* SPDX-License-Identifier: Apache-2.0 */
/* An http(s) address, parsed once: what the policy judges is what curl connects to. */
#ifndef HOST_URL_H
#define HOST_URL_H

#include "base/error.h"
#include "host/location.h"

#include <curl/curl.h>

#define URL_SERVER_SIZE 320

struct url {
    CURLU *handle;
    bool is_tls;
    unsigned port, default_port;
    char host[256];               /* lower case; an IPv6 address in brackets */
    char server[URL_SERVER_SIZE]; /* host:port */
    char name[LOCATION_NAME_SIZE];
};

/* CONFIG when it is not whole, or carries a user name or password. */
enum sluice_status url_parse(const char *text, struct url *ret_url, struct sluice_error *err);
void url_free(struct url *url); /* [cleanup] accepts a zeroed one */

#endif
