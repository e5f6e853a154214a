/* SPDX-License-Identifier: Apache-2.0 */
/* Wake-ups across processes. */
#ifndef STATE_LOCAL_WAKE_H
#define STATE_LOCAL_WAKE_H

#include "folder.h"

enum sluice_status state_wake(void *instance, struct sluice_error *err);
enum sluice_status state_wait(void *instance, int64_t timeout_ms, struct sluice_error *err);

#endif
