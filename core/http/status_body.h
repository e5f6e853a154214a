/* SPDX-License-Identifier: Apache-2.0 */
/* The status as JSON (openapi.json, Status). */
#ifndef HTTP_STATUS_BODY_H
#define HTTP_STATUS_BODY_H

#include "http/facts.h"
#include "http/status.h"

struct dependency_view {
    enum health health;
    int64_t since_us; /* wall clock: the last moment at which it was well */
    const char *message;
};

struct status_view {
    const struct store_facts *store; /* NULL: never read */
    const struct state_facts *state; /* the same */
    struct dependency_view store_health, state_health;
    int64_t now_us; /* wall clock */
    int64_t data_age_ms;
    int64_t fallback_next_us; /* next_scheduled_at while the store was never read */
    const char *version;
};

/* All that comes before the logs, and what stands behind them. */
void status_head(struct buffer *out, const struct status_view *view);
void status_tail(struct buffer *out, const struct status_view *view);

#endif
