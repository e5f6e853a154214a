/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a run inside a transaction that does more. */
#ifndef STORE_SQLITE_RUNS_H
#define STORE_SQLITE_RUNS_H

#include "connection.h"

/* request_put inside the caller's transaction. */
enum sluice_status run_request(struct store *store, const struct sluice_request *request,
                               const struct sluice_run **ret_run, struct sluice_error *err);

#endif
