/* SPDX-License-Identifier: Apache-2.0 */
/* What a list says, or shows, of its own dialect. */
#ifndef FORMATS_CSV_DIALECT_H
#define FORMATS_CSV_DIALECT_H

#include "formats/csv_scan.h"

enum { CSV_DETECT_BYTES = 64 << 10 }; /* enough of a text to detect its delimiter from */

/* Length of a first line `sep=X` (as spreadsheets write it) with its line end, or 0. */
size_t csv_sep_line(const char *text, size_t n, char *ret_delimiter);

/*
 * Of comma, semicolon, TAB and bar the one that cuts most rows into the same number of cells, at least two;
 * the one with more cells on a draw, and a comma between digits only when nothing else cuts. Comma when none
 * does. `quote` may be CSV_QUOTE_NONE; the last row is ignored when the text is not whole.
 */
enum csv_text_extent { CSV_TEXT_WHOLE, CSV_TEXT_CUT };
char csv_detect_delimiter(const char *text, size_t n, enum csv_text_extent extent, int quote,
                          const struct csv_scan_choice *scan);

#endif
