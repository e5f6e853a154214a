/* SPDX-License-Identifier: Apache-2.0 */
/* Why a row is rejected: one table from reason to code and what to do. docs/reading-lists.md shows it. */
#ifndef INGEST_REASON_H
#define INGEST_REASON_H

enum reason {
    REASON_SKU_MISSING,
    REASON_SKU_SCIENTIFIC,
    REASON_SKU_TOO_LONG,
    REASON_NAME_MISSING,
    REASON_NAME_TOO_LONG,
    REASON_PRICE_MISSING,
    REASON_PRICE_AMBIGUOUS,
    REASON_PRICE_NOT_A_NUMBER,
    REASON_PRICE_NEGATIVE,
    REASON_PRICE_RANGE,
    REASON_CURRENCY_UNKNOWN,
    REASON_FORMULA_ERROR,
    REASON_NUL_BYTE,
    REASON_BAD_TEXT,
    REASON_ROW_TOO_LARGE,
    REASON_MERGED_CELL,
    REASON_SUPPLIER_NAME_MISSING,
    REASON_SUPPLIER_NAME_TOO_LONG,
    REASON_URL_MISSING,
    REASON_URL_INVALID,
    REASON_FORMAT_MISSING,
    REASON_FORMAT_UNKNOWN,
    REASON_ACTIVE_UNKNOWN,
    REASON_DUPLICATE_SUPPLIER,
    REASON_COUNT,
};

const char *reason_code(enum reason reason);
/* One sentence: what is wrong and what to do. */
const char *reason_message(enum reason reason);

#endif
