/* SPDX-License-Identifier: Apache-2.0 */
/* Scans a window chunk by chunk. The kernels want whole blocks with three bytes before them: the first and
 * the last block of a window are scanned in a copy. */
#include "formats/csv_chunk.h"

#include <string.h>

/* A block of n < 64 bytes, or the first of a window; what is missing is blank. */
static unsigned scan_copy(struct csv_scanner *scanner, size_t at, size_t n, struct csv_bitmaps *ret_bitmaps)
{
    char copy[CSV_SCAN_LOOKBACK + CSV_SCAN_BLOCK];
    memset(copy, ' ', sizeof copy);
    size_t before = at < CSV_SCAN_LOOKBACK ? at : CSV_SCAN_LOOKBACK;
    memcpy(copy + CSV_SCAN_LOOKBACK - before, scanner->text + at - before, before + n);
    unsigned flags = scanner->kernel(scanner->special, copy + CSV_SCAN_LOOKBACK, 1, ret_bitmaps);
    if (n == CSV_SCAN_BLOCK)
        return flags;
    uint64_t inside = (UINT64_C(1) << n) - 1;
    ret_bitmaps->ends &= inside;
    ret_bitmaps->newlines &= inside;
    ret_bitmaps->quotes &= inside;
    if (scanner->is_final) {
        ret_bitmaps->ends |= UINT64_C(1) << n;
        ret_bitmaps->newlines |= UINT64_C(1) << n;
    }
    return flags;
}

static void scan_chunk(struct csv_scanner *scanner, size_t base)
{
    size_t left = scanner->size - base;
    size_t n = left / CSV_SCAN_BLOCK;
    if (n > CSV_CHUNK_WORDS)
        n = CSV_CHUNK_WORDS;
    size_t copied = base < CSV_SCAN_LOOKBACK && n > 0;
    unsigned flags = copied ? scan_copy(scanner, base, CSV_SCAN_BLOCK, scanner->maps) : 0;
    flags |= scanner->kernel(scanner->special, scanner->text + base + copied * CSV_SCAN_BLOCK, n - copied,
                             scanner->maps + copied);
    size_t scanned = n * CSV_SCAN_BLOCK;
    scanner->is_last = left - scanned < CSV_SCAN_BLOCK;
    if (scanner->is_last) {
        flags |= scan_copy(scanner, base + scanned, left - scanned, scanner->maps + n);
        n++;
    }
    scanner->base = base;
    scanner->n_words = n;
    scanner->word = 0;
    scanner->chunk_flags = flags;
    scanner->row_flags |= flags;
}

void csv_scanner_seek(struct csv_scanner *scanner, size_t at)
{
    scan_chunk(scanner, at);
    scanner->pending = scanner->maps[0].ends;
}

bool csv_chunk_next(struct csv_scanner *scanner)
{
    if (scanner->is_last)
        return false;
    scan_chunk(scanner, scanner->base + scanner->n_words * CSV_SCAN_BLOCK);
    return true;
}

bool csv_chunk_skip_to(struct csv_scanner *scanner, size_t at)
{
    while (at - scanner->base >= scanner->n_words * CSV_SCAN_BLOCK)
        if (!csv_chunk_next(scanner))
            return false;
    size_t offset = at - scanner->base;
    scanner->word = offset / CSV_SCAN_BLOCK;
    scanner->pending = scanner->maps[scanner->word].ends & (UINT64_MAX << offset % CSV_SCAN_BLOCK);
    return true;
}

bool csv_next_quote(struct csv_scanner *scanner, size_t at, size_t *ret_at)
{
    if (!csv_chunk_skip_to(scanner, at))
        return false;
    uint64_t quotes =
        scanner->maps[scanner->word].quotes & (UINT64_MAX << (at - scanner->base) % CSV_SCAN_BLOCK);
    while (quotes == 0) {
        scanner->word++;
        if (scanner->word >= scanner->n_words && !csv_chunk_next(scanner))
            return false;
        quotes = scanner->maps[scanner->word].quotes;
    }
    *ret_at = scanner->base + scanner->word * CSV_SCAN_BLOCK + (unsigned)__builtin_ctzll(quotes);
    return true;
}
