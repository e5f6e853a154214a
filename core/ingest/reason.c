/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/reason.h"

static const struct {
    const char *code, *message;
} reasons[REASON_COUNT] = {
    [REASON_SKU_MISSING] = {"sku_missing", "The row has no SKU; fill it in, or remove the row."},
    [REASON_SKU_SCIENTIFIC] = {"sku_scientific",
                               "The SKU is shown as a rounded number and its digits are lost; format "
                               "the column as text and enter it again."},
    [REASON_SKU_TOO_LONG] = {"sku_too_long", "The SKU has more than 255 characters; shorten it."},
    [REASON_NAME_MISSING] = {"name_missing", "The row has no name; fill it in."},
    [REASON_NAME_TOO_LONG] = {"name_too_long", "The name has more than 500 characters; shorten it."},
    [REASON_PRICE_MISSING] = {"price_missing", "The row has no price; fill it in."},
    [REASON_PRICE_AMBIGUOUS] = {"price_ambiguous",
                                "The price can be read in two ways, and nothing else in the list says "
                                "which; set ingest.decimal to point or comma for this supplier."},
    [REASON_PRICE_NOT_A_NUMBER] = {"price_not_a_number",
                                   "The price is no number; write a number, with a currency at "
                                   "most."},
    [REASON_PRICE_NEGATIVE] = {"price_negative", "The price is below zero; correct it."},
    [REASON_PRICE_RANGE] = {"price_range", "The price is above 9999999999.9999; correct it."},
    [REASON_CURRENCY_UNKNOWN] = {"currency_unknown",
                                 "The currency is not known; write its ISO 4217 code, such as EUR."},
    [REASON_FORMULA_ERROR] = {"formula_error", "A formula failed here; repair it in the sheet."},
    [REASON_NUL_BYTE] = {"nul_byte", "The text has a NUL byte, which no store can keep; remove it."},
    [REASON_BAD_TEXT] = {"bad_text",
                         "The text is not valid UTF-8; save the list again, or name its encoding."},
    [REASON_ROW_TOO_LARGE] = {"row_too_large",
                              "The row's characteristics are larger than 1 MiB; shorten them."},
    [REASON_MERGED_CELL] = {"merged_cell",
                            "A cell of the row is merged with another one; undo that in the sheet, or set "
                            "ingest.merged to fill or top_left."},
    [REASON_SUPPLIER_NAME_MISSING] = {"supplier_name_missing",
                                      "The row names no supplier; fill the name in."},
    [REASON_SUPPLIER_NAME_TOO_LONG] = {"supplier_name_too_long",
                                       "The supplier's name has more than 255 characters; "
                                       "shorten it."},
    [REASON_URL_MISSING] = {"url_missing", "The row has no address of a price list; fill it in."},
    [REASON_URL_INVALID] = {"url_invalid",
                            "The address has control characters or more than 2048 bytes; correct it."},
    [REASON_FORMAT_MISSING] = {"format_missing", "The row has no format; fill it in."},
    [REASON_FORMAT_UNKNOWN] = {"format_unknown", "No source reads this format."},
    [REASON_ACTIVE_UNKNOWN] = {"active_unknown", "The switch is neither yes nor no; write yes or no."},
    [REASON_DUPLICATE_SUPPLIER] = {"duplicate_supplier",
                                   "Another row names the same supplier; remove one of them."},
};

const char *reason_code(enum reason reason)
{
    return reasons[reason].code;
}

const char *reason_message(enum reason reason)
{
    return reasons[reason].message;
}
