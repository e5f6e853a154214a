/* SPDX-License-Identifier: Apache-2.0 */
/* All kernels against the portable one: random and hand-made bytes, at every alignment and length. */
#include "check_main.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "formats/csv_scan.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 4096, MARGIN = 128 };

/* Repeats from its seed. */
static uint64_t next_number(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Text like a list's: mostly plain, with specials, whole characters of every length, and sometimes a damaged
 * one. */
static void text_make(char *text, size_t n, uint64_t seed)
{
    static const char *const pieces[] = {"a",
                                         "bc",
                                         "12.50",
                                         ",",
                                         ",",
                                         "\n",
                                         "\r\n",
                                         "\"",
                                         "\"\"",
                                         ";",
                                         " ",
                                         "\xd0\x96",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "plain text of some length, "};
    static const char *const damaged[] = {"\xff",
                                          "\x80",
                                          "\xc0\xaf",
                                          "\xed\xa0\x80",
                                          "\xe2\x82",
                                          "\xf4\x90\x80\x80",
                                          "\xf0\x80\x80\x80",
                                          "\xe0\x80\x80",
                                          "\xd0",
                                          "\xf5\x80\x80\x80"};
    bool may_be_damaged = next_number(&seed) % 2 == 0;
    for (size_t at = 0; at < n;) {
        const char *piece = may_be_damaged && next_number(&seed) % 97 == 0
                                ? damaged[next_number(&seed) % ELEMENTS(damaged)]
                                : pieces[next_number(&seed) % ELEMENTS(pieces)];
        size_t length = strlen(piece) < n - at ? strlen(piece) : n - at;
        memcpy(text + at, piece, length);
        at += length;
        if (next_number(&seed) % 4096 == 0 && at < n)
            text[at++] = '\0';
    }
}

static void expect_same(const struct csv_scan_choice *choice, const char *text, size_t n_blocks,
                        uint64_t seed)
{
    static struct csv_bitmaps wanted[LONGEST / CSV_SCAN_BLOCK], got[LONGEST / CSV_SCAN_BLOCK];
    const struct csv_special special = {.delimiter = ',', .quote = '"'};
    unsigned wanted_flags = csv_scan_scalar(special, text, n_blocks, wanted);
    unsigned got_flags = choice->kernel(special, text, n_blocks, got);
    ck_assert_msg(wanted_flags == got_flags, "%s: seed %llu, %zu blocks: flags %u, expected %u", choice->name,
                  (unsigned long long)seed, n_blocks, got_flags, wanted_flags);
    size_t split = seed % n_blocks;
    unsigned parts = choice->kernel(special, text, split, got) |
                     choice->kernel(special, text + split * CSV_SCAN_BLOCK, n_blocks - split, got + split);
    ck_assert_msg(parts == wanted_flags, "%s: seed %llu, split at %zu: flags %u, expected %u", choice->name,
                  (unsigned long long)seed, split, parts, wanted_flags);
    for (size_t i = 0; i < n_blocks; i++)
        ck_assert_msg(memcmp(&wanted[i], &got[i], sizeof got[i]) == 0,
                      "%s: seed %llu, block %zu of %zu: ends %016llx, expected %016llx", choice->name,
                      (unsigned long long)seed, i, n_blocks, (unsigned long long)got[i].ends,
                      (unsigned long long)wanted[i].ends);
}

START_TEST(every_kernel_agrees_with_the_portable_one)
{
    static char text[MARGIN + LONGEST];
    for (const struct csv_scan_choice *choice = csv_scan_choices(); choice->name != NULL; choice++)
        for (uint64_t seed = 1; seed <= 2000; seed++) {
            text_make(text, sizeof text, seed * UINT64_C(0x9e3779b97f4a7c15));
            size_t at = CSV_SCAN_LOOKBACK + seed % (MARGIN - CSV_SCAN_LOOKBACK);
            memset(text, ' ', at);
            expect_same(choice, text + at, 1 + seed % (LONGEST / CSV_SCAN_BLOCK), seed);
        }
}
END_TEST

START_TEST(every_kernel_agrees_at_every_position_of_a_damaged_character)
{
    static const char *const characters[] = {"\xd0\x96",
                                             "\xe2\x82\xac",
                                             "\xf0\x9f\x98\x80",
                                             "\xed\xa0\x80",
                                             "\xc0\x80",
                                             "\xf4\x90\x80\x80",
                                             "\x80",
                                             "\xe2\x82",
                                             "\xff",
                                             "\xc1\xbf",
                                             "\xe0\x9f\xbf",
                                             "\xe0\xa0\x80",
                                             "\xf0\x8f\xbf\xbf",
                                             "\xf4\x8f\xbf\xbf"};
    for (const struct csv_scan_choice *choice = csv_scan_choices(); choice->name != NULL; choice++)
        for (size_t i = 0; i < ELEMENTS(characters); i++)
            for (size_t at = CSV_SCAN_LOOKBACK; at < 140; at++) {
                char text[CSV_SCAN_LOOKBACK + 3 * CSV_SCAN_BLOCK];
                memset(text, 'x', sizeof text);
                memcpy(text + at, characters[i], strlen(characters[i]));
                expect_same(choice, text + CSV_SCAN_LOOKBACK, 3, i * 1000 + at);
            }
}
END_TEST

START_TEST(positions_of_bits_are_the_same_everywhere)
{
    enum { WORDS = 40 };
    uint64_t words[WORDS];
    uint16_t wanted[(WORDS + 1) * CSV_SCAN_BLOCK], got[(WORDS + 1) * CSV_SCAN_BLOCK];
    uint16_t wanted_before[WORDS], got_before[WORDS];
    for (uint64_t seed = 1; seed <= 500; seed++) {
        uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15);
        for (size_t i = 0; i < WORDS; i++)
            words[i] = next_number(&state) &
                       (seed % 3 == 0 ? UINT64_MAX : next_number(&state) & next_number(&state));
        size_t n = csv_positions_scalar(words, WORDS, wanted, wanted_before);
        for (const struct csv_scan_choice *choice = csv_scan_choices(); choice->name != NULL; choice++) {
            ck_assert_uint_eq(choice->positions(words, WORDS, got, got_before), n);
            ck_assert_msg(memcmp(got, wanted, n * sizeof *got) == 0, "%s: seed %llu", choice->name,
                          (unsigned long long)seed);
            ck_assert_mem_eq(got_before, wanted_before, sizeof got_before);
            ck_assert_uint_eq(choice->few_positions(words, WORDS, got), n);
            ck_assert_msg(memcmp(got, wanted, n * sizeof *got) == 0, "%s, few: seed %llu", choice->name,
                          (unsigned long long)seed);
        }
    }
}
END_TEST

START_TEST(inside_and_outside_of_quotes_are_the_same_everywhere)
{
    enum { WORDS = 40 };
    struct csv_bitmaps bitmaps[WORDS];
    uint64_t wanted[3][WORDS], got[3][WORDS];
    for (uint64_t seed = 1; seed <= 500; seed++) {
        uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15);
        for (size_t i = 0; i < WORDS; i++) {
            bitmaps[i].quotes = next_number(&state) & next_number(&state);
            bitmaps[i].ends = next_number(&state) & ~bitmaps[i].quotes;
            bitmaps[i].newlines = bitmaps[i].ends & (seed % 3 == 0 ? 0 : next_number(&state));
        }
        bool inner = csv_split_scalar(bitmaps, WORDS, wanted[0], wanted[1], wanted[2]);
        for (const struct csv_scan_choice *choice = csv_scan_choices(); choice->name != NULL; choice++) {
            ck_assert_int_eq(choice->split(bitmaps, WORDS, got[0], got[1], got[2]), inner);
            ck_assert_msg(memcmp(got, wanted, sizeof got) == 0, "%s: seed %llu", choice->name,
                          (unsigned long long)seed);
        }
    }
}
END_TEST

START_TEST(cells_between_ends_are_the_same_everywhere)
{
    enum { MOST = 61, BEYOND = 3 };
    static const char chunk[MOST * 9];
    uint16_t ends[MOST + BEYOND] = {0};
    struct sluice_cell wanted[MOST], got[MOST + BEYOND];
    uint64_t state = 7;
    for (uint32_t n = 0; n <= MOST; n++) {
        uint32_t from = n % 5;
        for (uint32_t i = 0, at = from; i < n; i++, at++)
            ends[i] = (uint16_t)(at += (uint32_t)(next_number(&state) % 8));
        csv_cells_scalar(chunk, from, ends, n, wanted);
        for (const struct csv_scan_choice *choice = csv_scan_choices(); choice->name != NULL; choice++) {
            choice->cells(chunk, from, ends, n, got);
            ck_assert_msg(memcmp(got, wanted, n * sizeof *got) == 0, "%s: %u cells", choice->name, n);
        }
    }
}
END_TEST

START_TEST(utf8_is_judged_as_the_slow_check_does)
{
    static char text[MARGIN + LONGEST];
    memset(text, ' ', sizeof text);
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        size_t n = 256 + seed % 1024;
        text_make(text + MARGIN, n, seed);
        memset(text + MARGIN + n, ' ', LONGEST - n); /* cuts no character in silence */
        bool wanted = utf8_valid_prefix(text + MARGIN, LONGEST) == LONGEST;
        ck_assert_msg(csv_scan_utf8(text + MARGIN, LONGEST) == wanted, "seed %llu: expected %d",
                      (unsigned long long)seed, wanted);
    }
}
END_TEST

CHECK_MAIN("formats.csv_scan", positions_of_bits_are_the_same_everywhere,
           inside_and_outside_of_quotes_are_the_same_everywhere, cells_between_ends_are_the_same_everywhere,
           every_kernel_agrees_with_the_portable_one,
           every_kernel_agrees_at_every_position_of_a_damaged_character,
           utf8_is_judged_as_the_slow_check_does)
