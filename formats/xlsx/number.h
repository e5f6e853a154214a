/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as workbooks store them, binary ones written in decimal, rounded to the 15 significant digits that Excel
 * itself keeps: "19.440000000000001" is 19.44. No double comes into it, so no locale and no second rounding does.
 */
#ifndef FORMATS_XLSX_NUMBER_H
#define FORMATS_XLSX_NUMBER_H

#include <sluice/plugin.h>

enum { XLSX_DIGITS = 15, XLSX_NUMBER_TEXT_SIZE = 48 };

/* 0.DIGITS * 10^point; no zero at either end of the digits. Zero has no digits, point 0, and is not negative. */
struct xlsx_number {
    char digits[XLSX_DIGITS + 1];
    int n;
    int point;
    bool negative;
};

/* Reads [-+]digits[.digits][e[-+]digits] and nothing else. False when it is no number or out of a double's range. */
bool xlsx_number_read(struct sluice_cell text, struct xlsx_number *ret_number);

/* As `General` shows it where there is room: plain while 15 digits suffice ("4006381333931", "0.0000123"), else
 * "1.5E+20". Answers the length. */
uint32_t xlsx_number_write(const struct xlsx_number *number, char ret_text[XLSX_NUMBER_TEXT_SIZE]);

/* Rounded to that many decimals, half away from zero as Excel displays. */
void xlsx_number_round(struct xlsx_number *number, int decimals);

double xlsx_number_double(const struct xlsx_number *number); /* for serial dates */

#endif
