/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the bytes that matter to CSV, 64 at a time, as bitmaps: bit i of a word is byte i of its block.
 * Every kernel gives the same bitmaps; they differ in speed only.
 */
#ifndef FORMATS_CSV_SCAN_H
#define FORMATS_CSV_SCAN_H

#include <sluice/plugin.h>

enum {
    CSV_SCAN_BLOCK = 64,   /* bytes of one word */
    CSV_SCAN_LOOKBACK = 3, /* readable bytes before a text, for characters that began there */
};

struct csv_bitmaps {
    uint64_t ends;     /* delimiters and line ends */
    uint64_t newlines; /* LF and CR */
    uint64_t quotes;
};

enum csv_scan_flag {
    CSV_SCAN_NUL = 1,      /* there is a NUL byte */
    CSV_SCAN_BAD_UTF8 = 2, /* some sequence is not UTF-8; one that the end of the text cuts is not judged */
    CSV_SCAN_FAULTS = CSV_SCAN_NUL | CSV_SCAN_BAD_UTF8,
    CSV_SCAN_RETURN = 4, /* there is a CR */
};

struct csv_special {
    char delimiter;
    char quote; /* the delimiter again when there is no quoting: its bitmap is then unused */
};

/* Reads text[-3] to text[64 * n_blocks - 1], writes n_blocks bitmaps, returns enum csv_scan_flag bits. What
 * is wrong wholly before the text may be reported or not. [any] */
typedef unsigned (*csv_scan_kernel)(struct csv_special special, const char *text, size_t n_blocks,
                                    struct csv_bitmaps *ret_bitmaps);

/* Writes the positions of the set bits of n words, the first word's from 0, and returns how many there are;
 * ret_before gets the number of them before each word. Up to 63 further elements of ret_positions are overwritten.
 * [any] */
typedef size_t (*csv_scan_positions)(const uint64_t *words, size_t n, uint16_t *ret_positions, uint16_t *ret_before);
/* The same where words have one or two bits, or none. */
typedef size_t (*csv_scan_few_positions)(const uint64_t *words, size_t n, uint16_t *ret_positions);

/* Writes n cells that follow one another: the first begins at chunk + from, each other one behind the end before it.
 * Up to 3 further cells are overwritten, and as many ends read. [any] */
typedef void (*csv_scan_cells)(const char *chunk, uint32_t from, const uint16_t *ends, size_t n,
                               struct sluice_cell *ret_cells);

/* The ends of cells and of rows outside of quotes and the line ends inside, when the text begins outside: a byte is
 * inside when the number of quotes up to it is odd. Returns whether there is a line end inside. [any] */
typedef bool (*csv_scan_split)(const struct csv_bitmaps *bitmaps, size_t n, uint64_t *ret_ends, uint64_t *ret_stops,
                               uint64_t *ret_inner);

struct csv_scan_choice {
    const char *name;
    csv_scan_kernel kernel;
    csv_scan_positions positions;
    csv_scan_few_positions few_positions;
    csv_scan_cells cells;
    csv_scan_split split;
};

/* Kernels that this processor can run, fastest first, ended by one without a name. */
const struct csv_scan_choice *csv_scan_choices(void);

unsigned csv_scan_scalar(struct csv_special special, const char *text, size_t n_blocks,
                         struct csv_bitmaps *ret_bitmaps);

size_t csv_positions_scalar(const uint64_t *words, size_t n, uint16_t *ret_positions, uint16_t *ret_before);
size_t csv_few_positions_scalar(const uint64_t *words, size_t n, uint16_t *ret_positions);
void csv_cells_scalar(const char *chunk, uint32_t from, const uint16_t *ends, size_t n,
                      struct sluice_cell *ret_cells);

bool csv_split_scalar(const struct csv_bitmaps *bitmaps, size_t n, uint64_t *ret_ends, uint64_t *ret_stops,
                      uint64_t *ret_inner);

/* Whether the characters that touch text[0 .. n) are UTF-8, as far as text[-3 .. n) tells. */
bool csv_scan_utf8(const char *text, size_t n);

#endif
