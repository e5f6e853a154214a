/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is moving, on standard error: on a terminal one line per supplier at work, redrawn; elsewhere one line
 * per thing that ended. Called by one thread at a time.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/output.h"
#include "sync/sync.h"

struct progress;

struct progress *progress_new(const struct terminal *terminal);                /* NULL without memory */
void progress_show(struct progress *progress, const struct sync_event *event); /* accepts NULL */
/* Clears what is drawn and frees it. Accepts NULL. */
void progress_end(struct progress *progress);

#endif
