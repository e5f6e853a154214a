/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status: two tasks look at the store and at the state backend, a third makes one body of what they
 * found, and everybody is served from that. The third waits for nobody, so that the status can say that the
 * others hang.
 */
#ifndef HTTP_STATUS_H
#define HTTP_STATUS_H

#include "http/facts.h"
#include "http/ready.h"

struct status;

enum health { HEALTH_GOOD, HEALTH_DOWN, HEALTH_HUNG };

enum sluice_status status_start(const struct http_setup *setup, struct status **ret_status,
                                struct sluice_error *err);
void status_stop(struct status *status); /* accepts NULL */

/* Something has changed: look at once. [any] */
void status_poke(struct status *status);

/* The answer with that many logs, to be dropped; NULL without memory. [any] */
struct ready *status_answer(struct status *status, unsigned log_limit, enum encoding encoding);

/* Numbers for the metrics and for readiness. */
struct status_figures {
    struct supplier_counts suppliers;
    struct run_facts current, last;
    int64_t holds, next_us;
    bool paused, known; /* known: the store was read at least once */
    enum health store, state;
    int64_t data_age_ms;
    uint64_t bodies; /* made since the start */
};
void status_figures(struct status *status, struct status_figures *ret_figures); /* [any] */

#endif
