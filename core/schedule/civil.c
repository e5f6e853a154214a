/* SPDX-License-Identifier: Apache-2.0 */
/* Years are counted from March here, so that the leap day is the last one and months need no table. */
#include "schedule/civil.h"

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400 }; /* the calendar repeats after these */

static const int64_t days_from_march_0_to_1970 = 719468;

int64_t civil_days(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = divide_down(y, YEARS_PER_ERA);
    int64_t year_of_era = y - era * YEARS_PER_ERA;
    int months_since_march = (month + 9) % 12;
    int64_t day_of_year = (153 * months_since_march + 2) / 5 + day - 1; /* 153 days in each five months */
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - days_from_march_0_to_1970;
}

struct civil civil_of(int64_t seconds)
{
    int64_t days = divide_down(seconds, SECONDS_PER_DAY);
    int rest = (int)(seconds - days * SECONDS_PER_DAY);
    days += days_from_march_0_to_1970;
    int64_t era = divide_down(days, DAYS_PER_ERA);
    int64_t day_of_era = days - era * DAYS_PER_ERA;
    int64_t leap_days = day_of_era / 1460 - day_of_era / 36524 + day_of_era / (DAYS_PER_ERA - 1);
    int64_t year_of_era = (day_of_era - leap_days) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int months_since_march = (int)((5 * day_of_year + 2) / 153);
    int month = months_since_march < 10 ? months_since_march + 3 : months_since_march - 9;
    return (struct civil){
        .year = era * YEARS_PER_ERA + year_of_era + (month <= 2),
        .month = month,
        .day = (int)day_of_year - (153 * months_since_march + 2) / 5 + 1,
        .hour = rest / 3600,
        .minute = rest / 60 % 60,
        .second = rest % 60,
    };
}

int64_t civil_seconds(const struct civil *civil)
{
    return civil_days(civil->year, civil->month, civil->day) * SECONDS_PER_DAY + civil->hour * 3600 +
           civil->minute * 60 + civil->second;
}

int civil_month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 ? leap : 0);
}

int civil_weekday(int64_t days)
{
    int64_t since_sunday = days + 4; /* 1970-01-01 was a Thursday */
    return (int)(since_sunday - divide_down(since_sunday, 7) * 7);
}
