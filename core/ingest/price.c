/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a price apart: currency, sign and number. The number itself is number_text.c's. Texts of plain ASCII
 * digits with one mark, which most lists consist of, take a short way with the same answer. */
#include "ingest/price.h"

#include "base/decimal.h"
#include "base/text.h"
#include "ingest/formula_error.h"
#include "ingest/number_text.h"

#include <sluice/store_types.h>
#include <string.h>

/* "1299", "12.5", "12,50", "1234.125": true when this is all there is and no convention reads it differently.
 */
static bool plain_parse(struct sluice_cell text, struct price *ret_price)
{
    enum { LONGEST_WHOLE = 10 };
    static const int64_t scale[] = {SLUICE_PRICE_SCALE, 1000, 100, 10, 1};
    int64_t value = 0;
    uint32_t i = 0;
    for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9' && i <= LONGEST_WHOLE; i++)
        value = value * 10 + (text.ptr[i] - '0');
    if (i == 0 || i > LONGEST_WHOLE)
        return false;
    char mark = i < text.len ? text.ptr[i] : '\0';
    uint32_t whole = i;
    uint32_t decimals = i < text.len ? text.len - i - 1 : 0;
    if (i < text.len && ((mark != '.' && mark != ',') || decimals == 0 || decimals > 4))
        return false;
    if (decimals == 3 && whole <= 3 && text.ptr[0] != '0')
        return false;
    for (i++; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        value = value * 10 + (text.ptr[i] - '0');
    }
    ret_price->value = value * scale[decimals];
    ret_price->rounded = false;
    ret_price->evidence = decimals == 0 ? DECIMAL_MARK_AUTO
                          : mark == '.' ? DECIMAL_MARK_POINT
                                        : DECIMAL_MARK_COMMA;
    ret_price->currency[0] = '\0';
    return true;
}

/* The currency named before or after the number. False when there is any other text, or two currencies. */
static bool currency_beside(const struct number_text *number, char ret_code[CURRENCY_SIZE])
{
    char before[CURRENCY_SIZE] = "", after[CURRENCY_SIZE] = "";
    if (number->before.len > 0 && !currency_find(number->before, before))
        return false;
    if (number->after.len > 0 && !currency_find(number->after, after))
        return false;
    if (before[0] != '\0' && after[0] != '\0' && strcmp(before, after) != 0)
        return false;
    memcpy(ret_code, before[0] != '\0' ? before : after, CURRENCY_SIZE);
    return true;
}

static enum price_status decimal_status(struct sluice_cell text, struct price *price)
{
    bool negative = text.len > 0 && text.ptr[0] == '-';
    enum decimal_result result = decimal_parse(text, &price->value);
    if (result == DECIMAL_NOT_A_NUMBER)
        return PRICE_NOT_A_NUMBER;
    price->rounded = result == DECIMAL_ROUNDED;
    if (negative && (result != DECIMAL_OK || price->value != 0))
        return PRICE_NEGATIVE;
    return result == DECIMAL_RANGE ? PRICE_RANGE : PRICE_OK;
}

/* The displayed text says the currency, and that the cell is a price at all and no date or percentage. */
static enum price_status raw_parse(const struct number_text *number, struct sluice_cell raw,
                                   struct price *price)
{
    bool number_shown = number->status == NUMBER_OK || number->status == NUMBER_AMBIGUOUS;
    if (!number_shown || !currency_beside(number, price->currency))
        return PRICE_NOT_A_NUMBER;
    return decimal_status(raw, price);
}

static enum price_status text_parse(const struct number_text *number, struct price *price)
{
    if (number->status == NUMBER_NONE || number->status == NUMBER_MALFORMED ||
        !currency_beside(number, price->currency))
        return PRICE_NOT_A_NUMBER;
    if (number->status == NUMBER_AMBIGUOUS)
        return PRICE_AMBIGUOUS;
    price->evidence = number->evidence;
    return decimal_status(text_of(number->decimal), price);
}

enum price_status price_parse(struct sluice_cell text, struct sluice_cell raw, enum decimal_mark mark,
                              struct price *ret_price)
{
    text = text_trim(text);
    raw = text_trim(raw);
    if (text.len == 0)
        return PRICE_MISSING;
    if (raw.len == 0 && plain_parse(text, ret_price))
        return PRICE_OK;
    if (formula_error(text))
        return PRICE_FORMULA_ERROR;
    struct number_text number;
    number_text_read(text, mark, &number);
    struct price price = {.evidence = DECIMAL_MARK_AUTO};
    enum price_status status = raw.len > 0 ? raw_parse(&number, raw, &price) : text_parse(&number, &price);
    if (status == PRICE_AMBIGUOUS && number.negative)
        return PRICE_NEGATIVE;
    if (status == PRICE_OK || status == PRICE_AMBIGUOUS)
        *ret_price = price;
    return status;
}
