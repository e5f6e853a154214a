/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serial dates (ECMA-376 part 1 §18.17.4): days since the end of 1899, where the year 1900 has a 29 February that never
 * was, or since 1904-01-01. The fraction is the time of day.
 */
#ifndef FORMATS_XLSX_DATE_H
#define FORMATS_XLSX_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum xlsx_epoch { XLSX_EPOCH_1900, XLSX_EPOCH_1904 };

struct xlsx_date {
    int year, month, day; /* 1900-02-29 for the day that never was; 1900-01-00 for serial 0 */
    int weekday;          /* 0 is Sunday, as Excel counts */
    int hour, minute, second, thousandth;
    int64_t milliseconds; /* of the whole serial, for elapsed times */
};

/* Rounded to units of that many milliseconds. False outside 0 … 9999-12-31. */
bool xlsx_date_of(double serial, enum xlsx_epoch epoch, int64_t unit_ms, struct xlsx_date *ret_date);

#endif
