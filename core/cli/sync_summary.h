/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a run, supplier by supplier: collected from its events, shown as a table or as JSON. */
#ifndef CLI_SYNC_SUMMARY_H
#define CLI_SYNC_SUMMARY_H

#include "cli/output.h"
#include "sync/sync.h"

struct sync_summary;

struct sync_summary *sync_summary_new(void);          /* NULL without memory */
void sync_summary_free(struct sync_summary *summary); /* accepts NULL */

/* Keeps what the event says about a supplier or the master sheet. */
void sync_summary_event(struct sync_summary *summary, const struct sync_event *event);

/* Both show the run of the report; what a run that was taken over did belongs to that one. */
void sync_summary_table(const struct sync_summary *summary, const struct sync_report *report,
                        const struct terminal *terminal);
void sync_summary_json(const struct sync_summary *summary, const struct sync_report *report);

#endif
