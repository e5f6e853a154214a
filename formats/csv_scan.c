/* SPDX-License-Identifier: Apache-2.0 */
/* The portable kernel and the choice among kernels. */
#include "formats/csv_scan.h"

#include "base/text.h"
#include "formats/csv_scan_x86.h"

/* Bytes of the character that this byte begins; 1 for what begins none. */
static size_t announced_length(unsigned char c)
{
    if (c < 0xc0)
        return 1;
    if (c < 0xe0)
        return 2;
    return c < 0xf0 ? 3 : 4;
}

/* How many bytes before `text` the character began that reaches into it, or 0. */
static size_t bytes_begun_before(const char *text)
{
    for (size_t back = 1; back <= CSV_SCAN_LOOKBACK; back++) {
        unsigned char c = (unsigned char)text[-(ptrdiff_t)back];
        if (c < 0x80)
            return 0;
        if (c >= 0xc0)
            return announced_length(c) > back ? back : 0;
    }
    return 0;
}

bool csv_scan_utf8(const char *text, size_t n)
{
    size_t back = bytes_begun_before(text);
    const char *start = text - back;
    size_t length = n + back;
    size_t valid = utf8_valid_prefix(start, length);
    if (valid == length)
        return true;
    size_t rest = length - valid;
    size_t announced = announced_length((unsigned char)start[valid]);
    if (announced <= rest)
        return false;
    for (size_t i = 1; i < rest; i++)
        if (((unsigned char)start[valid + i] & 0xc0) != 0x80)
            return false;
    return true;
}

unsigned csv_scan_scalar(struct csv_special special, const char *text, size_t n_blocks,
                         struct csv_bitmaps *ret_bitmaps)
{
    unsigned flags = csv_scan_utf8(text, n_blocks * CSV_SCAN_BLOCK) ? 0 : CSV_SCAN_BAD_UTF8;
    for (size_t block = 0; block < n_blocks; block++) {
        struct csv_bitmaps bitmaps = {0};
        for (unsigned i = 0; i < CSV_SCAN_BLOCK; i++) {
            char c = text[block * CSV_SCAN_BLOCK + i];
            uint64_t newline = c == '\n' || c == '\r';
            bitmaps.newlines |= newline << i;
            bitmaps.ends |= (newline | (c == special.delimiter)) << i;
            bitmaps.quotes |= (uint64_t)(c == special.quote) << i;
            flags |= (c == '\0' ? CSV_SCAN_NUL : 0u) | (c == '\r' ? CSV_SCAN_RETURN : 0u);
        }
        ret_bitmaps[block] = bitmaps;
    }
    return flags;
}

size_t csv_few_positions_scalar(const uint64_t *words, size_t n, uint16_t *ret_positions)
{
    uint16_t *to = ret_positions;
    for (size_t i = 0; i < n; i++)
        for (uint64_t bits = words[i]; bits != 0; bits &= bits - 1)
            *to++ = (uint16_t)(i * CSV_SCAN_BLOCK + (unsigned)__builtin_ctzll(bits));
    return (size_t)(to - ret_positions);
}

size_t csv_positions_scalar(const uint64_t *words, size_t n, uint16_t *ret_positions, uint16_t *ret_before)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        ret_before[i] = (uint16_t)count;
        for (uint64_t bits = words[i]; bits != 0; bits &= bits - 1)
            ret_positions[count++] = (uint16_t)(i * CSV_SCAN_BLOCK + (unsigned)__builtin_ctzll(bits));
    }
    return count;
}

void csv_cells_scalar(const char *chunk, uint32_t from, const uint16_t *ends, size_t n,
                      struct sluice_cell *ret_cells)
{
    for (size_t i = 0; i < n; i++) {
        ret_cells[i] = (struct sluice_cell){.ptr = chunk + from, .len = ends[i] - from};
        from = ends[i] + 1u;
    }
}

/* Bit i of the result is the parity of the bits 0 to i. */
static inline uint64_t prefix_parity(uint64_t bits)
{
    for (unsigned shift = 1; shift < CSV_SCAN_BLOCK; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

bool csv_split_scalar(const struct csv_bitmaps *bitmaps, size_t n, uint64_t *ret_ends, uint64_t *ret_stops,
                      uint64_t *ret_inner)
{
    uint64_t was_inside = 0, any_inner = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t inside = prefix_parity(bitmaps[i].quotes) ^ was_inside;
        was_inside = 0 - (inside >> (CSV_SCAN_BLOCK - 1));
        ret_ends[i] = bitmaps[i].ends & ~inside;
        ret_stops[i] = bitmaps[i].newlines & ~inside;
        ret_inner[i] = bitmaps[i].newlines & inside;
        any_inner |= ret_inner[i];
    }
    return any_inner != 0;
}

static const struct csv_scan_choice choices[] = {
#ifdef CSV_SCAN_X86
    {"avx512", csv_scan_avx512, csv_positions_avx512, csv_few_positions_bmi, csv_cells_avx2, csv_split_clmul},
    {"avx2", csv_scan_avx2, csv_positions_bmi, csv_few_positions_bmi, csv_cells_avx2, csv_split_clmul},
    {"sse2", csv_scan_sse2, csv_positions_scalar, csv_few_positions_scalar, csv_cells_scalar,
     csv_split_scalar},
#endif
    {"scalar", csv_scan_scalar, csv_positions_scalar, csv_few_positions_scalar, csv_cells_scalar,
     csv_split_scalar},
    {0},
};

/* Each level has all that the ones after it have. */
const struct csv_scan_choice *csv_scan_choices(void)
{
    const struct csv_scan_choice *first = choices;
#ifdef CSV_SCAN_X86
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                          __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
    const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
    first += has_avx512 ? 0 : has_avx2 ? 1 : 2;
#endif
    return first;
}
