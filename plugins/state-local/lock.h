/* SPDX-License-Identifier: Apache-2.0 */
/* The lock of the run that is going on. state.h says what each call answers. */
#ifndef STATE_LOCAL_LOCK_H
#define STATE_LOCAL_LOCK_H

#include "folder.h"

enum sluice_status state_lock(void *instance, const char *run_id, int64_t ttl_ms,
                              const struct sluice_lock_holder **ret_holder, struct sluice_error *err);
enum sluice_status state_renew(void *instance, const char *run_id, int64_t ttl_ms, struct sluice_error *err);
enum sluice_status state_release(void *instance, const char *run_id, struct sluice_error *err);
enum sluice_status state_holder(void *instance, const struct sluice_lock_holder **ret_holder,
                                struct sluice_error *err);

#endif
