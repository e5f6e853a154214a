/* SPDX-License-Identifier: Apache-2.0 */
/* Holds and their approvals. store.h says what each call answers. */
#ifndef STORE_SQLITE_HOLDS_H
#define STORE_SQLITE_HOLDS_H

#include "connection.h"

enum sluice_status store_hold_put(void *instance, const char *run_id, const char *supplier_id, int64_t epoch,
                                  const struct sluice_hold *hold, struct sluice_error *err);
enum sluice_status store_hold_decide(void *instance, const char *hold_id, enum sluice_hold_decision decision,
                                     const char *by, const char **ret_key, struct sluice_error *err);
enum sluice_status store_master_approval(void *instance, const struct sluice_approval **ret_approval,
                                         struct sluice_error *err);

#endif
