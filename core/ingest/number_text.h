/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the number in a text and reads its marks: groups of digits, the decimal mark, sign and exponent. */
#ifndef INGEST_NUMBER_TEXT_H
#define INGEST_NUMBER_TEXT_H

#include "ingest/options.h"

enum number_status {
    NUMBER_OK,
    NUMBER_AMBIGUOUS, /* "1,234": a decimal mark or a group's, and `mark` was AUTO */
    NUMBER_MALFORMED, /* only digits and marks, but in no order that a number has: "1.2.3" */
    NUMBER_NONE,      /* no digits, or other signs between them: "on request", "10-12", "1/5/2024" */
};

enum { NUMBER_TEXT_SIZE = 96 };

struct number_text {
    enum number_status status;
    enum decimal_mark evidence; /* the convention that this number alone proves, or AUTO */
    bool negative;
    struct sluice_cell before, after; /* trimmed text around the number, without its sign */
    char decimal[NUMBER_TEXT_SIZE];   /* when OK: as decimal_parse () reads it */
};

void number_text_read(struct sluice_cell text, enum decimal_mark mark, struct number_text *ret_number);

#endif
