/* SPDX-License-Identifier: Apache-2.0 */
/* What the server counts, and everything that /metrics shows (Prometheus text format 0.0.4). The names are
 * documented in docs/http-api.md. */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "http/route.h"
#include "http/status.h"

struct metrics;

struct metrics *metrics_new(void);          /* NULL without memory */
void metrics_free(struct metrics *metrics); /* accepts NULL */

enum login_result { LOGIN_DONE, LOGIN_REFUSED };

/* All [any]. route NULL: what is no route. */
void metrics_request(struct metrics *metrics, const struct route *route, unsigned status, int64_t elapsed_us);
void metrics_login(struct metrics *metrics, enum login_result result);

/* Gauges of other rooms at this moment. */
struct metrics_view {
    struct status_figures status;
    size_t connections, waiting;
    uint64_t connections_cut;
    const char *version;
};
void metrics_write(const struct metrics *metrics, const struct metrics_view *view, struct buffer *out);

#endif
