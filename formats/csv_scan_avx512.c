/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel for processors with AVX-512: a block is one vector, and comparing it gives a bitmap at once. */
#include "formats/csv_scan_x86.h"

#ifdef CSV_SCAN_X86

#include <immintrin.h>

enum { PREFETCH_BYTES = 8192 }; /* a chunk ahead: cells are made between two scans */

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,popcnt")))

static inline AVX512 __m512i load(const char *text)
{
    return _mm512_loadu_si512((const void *)text);
}

static inline AVX512 __m512i table(const uint8_t values[16])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)values));
}

static inline AVX512 __m512i high_nibbles(__m512i bytes)
{
    return _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0f));
}

/* Non-zero bytes where the block at `text`, seen with the three bytes before, is not UTF-8; as the AVX2
 * kernel's. */
static inline AVX512 __m512i utf8_faults(const char *text, __m512i block)
{
    __m512i previous = load(text - 1);
    __m512i faults = _mm512_and_si512(
        _mm512_and_si512(_mm512_shuffle_epi8(table(csv_utf8_first_high), high_nibbles(previous)),
                         _mm512_shuffle_epi8(table(csv_utf8_first_low),
                                             _mm512_and_si512(previous, _mm512_set1_epi8(0x0f)))),
        _mm512_shuffle_epi8(table(csv_utf8_second_high), high_nibbles(block)));
    __m512i third = _mm512_subs_epu8(load(text - 2), _mm512_set1_epi8(0xe0 - 0x80));
    __m512i fourth = _mm512_subs_epu8(load(text - 3), _mm512_set1_epi8(0xf0 - 0x80));
    __m512i wanted = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
    return _mm512_xor_si512(wanted, faults);
}

AVX512 unsigned csv_scan_avx512(struct csv_special special, const char *text, size_t n_blocks,
                                struct csv_bitmaps *ret_bitmaps)
{
    const __m512i delimiter = _mm512_set1_epi8(special.delimiter), quote = _mm512_set1_epi8(special.quote);
    const __m512i lf = _mm512_set1_epi8('\n'), cr = _mm512_set1_epi8('\r');
    __m512i faults = _mm512_setzero_si512();
    uint64_t nul = 0, returns = 0;
    uint64_t before = ((text[-1] | text[-2] | text[-3]) & 0x80) != 0;
    for (size_t i = 0; i < n_blocks; i++, text += CSV_SCAN_BLOCK) {
        _mm_prefetch(text + PREFETCH_BYTES, _MM_HINT_T0);
        __m512i block = load(text);
        uint64_t block_returns = _mm512_cmpeq_epi8_mask(block, cr);
        uint64_t newlines = _mm512_cmpeq_epi8_mask(block, lf) | block_returns;
        returns |= block_returns;
        ret_bitmaps[i].newlines = newlines;
        ret_bitmaps[i].ends = newlines | _mm512_cmpeq_epi8_mask(block, delimiter);
        ret_bitmaps[i].quotes = _mm512_cmpeq_epi8_mask(block, quote);
        nul |= _mm512_testn_epi8_mask(block, block);
        uint64_t non_ascii = _mm512_movepi8_mask(block);
        if ((non_ascii | before) != 0)
            faults = _mm512_or_si512(faults, utf8_faults(text, block));
        before = non_ascii >> (CSV_SCAN_BLOCK - CSV_SCAN_LOOKBACK);
    }
    return (nul == 0 ? 0u : CSV_SCAN_NUL) | (returns == 0 ? 0u : CSV_SCAN_RETURN) |
           (_mm512_test_epi8_mask(faults, faults) == 0 ? 0u : CSV_SCAN_BAD_UTF8);
}

/* All 64 that a block can have. */
static inline AVX512 void positions_put(uint16_t *to, __m512i set, short first)
{
    const __m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(set));
    const __m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(set, 1));
    _mm512_storeu_si512(to, _mm512_add_epi16(low, _mm512_set1_epi16(first)));
    _mm512_storeu_si512(to + 32, _mm512_add_epi16(high, _mm512_set1_epi16(first)));
}

/* The numbers 0 to 63 of the set bits, pressed together, then widened. */
AVX512 size_t csv_positions_avx512(const uint64_t *words, size_t n, uint16_t *ret_positions,
                                   uint16_t *ret_before)
{
    static const uint8_t numbers[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i all = _mm512_loadu_si512(numbers);
    uint16_t *to = ret_positions;
    for (size_t word = 0; word < n; word++) {
        const short first = (short)(word * CSV_SCAN_BLOCK);
        ret_before[word] = (uint16_t)(to - ret_positions);
        const __m512i set = _mm512_maskz_compress_epi8(words[word], all);
        const unsigned count = (unsigned)__builtin_popcountll(words[word]);
        const __m256i few = _mm256_cvtepu8_epi16(_mm512_castsi512_si128(set));
        _mm256_storeu_si256((__m256i *)(void *)to, _mm256_add_epi16(few, _mm256_set1_epi16(first)));
        if (count > 16)
            positions_put(to, set, first);
        to += count;
    }
    return (size_t)(to - ret_positions);
}

#else
/* ISO C wants a declaration in every file. */
typedef int csv_scan_avx512_is_empty;
#endif
