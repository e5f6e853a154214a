/* SPDX-License-Identifier: Apache-2.0 */
/* Walking the bitmaps of a scanner, chunk after chunk. */
#ifndef FORMATS_CSV_CHUNK_H
#define FORMATS_CSV_CHUNK_H

#include "formats/csv_row.h"

/* Scans the chunk after the present one; false at the end of the window. */
bool csv_chunk_next(struct csv_scanner *scanner);

/* The first delimiter or line end at or after `at`, which is not before the chunk. A final window has a line end at its
 * size. False when there is none in the window. */
bool csv_next_end(struct csv_scanner *scanner, size_t at, size_t *ret_at, bool *ret_is_newline);

/* The first quote at or after `at`, which is not before the chunk. False when there is none in the window. */
bool csv_next_quote(struct csv_scanner *scanner, size_t at, size_t *ret_at);

/* False when there is no line end from `from` up to `to`; true also when the chunk does not tell. */
bool csv_may_hold_newline(const struct csv_scanner *scanner, size_t from, size_t to);

#endif
