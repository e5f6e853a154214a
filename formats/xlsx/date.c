/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xlsx/date.h"

enum {
    DAY_MS = 86400000,
    DAYS_TO_1904 = 1462,  /* between both epochs, with the day that never was */
    FALSE_LEAP_DAY = 60,  /* 1900-02-29 */
    DAYS_TO_1970 = 25569, /* serial of 1970-01-01 */
    LAST_SERIAL = 2958465,
};

/* Year, month and day of a day number counted from 1970-01-01, by counting in 400-year eras that begin in
 * March. */
static void civil_of(int64_t days, struct xlsx_date *date)
{
    enum { ERA_DAYS = 146097, TO_1970 = 719468 };
    int64_t shifted = days + TO_1970;
    int64_t era = shifted / ERA_DAYS;
    int64_t of_era = shifted - era * ERA_DAYS;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    date->day = (int)(of_year - (153 * month + 2) / 5 + 1);
    date->month = (int)(month < 10 ? month + 3 : month - 9);
    date->year = (int)(year + era * 400 + (date->month <= 2));
}

bool xlsx_date_of(double serial, enum xlsx_epoch epoch, int64_t unit_ms, struct xlsx_date *ret_date)
{
    if (!(serial >= 0) || serial >= LAST_SERIAL + 1.0)
        return false;
    int64_t milliseconds = (int64_t)(serial * DAY_MS / (double)unit_ms + 0.5) * unit_ms;
    struct xlsx_date date = {.milliseconds = milliseconds};
    int64_t day = milliseconds / DAY_MS + (epoch == XLSX_EPOCH_1904 ? DAYS_TO_1904 : 0);
    if (day > LAST_SERIAL)
        return false;
    date.weekday = (int)((day + 6) % 7);
    if (day == FALSE_LEAP_DAY) {
        date.year = 1900;
        date.month = 2;
        date.day = 29;
    } else if (day == 0) {
        date.year = 1900;
        date.month = 1;
    } else {
        civil_of(day - DAYS_TO_1970 + (day < FALSE_LEAP_DAY), &date);
    }
    int64_t of_day = milliseconds % DAY_MS;
    date.hour = (int)(of_day / 3600000);
    date.minute = (int)(of_day / 60000 % 60);
    date.second = (int)(of_day / 1000 % 60);
    date.thousandth = (int)(of_day % 1000);
    *ret_date = date;
    return true;
}
