/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cron expression in a zone. When its clock is changed: an hour that is named and left out runs at the first
 * instant after the gap, once; one that comes twice runs at its first occurrence; an expression of every hour
 * follows elapsed time. As cron(8) of Debian has it, for changes of less than three hours.
 */
#ifndef SCHEDULE_CRON_NEXT_H
#define SCHEDULE_CRON_NEXT_H

#include "schedule/cron.h"
#include "schedule/zone.h"

/* The first run later than a second; false when none comes before the year 10000. */
bool cron_next(const struct cron *cron, struct zone *zone, int64_t after_s, int64_t *ret_s);

#endif
