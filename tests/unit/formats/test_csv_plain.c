/* SPDX-License-Identifier: Apache-2.0 */
/* The quick way through a list against the careful one: every row of random lists, with every kernel. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "formats/csv_plain.h"

#include <string.h>

enum { WIDTH = 4, MOST_ROWS = 64, TEXT_BYTES = 30000, OUTPUT_CEILING = 4 << 20, ARENA_BYTES = 4 << 20 };

static const struct csv_limits limits = {CSV_FIELD_BYTES, CSV_RECORD_BYTES, CSV_COLUMNS, CSV_ROWS};

/* Repeats from its seed. */
static uint64_t next_number(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static bool one_in(uint64_t *seed, unsigned n)
{
    return n != 0 && next_number(seed) % n == 0;
}

/* How often, once in so many cells, a list has what; 0 is never. */
struct nature {
    unsigned quoted, inner, doubled, inch, stray, ragged, blank, fault;
    const char *line_end;
};

static void put(char *text, size_t *at, const char *piece)
{
    size_t n = strlen(piece);
    if (*at + n > TEXT_BYTES)
        n = TEXT_BYTES - *at;
    memcpy(text + *at, piece, n);
    *at += n;
}

static void put_cell(char *text, size_t *at, const struct nature *nature, uint64_t *seed)
{
    static const char *const words[] = {"a", "12.50", "", "plain text", "\xd0\x96\xd0\xb0", "x y", " ", "0"};
    const char *word = words[next_number(seed) % ELEMENTS(words)];
    const bool quoted = one_in(seed, nature->quoted);
    put(text, at, quoted ? "\"" : "");
    put(text, at, word);
    if (quoted) {
        put(text, at, one_in(seed, 3) ? ", " : "");
        put(text, at, one_in(seed, nature->inner) ? "\nb" : "");
        put(text, at, one_in(seed, nature->inner) ? "\r\n" : "");
        put(text, at, one_in(seed, nature->doubled) ? "\"\"" : "");
        put(text, at, one_in(seed, nature->doubled) ? "\"\"c" : "");
    }
    put(text, at, quoted && !one_in(seed, nature->stray) ? "\"" : "");
    put(text, at, one_in(seed, nature->inch) ? "5\"" : "");
    if (one_in(seed, nature->fault))
        put(text, at, one_in(seed, 2) ? "\xff" : "\xd0");
}

static size_t make_text(char *text, const struct nature *nature, uint64_t seed)
{
    size_t at = 0;
    while (at < TEXT_BYTES) {
        unsigned width = one_in(&seed, nature->ragged) ? (unsigned)(next_number(&seed) % 6) : WIDTH;
        for (unsigned i = 0; i < width; i++) {
            put(text, &at, i > 0 ? "," : "");
            put_cell(text, &at, nature, &seed);
        }
        put(text, &at, one_in(&seed, nature->blank) ? "\n" : "");
        put(text, &at, nature->line_end != NULL ? nature->line_end : one_in(&seed, 2) ? "\r\n" : "\n");
    }
    return at - (size_t)(seed % 3); /* sometimes without a last line end */
}

static void show_row(struct buffer *out, uint64_t line, const struct sluice_cell *cells, uint32_t n)
{
    buffer_printf(out, "%llu", (unsigned long long)line);
    for (uint32_t i = 0; i < n; i++) {
        buffer_text(out, " [");
        buffer_append(out, cells[i].ptr, cells[i].len);
        buffer_byte(out, ']');
    }
    buffer_byte(out, '\n');
}

enum way { CAREFUL, QUICK, QUICK_WITHOUT_MEMORY };

/* All rows as text, one a line; how many took the quick way. */
static unsigned read_all(const char *text, size_t n, const struct csv_scan_choice *scan, enum way way,
                         struct buffer *out)
{
    static struct csv_scanner scanner;
    static struct csv_index index;
    static struct sluice_cell cells[MOST_ROWS * WIDTH + CSV_COLUMNS + CSV_ROW_MARGIN];
    static uint64_t lines[MOST_ROWS];
    _cleanup_(arena_free) struct arena arena = ARENA_INIT(ARENA_BYTES), none = ARENA_INIT(0);
    struct arena *const quick_arena = way == QUICK ? &arena : &none;
    struct csv_rows rows = {.cells = cells, .lines = lines, .line = 1};
    unsigned quick = 0;
    scanner =
        (struct csv_scanner){.text = text, .size = n, .is_final = true, .is_quoting = true, .scan = scan};
    scanner.special = (struct csv_special){.delimiter = ',', .quote = '"'};
    index = (struct csv_index){0};
    csv_scanner_seek(&scanner, 0);
    for (;;) {
        uint32_t plain = 0;
        if (way != CAREFUL)
            plain = csv_rows_plain(&scanner, &index, &limits, WIDTH, MOST_ROWS, quick_arena, &rows);
        for (uint32_t i = 0; i < plain; i++)
            show_row(out, lines[i], cells + (size_t)i * WIDTH, WIDTH);
        quick += plain;
        if (plain > 0)
            continue;
        struct csv_row row;
        enum csv_row_result result = csv_row_next(&scanner, rows.at, &limits, &arena, cells, &row);
        if (result != CSV_ROW_OK && result != CSV_ROW_REJECTED)
            return quick;
        if (result == CSV_ROW_OK)
            show_row(out, rows.line, cells, row.n_cells);
        else
            buffer_printf(out, "%s\n", row.code);
        rows.at = row.next;
        rows.line += row.lines;
        arena_reset(&arena);
    }
}

static void expect_same(const struct nature *nature, uint64_t seed, enum way way)
{
    static char text[TEXT_BYTES + CSV_SCAN_BLOCK];
    size_t n = make_text(text, nature, seed * UINT64_C(0x9e3779b97f4a7c15) | 1);
    _cleanup_(buffer_free) struct buffer wanted = BUFFER_INIT(OUTPUT_CEILING);
    read_all(text, n, csv_scan_choices(), CAREFUL, &wanted);
    ck_assert(!wanted.failed && wanted.size > 0);
    for (const struct csv_scan_choice *choice = csv_scan_choices(); choice->name != NULL; choice++) {
        _cleanup_(buffer_free) struct buffer got = BUFFER_INIT(OUTPUT_CEILING);
        read_all(text, n, choice, way, &got);
        size_t same = 0;
        while (same < wanted.size && same < got.size && wanted.data[same] == got.data[same])
            same++;
        size_t from = same < 100 ? 0 : same - 100;
        ck_assert_msg(wanted.size == got.size && same == got.size,
                      "%s, seed %llu: at byte %zu the careful way reads\n%.300s\nand the quick one\n%.300s",
                      choice->name, (unsigned long long)seed, same, wanted.data + from, got.data + from);
    }
}

static const struct nature natures[] = {
    {.line_end = "\n"},
    {.quoted = 4, .line_end = "\n"},
    {.quoted = 1, .line_end = "\n"},
    {.quoted = 1, .line_end = "\r\n"},
    {.quoted = 4, .doubled = 3, .line_end = "\r\n"},
    {.quoted = 3, .inner = 6, .doubled = 4, .line_end = "\n"},
    {.quoted = 3, .inner = 6, .doubled = 4},
    {.quoted = 20, .inch = 50, .ragged = 30, .blank = 20},
    {.quoted = 5, .doubled = 5, .inner = 20, .stray = 400, .inch = 300, .ragged = 50, .blank = 50},
    {.quoted = 5,
     .doubled = 5,
     .inner = 20,
     .stray = 100,
     .inch = 100,
     .ragged = 50,
     .blank = 50,
     .fault = 500},
    {.quoted = 5, .line_end = "\r"},
};

START_TEST(the_quick_way_reads_what_the_careful_one_reads)
{
    for (size_t i = 0; i < ELEMENTS(natures); i++)
        for (uint64_t seed = 1; seed <= 12; seed++)
            expect_same(&natures[i], seed * ELEMENTS(natures) + i, QUICK);
}
END_TEST

START_TEST(rows_that_the_quick_way_had_no_memory_for_are_read_by_the_careful_one)
{
    for (size_t i = 0; i < ELEMENTS(natures); i++)
        expect_same(&natures[i], ELEMENTS(natures) + i, QUICK_WITHOUT_MEMORY);
}
END_TEST

START_TEST(lists_with_quotes_and_any_line_end_take_the_quick_way)
{
    static const char *const lists[] = {"a,b,c,d\n", "\"a\",\"b, c\",d,\"e\"\n", "\"a\"\"b\",c,d,\"e\"\r\n",
                                        "a,\"b\nc\",d,e\r\n"};
    for (size_t i = 0; i < ELEMENTS(lists); i++) {
        static char text[TEXT_BYTES];
        size_t n = 0, step = strlen(lists[i]);
        for (; n + step <= sizeof text; n += step)
            memcpy(text + n, lists[i], step);
        _cleanup_(buffer_free) struct buffer out = BUFFER_INIT(OUTPUT_CEILING);
        unsigned quick = read_all(text, n, csv_scan_choices(), QUICK, &out);
        ck_assert_msg(quick == n / step, "<%s>: %u of %zu rows took the quick way", lists[i], quick,
                      n / step);
    }
}
END_TEST

CHECK_MAIN("formats.csv_plain", the_quick_way_reads_what_the_careful_one_reads,
           rows_that_the_quick_way_had_no_memory_for_are_read_by_the_careful_one,
           lists_with_quotes_and_any_line_end_take_the_quick_way)
