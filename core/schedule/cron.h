/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cron expression as sets of values. Five fields are minute, hour, day of the month, month, day of the week;
 * six begin with seconds. When both day fields are restricted, either of them is enough (as in Vixie cron); a
 * day field is unrestricted only when it is written as * or ?.
 */
#ifndef SCHEDULE_CRON_H
#define SCHEDULE_CRON_H

#include "base/error.h"

struct cron {
    uint64_t seconds, minutes; /* bit n: the value n */
    uint32_t hours, days;
    uint16_t months;
    uint8_t weekdays; /* bit 0: Sunday */
    bool any_day, any_weekday;
};

/* CONFIG with a sentence that names the field, also for an expression that never fires. */
enum sluice_status cron_parse(const char *text, struct cron *ret_cron, struct sluice_error *err);

/* Every hour of every day: such a schedule follows elapsed time when clocks are changed. */
bool cron_is_hourly(const struct cron *cron);

/* The first matching second of a clock without changes, at or after `seconds`. false when there is none within
 * nine years, and then there is none at all. */
bool cron_match(const struct cron *cron, int64_t seconds, int64_t *ret_seconds);

#endif
