/* SPDX-License-Identifier: Apache-2.0 */
/* Delimiters: detected, said by the list, or given. */
#include "formats/rows.h"

static void expect_delimiter(char delimiter, const char *input)
{
    _cleanup_(decoded_free) struct decoded decoded = decode(input);
    ck_assert_msg(decoded.delimiter == delimiter, "<%s>: '%c', expected '%c'", input, decoded.delimiter,
                  delimiter);
}

START_TEST(the_delimiter_that_cuts_evenly_is_taken)
{
    expect_delimiter(',', "a,b,c\n1,2,3\n");
    expect_delimiter(';', "a;b;c\n1;2,5;3\n4;5,5;6\n");
    expect_delimiter('\t', "a\tb\n1, 2\t3\n4\t5\n");
    expect_delimiter('|', "a|b|c\n1|2|3\n");
}
END_TEST

START_TEST(decimal_commas_do_not_cut)
{
    expect_delimiter(';', "1,50;2,50\n3,10;4,20\n");
    expect_delimiter('\t', "1,50\t2,50\t3,50\n");
}
END_TEST

START_TEST(quoted_delimiters_and_titles_do_not_count)
{
    expect_delimiter(',', "Price list; May\n\nsku,name\n1,\"a;b;c\"\n2,\"d;e;f\"\n3,g\n4,h\n");
}
END_TEST

START_TEST(one_column_has_the_comma)
{
    expect_delimiter(',', "sku\n1\n2\n");
}
END_TEST

START_TEST(a_sep_line_is_no_row_but_a_line)
{
    const char *inputs[] = {"sep=;\r\na;b\r\n1;2\r\n", "\"sep=;\"\na;b\n1;2\n", "SEP=;\ra;b\r1;2\r"};
    for (size_t i = 0; i < ELEMENTS(inputs); i++) {
        _cleanup_(decoded_free) struct decoded decoded = decode(inputs[i]);
        expect_json(inputs[i], "rows", decoded.rows, "[[\"a\",\"b\"],[\"1\",\"2\"]]");
        expect_json(inputs[i], "lines", decoded.lines, "[2,3]");
    }
    expect_rows("sep=;", "[]");
    expect_rows("sep=\n", "[[\"sep=\"]]");
}
END_TEST

START_TEST(the_option_wins_over_the_sep_line)
{
    const char *input = "sep=;\na,b;c\n";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_bytes(input, strlen(input), (struct csv_options){.delimiter = ','});
    expect_json(input, "rows", decoded.rows, "[[\"a\",\"b;c\"]]");
}
END_TEST

CHECK_MAIN("formats.csv_dialect", the_delimiter_that_cuts_evenly_is_taken, decimal_commas_do_not_cut,
           quoted_delimiters_and_titles_do_not_count, one_column_has_the_comma,
           a_sep_line_is_no_row_but_a_line, the_option_wins_over_the_sep_line)
