/* SPDX-License-Identifier: Apache-2.0 */
/* Walking the bitmaps of a scanner, chunk after chunk. Inline, because each cell of a list passes here. */
#ifndef FORMATS_CSV_CHUNK_H
#define FORMATS_CSV_CHUNK_H

#include "formats/csv_row.h"

/* Scans the chunk after the present one; false at the end of the window. */
bool csv_chunk_next(struct csv_scanner *scanner);

/* The next delimiter or line end. A final window has a line end at its size. False at the end of the window.
 */
static inline bool csv_next_end(struct csv_scanner *scanner, size_t *ret_at, bool *ret_is_newline)
{
    while (scanner->pending == 0) {
        scanner->word++;
        if (scanner->word >= scanner->n_words && !csv_chunk_next(scanner))
            return false;
        scanner->pending = scanner->maps[scanner->word].ends;
    }
    unsigned bit = (unsigned)__builtin_ctzll(scanner->pending);
    scanner->pending &= scanner->pending - 1;
    *ret_at = scanner->base + scanner->word * CSV_SCAN_BLOCK + bit;
    *ret_is_newline = scanner->maps[scanner->word].newlines >> bit & 1;
    return true;
}

/* Makes `at`, not before the chunk, the next position to look at. False when it is the end of the window. */
bool csv_chunk_skip_to(struct csv_scanner *scanner, size_t at);

/* The first quote at or after `at`, which is not before the chunk. False when there is none in the window. */
bool csv_next_quote(struct csv_scanner *scanner, size_t at, size_t *ret_at);

#endif
