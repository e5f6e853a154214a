/* SPDX-License-Identifier: Apache-2.0 */
/* From a civil time to the next one that matches: the largest unit that does not fit is moved on first. */
#include "schedule/cron.h"

#include "schedule/civil.h"

/* Every date of the calendar comes back within that: 29 February skips at most 2096 to 2104. */
enum { YEARS_TO_SEARCH = 9 };

bool cron_is_hourly(const struct cron *cron)
{
    return cron->hours == (UINT32_C(1) << 24) - 1;
}

/* The least value in the set that is >= least, or -1. */
static int next_in(uint64_t set, int least)
{
    uint64_t rest = least > 63 ? 0 : set >> least << least;
    return rest == 0 ? -1 : __builtin_ctzll(rest);
}

static bool day_matches(const struct cron *cron, int64_t days, int day_of_month)
{
    bool of_month = (cron->days >> day_of_month & 1) != 0;
    bool of_week = (cron->weekdays >> civil_weekday(days) & 1) != 0;
    if (cron->any_day || cron->any_weekday)
        return of_month && of_week;
    return of_month || of_week;
}

/* The first matching day at or after the given one; false when there is none in the years searched. */
static bool day_find(const struct cron *cron, struct civil *date)
{
    int64_t last_year = date->year + YEARS_TO_SEARCH;
    while (date->year <= last_year) {
        int month = next_in(cron->months, date->month);
        if (month < 0) {
            *date = (struct civil){.year = date->year + 1, .month = 1, .day = 1};
            continue;
        }
        if (month != date->month)
            *date = (struct civil){.year = date->year, .month = month, .day = 1};
        int64_t first = civil_days(date->year, date->month, 1);
        int length = civil_month_days(date->year, date->month);
        for (; date->day <= length; date->day++)
            if (day_matches(cron, first + date->day - 1, date->day))
                return true;
        *date = (struct civil){.year = date->year, .month = date->month + 1, .day = 1};
        if (date->month > 12)
            *date = (struct civil){.year = date->year + 1, .month = 1, .day = 1};
    }
    return false;
}

/* The first matching time of day at or after the given one; false when the day has none any more. */
static bool time_find(const struct cron *cron, struct civil *time)
{
    int hour = next_in(cron->hours, time->hour);
    int minute = hour == time->hour ? next_in(cron->minutes, time->minute) : -1;
    int second = minute == time->minute ? next_in(cron->seconds, time->second) : -1;
    if (minute == time->minute && second < 0)
        minute = next_in(cron->minutes, time->minute + 1);
    if (hour == time->hour && minute < 0)
        hour = next_in(cron->hours, time->hour + 1);
    if (hour < 0)
        return false;
    time->hour = hour;
    time->minute = minute >= 0 ? minute : next_in(cron->minutes, 0);
    time->second = second >= 0 ? second : next_in(cron->seconds, 0);
    return true;
}

bool cron_match(const struct cron *cron, int64_t seconds, int64_t *ret_seconds)
{
    struct civil at = civil_of(seconds);
    struct civil day = at;
    if (!day_find(cron, &day))
        return false;
    bool same_day = day.year == at.year && day.month == at.month && day.day == at.day;
    struct civil found = same_day ? at : (struct civil){.year = day.year, .month = day.month, .day = day.day};
    if (!time_find(cron, &found)) {
        found = civil_of((divide_down(seconds, SECONDS_PER_DAY) + 1) * SECONDS_PER_DAY);
        if (!day_find(cron, &found) || !time_find(cron, &found))
            return false;
    }
    *ret_seconds = civil_seconds(&found);
    return true;
}
