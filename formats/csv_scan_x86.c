/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels for x86-64. A block's UTF-8 is checked only if it, or one of the three bytes before it, is not
 * ASCII; the vector check is that of Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per
 * Byte" (2021).
 */
#include "formats/csv_scan_x86.h"

#ifdef CSV_SCAN_X86

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
        uint64_t newlines = sse2_equal(bytes, '\n') | sse2_equal(bytes, '\r');
        ret_bitmaps[block].newlines = newlines;
        ret_bitmaps[block].ends = newlines | sse2_equal(bytes, special.delimiter);
        ret_bitmaps[block].quotes = sse2_equal(bytes, special.quote);
        if (sse2_equal(bytes, '\0') != 0)
            flags |= CSV_SCAN_NUL;
        uint64_t non_ascii = sse2_mask(bytes);
        if ((non_ascii != 0 || after_non_ascii) && !csv_scan_utf8(text, CSV_SCAN_BLOCK))
            flags |= CSV_SCAN_BAD_UTF8;
        after_non_ascii = non_ascii >> (CSV_SCAN_BLOCK - CSV_SCAN_LOOKBACK) != 0;
    }
    return flags;
}

/* ---- AVX2: two vectors of 32 bytes ------------------------------------------------------------------ */

#define AVX2 __attribute__((target("avx2")))

/* What can be wrong with two neighbouring bytes; each table says what one nibble of them allows to be wrong.
 */
enum utf8_fault {
    TOO_SHORT = 1 << 0, /* a lead byte before no continuation */
    TOO_LONG = 1 << 1,  /* a continuation after ASCII */
    OVERLONG_3 = 1 << 2,
    TOO_LARGE = 1 << 3, /* above U+10FFFF */
    SURROGATE = 1 << 4,
    OVERLONG_2 = 1 << 5,
    OVERLONG_4 = 1 << 6,
    TOO_LARGE_1000 = 1 << 6,    /* shares its bit with OVERLONG_4: no pair of bytes can be both */
    TWO_CONTINUATIONS = 1 << 7, /* right only as the third or fourth byte of a character */
    ANY_LOW = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS, /* decided by the high nibbles alone */
};

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
    static const uint8_t first_high[16] = {
        TOO_LONG,
        TOO_LONG,
        TOO_LONG,
        TOO_LONG,
        TOO_LONG,
        TOO_LONG,
        TOO_LONG,
        TOO_LONG,
        TWO_CONTINUATIONS,
        TWO_CONTINUATIONS,
        TWO_CONTINUATIONS,
        TWO_CONTINUATIONS,
        TOO_SHORT | OVERLONG_2,
        TOO_SHORT,
        TOO_SHORT | OVERLONG_3 | SURROGATE,
        TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
    };
    enum { LARGE = ANY_LOW | TOO_LARGE | TOO_LARGE_1000 };
    static const uint8_t first_low[16] = {
        ANY_LOW | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
        ANY_LOW | OVERLONG_2,
        ANY_LOW,
        ANY_LOW,
        ANY_LOW | TOO_LARGE,
        LARGE,
        LARGE,
        LARGE,
        LARGE,
        LARGE,
        LARGE,
        LARGE,
        LARGE,
        LARGE | SURROGATE,
        LARGE,
        LARGE,
    };
    enum { CONTINUATION = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS };
    static const uint8_t second_high[16] = {
        TOO_SHORT,
        TOO_SHORT,
        TOO_SHORT,
        TOO_SHORT,
        TOO_SHORT,
        TOO_SHORT,
        TOO_SHORT,
        TOO_SHORT,
        CONTINUATION | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
        CONTINUATION | OVERLONG_3 | TOO_LARGE,
        CONTINUATION | SURROGATE | TOO_LARGE,
        CONTINUATION | SURROGATE | TOO_LARGE,
        TOO_SHORT,
        TOO_SHORT,
        TOO_SHORT,
        TOO_SHORT,
    };
    __m256i previous = load(text - 1);
    __m256i faults = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(table(first_high), high_nibbles(previous)),
            _mm256_shuffle_epi8(table(first_low), _mm256_and_si256(previous, _mm256_set1_epi8(0x0f)))),
        _mm256_shuffle_epi8(table(second_high), high_nibbles(load(text))));
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
    __m256i faults = _mm256_setzero_si256();
    __m256i nul = _mm256_setzero_si256();
    bool after_non_ascii = begins_after_non_ascii(text);
    for (size_t block = 0; block < n_blocks; block++, text += CSV_SCAN_BLOCK) {
        __m256i low = load(text), high = load(text + 32);
        __m256i newline_low = _mm256_or_si256(_mm256_cmpeq_epi8(low, lf), _mm256_cmpeq_epi8(low, cr));
        __m256i newline_high = _mm256_or_si256(_mm256_cmpeq_epi8(high, lf), _mm256_cmpeq_epi8(high, cr));
        uint64_t newlines = avx2_mask(newline_low, newline_high);
        ret_bitmaps[block].newlines = newlines;
        ret_bitmaps[block].ends =
            newlines | avx2_mask(_mm256_cmpeq_epi8(low, delimiter), _mm256_cmpeq_epi8(high, delimiter));
        ret_bitmaps[block].quotes = avx2_mask(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(high, quote));
        nul = _mm256_or_si256(nul, _mm256_cmpeq_epi8(_mm256_min_epu8(low, high), _mm256_setzero_si256()));
        uint64_t non_ascii = avx2_mask(low, high);
        if (non_ascii != 0 || after_non_ascii)
            faults = _mm256_or_si256(faults, _mm256_or_si256(utf8_faults(text), utf8_faults(text + 32)));
        after_non_ascii = non_ascii >> (CSV_SCAN_BLOCK - CSV_SCAN_LOOKBACK) != 0;
    }
    return (_mm256_testz_si256(nul, nul) ? 0u : CSV_SCAN_NUL) |
           (_mm256_testz_si256(faults, faults) ? 0u : CSV_SCAN_BAD_UTF8);
}

#define BMI __attribute__((target("bmi,popcnt")))

/* So many at a time as most words have; what is too much is overwritten by the next word's. */
static inline BMI size_t positions_by(unsigned group, const uint64_t *words, size_t n,
                                      uint16_t *ret_positions)
{
    uint16_t *to = ret_positions;
    for (size_t word = 0; word < n; word++) {
        uint64_t bits = words[word];
        uint16_t *end = to + __builtin_popcountll(bits);
        unsigned first = (unsigned)word * CSV_SCAN_BLOCK;
        while (bits != 0) {
#pragma GCC unroll 8
            for (unsigned i = 0; i < group; i++) {
                to[i] = (uint16_t)(first + (unsigned)_tzcnt_u64(bits));
                bits &= bits - 1;
            }
            to += group;
        }
        to = end;
    }
    return (size_t)(to - ret_positions);
}

BMI size_t csv_positions_bmi(const uint64_t *words, size_t n, uint16_t *ret_positions)
{
    return positions_by(8, words, n, ret_positions);
}

BMI size_t csv_few_positions_bmi(const uint64_t *words, size_t n, uint16_t *ret_positions)
{
    return positions_by(2, words, n, ret_positions);
}

#else
/* ISO C wants a declaration in every file. */
typedef int csv_scan_x86_is_empty;
#endif
