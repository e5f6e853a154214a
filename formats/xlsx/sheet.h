/* SPDX-License-Identifier: Apache-2.0 */
/* The part of one tab (ECMA-376 part 1 §18.3.1): its cells as rows, its merged ranges, the size it claims. */
#ifndef FORMATS_XLSX_SHEET_H
#define FORMATS_XLSX_SHEET_H

#include "formats/xlsx/rows.h"
#include "formats/xlsx/strings.h"
#include "formats/xlsx/styles.h"
#include "formats/xlsx/xml.h"

/* What cells refer to; outlives the sheet. */
struct xlsx_sheet_book {
    const struct xlsx_options *options; /* limits and callbacks */
    const struct xlsx_strings *strings;
    const struct xlsx_styles *styles;
    enum xlsx_epoch epoch;
    const char *title; /* for messages */
};

enum xlsx_cell_type {
    XLSX_CELL_NUMBER,
    XLSX_CELL_SHARED,
    XLSX_CELL_INLINE,
    XLSX_CELL_TEXT, /* of a formula */
    XLSX_CELL_BOOL,
    XLSX_CELL_AS_IT_IS, /* errors, ISO dates */
};

/* The parser's state between two events. */
struct xlsx_sheet {
    const struct xlsx_sheet_book *book;
    struct xlsx_xml *xml; /* set by who opens it with xlsx_sheet_events */
    struct xlsx_rows rows;
    bool has_root, in_data, in_row, in_cell, in_inline, has_formula, collecting;
    int phonetic;

    uint64_t last_line;
    uint32_t next_column; /* where a cell without a reference stands */
    const char *reject_code;
    uint32_t reject_column;

    enum xlsx_cell_type type;
    uint32_t column, style;
    uint64_t text_bytes; /* what it would have without a ceiling */
    uint64_t n_cells;    /* of the tab */
    uint64_t n_uncalculated; /* formulas without a stored value */
    uint64_t n_rows;     /* that were closed */
    struct buffer shown; /* by a number format */
};

extern const struct xlsx_events xlsx_sheet_events; /* their context is the sheet */

void xlsx_sheet_begin(struct xlsx_sheet *sheet, const struct xlsx_sheet_book *book);
void xlsx_sheet_free(struct xlsx_sheet *sheet);

/* Building, cell.c. A value that is absent or makes no sense counts as not given. What cannot be makes the XML fail. */
void xlsx_row_open(struct xlsx_sheet *sheet, struct sluice_cell reference, struct sluice_cell hidden);
void xlsx_row_close(struct xlsx_sheet *sheet);
void xlsx_cell_open(struct xlsx_sheet *sheet, struct sluice_cell reference, struct sluice_cell style,
                    struct sluice_cell type);
void xlsx_cell_text(struct xlsx_sheet *sheet, const char *text, size_t n); /* more of it */
void xlsx_cell_close(struct xlsx_sheet *sheet); /* its text stands at the end of the rows' text */

/* The part's merged ranges; they stand behind the rows that they change. *ret_merges is NULL when there are none;
 * *ret_width is the last column that one of them covers. */
enum sluice_status xlsx_merges_read(struct xlsx_package *package, int part, struct merges **ret_merges,
                                    uint32_t *ret_width, struct sluice_error *err);

/* What the part claims, without reading its rows; 0 when it claims nothing. */
enum sluice_status xlsx_dimension_read(struct xlsx_package *package, int part, uint64_t *ret_rows,
                                       uint64_t *ret_columns, struct sluice_error *err);

/* "B7": 1-based column and row; what is missing is 0. False when there is anything else in it. */
bool xlsx_reference_read(struct sluice_cell text, uint64_t *ret_column, uint64_t *ret_row);
/* "A1:B7", or "A1" alone. */
bool xlsx_range_read(struct sluice_cell text, struct merge *ret_range);

#endif
