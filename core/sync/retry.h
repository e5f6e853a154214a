/* SPDX-License-Identifier: Apache-2.0 */
/* Calls again what answered RETRY, a few times, with growing pauses, inside a deadline. */
#ifndef SYNC_RETRY_H
#define SYNC_RETRY_H

#include "sync/run.h"

struct retry {
    struct run *run;
    int64_t deadline_us; /* monotonic; waiting for a quota moves it on, as far as the run's */
    unsigned made;       /* calls that have failed so far */
    bool repeatable;     /* the call may be made twice, so UNKNOWN is worth another one, too */
};

/* A quota that is used up is no failure: it is waited for however often that takes, and is no call made.
 * OK: the pause is over, call again. Otherwise `status`, which is not worth another call, or CANCELLED. A
 * RETRY or BUSY of `err` names its delay, or the back-off does. */
enum sluice_status retry_pause(struct retry *retry, enum sluice_status status, struct sluice_error *err);

/* The first answer of call () that is worth no other call, or the last one. */
enum sluice_status retry_call(struct retry *retry, enum sluice_status (*call)(void *, struct sluice_error *),
                              void *argument, struct sluice_error *err);

#endif
