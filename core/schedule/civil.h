/* SPDX-License-Identifier: Apache-2.0 */
/* Days and seconds of the proleptic Gregorian calendar (ISO 8601), without zones: 0 is 1970-01-01T00:00:00. */
#ifndef SCHEDULE_CIVIL_H
#define SCHEDULE_CIVIL_H

#include <stdint.h>

#define SECONDS_PER_DAY INT64_C(86400)

struct civil {
    int64_t year;
    int month, day;           /* from 1 */
    int hour, minute, second; /* 0 to 59 */
};

struct civil civil_of(int64_t seconds);
int64_t civil_seconds(const struct civil *civil);
int64_t civil_days(int64_t year, int month, int day); /* since 1970-01-01 */
int civil_month_days(int64_t year, int month);
int civil_weekday(int64_t days); /* 0: Sunday */

/* Rounded towards the past. */
static inline int64_t divide_down(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

#endif
