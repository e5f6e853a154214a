/* SPDX-License-Identifier: Apache-2.0 */
/* What the tasks of parts have in common: pausing until they are to leave, and complaining once. */
#ifndef DAEMON_PART_TASK_H
#define DAEMON_PART_TASK_H

#include "daemon/part.h"

/* OK after that time, CANCELLED as soon as the part is to leave. */
enum sluice_status part_pause(const struct daemon_floor *floor, int64_t ms);
bool part_leaving(const struct daemon_floor *floor);

/* Growing pauses after failures, 1 s to 30 s; `ails` is what is wrong now. */
struct part_ailment {
    const char *who; /* for the log */
    int64_t pause_ms;
    char ails[ERROR_MESSAGE_SIZE];
};
/* Says what is new about the error, then pauses. */
void part_ails(const struct daemon_floor *floor, struct part_ailment *ailment, const struct sluice_error *err);
/* Says that it is over, if there was any. */
void part_is_well(const struct daemon_floor *floor, struct part_ailment *ailment);

#endif
