/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit: what has exactly so much is read, one more is refused with a sentence. */
#include "xlsx/book.h"

#define DATA1 "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>"

static void expect_read(const char *what, const struct book *book)
{
    ck_assert_msg(book->status == SLUICE_END, "%s: %s", what, book->error.message);
}

static void expect_refused(const char *what, const struct book *book, const char *word)
{
    ck_assert_msg(book->status == SLUICE_DATA, "%s was not refused (status %d)", what, (int)book->status);
    ck_assert_msg(strstr(book->error.message, word) != NULL, "%s: \"%s\" does not say '%s'", what,
                  book->error.message, word);
}

/* Reads the bytes at one below, at, and above a limit. `limit` is the field of `options` that holds it. */
static void expect_border(const char *what, const char *bytes, size_t size, struct xlsx_options *options,
                          void *limit, size_t limit_size, uint64_t exact, const char *word)
{
    for (int step = -1; step <= 1; step++) {
        uint64_t value = exact + (uint64_t)step;
        memcpy(limit, &value, limit_size);
        _cleanup_(book_free) struct book book = book_read(bytes, size, *options);
        if (step < 0)
            expect_refused(what, &book, word);
        else
            expect_read(what, &book);
    }
}

static char *one_tab(const char *rows, const char *strings, size_t *ret_size)
{
    _cleanup_free_ char *sheet = sheet_of(rows);
    return book_make((const struct part[]){{"xl/worksheets/sheet1.xml", sheet},
                                           {strings == NULL ? "docProps/app.xml" : "xl/sharedStrings.xml",
                                            strings == NULL ? "<Properties/>" : strings},
                                           {NULL, NULL}},
                     ret_size);
}

START_TEST(entries_strings_cells_and_texts_have_limits)
{
    size_t size;
    struct xlsx_options options = {0};
    _cleanup_free_ char *plain = one_tab(DATA1, NULL, &size);
    expect_border("entries", plain, size, &options, &options.limits.entries, 4, 5, "entries");

    options = (struct xlsx_options){0};
    _cleanup_free_ char *strings = one_tab("<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c "
                                           "r=\"B1\" t=\"s\"><v>0</v></c></row></sheetData>",
                                           "<sst><si><t>abcde</t></si><si><t>fgh</t></si></sst>", &size);
    expect_border("shared strings", strings, size, &options, &options.limits.strings, 4, 2, "shared strings");
    options = (struct xlsx_options){0};
    expect_border("their bytes", strings, size, &options, &options.limits.strings_bytes, 8, 8,
                  "shared strings");
    options = (struct xlsx_options){0};
    expect_border("cells", strings, size, &options, &options.limits.cells, 8, 2, "cells");
    options = (struct xlsx_options){0};
    expect_border("text", strings, size, &options, &options.limits.text_bytes, 8, 10, "text");

    options = (struct xlsx_options){0};
    _cleanup_free_ char *far =
        one_tab("<sheetData><row r=\"1\"><c r=\"Z1\"><v>1</v></c></row></sheetData>", NULL, &size);
    expect_border("places", far, size, &options, &options.limits.grid_cells, 8, 26, "far apart");
}
END_TEST

START_TEST(tabs_have_a_limit)
{
    size_t size;
    struct xlsx_options options = {0};
    _cleanup_free_ char *bytes = book_make(
        (const struct part[]){
            {"xl/workbook.xml",
             "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"rId1\"/><sheet name=\"b\" r:id=\"x\"/>"
             "<sheet name=\"c\" r:id=\"y\"/></sheets></workbook>"},
            {NULL, NULL}},
        &size);
    expect_border("tabs", bytes, size, &options, &options.limits.sheets, 4, 3, "tabs");
}
END_TEST

START_TEST(a_cell_or_row_that_is_too_large_rejects_its_row_alone)
{
    const char *rows =
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>abcdefgh</t></is></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>abcdefghi</t></is></c></row>"
        "<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>abcdefg</t></is></c><c r=\"B3\" t=\"inlineStr\"><is>"
        "<t>hijklmn</t></is></c></row><row r=\"4\"><c r=\"A4\"><v>1</v></c></row></sheetData>";
    struct xlsx_options options = {.limits = {.field_bytes = 8, .record_bytes = 13}};
    _cleanup_(book_free) struct book book = rows_read(rows, options);
    expect_json(rows, "cells", book.cells, "{\"A1\": \"abcdefgh\", \"A4\": \"1\"}");
    expect_json(rows, "rejects", book.rejects, "[[2, \"field_too_large\"], [3, \"record_too_large\"]]");
    options.limits.record_bytes = 14;
    _cleanup_(book_free) struct book wider = rows_read(rows, options);
    expect_json(rows, "rejects", wider.rejects, "[[2, \"field_too_large\"]]");
}
END_TEST

START_TEST(a_shared_string_that_is_too_long_rejects_the_rows_that_use_it)
{
    size_t size;
    _cleanup_free_ char *bytes =
        one_tab("<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"2\"><c r=\"A2\" "
                "t=\"s\"><v>1</v></c></row></sheetData>",
                "<sst><si><t>abcdefgh</t></si><si><t>abcdefghi</t></si></sst>", &size);
    _cleanup_(book_free) struct book book =
        book_read(bytes, size, (struct xlsx_options){.limits = {.field_bytes = 8}});
    expect_json("shared strings", "cells", book.cells, "{\"A1\": \"abcdefgh\"}");
    expect_json("shared strings", "rejects", book.rejects, "[[2, \"field_too_large\"]]");
}
END_TEST

/* What one part holds, repeated until it is `size` bytes of text. */
static char *long_sheet(size_t size)
{
    _cleanup_free_ char *rows = malloc(size + 64);
    char *at = rows + sprintf(rows, "<sheetData/><!--");
    while (at < rows + size)
        at += sprintf(at, "%d ", rand() % 1000);
    strcpy(at, "-->");
    return sheet_of(rows);
}

START_TEST(unpacked_bytes_are_counted_while_they_are_unpacked)
{
    size_t size;
    struct xlsx_options options = {0};
    _cleanup_free_ char *sheet = long_sheet(200000);
    _cleanup_free_ char *bytes =
        book_make((const struct part[]){{"xl/worksheets/sheet1.xml", sheet}, {NULL, NULL}}, &size);
    _cleanup_(book_free) struct book all = book_read(bytes, size, options);
    expect_read("no limit", &all);
    uint64_t low = 1, high = 1 << 20; /* the least limit that lets it through */
    while (low < high) {
        options.limits.total_bytes = (low + high) / 2;
        _cleanup_(book_free) struct book book = book_read(bytes, size, options);
        if (book.status == SLUICE_END)
            high = options.limits.total_bytes;
        else
            low = options.limits.total_bytes + 1;
    }
    ck_assert_msg(low > strlen(sheet) && low < strlen(sheet) + 2000,
                  "the limit found is %llu, the tab has %zu bytes", (unsigned long long)low, strlen(sheet));
    expect_border("unpacked bytes", bytes, size, &options, &options.limits.total_bytes, 8, low, "unpacked");
}
END_TEST

START_TEST(a_part_that_is_packed_too_well_is_a_bomb)
{
    size_t size;
    struct xlsx_options options = {0};
    _cleanup_free_ char *zeros = malloc(2 << 20);
    memset(zeros, '0', 2 << 20);
    memcpy(zeros, "<sst><si><t>", 12);
    strcpy(zeros + (2 << 20) - 24, "</t></si></sst>");
    _cleanup_free_ char *bytes = one_tab(DATA1, zeros, &size);
    _cleanup_(book_free) struct book book = book_read(bytes, size, options);
    expect_refused("a bomb", &book, "packed more than 200 times");
    uint32_t low = 1, high = 5000;
    while (low < high) {
        options.limits.ratio = (low + high) / 2;
        _cleanup_(book_free) struct book tried = book_read(bytes, size, options);
        if (tried.status == SLUICE_END)
            high = options.limits.ratio;
        else
            low = options.limits.ratio + 1;
    }
    expect_border("the ratio", bytes, size, &options, &options.limits.ratio, 4, low, "packed more than");
}
END_TEST

static void expect_nesting(int depth, const char *refused)
{
    _cleanup_free_ char *rows = malloc((size_t)depth * 16);
    char *at = rows;
    for (int i = 1; i < depth; i++)
        at += sprintf(at, "<x>");
    for (int i = 1; i < depth; i++)
        at += sprintf(at, "</x>");
    _cleanup_(book_free) struct book book =
        rows_read(rows, (struct xlsx_options){.limits = {.ratio = 10000}});
    if (refused == NULL)
        expect_read("nesting", &book);
    else
        expect_refused("nesting", &book, refused);
}

START_TEST(xml_nests_at_most_64_deep)
{
    expect_nesting(63, NULL);
    expect_nesting(64, NULL);
    expect_nesting(65, "elements in each other");
    expect_nesting(100000, "elements in each other");
}
END_TEST

static void expect_attribute(size_t n, const char *refused)
{
    _cleanup_free_ char *rows = malloc(n + 64);
    char *at = rows + sprintf(rows, "<sheetPr x=\"");
    memset(at, 'a', n);
    strcpy(at + n, "\"/>");
    _cleanup_(book_free) struct book book =
        rows_read(rows, (struct xlsx_options){.limits = {.ratio = 10000}});
    if (refused == NULL)
        expect_read("an attribute", &book);
    else
        expect_refused("an attribute", &book, refused);
}

START_TEST(an_attribute_has_at_most_64_kib)
{
    expect_attribute(XLSX_ATTRIBUTE - 1, NULL);
    expect_attribute(XLSX_ATTRIBUTE, NULL);
    expect_attribute(XLSX_ATTRIBUTE + 1, "attribute");
    expect_attribute(3 << 20, "xl/worksheets/sheet1.xml has a tag");
}
END_TEST

START_TEST(indexes_end_at_XFD1048576)
{
    static const struct {
        const char *rows, *word;
    } cases[] = {
        {"<sheetData><row r=\"1\"><c r=\"XFC1\"><v>1</v></c></row></sheetData>", NULL},
        {"<sheetData><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row></sheetData>", NULL},
        {"<sheetData><row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row></sheetData>", "'XFE1'"},
        {"<sheetData><row r=\"1\"><c r=\"XFD1\"/><c><v>1</v></c></row></sheetData>", "XFD1048576"},
        {"<sheetData><row r=\"1\"><c r=\"ZZZZZZZZZZZZZZZZZZZZ1\"/></row></sheetData>", "XFD1048576"},
        {"<sheetData><row r=\"1\"><c r=\"A99999999999999999999999\"/></row></sheetData>", "XFD1048576"},
        {"<sheetData><row r=\"1048575\"><c r=\"A1048575\"><v>1</v></c></row></sheetData>", NULL},
        {"<sheetData><row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row></sheetData>", NULL},
        {"<sheetData><row r=\"1048577\"><c r=\"A1048577\"><v>1</v></c></row></sheetData>", "1048577"},
        {"<sheetData><row r=\"1048576\"/><row/></sheetData>", "1048577"},
        {"<sheetData><row r=\"18446744073709551617\"/></sheetData>", "the last one"},
    };
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        _cleanup_(book_free) struct book book = rows_read(cases[i].rows, (struct xlsx_options){0});
        if (cases[i].word == NULL)
            expect_read(cases[i].rows, &book);
        else
            expect_refused(cases[i].rows, &book, cases[i].word);
    }
}
END_TEST

/* The gap costs nothing: two rows in two batches, of which only one is wide. */
START_TEST(a_sparse_corner_allocates_no_gap)
{
    const char *rows = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"
                       "<row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData>";
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    expect_json(rows, "cells", book.cells, "{\"A1\": \"1\", \"XFD1048576\": \"2\"}");
    expect_json(rows, "lines", book.lines, "[1, 1048576]");
    ck_assert_uint_eq(book.batches, 2);
    ck_assert_uint_eq(book.widest, XLSX_COLUMNS);
}
END_TEST

START_TEST(a_row_has_no_more_cells_than_columns)
{
    enum { CELLS = XLSX_COLUMNS + 1 };
    _cleanup_free_ char *rows = malloc((size_t)CELLS * 32 + 128);
    char *at = rows + sprintf(rows, "<sheetData><row r=\"1\">");
    for (int i = 0; i < CELLS; i++)
        at += sprintf(at, "<c r=\"A1\"><v>%d</v></c>", i);
    sprintf(at, "</row></sheetData>");
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    expect_refused("one cell again and again", &book, "more cells in row 1");
}
END_TEST

static bool stop_at_once(void *context)
{
    (void)context;
    return true;
}

START_TEST(a_cancelled_read_ends)
{
    _cleanup_(book_free) struct book book =
        rows_read(DATA1, (struct xlsx_options){.cancelled = stop_at_once});
    ck_assert_int_eq(book.status, SLUICE_CANCELLED);
}
END_TEST

CHECK_MAIN("xlsx.xlsx_limits", entries_strings_cells_and_texts_have_limits, tabs_have_a_limit,
           a_cell_or_row_that_is_too_large_rejects_its_row_alone,
           a_shared_string_that_is_too_long_rejects_the_rows_that_use_it,
           unpacked_bytes_are_counted_while_they_are_unpacked, a_part_that_is_packed_too_well_is_a_bomb,
           xml_nests_at_most_64_deep, an_attribute_has_at_most_64_kib, indexes_end_at_XFD1048576,
           a_sparse_corner_allocates_no_gap, a_row_has_no_more_cells_than_columns, a_cancelled_read_ends)
