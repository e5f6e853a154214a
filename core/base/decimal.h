/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals as whole ten-thousandths (SLUICE_PRICE_SCALE). Never through double. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <sluice/plugin.h>

enum decimal_result {
    DECIMAL_OK,
    DECIMAL_ROUNDED, /* more than four decimals, rounded half to even */
    DECIMAL_NOT_A_NUMBER,
    DECIMAL_RANGE, /* beyond NUMERIC(14,4) */
};

/* Reads [-+]digits[.digits][e[-+]digits] and nothing else; *ret_value is untouched unless OK or ROUNDED. */
enum decimal_result decimal_parse(struct sluice_cell text, int64_t *ret_value);

#define DECIMAL_TEXT_SIZE 24
/* "12.5000": always four decimals. */
void decimal_format(int64_t value, char ret_text[DECIMAL_TEXT_SIZE]);

#endif
