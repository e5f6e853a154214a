/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the vector check of UTF-8: Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction
 * Per Byte" (2021). */
#include "formats/csv_scan_x86.h"

#ifdef CSV_SCAN_X86

/* What can be wrong with two neighbouring bytes; each table says what one nibble of them allows to be wrong.
 */
enum utf8_fault {
    TOO_SHORT = 1 << 0, /* a lead byte before no continuation */
    TOO_LONG = 1 << 1,  /* a continuation after ASCII */
    OVERLONG_3 = 1 << 2,
    TOO_LARGE = 1 << 3, /* above U+10FFFF */
    SURROGATE = 1 << 4,
    OVERLONG_2 = 1 << 5,
    OVERLONG_4 = 1 << 6,
    TOO_LARGE_1000 = 1 << 6,    /* shares its bit with OVERLONG_4: no pair of bytes can be both */
    TWO_CONTINUATIONS = 1 << 7, /* right only as the third or fourth byte of a character */
    ANY_LOW = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS, /* decided by the high nibbles alone */
};

const uint8_t csv_utf8_first_high[16] = {
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TWO_CONTINUATIONS,
    TWO_CONTINUATIONS,
    TWO_CONTINUATIONS,
    TWO_CONTINUATIONS,
    TOO_SHORT | OVERLONG_2,
    TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
};
enum { LARGE = ANY_LOW | TOO_LARGE | TOO_LARGE_1000 };
const uint8_t csv_utf8_first_low[16] = {
    ANY_LOW | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
    ANY_LOW | OVERLONG_2,
    ANY_LOW,
    ANY_LOW,
    ANY_LOW | TOO_LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE | SURROGATE,
    LARGE,
    LARGE,
};
enum { CONTINUATION = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS };
const uint8_t csv_utf8_second_high[16] = {
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    CONTINUATION | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
    CONTINUATION | OVERLONG_3 | TOO_LARGE,
    CONTINUATION | SURROGATE | TOO_LARGE,
    CONTINUATION | SURROGATE | TOO_LARGE,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
};

#else
/* ISO C wants a declaration in every file. */
typedef int csv_utf8_tables_is_empty;
#endif
