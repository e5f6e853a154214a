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
    unsigned flags = scanner->scan->kernel(scanner->special, copy + CSV_SCAN_LOOKBACK, 1, ret_bitmaps);
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

static void find_ends(struct csv_scanner *scanner)
{
    uint64_t ends[CSV_CHUNK_WORDS + 1], stops[CSV_CHUNK_WORDS + 1];
    const size_t n = scanner->n_words, after = scanner->base + n * CSV_SCAN_BLOCK;
    const uint64_t quoting = scanner->is_quoting ? UINT64_MAX : 0;
    uint64_t next_quotes = after < scanner->size && scanner->text[after] == scanner->special.quote;
    for (size_t i = n; i-- > 0;) {
        const struct csv_bitmaps *map = &scanner->maps[i];
        uint64_t before_quotes = map->quotes >> 1 | next_quotes << (CSV_SCAN_BLOCK - 1);
        ends[i] = map->ends;
        stops[i] = map->newlines | (map->ends & before_quotes & quoting);
        next_quotes = map->quotes & 1;
    }
    scanner->n_ends = (uint32_t)scanner->scan->positions(ends, n, scanner->ends);
    scanner->n_stops = (uint32_t)scanner->scan->few_positions(stops, n, scanner->stops);
    scanner->next_end = scanner->next_stop = 0;
}

static void scan_chunk(struct csv_scanner *scanner, size_t base)
{
    size_t left = scanner->size - base;
    size_t n = left / CSV_SCAN_BLOCK;
    if (n > CSV_CHUNK_WORDS)
        n = CSV_CHUNK_WORDS;
    size_t copied = base < CSV_SCAN_LOOKBACK && n > 0;
    unsigned flags = copied ? scan_copy(scanner, base, CSV_SCAN_BLOCK, scanner->maps) : 0;
    if (n > copied)
        flags |= scanner->scan->kernel(scanner->special, scanner->text + base + copied * CSV_SCAN_BLOCK,
                                       n - copied, scanner->maps + copied);
    size_t scanned = n * CSV_SCAN_BLOCK;
    scanner->is_last = left - scanned < CSV_SCAN_BLOCK;
    if (scanner->is_last) {
        flags |= scan_copy(scanner, base + scanned, left - scanned, scanner->maps + n);
        n++;
    }
    scanner->base = base;
    scanner->n_words = n;
    scanner->chunk_flags = flags;
    scanner->row_flags |= flags;
    find_ends(scanner);
}

void csv_scanner_seek(struct csv_scanner *scanner, size_t at)
{
    scan_chunk(scanner, at);
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
    while (scanner->next_end < scanner->n_ends && scanner->ends[scanner->next_end] < offset)
        scanner->next_end++;
    while (scanner->next_stop < scanner->n_stops && scanner->stops[scanner->next_stop] < offset)
        scanner->next_stop++;
    return true;
}

bool csv_next_quote(struct csv_scanner *scanner, size_t at, size_t *ret_at)
{
    while (at - scanner->base >= scanner->n_words * CSV_SCAN_BLOCK)
        if (!csv_chunk_next(scanner))
            return false;
    size_t word = (at - scanner->base) / CSV_SCAN_BLOCK;
    uint64_t quotes = scanner->maps[word].quotes & (UINT64_MAX << (at - scanner->base) % CSV_SCAN_BLOCK);
    while (quotes == 0) {
        word++;
        if (word == scanner->n_words) {
            if (!csv_chunk_next(scanner))
                return false;
            word = 0;
        }
        quotes = scanner->maps[word].quotes;
    }
    *ret_at = scanner->base + word * CSV_SCAN_BLOCK + (unsigned)__builtin_ctzll(quotes);
    return true;
}

bool csv_next_end(struct csv_scanner *scanner, size_t *ret_at, bool *ret_is_newline)
{
    while (scanner->next_end == scanner->n_ends)
        if (!csv_chunk_next(scanner))
            return false;
    size_t offset = scanner->ends[scanner->next_end++];
    if (scanner->next_stop < scanner->n_stops && scanner->stops[scanner->next_stop] == offset)
        scanner->next_stop++;
    *ret_at = scanner->base + offset;
    *ret_is_newline = csv_is_newline(scanner, offset);
    return true;
}
