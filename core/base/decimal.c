/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"

#include <sluice/store_types.h>
#include <stdio.h>
#include <stdlib.h>

enum { SCALE_DIGITS = 4, EXPONENT_LIMIT = 400, DIGIT_LIMIT = 40 };

/* The digits of a number without sign, point and leading zeros: value = digits * 10^exponent. */
struct digits {
    unsigned char value[DIGIT_LIMIT];
    int n;
    int exponent;
    bool sticky; /* a digit that is not zero was dropped */
    bool any;
};

static void digits_add(struct digits *digits, char c, bool after_point)
{
    digits->any = true;
    bool significant = digits->n > 0 || c != '0';
    if (significant && digits->n < DIGIT_LIMIT) {
        digits->value[digits->n++] = (unsigned char)(c - '0');
        digits->exponent -= after_point;
        return;
    }
    if (!significant) {
        digits->exponent -= after_point;
        return;
    }
    digits->sticky |= c != '0';
    digits->exponent += !after_point;
}

static bool is_digit(struct sluice_cell text, uint32_t i)
{
    return i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9';
}

/* Reads "e-12" at *i, or nothing. */
static bool exponent_parse(struct sluice_cell text, uint32_t *i, int *ret_exponent)
{
    *ret_exponent = 0;
    if (*i == text.len || (text.ptr[*i] | 0x20) != 'e')
        return true;
    (*i)++;
    int sign = 1;
    if (*i < text.len && (text.ptr[*i] == '-' || text.ptr[*i] == '+'))
        sign = text.ptr[(*i)++] == '-' ? -1 : 1;
    if (!is_digit(text, *i))
        return false;
    int value = 0;
    for (; is_digit(text, *i); (*i)++)
        if (value < EXPONENT_LIMIT)
            value = value * 10 + (text.ptr[*i] - '0');
    *ret_exponent = sign * value;
    return true;
}

/* digits * 10^exponent in ten-thousandths, rounded half to even. */
static enum decimal_result digits_scale(const struct digits *digits, int64_t *ret_value)
{
    int shift = digits->exponent + SCALE_DIGITS;
    int kept = digits->n + (shift < 0 ? shift : 0);
    int64_t value = 0;
    for (int i = 0; i < kept; i++) {
        value = value * 10 + digits->value[i];
        if (value > SLUICE_PRICE_MAX)
            return DECIMAL_RANGE;
    }
    for (int i = 0; i < shift && value > 0; i++) {
        value *= 10;
        if (value > SLUICE_PRICE_MAX)
            return DECIMAL_RANGE;
    }
    int first_cut = kept < 0 || kept >= digits->n ? 0 : digits->value[kept];
    bool rest = digits->sticky || (kept < 0 && digits->n > 0);
    for (int i = kept < 0 ? 0 : kept + 1; i < digits->n; i++)
        rest |= digits->value[i] != 0;
    if (first_cut == 0 && !rest) {
        *ret_value = value;
        return DECIMAL_OK;
    }
    value += first_cut > 5 || (first_cut == 5 && (rest || value % 2 == 1));
    if (value > SLUICE_PRICE_MAX)
        return DECIMAL_RANGE;
    *ret_value = value;
    return DECIMAL_ROUNDED;
}

enum decimal_result decimal_parse(struct sluice_cell text, int64_t *ret_value)
{
    struct digits digits = {.n = 0};
    uint32_t i = 0;
    bool negative = false;
    if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+'))
        negative = text.ptr[i++] == '-';
    for (; is_digit(text, i); i++)
        digits_add(&digits, text.ptr[i], false);
    if (i < text.len && text.ptr[i] == '.')
        for (i++; is_digit(text, i); i++)
            digits_add(&digits, text.ptr[i], true);
    int exponent;
    if (!digits.any || !exponent_parse(text, &i, &exponent) || i != text.len)
        return DECIMAL_NOT_A_NUMBER;
    digits.exponent += exponent;
    int64_t value;
    enum decimal_result result = digits_scale(&digits, &value);
    if (result == DECIMAL_OK || result == DECIMAL_ROUNDED)
        *ret_value = negative ? -value : value;
    return result;
}

void decimal_format(int64_t value, char ret_text[DECIMAL_TEXT_SIZE])
{
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    snprintf(ret_text, DECIMAL_TEXT_SIZE, "%s%llu.%04u", value < 0 ? "-" : "",
             (unsigned long long)(magnitude / SLUICE_PRICE_SCALE),
             (unsigned)(magnitude % SLUICE_PRICE_SCALE));
}
