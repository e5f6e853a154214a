/* SPDX-License-Identifier: Apache-2.0 */
/* Rounding is done on the digits, half away from zero. */
#include "formats/xlsx/number.h"

#include <string.h>

enum {
    EXPONENT_MAX = 400,
    POINT_MAX = 309,     /* of the largest double, 1.8e308 */
    POINT_MIN = -308,    /* below it is zero to Excel */
    SMALLEST_PLAIN = -9, /* 0.000000000123: smaller ones have an exponent */
};

/* Drops zeros at the end, and the sign of nothing. */
static void normalise(struct xlsx_number *number)
{
    while (number->n > 0 && number->digits[number->n - 1] == '0')
        number->n--;
    if (number->n == 0) {
        number->point = 0;
        number->negative = false;
    }
}

/* Keeps the first `keep` digits of those in `digits`, of which there is at least one more. */
static void round_up_if(struct xlsx_number *number, int keep, char next)
{
    number->n = keep;
    if (next >= '5') {
        int i = keep - 1;
        while (i >= 0 && number->digits[i] == '9')
            number->digits[i--] = '0';
        if (i >= 0) {
            number->digits[i]++;
        } else {
            number->digits[0] = '1';
            number->n = 1;
            number->point++;
        }
    }
    normalise(number);
}

static bool exponent_read(struct sluice_cell text, uint32_t i, int *point)
{
    bool negative = i < text.len && text.ptr[i] == '-';
    if (i < text.len && (text.ptr[i] == '-' || text.ptr[i] == '+'))
        i++;
    int exponent = 0;
    uint32_t first = i;
    for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
        if (exponent <= EXPONENT_MAX)
            exponent = exponent * 10 + (text.ptr[i] - '0');
    *point += negative ? -exponent : exponent;
    return i == text.len && i > first;
}

bool xlsx_number_read(struct sluice_cell text, struct xlsx_number *ret_number)
{
    struct xlsx_number number = {.n = 0};
    uint32_t i = 0;
    if (i < text.len && (text.ptr[i] == '-' || text.ptr[i] == '+'))
        number.negative = text.ptr[i++] == '-';
    bool any = false, after_point = false;
    int point = 0;
    char next = 0; /* the first digit that is not kept */
    for (; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        any = true;
        bool leading = number.n == 0 && c == '0';
        point += leading ? -after_point : !after_point;
        if (leading)
            continue;
        if (number.n < XLSX_DIGITS)
            number.digits[number.n++] = c;
        else if (next == 0)
            next = c;
    }
    if (!any || point > (1 << 20) || point < -(1 << 20))
        return false;
    if (i < text.len && ((text.ptr[i] | 0x20) != 'e' || !exponent_read(text, i + 1, &point)))
        return false;
    number.point = point;
    if (next != 0)
        round_up_if(&number, number.n, next);
    else
        normalise(&number);
    if (number.point > POINT_MAX)
        return false;
    if (number.point < POINT_MIN)
        number = (struct xlsx_number){.n = 0};
    *ret_number = number;
    return true;
}

void xlsx_number_round(struct xlsx_number *number, int decimals)
{
    int keep = number->point + decimals;
    if (keep >= number->n)
        return;
    if (keep >= 0) {
        round_up_if(number, keep, number->digits[keep]);
        return;
    }
    number->n = 0;
    normalise(number);
}

static uint32_t plain_write(const struct xlsx_number *number, char *to)
{
    char *at = to;
    if (number->point <= 0) {
        *at++ = '0';
        *at++ = '.';
        for (int i = number->point; i < 0; i++)
            *at++ = '0';
    }
    for (int i = 0; i < number->n || i < number->point; i++) {
        if (i == number->point && i > 0)
            *at++ = '.';
        *at++ = i < number->n ? number->digits[i] : '0';
    }
    return (uint32_t)(at - to);
}

static uint32_t scientific_write(const struct xlsx_number *number, char *to)
{
    char *at = to;
    *at++ = number->digits[0];
    if (number->n > 1) {
        *at++ = '.';
        memcpy(at, number->digits + 1, (size_t)number->n - 1);
        at += number->n - 1;
    }
    int exponent = number->point - 1;
    *at++ = 'E';
    *at++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent >= 100)
        *at++ = (char)('0' + exponent / 100);
    *at++ = (char)('0' + exponent / 10 % 10);
    *at++ = (char)('0' + exponent % 10);
    return (uint32_t)(at - to);
}

uint32_t xlsx_number_write(const struct xlsx_number *number, char ret_text[XLSX_NUMBER_TEXT_SIZE])
{
    uint32_t n = 0;
    if (number->negative)
        ret_text[n++] = '-';
    if (number->n == 0)
        ret_text[n++] = '0';
    else if (number->point > XLSX_DIGITS || number->point < SMALLEST_PLAIN)
        n += scientific_write(number, ret_text + n);
    else
        n += plain_write(number, ret_text + n);
    ret_text[n] = '\0';
    return n;
}

double xlsx_number_double(const struct xlsx_number *number)
{
    double value = 0;
    for (int i = 0; i < number->n; i++)
        value = value * 10 + (number->digits[i] - '0');
    for (int i = number->n; i < number->point; i++)
        value *= 10;
    double divisor = 1;
    for (int i = number->point; i < number->n; i++)
        divisor *= 10;
    value /= divisor;
    return number->negative ? -value : value;
}
