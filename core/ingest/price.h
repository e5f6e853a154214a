/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A price as people write it becomes a decimal, or is refused. Nothing is guessed: a text that two
 * conventions read differently ("1,234") is ambiguous until the list's convention is known.
 */
#ifndef INGEST_PRICE_H
#define INGEST_PRICE_H

#include "ingest/currency.h"
#include "ingest/options.h"

enum price_status {
    PRICE_OK,
    PRICE_AMBIGUOUS,
    PRICE_MISSING,
    PRICE_NOT_A_NUMBER,
    PRICE_NEGATIVE,
    PRICE_RANGE,
    PRICE_FORMULA_ERROR,
};

struct price {
    int64_t value;                /* ten-thousandths; 0 when ambiguous */
    bool rounded;                 /* had more than four decimals */
    enum decimal_mark evidence;   /* the convention that this text alone proves, or AUTO */
    char currency[CURRENCY_SIZE]; /* named beside the number, or "" */
};

/* `raw` is the number behind the text, or absent; where it is there it decides. `mark` is the list's
 * convention, AUTO while unknown; it decides nothing but ambiguous texts. Writes *ret_price when OK or
 * AMBIGUOUS. */
enum price_status price_parse(struct sluice_cell text, struct sluice_cell raw, enum decimal_mark mark,
                              struct price *ret_price);

#endif
