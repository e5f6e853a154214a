/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A byte is inside of quotes when the number of quotes up to it is odd: the prefix sum modulo two of the
 * bitmap of quotes. That holds only where each opening quote follows an end and each closing one comes before
 * an end or, doubled, before another quote. One that does not, as in `pipe 5"`, leaves the chunk unresolved.
 */
#include "formats/csv_index.h"

#include <string.h>

enum { LAST_BIT = CSV_SCAN_BLOCK - 1, WORDS = CSV_CHUNK_WORDS + 1 };

struct bits {
    uint64_t stops[WORDS], quotes[WORDS], inner[WORDS];
};

static bool is_end(const struct csv_index *index, uint32_t offset)
{
    return index->end_bits[offset / CSV_SCAN_BLOCK] >> offset % CSV_SCAN_BLOCK & 1;
}

/* Whether each quote stands where it may: the first one of a cell at its beginning, the last one at its end,
 * and all others in pairs. The last cell of a chunk may be cut. */
static bool quotes_are_right(const struct csv_index *index, size_t n_words)
{
    const uint16_t *quotes = index->quotes.at;
    const uint32_t n = index->quotes.n;
    uint32_t expected = 0; /* an opening quote that makes a pair with the one before */
    for (uint32_t i = 0; i < n; i += 2) {
        const uint32_t open = quotes[i];
        if (open != expected && !is_end(index, open - 1))
            return false;
        if (i + 1 == n || quotes[i + 1] + 1u == n_words * CSV_SCAN_BLOCK)
            return true;
        expected = quotes[i + 1] + 1u;
        if (!is_end(index, expected) && (i + 2 == n || quotes[i + 2] != expected))
            return false;
    }
    return true;
}

/* All ends, and as stops those behind which the rows cannot be told from the bitmaps alone. */
static void leave_unresolved(const struct csv_scanner *scanner, uint64_t *ends, struct bits *bits)
{
    const size_t n = scanner->n_words, after = scanner->base + n * CSV_SCAN_BLOCK;
    const uint64_t quoting = scanner->is_quoting ? UINT64_MAX : 0;
    uint64_t next_quote = after < scanner->size && scanner->text[after] == scanner->special.quote;
    for (size_t i = n; i-- > 0;) {
        const struct csv_bitmaps *map = &scanner->maps[i];
        const uint64_t before_quotes = map->quotes >> 1 | next_quote << LAST_BIT;
        ends[i] = map->ends;
        bits->stops[i] = map->newlines | (map->ends & before_quotes & quoting);
        bits->inner[i] = 0;
        next_quote = map->quotes & 1;
    }
}

/* A CR before an LF ends nothing. Whether there is any. */
static bool drop_returns(const struct csv_scanner *scanner, uint64_t *ends, struct bits *bits)
{
    bool has_returns = false;
    const char *chunk = scanner->text + scanner->base;
    const size_t n = scanner->n_words * CSV_SCAN_BLOCK, left = scanner->size - scanner->base;
    const char *const end = chunk + (left < n ? left : n);
    for (const char *at = memchr(chunk, '\r', (size_t)(end - chunk)); at != NULL;
         at = memchr(at + 1, '\r', (size_t)(end - at - 1))) {
        const size_t offset = (size_t)(at - chunk);
        if (offset + 1 == left || at[1] != '\n')
            continue;
        const uint64_t others = ~(UINT64_C(1) << offset % CSV_SCAN_BLOCK);
        ends[offset / CSV_SCAN_BLOCK] &= others;
        bits->stops[offset / CSV_SCAN_BLOCK] &= others;
        bits->inner[offset / CSV_SCAN_BLOCK] &= others;
        has_returns = true;
    }
    return has_returns;
}

static void places_find(struct csv_places *places, const uint64_t *bits, size_t n,
                        const struct csv_scan_choice *scan)
{
    places->next = 0;
    places->n = (uint32_t)scan->few_positions(bits, n, places->at);
}

void csv_index_make(struct csv_index *index, const struct csv_scanner *scanner)
{
    struct bits bits;
    const size_t n = scanner->n_words;
    uint64_t *ends = index->end_bits;
    bool has_inner = false;
    index->scan = scanner->scans;
    index->is_resolved = scanner->is_quoting;
    index->quotes.n = index->inner.n = 0;
    if (scanner->is_quoting) {
        has_inner = scanner->scan->split(scanner->maps, n, ends, bits.stops, bits.inner);
        for (size_t i = 0; i < n; i++)
            bits.quotes[i] = scanner->maps[i].quotes;
        places_find(&index->quotes, bits.quotes, n, scanner->scan);
        index->is_resolved = quotes_are_right(index, n);
    }
    if (!index->is_resolved) {
        leave_unresolved(scanner, ends, &bits);
        index->quotes.n = 0;
        has_inner = false;
    }
    index->has_returns = (scanner->chunk_flags & CSV_SCAN_RETURN) != 0 && drop_returns(scanner, ends, &bits);
    index->ends.next = 0;
    index->ends.n = (uint32_t)scanner->scan->positions(ends, n, index->ends.at, index->ends_before);
    places_find(&index->stops, bits.stops, n, scanner->scan);
    index->inner.next = 0;
    index->inner.n = has_inner ? (uint32_t)csv_few_positions_scalar(bits.inner, n, index->inner.at) : 0;
}

static void places_skip_to(struct csv_places *places, uint32_t offset)
{
    while (places->next < places->n && places->at[places->next] < offset)
        places->next++;
}

void csv_index_skip_to(struct csv_index *index, uint32_t offset)
{
    places_skip_to(&index->ends, offset);
    places_skip_to(&index->stops, offset);
    places_skip_to(&index->quotes, offset);
    places_skip_to(&index->inner, offset);
}

uint32_t csv_index_cell(const struct csv_index *index, uint32_t offset)
{
    const uint32_t word = offset / CSV_SCAN_BLOCK;
    const uint64_t before = (UINT64_C(1) << offset % CSV_SCAN_BLOCK) - 1;
    return index->ends_before[word] + (uint32_t)__builtin_popcountll(index->end_bits[word] & before);
}
