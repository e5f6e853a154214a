/* SPDX-License-Identifier: Apache-2.0 */
/* What is moving now: written by whoever works on the run, read by everyone. */
#ifndef STATE_LOCAL_PROGRESS_H
#define STATE_LOCAL_PROGRESS_H

#include "folder.h"

enum sluice_status state_publish(void *instance, const struct sluice_progress *progress,
                                 struct sluice_error *err);
enum sluice_status state_observe(void *instance, const struct sluice_progress **ret_progress,
                                 struct sluice_error *err);

#endif
