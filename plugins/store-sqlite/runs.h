/* SPDX-License-Identifier: Apache-2.0 */
/* Runs: requested, claimed with an epoch, renewed, finished. store.h says what each call answers. */
#ifndef STORE_SQLITE_RUNS_H
#define STORE_SQLITE_RUNS_H

#include "connection.h"

enum sluice_status store_request_put(void *instance, const struct sluice_request *request,
                                     const struct sluice_run **ret_run, struct sluice_error *err);
enum sluice_status store_request_cancel(void *instance, const char *run_id, struct sluice_error *err);
enum sluice_status store_run_claim(void *instance, const struct sluice_claim *claim,
                                   const struct sluice_run **ret_run, struct sluice_error *err);
enum sluice_status store_run_renew(void *instance, const char *run_id, int64_t epoch, int64_t lease_ms,
                                   const struct sluice_run **ret_run, struct sluice_error *err);
enum sluice_status store_run_finish(void *instance, const char *run_id, int64_t epoch,
                                    enum sluice_outcome outcome, const char *message,
                                    struct sluice_error *err);

/* request_put inside the caller's transaction. */
enum sluice_status run_request(struct store *store, const struct sluice_request *request,
                               const struct sluice_run **ret_run, struct sluice_error *err);

#endif
