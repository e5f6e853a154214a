/* SPDX-License-Identifier: Apache-2.0 */
/* What a source hands over is checked before anything else looks at it. */
#ifndef SYNC_BATCH_H
#define SYNC_BATCH_H

#include <sluice/plugin.h>

/* DATA "plugin NAME broke the contract: …" for a batch that cannot be used. *last_line is the last row's
 * number of the batch before (0 at first) and is moved on. The batch stays the caller's to release
 * (batch_release ()). */
enum sluice_status batch_check(const char *plugin, const struct sluice_batch *batch, uint64_t *last_line,
                               struct sluice_error *err);

/* Accepts NULL and a batch that failed its check. */
void batch_release(const struct sluice_batch *batch);

#endif
