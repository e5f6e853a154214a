/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of cells: their types, places and numbers. */
#include "xlsx/book.h"

#define ROW1(cells) "<sheetData><row r=\"1\">" cells "</row></sheetData>"

START_TEST(numbers_keep_fifteen_digits_in_text_and_raw)
{
    static const char *const numbers[][2] = {
        {"12.5", "12.5"},
        {"12.50", "12.5"},
        {"19.440000000000001", "19.44"},
        {"0.1", "0.1"},
        {"-0.5", "-0.5"},
        {"4006381333931", "4006381333931"},
        {"123456789012345", "123456789012345"},
        {"1234567890123456", "1.23456789012346E+15"},
        {"1.2345E2", "123.45"},
        {"5e-05", "0.00005"},
        {"1e300", "1E+300"},
        {"-0", "0"},
        {"007", "7"},
        {"999999999999999.9", "1E+15"},
        {"+3", "3"},
        {"1.7976931348623157E+308", "1.79769313486232E+308"},
        {"4.9E-324", "0"},
    };
    for (size_t i = 0; i < ELEMENTS(numbers); i++) {
        char rows[256], cells[256];
        snprintf(rows, sizeof rows, ROW1("<c r=\"A1\"><v>%s</v></c>"), numbers[i][0]);
        snprintf(cells, sizeof cells, "{\"A1\": \"%s\"}", numbers[i][1]);
        _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
        expect_json(rows, "cells", book.cells, cells);
        expect_json(rows, "raw", book.raw, cells);
    }
}
END_TEST

START_TEST(what_is_no_number_is_shown_as_it_is_and_has_no_raw)
{
    const char *rows =
        ROW1("<c r=\"A1\"><v>12,5</v></c><c r=\"B1\"><v>1e400</v></c><c r=\"C1\"><v>NaN</v></c>");
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    expect_json(rows, "cells", book.cells, "{\"A1\": \"12,5\", \"B1\": \"1e400\", \"C1\": \"NaN\"}");
    expect_json(rows, "raw", book.raw, "{}");
}
END_TEST

START_TEST(every_type_of_cell_is_text)
{
    expect_cells(
        ROW1("<c r=\"A1\" t=\"inlineStr\"><is><t>in </t><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r>"
             "<rPh><t>hint</t></rPh></is></c>"
             "<c r=\"B1\" t=\"str\"><f>A1</f><v>formula</v></c>"
             "<c r=\"C1\" t=\"b\"><v>1</v></c><c r=\"D1\" t=\"b\"><v>0</v></c>"
             "<c r=\"E1\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"
             "<c r=\"F1\" t=\"d\"><v>2024-02-29</v></c>"
             "<c r=\"G1\"><f>SUM(A1:A2)</f><v>3</v></c>"
             "<c r=\"H1\"><f>SUM(A1:A2)</f></c>"),
        "{\"A1\": \"in rich text\", \"B1\": \"formula\", \"C1\": \"TRUE\", \"D1\": \"FALSE\", "
        "\"E1\": \"#DIV/0!\", \"F1\": \"2024-02-29\", \"G1\": \"3\"}");
}
END_TEST

START_TEST(white_space_entities_and_escapes_are_kept)
{
    expect_cells(
        ROW1(
            "<c r=\"A1\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> a&amp;b &lt;&#x416;&gt; </t></is></c>"
            "<c r=\"B1\" t=\"inlineStr\"><is><t>x_x000D_y_x005F_x0041_ _x00zz_</t></is></c>"
            "<c r=\"C1\" t=\"inlineStr\"><is><t><![CDATA[<raw>]]></t></is></c>"
            "<c r=\"D1\" t=\"inlineStr\"><is><t>_xD83D_</t></is></c>"),
        "{\"A1\": \" a&b <\\u0416> \", \"B1\": \"x\\ry_x0041_ _x00zz_\", \"C1\": \"<raw>\", \"D1\": "
        "\"_xD83D_\"}");
}
END_TEST

START_TEST(cells_and_rows_without_references_follow_each_other)
{
    expect_cells(
        "<sheetData><row><c><v>1</v></c><c><v>2</v></c><c r=\"E1\"><v>5</v></c><c><v>6</v></c></row>"
        "<row><c r=\"\"><v>7</v></c></row><row r=\"5\"><c><v>8</v></c></row></sheetData>",
        "{\"A1\": \"1\", \"B1\": \"2\", \"E1\": \"5\", \"F1\": \"6\", \"A2\": \"7\", \"A5\": \"8\"}");
}
END_TEST

START_TEST(of_a_cell_that_comes_twice_the_last_one_counts)
{
    expect_cells(ROW1("<c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>2</v></c><c r=\"B1\"><v>3</v></c>"),
                 "{\"A1\": \"2\", \"B1\": \"3\"}");
}
END_TEST

START_TEST(rows_that_are_left_out_are_blank_ones)
{
    const char *rows =
        "<sheetData><row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"4\"><c r=\"A4\" s=\"1\"/></row>"
        "<row r=\"5\" hidden=\"1\"><c r=\"A5\"><v>2</v></c></row>"
        "<row r=\"500\"><c r=\"A500\"><v>3</v></c></row></sheetData>";
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    expect_json(rows, "lines", book.lines, "[1, 2, 3, 4, 5, 500]");
    expect_json(rows, "blank rows", book.blank, "[1, 3, 4]");
    expect_json(rows, "hidden rows", book.hidden, "[5]");
}
END_TEST

START_TEST(rows_out_of_order_are_an_error)
{
    const char *rows = "<sheetData><row r=\"2\"/><row r=\"2\"/></sheetData>";
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    ck_assert_int_eq(book.status, SLUICE_DATA);
    ck_assert_msg(strstr(book.error.message, "row 2 after row 2") != NULL, "%s", book.error.message);
}
END_TEST

/* Texts and rows of any length survive the borders between pieces and batches. */
START_TEST(long_tabs_are_read_whole)
{
    enum { ROWS = 30000 };
    _cleanup_free_ char *rows = malloc((size_t)ROWS * 160 + 64);
    char *at = rows + sprintf(rows, "<sheetData>");
    for (int i = 1; i <= ROWS; i++)
        at += sprintf(at,
                      "<row r=\"%d\"><c r=\"A%d\" t=\"inlineStr\"><is><t>SKU-%d</t></is></c><c "
                      "r=\"C%d\"><v>%d.25</v></c></row>",
                      i, i, i * 7, i, i);
    sprintf(at, "</sheetData>");
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){.limits = {.ratio = 1000}});
    ck_assert_msg(book.status == SLUICE_END, "%s", book.error.message);
    ck_assert_uint_eq(json_array_size(book.lines), ROWS);
    ck_assert_uint_gt(book.batches, 1);
    for (int i = 1; i <= ROWS; i++) {
        char name[32], expected[32];
        snprintf(name, sizeof name, "A%d", i);
        snprintf(expected, sizeof expected, "SKU-%d", i * 7);
        ck_assert_str_eq(json_string_value(json_object_get(book.cells, name)), expected);
        snprintf(name, sizeof name, "C%d", i);
        snprintf(expected, sizeof expected, "%d.25", i);
        ck_assert_str_eq(json_string_value(json_object_get(book.cells, name)), expected);
    }
}
END_TEST

START_TEST(shared_strings_are_joined_from_their_runs)
{
    size_t size;
    _cleanup_free_ char *sheet =
        sheet_of(ROW1("<c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"s\"><v>0</v></c>"));
    _cleanup_free_ char *bytes = book_make(
        (const struct part[]){
            {"xl/worksheets/sheet1.xml", sheet},
            {"xl/sharedStrings.xml",
             "<x:sst xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:si><x:t>plain</x:t></x:si>"
             "<x:si><x:r><x:t>rich "
             "</x:t></x:r><x:r><x:t>one</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:si></x:sst>"},
            {NULL, NULL}},
        &size);
    _cleanup_(book_free) struct book book = book_read(bytes, size, (struct xlsx_options){0});
    expect_json("shared strings", "cells", book.cells, "{\"A1\": \"rich one\", \"B1\": \"plain\"}");
}
END_TEST

START_TEST(a_string_that_is_not_there_rejects_its_row_alone)
{
    const char *rows = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>"
                       "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row>"
                       "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>-1</v></c></row></sheetData>";
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    expect_json(rows, "cells", book.cells, "{\"A2\": \"1\"}");
    expect_json(rows, "rejects", book.rejects, "[[1, \"no_such_string\"], [3, \"no_such_string\"]]");
}
END_TEST

START_TEST(a_title_that_is_merged_over_the_whole_width_makes_no_row_wide)
{
    const char *rows = "<sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row></sheetData>"
                       "<mergeCells><mergeCell ref=\"A1:XFD1\"/></mergeCells>";
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    ck_assert_msg(book.status == SLUICE_END, "%s", book.error.message);
    ck_assert_uint_le(book.widest, 64);
}
END_TEST

START_TEST(a_hint_in_the_wrong_place_hides_no_later_text)
{
    expect_cells("<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a<rPh/></t></is></c>"
                 "<c r=\"B1\" t=\"inlineStr\"><is><t>b</t></is></c></row></sheetData>",
                 "{\"A1\": \"a\", \"B1\": \"b\"}");
}
END_TEST

START_TEST(a_formula_without_a_value_is_counted)
{
    size_t size;
    struct sluice_error err;
    struct xlsx_reader *reader = NULL;
    const struct sluice_batch *batch = NULL;
    _cleanup_free_ char *sheet = sheet_of(ROW1("<c r=\"A1\"><f>B1*2</f></c><c r=\"B1\"><f>1+1</f><v>2</v></c>"
                                               "<c r=\"C1\" t=\"str\"><f>\"\"</f><v></v></c>"));
    _cleanup_free_ char *bytes =
        book_make((const struct part[]){{"xl/worksheets/sheet1.xml", sheet}, {NULL, NULL}}, &size);
    ck_assert_int_eq(xlsx_open(bytes, size, NULL, &(struct xlsx_options){0}, &reader, &err), SLUICE_OK);
    while (xlsx_next(reader, &batch, &err) == SLUICE_OK)
        batch->release(batch);
    ck_assert_uint_eq(xlsx_uncalculated(reader), 1);
    xlsx_close(reader);
}
END_TEST

START_TEST(merged_cells_repeat_their_text_and_are_marked)
{
    const char *rows =
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row>"
        "<row r=\"2\"><c r=\"A2\"><v>8</v></c><c r=\"C2\"><v>9</v></c></row></sheetData>"
        "<mergeCells count=\"2\"><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"C1:C2\"/></mergeCells>";
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    expect_json(rows, "cells", book.cells, "{\"A1\": \"7\", \"B1\": \"7\", \"A2\": \"8\"}");
    expect_json(rows, "raw", book.raw, "{\"A1\": \"7\", \"A2\": \"8\"}");
    expect_json(rows, "covered cells", book.covered, "[\"B1\"]");
}
END_TEST

CHECK_MAIN("xlsx.xlsx_cells", numbers_keep_fifteen_digits_in_text_and_raw,
           what_is_no_number_is_shown_as_it_is_and_has_no_raw, every_type_of_cell_is_text,
           white_space_entities_and_escapes_are_kept, cells_and_rows_without_references_follow_each_other,
           of_a_cell_that_comes_twice_the_last_one_counts, rows_that_are_left_out_are_blank_ones,
           rows_out_of_order_are_an_error, long_tabs_are_read_whole,
           shared_strings_are_joined_from_their_runs, a_string_that_is_not_there_rejects_its_row_alone,
           merged_cells_repeat_their_text_and_are_marked,
           a_title_that_is_merged_over_the_whole_width_makes_no_row_wide,
           a_hint_in_the_wrong_place_hides_no_later_text, a_formula_without_a_value_is_counted)
