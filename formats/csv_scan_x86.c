/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels for x86-64. A block's UTF-8 is checked only if it, or one of the three bytes before it, is not
 * ASCII; the vector check is that of Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per
 * Byte" (2021).
 */
#include "formats/csv_scan_x86.h"

#ifdef CSV_SCAN_X86

#include <assert.h>
#include <immintrin.h>

/* Whether one of the bytes before the text may begin a character that reaches into it. */
static bool begins_after_non_ascii(const char *text)
{
    return ((text[-1] | text[-2] | text[-3]) & 0x80) != 0;
}

/* ---- SSE2: four vectors of 16 bytes ----------------------------------------------------------------- */

static inline uint64_t sse2_mask(const __m128i bytes[4])
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 4; i++)
        mask |= (uint64_t)(uint16_t)_mm_movemask_epi8(bytes[i]) << (16 * i);
    return mask;
}

static inline uint64_t sse2_equal(const __m128i bytes[4], char c)
{
    __m128i wanted = _mm_set1_epi8(c);
    __m128i equal[4];
    for (unsigned i = 0; i < 4; i++)
        equal[i] = _mm_cmpeq_epi8(bytes[i], wanted);
    return sse2_mask(equal);
}

unsigned csv_scan_sse2(struct csv_special special, const char *text, size_t n_blocks,
                       struct csv_bitmaps *ret_bitmaps)
{
    unsigned flags = 0;
    bool after_non_ascii = begins_after_non_ascii(text);
    for (size_t block = 0; block < n_blocks; block++, text += CSV_SCAN_BLOCK) {
        __m128i bytes[4];
        for (unsigned i = 0; i < 4; i++)
            bytes[i] = _mm_loadu_si128((const __m128i *)(const void *)(text + 16 * (size_t)i));
        uint64_t returns = sse2_equal(bytes, '\r');
        uint64_t newlines = sse2_equal(bytes, '\n') | returns;
        ret_bitmaps[block].newlines = newlines;
        ret_bitmaps[block].ends = newlines | sse2_equal(bytes, special.delimiter);
        ret_bitmaps[block].quotes = sse2_equal(bytes, special.quote);
        flags |= (returns != 0 ? CSV_SCAN_RETURN : 0u) | (sse2_equal(bytes, '\0') != 0 ? CSV_SCAN_NUL : 0u);
        uint64_t non_ascii = sse2_mask(bytes);
        if ((non_ascii != 0 || after_non_ascii) && !csv_scan_utf8(text, CSV_SCAN_BLOCK))
            flags |= CSV_SCAN_BAD_UTF8;
        after_non_ascii = non_ascii >> (CSV_SCAN_BLOCK - CSV_SCAN_LOOKBACK) != 0;
    }
    return flags;
}

/* ---- AVX2: two vectors of 32 bytes ------------------------------------------------------------------ */

#define AVX2 __attribute__((target("avx2")))

static inline AVX2 __m256i table(const uint8_t values[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)values));
}

static inline AVX2 __m256i high_nibbles(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
}

static inline AVX2 __m256i load(const char *text)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

/* Non-zero bytes where the 32 bytes at `text`, seen with the three before, are not UTF-8. */
static inline AVX2 __m256i utf8_faults(const char *text)
{
    __m256i previous = load(text - 1);
    __m256i faults = _mm256_and_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(table(csv_utf8_first_high), high_nibbles(previous)),
                         _mm256_shuffle_epi8(table(csv_utf8_first_low),
                                             _mm256_and_si256(previous, _mm256_set1_epi8(0x0f)))),
        _mm256_shuffle_epi8(table(csv_utf8_second_high), high_nibbles(load(text))));
    /* Two continuations are right exactly where a lead of three stands two before or one of four three
     * before. */
    __m256i third = _mm256_subs_epu8(load(text - 2), _mm256_set1_epi8(0xe0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(load(text - 3), _mm256_set1_epi8(0xf0 - 0x80));
    __m256i wanted = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(wanted, faults);
}

static inline AVX2 uint64_t avx2_mask(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

AVX2 unsigned csv_scan_avx2(struct csv_special special, const char *text, size_t n_blocks,
                            struct csv_bitmaps *ret_bitmaps)
{
    const __m256i delimiter = _mm256_set1_epi8(special.delimiter), quote = _mm256_set1_epi8(special.quote);
    const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
    __m256i faults = _mm256_setzero_si256(), returns = _mm256_setzero_si256();
    __m256i smallest = _mm256_set1_epi8((char)0xff);
    bool after_non_ascii = begins_after_non_ascii(text);
    for (size_t block = 0; block < n_blocks; block++, text += CSV_SCAN_BLOCK) {
        const __m256i low = load(text), high = load(text + 32);
        const __m256i return_low = _mm256_cmpeq_epi8(low, cr), return_high = _mm256_cmpeq_epi8(high, cr);
        const uint64_t newlines = avx2_mask(_mm256_or_si256(_mm256_cmpeq_epi8(low, lf), return_low),
                                            _mm256_or_si256(_mm256_cmpeq_epi8(high, lf), return_high));
        ret_bitmaps[block].newlines = newlines;
        ret_bitmaps[block].ends =
            newlines | avx2_mask(_mm256_cmpeq_epi8(low, delimiter), _mm256_cmpeq_epi8(high, delimiter));
        ret_bitmaps[block].quotes = avx2_mask(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(high, quote));
        returns = _mm256_or_si256(returns, _mm256_or_si256(return_low, return_high));
        smallest = _mm256_min_epu8(smallest, _mm256_min_epu8(low, high));
        if (_mm256_movemask_epi8(_mm256_or_si256(low, high)) != 0 || after_non_ascii) {
            faults = _mm256_or_si256(faults, _mm256_or_si256(utf8_faults(text), utf8_faults(text + 32)));
            after_non_ascii = begins_after_non_ascii(text + CSV_SCAN_BLOCK);
        }
    }
    const __m256i nul = _mm256_cmpeq_epi8(smallest, _mm256_setzero_si256());
    return (_mm256_testz_si256(nul, nul) ? 0u : CSV_SCAN_NUL) |
           (_mm256_testz_si256(returns, returns) ? 0u : CSV_SCAN_RETURN) |
           (_mm256_testz_si256(faults, faults) ? 0u : CSV_SCAN_BAD_UTF8);
}

#define BMI __attribute__((target("bmi,popcnt")))

/* Eight at a time, which is what most words have at most; what is too much is overwritten by the next word's.
 */
BMI size_t csv_positions_bmi(const uint64_t *words, size_t n, uint16_t *ret_positions, uint16_t *ret_before)
{
    uint16_t *to = ret_positions;
    for (size_t word = 0; word < n; word++) {
        uint64_t bits = words[word];
        uint16_t *end = to + __builtin_popcountll(bits);
        unsigned first = (unsigned)word * CSV_SCAN_BLOCK;
        ret_before[word] = (uint16_t)(to - ret_positions);
        while (bits != 0) {
#pragma GCC unroll 8
            for (unsigned i = 0; i < 8; i++) {
                to[i] = (uint16_t)(first + (unsigned)_tzcnt_u64(bits));
                bits &= bits - 1;
            }
            to += 8;
        }
        to = end;
    }
    return (size_t)(to - ret_positions);
}

/* The first without a branch, since whether a word has one is hard to foresee. */
BMI size_t csv_few_positions_bmi(const uint64_t *words, size_t n, uint16_t *ret_positions)
{
    uint16_t *to = ret_positions;
    for (size_t word = 0; word < n; word++) {
        uint64_t bits = words[word];
        uint16_t *end = to + __builtin_popcountll(bits);
        unsigned first = (unsigned)word * CSV_SCAN_BLOCK;
        *to++ = (uint16_t)(first + (unsigned)_tzcnt_u64(bits));
        for (bits &= bits - 1; bits != 0; bits &= bits - 1)
            *to++ = (uint16_t)(first + (unsigned)_tzcnt_u64(bits));
        to = end;
    }
    return (size_t)(to - ret_positions);
}

/* Multiplying by all ones without carries gives the parity of the bits up to each. */
__attribute__((target("pclmul,bmi"))) bool csv_split_clmul(const struct csv_bitmaps *bitmaps, size_t n,
                                                           uint64_t *ret_ends, uint64_t *ret_stops,
                                                           uint64_t *ret_inner)
{
    const __m128i ones = _mm_set1_epi8((char)0xff);
    uint64_t was_inside = 0, any_inner = 0;
    for (size_t i = 0; i < n; i++) {
        const __m128i quotes = _mm_cvtsi64_si128((long long)bitmaps[i].quotes);
        const uint64_t parity = (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(quotes, ones, 0));
        const uint64_t inside = parity ^ was_inside;
        was_inside = 0 - (inside >> (CSV_SCAN_BLOCK - 1));
        ret_ends[i] = bitmaps[i].ends & ~inside;
        ret_stops[i] = bitmaps[i].newlines & ~inside;
        ret_inner[i] = bitmaps[i].newlines & inside;
        any_inner |= ret_inner[i];
    }
    return any_inner != 0;
}

static_assert(sizeof(struct sluice_cell) == 16 && offsetof(struct sluice_cell, len) == 8,
              "a cell is its address, then its length and zero flags as one little-endian word");

AVX2 void csv_cells_avx2(const char *chunk, uint32_t from, const uint16_t *ends, size_t n,
                         struct sluice_cell *ret_cells)
{
    if (n == 0)
        return;
    *ret_cells = (struct sluice_cell){.ptr = chunk + from, .len = ends[0] - from};
    const __m256i base = _mm256_set1_epi64x((long long)(uintptr_t)chunk), one = _mm256_set1_epi64x(1);
    for (size_t i = 1; i < n; i += 4) {
        __m256i begin = _mm256_cvtepu16_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(ends + i - 1)));
        __m256i end = _mm256_cvtepu16_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(ends + i)));
        begin = _mm256_add_epi64(begin, one);
        __m256i address = _mm256_add_epi64(base, begin), length = _mm256_sub_epi64(end, begin);
        __m256i even = _mm256_unpacklo_epi64(address, length), odd = _mm256_unpackhi_epi64(address, length);
        __m256i *to = (__m256i *)(void *)(ret_cells + i);
        _mm256_storeu_si256(to, _mm256_permute2x128_si256(even, odd, 0x20));
        _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(even, odd, 0x31));
    }
}

#else
/* ISO C wants a declaration in every file. */
typedef int csv_scan_x86_is_empty;
#endif
