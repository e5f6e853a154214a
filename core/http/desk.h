/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one worker owns: a store, a state and a schedule, each made when first needed. The desk's cancellation
 * is its worker's: whoever finds that the worker is late makes its waiting calls return by it.
 */
#ifndef HTTP_DESK_H
#define HTTP_DESK_H

#include "http/http.h"

struct desk {
    const struct http_setup *setup;
    const char *who;               /* for the log */
    struct host_services services; /* the setup's, with the desk's own cancellation */
    struct instance *store, *state;
    struct schedule *schedule;
};

enum sluice_status desk_open(struct desk *desk, const struct http_setup *setup, const char *who,
                             struct sluice_error *err);
void desk_close(struct desk *desk); /* accepts a zeroed one */

/* [any] Makes the calls that wait return CANCELLED. */
void desk_cancel(struct desk *desk);
/* After a cancellation: instances and cancellation are made anew. */
enum sluice_status desk_renew(struct desk *desk, struct sluice_error *err);

enum sluice_status desk_store(struct desk *desk, struct instance **ret_store, struct sluice_error *err);
enum sluice_status desk_state(struct desk *desk, struct instance **ret_state, struct sluice_error *err);
enum sluice_status desk_schedule(struct desk *desk, struct schedule **ret_schedule,
                                 struct schedule_book *ret_book, struct sluice_error *err);

/* store.query () on the desk's store; END of the sink is no failure. */
enum sluice_status desk_query(struct desk *desk, struct sluice_query query, const struct sluice_sink *sink,
                              struct sluice_error *err);

#endif
