/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a run inside a message that does more. */
#ifndef STORE_PG_RUNS_H
#define STORE_PG_RUNS_H

#include "query.h"

/* Asks for a run that is put unless it or another unfinished one is there; the answer comes with the next exchange. */
enum sluice_status run_request_send(struct store *store, const struct sluice_request *request,
                                    struct query *ret_asked, struct sluice_error *err);
/* OK with the requested run, BUSY with the one that is there, RETRY when that has just ended. */
enum sluice_status run_request_take(struct query *asked, const struct sluice_run **ret_run, struct sluice_error *err);

#endif
