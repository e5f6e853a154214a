/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules, ticks, the audit trail and what retention deletes. store.h says what each call answers. */
#ifndef STORE_SQLITE_SCHEDULES_H
#define STORE_SQLITE_SCHEDULES_H

#include "connection.h"

enum sluice_status store_schedule_get(void *instance, const char *name,
                                      const struct sluice_schedule **ret_schedule, struct sluice_error *err);
enum sluice_status store_schedule_begin(void *instance, const struct sluice_schedule *schedule,
                                        const struct sluice_schedule **ret_schedule, struct sluice_error *err);
enum sluice_status store_schedule_pause(void *instance, const char *name, enum sluice_pause pause,
                                        const char *reason, const char *by, struct sluice_error *err);
enum sluice_status store_ticks_put(void *instance, const struct sluice_ticks *ticks,
                                   const struct sluice_run **ret_run, struct sluice_error *err);
enum sluice_status store_audit_put(void *instance, const struct sluice_audit *audit,
                                   struct sluice_error *err);
enum sluice_status store_prune(void *instance, const struct sluice_retention *retention,
                               struct sluice_error *err);

#endif
