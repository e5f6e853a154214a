/* SPDX-License-Identifier: Apache-2.0 */
/* How number formats show numbers, and serial dates. */
#include "formats/xlsx/format.h"
#include "xlsx/book.h"

#include "base/text.h"

#include <time.h>

static void expect_shown(const char *code, const char *number, const char *shown)
{
    _cleanup_(arena_free) struct arena arena = ARENA_INIT(1 << 20);
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(4096);
    struct xlsx_number value;
    ck_assert(xlsx_number_read(text_of(number), &value));
    const struct xlsx_format *format = xlsx_format_compile(text_of(code), &arena);
    ck_assert_ptr_nonnull(format);
    xlsx_format_show(format, &value, XLSX_EPOCH_1900, &text);
    const char *is = text.data == NULL ? "" : text.data;
    ck_assert_msg(strcmp(is, shown) == 0, "%s by the format <%s>\n  is       <%s>\n  expected <%s>", number,
                  code, is, shown);
}

START_TEST(numbers_are_shown_by_their_format)
{
    static const char *const cases[][3] = {
        {"00000", "123", "00123"},
        {"0", "2.5", "3"},
        {"0", "-2.5", "-3"},
        {"0.00", "12.345", "12.35"},
        {"0.00", "9.999", "10.00"},
        {"#,##0.00", "1234567.891", "1,234,567.89"},
        {"#,##0", "999", "999"},
        {"0000,000", "1", "0,000,001"},
        {"0%", "0.5", "50%"},
        {"0.0%", "0.1234", "12.3%"},
        {"0,", "12345", "12"},
        {"0.0,,", "12345678", "12.3"},
        {"#.##", "1.5", "1.5"},
        {"#.##", "0.5", ".5"},
        {"\"$\"#,##0.00", "1234.5", "$1,234.50"},
        {"#,##0.00\\ [$€-407]", "5", "5.00 €"},
        {"[Red]0.0", "-1", "-1.0"},
        {"0;(0)", "-7", "(7)"},
        {"0;-0;\"none\"", "0", "none"},
        {"000\\-00\\-0000", "123456789", "123-45-6789"},
        {"_-* #,##0.00 _€", "3", " 3.00  "},
        {"General", "1.25", "1.25"},
        {"@", "1.25", "1.25"},
        {"\"шт\" 0", "4", "шт 4"},
        {"0.00E+00", "12345.678", "12345.678"},
        {"# ?/?", "0.5", "0.5"},
        {"[<100]0.0;0", "5", "5"},
        {"0\\,0", "12", "1,2"},
        {"0\"%\"", "12", "12%"},
    };
    for (size_t i = 0; i < ELEMENTS(cases); i++)
        expect_shown(cases[i][0], cases[i][1], cases[i][2]);
}
END_TEST

START_TEST(dates_and_times_are_shown_by_their_format)
{
    static const char *const cases[][3] = {
        {"yyyy-mm-dd", "45291", "2023-12-31"},
        {"dd.mm.yyyy", "45291", "31.12.2023"},
        {"d-mmm-yy", "45291", "31-Dec-23"},
        {"dddd, mmmm d", "45291", "Sunday, December 31"},
        {"ddd", "1", "Sun"},
        {"h:mm", "0.5", "12:00"},
        {"h:mm AM/PM", "0.75", "6:00 PM"},
        {"h:mm A/P", "0", "12:00 A"},
        {"[h]:mm:ss", "1.5", "36:00:00"},
        {"[mm]:ss", "0.0423611111111111", "61:00"},
        {"mm:ss.0", "0.000017361", "00:01.5"},
        {"hh:mm:ss", "0.999999", "00:00:00"},
        {"yyyy-mm-dd", "60", "1900-02-29"},
        {"yyyy-mm-dd", "59", "1900-02-28"},
        {"yyyy-mm-dd", "61", "1900-03-01"},
        {"yyyy-mm-dd", "0", "1900-01-00"},
        {"yyyy-mm-dd", "2958465", "9999-12-31"},
        {"yyyy-mm-dd", "2958466", "2958466"},
        {"yyyy-mm-dd", "-1", "-1"},
        {"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "45291", "2023-12-31"},
        {"[$-419]d mmmm yyyy", "45291", "31 December 2023"},
        {"yyyy\"г.\"", "45291", "2023г."},
    };
    for (size_t i = 0; i < ELEMENTS(cases); i++)
        expect_shown(cases[i][0], cases[i][1], cases[i][2]);
}
END_TEST

/* The C library counts days on its own. */
START_TEST(serials_are_the_days_of_the_calendar_in_both_epochs)
{
    for (int day = 61; day < 2958466; day += 97) {
        time_t seconds = ((time_t)day - 25569) * 86400;
        struct tm expected;
        struct xlsx_date date, shifted;
        gmtime_r(&seconds, &expected);
        ck_assert(xlsx_date_of(day, XLSX_EPOCH_1900, 1000, &date));
        ck_assert_msg(date.year == expected.tm_year + 1900 && date.month == expected.tm_mon + 1 &&
                          date.day == expected.tm_mday && date.weekday == expected.tm_wday,
                      "serial %d is %d-%d-%d", day, date.year, date.month, date.day);
        if (day < 1462)
            continue;
        ck_assert(xlsx_date_of(day - 1462, XLSX_EPOCH_1904, 1000, &shifted));
        ck_assert(date.year == shifted.year && date.month == shifted.month && date.day == shifted.day);
    }
}
END_TEST

START_TEST(any_bytes_compile_to_a_format)
{
    static const char *const codes[] = {"",          ";",
                                        ";;;;",      "\"",
                                        "\\",        "_",
                                        "*",         "[",
                                        "[$",        "[$-",
                                        "0.",        ".",
                                        ".0",        "E+",
                                        "\xff",      "_\xd0\xb6",
                                        "[h",        "mmmmmmmmmmmmmmmmmm",
                                        "yyyyyyyyy", "ss.000000000",
                                        ",",         "%",
                                        "0,0,"};
    for (size_t i = 0; i < ELEMENTS(codes); i++) {
        _cleanup_(arena_free) struct arena arena = ARENA_INIT(1 << 20);
        _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(4096);
        struct xlsx_number value;
        const struct xlsx_format *format = xlsx_format_compile(text_of(codes[i]), &arena);
        ck_assert_msg(format != NULL, "<%s>", codes[i]);
        ck_assert(xlsx_number_read(text_of("-12345.678"), &value));
        xlsx_format_show(format, &value, XLSX_EPOCH_1900, &text);
        value.negative = false;
        xlsx_format_show(format, &value, XLSX_EPOCH_1904, &text);
    }
}
END_TEST

/* A price keeps all digits behind a rounded text, a date has none, and a built-in id that a file calls
 * something else follows the file, except the one of unstyled numbers. */
START_TEST(styles_choose_the_format)
{
    size_t size;
    _cleanup_free_ char *sheet = sheet_of(
        "<sheetData><row r=\"1\"><c r=\"A1\" s=\"0\"><v>45291</v></c><c r=\"B1\" s=\"1\"><v>12.3456</v></c>"
        "<c r=\"C1\" s=\"2\"><v>45291</v></c><c r=\"D1\" s=\"3\"><v>7</v></c><c r=\"E1\" "
        "s=\"99\"><v>8</v></c>"
        "<c r=\"F1\" s=\"\"><v>9</v></c><c r=\"G1\" s=\"4\"><v>45291</v></c></row></sheetData>");
    _cleanup_free_ char *bytes = book_make(
        (const struct part[]){
            {"xl/worksheets/sheet1.xml", sheet},
            {"xl/styles.xml",
             "<styleSheet><numFmts><numFmt numFmtId=\"0\" formatCode=\"yyyy\"/><numFmt numFmtId=\"164\" "
             "formatCode=\"00000\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf "
             "numFmtId=\"0\"/>"
             "<xf numFmtId=\"2\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf "
             "numFmtId=\"22\"/></cellXfs></styleSheet>"},
            {NULL, NULL}},
        &size);
    _cleanup_(book_free) struct book book = book_read(bytes, size, (struct xlsx_options){0});
    expect_json("styles", "cells", book.cells,
                "{\"A1\": \"45291\", \"B1\": \"12.35\", \"C1\": \"2023-12-31\", \"D1\": \"00007\", \"E1\": "
                "\"8\", \"F1\": \"9\", "
                "\"G1\": \"2023-12-31 0:00\"}");
    expect_json("styles", "raw", book.raw,
                "{\"A1\": \"45291\", \"B1\": \"12.3456\", \"D1\": \"7\", \"E1\": \"8\", \"F1\": \"9\"}");
}
END_TEST

CHECK_MAIN("xlsx.xlsx_formats", numbers_are_shown_by_their_format, dates_and_times_are_shown_by_their_format,
           serials_are_the_days_of_the_calendar_in_both_epochs, any_bytes_compile_to_a_format,
           styles_choose_the_format)
