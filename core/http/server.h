/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the server share. Fixed once it has started; what changes lives in the parts, which guard
 * it. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/connections.h"
#include "http/limit.h"
#include "http/login.h"
#include "http/metrics.h"
#include "http/panel.h"
#include "http/pool.h"
#include "http/proxies.h"
#include "http/status.h"
#include "http/token.h"

struct http_server {
    const struct http_setup *setup;
    const struct http_options *options;
    const struct clock *clock;
    const struct log *log;
    char secret[HTTP_SECRET_LIMIT];
    struct token_key key;
    struct proxies proxies;
    struct token_memory *tokens;
    struct limits *limits;
    struct metrics *metrics;
    struct connections *connections;
    struct status *status;
    struct panel *panel;
    struct ready *openapi, *openapi_gzip;
    struct pool *workers, *door;
    struct link_code link;
    char *address, *login_link;

    uint64_t seed; /* of the ids of requests */
    atomic_uint_least64_t requests;

    struct MHD_Daemon *daemon;
    struct task *warden; /* cuts what is late */
    struct monitor *monitor;
    bool ending; /* guarded by the monitor */
};

#endif
