/* SPDX-License-Identifier: Apache-2.0 */
/* Token buckets that every process of this machine shares. */
#ifndef STATE_LOCAL_BUCKET_H
#define STATE_LOCAL_BUCKET_H

#include "folder.h"

enum sluice_status state_take(void *instance, const struct sluice_bucket *bucket, int64_t *ret_wait_ms,
                              struct sluice_error *err);

#endif
