/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels of csv_scan.h for x86-64; a build for another processor has none of them. */
#ifndef FORMATS_CSV_SCAN_X86_H
#define FORMATS_CSV_SCAN_X86_H

#include "formats/csv_scan.h"

#ifdef __x86_64__
#define CSV_SCAN_X86 1

/* Every x86-64 has SSE2. Blocks with non-ASCII bytes are checked by the portable code. */
unsigned csv_scan_sse2(struct csv_special special, const char *text, size_t n_blocks,
                       struct csv_bitmaps *ret_bitmaps);
/* Only where the processor has AVX2. */
unsigned csv_scan_avx2(struct csv_special special, const char *text, size_t n_blocks,
                       struct csv_bitmaps *ret_bitmaps);
void csv_cells_avx2(const char *chunk, uint32_t from, const uint16_t *ends, size_t n,
                    struct sluice_cell *ret_cells);
/* Only where the processor has AVX-512 BW, VBMI and VBMI2. */
unsigned csv_scan_avx512(struct csv_special special, const char *text, size_t n_blocks,
                         struct csv_bitmaps *ret_bitmaps);
size_t csv_positions_avx512(const uint64_t *words, size_t n, uint16_t *ret_positions, uint16_t *ret_before);
/* Only where the processor has BMI, POPCNT and PCLMUL. */
size_t csv_positions_bmi(const uint64_t *words, size_t n, uint16_t *ret_positions, uint16_t *ret_before);
size_t csv_few_positions_bmi(const uint64_t *words, size_t n, uint16_t *ret_positions);
bool csv_split_clmul(const struct csv_bitmaps *bitmaps, size_t n, uint64_t *ret_ends, uint64_t *ret_stops,
                     uint64_t *ret_inner);

/* By a nibble of one of two neighbouring bytes: what can be wrong with the two. Wrong is what all three allow. */
extern const uint8_t csv_utf8_first_high[16], csv_utf8_first_low[16], csv_utf8_second_high[16];
#endif

#endif
