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
    scanner->scans++;
}

void csv_scanner_seek(struct csv_scanner *scanner, size_t at)
{
    scan_chunk(scanner, at);
    scanner->begins_row = true;
}

bool csv_chunk_next(struct csv_scanner *scanner)
{
    if (scanner->is_last)
        return false;
    scan_chunk(scanner, scanner->base + scanner->n_words * CSV_SCAN_BLOCK);
    scanner->begins_row = false;
    return true;
}

/* The block with `at`; NULL behind the window. */
static const struct csv_bitmaps *block_at(struct csv_scanner *scanner, size_t at)
{
    while (at - scanner->base >= scanner->n_words * CSV_SCAN_BLOCK)
        if (!csv_chunk_next(scanner))
            return NULL;
    return &scanner->maps[(at - scanner->base) / CSV_SCAN_BLOCK];
}

/* The block after this one; NULL behind the window. */
static const struct csv_bitmaps *block_after(struct csv_scanner *scanner, const struct csv_bitmaps *block)
{
    block++;
    if (block < scanner->maps + scanner->n_words)
        return block;
    return csv_chunk_next(scanner) ? scanner->maps : NULL;
}

static size_t position(const struct csv_scanner *scanner, const struct csv_bitmaps *block, unsigned bit)
{
    return scanner->base + (size_t)(block - scanner->maps) * CSV_SCAN_BLOCK + bit;
}

static uint64_t from_bit(const struct csv_scanner *scanner, size_t at)
{
    return UINT64_MAX << (at - scanner->base) % CSV_SCAN_BLOCK;
}

bool csv_next_quote(struct csv_scanner *scanner, size_t at, size_t *ret_at)
{
    const struct csv_bitmaps *block = block_at(scanner, at);
    uint64_t quotes = block == NULL ? 0 : block->quotes & from_bit(scanner, at);
    while (block != NULL && quotes == 0) {
        block = block_after(scanner, block);
        quotes = block == NULL ? 0 : block->quotes;
    }
    if (block == NULL)
        return false;
    *ret_at = position(scanner, block, (unsigned)__builtin_ctzll(quotes));
    return true;
}

bool csv_next_end(struct csv_scanner *scanner, size_t at, size_t *ret_at, bool *ret_is_newline)
{
    const struct csv_bitmaps *block = block_at(scanner, at);
    uint64_t ends = block == NULL ? 0 : block->ends & from_bit(scanner, at);
    while (block != NULL && ends == 0) {
        block = block_after(scanner, block);
        ends = block == NULL ? 0 : block->ends;
    }
    if (block == NULL)
        return false;
    const unsigned bit = (unsigned)__builtin_ctzll(ends);
    *ret_at = position(scanner, block, bit);
    *ret_is_newline = block->newlines >> bit & 1;
    return true;
}

bool csv_may_hold_newline(const struct csv_scanner *scanner, size_t from, size_t to)
{
    if (from < scanner->base)
        return true;
    const size_t last = (to - scanner->base) / CSV_SCAN_BLOCK;
    uint64_t bits = from_bit(scanner, from);
    for (size_t i = (from - scanner->base) / CSV_SCAN_BLOCK; i < last; i++, bits = UINT64_MAX)
        if ((scanner->maps[i].newlines & bits) != 0)
            return true;
    return (scanner->maps[last].newlines & bits & ~from_bit(scanner, to)) != 0;
}
