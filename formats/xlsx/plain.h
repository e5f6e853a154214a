/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are written as spreadsheet programs write them: a start tag, cells of one value each, no entities, no
 * comments, nothing unknown. Such a row is one complete element between others, so it is read here and cut out of what
 * libxml2 gets; any other row is left to libxml2 whole. Both ways give the same cells: a fuzz target compares them.
 */
#ifndef FORMATS_XLSX_PLAIN_H
#define FORMATS_XLSX_PLAIN_H

#include "formats/xlsx/sheet.h"

enum plain_result {
    PLAIN_ROW,   /* read; *ret_used bytes are done */
    PLAIN_CUT,   /* so far it is one, and the bytes end */
    PLAIN_OTHER, /* libxml2 must read it */
};

struct plain_cell {
    struct sluice_cell reference, style, type, text; /* text: of <v> or <is><t> */
};

/* Where the cells of a row are kept until all of it is known to be plain. */
struct plain_row {
    struct sluice_cell reference, hidden;
    struct plain_cell *cells;
    uint32_t n, capacity;
};

/* `bytes` are UTF-8 and begin between two rows. OTHER also without memory. */
enum plain_result xlsx_plain_row(struct plain_row *row, struct xlsx_sheet *sheet, const char *bytes, size_t n,
                                 size_t *ret_used);
void xlsx_plain_free(struct plain_row *row); /* accepts a zeroed one */

#endif
