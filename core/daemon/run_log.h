/* SPDX-License-Identifier: Apache-2.0 */
/* What the log says of runs and jobs, each with its ids. */
#ifndef DAEMON_RUN_LOG_H
#define DAEMON_RUN_LOG_H

#include "sync/sync.h"

void run_log_event(const struct log *log, const struct sync_event *event); /* [any] */
void run_log_end(const struct log *log, const struct sync_report *report);

#endif
