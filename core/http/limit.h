/* SPDX-License-Identifier: Apache-2.0 */
/* Rate limits, per subject and per client address: token buckets of the state backend, which all processes share, or of
 * this process alone while the backend is down. */
#ifndef HTTP_LIMIT_H
#define HTTP_LIMIT_H

#include "http/desk.h"
#include "http/route.h"

struct limits;

struct limits *limits_new(const struct http_setup *setup); /* NULL without memory */
void limits_free(struct limits *limits);                   /* accepts NULL */

struct limit_verdict {
    uint32_t per_minute;
    int64_t wait_ms; /* 0: go on */
};

/* Takes one from each bucket of that kind; subject NULL: nobody is signed in. [any] */
struct limit_verdict limits_take(struct limits *limits, struct desk *desk, enum limit_kind kind,
                                 const char *subject, const char *client);

#endif
