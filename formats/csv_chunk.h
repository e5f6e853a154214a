/* SPDX-License-Identifier: Apache-2.0 */
/* Walking the bitmaps of a scanner, chunk after chunk. Inline, because each cell of a list passes here. */
#ifndef FORMATS_CSV_CHUNK_H
#define FORMATS_CSV_CHUNK_H

#include "formats/csv_row.h"

/* Scans the chunk after the present one; false at the end of the window. */
bool csv_chunk_next(struct csv_scanner *scanner);

static inline bool csv_is_newline(const struct csv_scanner *scanner, size_t offset)
{
    return scanner->maps[offset / CSV_SCAN_BLOCK].newlines >> offset % CSV_SCAN_BLOCK & 1;
}

/* The next delimiter or line end. A final window has a line end at its size. False at the end of the window.
 */
bool csv_next_end(struct csv_scanner *scanner, size_t *ret_at, bool *ret_is_newline);

/* Makes `at`, not before the chunk, the next position to look at. False when it is the end of the window. */
bool csv_chunk_skip_to(struct csv_scanner *scanner, size_t at);

/* The first quote at or after `at`, which is not before the chunk. False when there is none in the window. */
bool csv_next_quote(struct csv_scanner *scanner, size_t at, size_t *ret_at);

#endif
