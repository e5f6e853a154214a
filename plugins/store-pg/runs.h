/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a run, and asking for one inside a message that does more. */
#ifndef STORE_PG_RUNS_H
#define STORE_PG_RUNS_H

#include "query.h"

/* A run and its scope, asked for in a message. */
struct run_question {
    struct query run, scope;
};
/* `run_id` NULL: the unfinished one. */
void run_ask(struct store *store, const char *run_id, struct run_question *question);
/* OK with the run, END when there is none. */
enum sluice_status run_take(struct run_question *question, const struct sluice_run **ret_run,
                            struct sluice_error *err);
void run_question_end(struct run_question *question); /* [cleanup] */

/* A run that is put unless it or another unfinished one is there. */
struct run_request {
    struct run_question own, other;
};
enum sluice_status run_request_send(struct store *store, const struct sluice_request *request,
                                    struct run_request *ret_asked, struct sluice_error *err);
/* OK with the requested run, BUSY with the one that is there, RETRY when that has just ended. */
enum sluice_status run_request_take(struct run_request *asked, const struct sluice_run **ret_run,
                                    struct sluice_error *err);
void run_request_end(struct run_request *asked); /* [cleanup] */

#endif
