/* SPDX-License-Identifier: Apache-2.0 */
/* What ends a wait before its time: a request to cancel, or a deadline. */
#ifndef HOST_STOP_H
#define HOST_STOP_H

#include "base/clock.h"
#include "base/error.h"
#include "host/cancel.h"

struct stop {
    const struct clock *clock;
    const struct cancel *cancel; /* NULL: never */
    int64_t deadline_us;         /* monotonic; 0: none */
    const char *deadline_name;   /* for the message: "fetch.timeout" */
};

/* The same with an earlier deadline, when it is earlier. */
struct stop stop_sooner(const struct stop *stop, int64_t deadline_us, const char *deadline_name);

/* ms until the deadline, at least 0 and at most `limit`. */
int64_t stop_remaining_ms(const struct stop *stop, int64_t limit);

/* OK to go on; CANCELLED or RETRY ("WHAT: the deadline … has passed") otherwise. */
enum sluice_status stop_check(const struct stop *stop, const char *what, struct sluice_error *err);

/* OK after that time; as stop_check when it ended sooner. */
enum sluice_status stop_sleep(const struct stop *stop, int64_t ms, const char *what,
                              struct sluice_error *err);

#endif
