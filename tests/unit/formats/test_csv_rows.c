/* SPDX-License-Identifier: Apache-2.0 */
/* Rows, cells, quotes and line ends, as RFC 4180 has them and as lists really are. */
#include "formats/rows.h"

START_TEST(rows_and_cells_are_read)
{
    expect_rows("sku,name\n1,a\n2,b\n", "[[\"sku\",\"name\"],[\"1\",\"a\"],[\"2\",\"b\"]]");
}
END_TEST

START_TEST(the_last_line_needs_no_line_end)
{
    expect_rows("a,b\n1,2", "[[\"a\",\"b\"],[\"1\",\"2\"]]");
    expect_rows("a,b\n1,", "[[\"a\",\"b\"],[\"1\",\"\"]]");
}
END_TEST

START_TEST(an_empty_list_has_no_rows)
{
    expect_rows("", "[]");
    expect_rows("\xef\xbb\xbf", "[]");
}
END_TEST

START_TEST(quoted_cells_keep_delimiters_quotes_and_line_ends)
{
    expect_rows("a,b\n\"x,\"\"y\"\"\r\nz\",2\n", "[[\"a\",\"b\"],[\"x,\\\"y\\\"\\r\\nz\",\"2\"]]");
}
END_TEST

START_TEST(quotes_inside_bare_cells_are_text)
{
    expect_rows("a,b\npipe 5\",6\n", "[[\"a\",\"b\"],[\"pipe 5\\\"\",\"6\"]]");
    expect_rows("a,b\nsay \"hi, you\",6\n", "[[\"a\",\"b\"],[\"say \\\"hi\",\" you\\\"\",\"6\"]]");
}
END_TEST

START_TEST(text_after_a_closing_quote_is_kept)
{
    expect_rows("a,b\n\"x\"yz,2\n", "[[\"a\",\"b\"],[\"xyz\",\"2\"]]");
    expect_rows("a,b\n\"x\" ,2\n", "[[\"a\",\"b\"],[\"x \",\"2\"]]");
    expect_rows("a,b\n\"Pedro \"the\" legend\",2\n", "[[\"a\",\"b\"],[\"Pedro the\\\" legend\\\"\",\"2\"]]");
}
END_TEST

START_TEST(line_ends_may_be_mixed)
{
    expect_rows("a,b\r1,2\r\n3,4\n5,6", "[[\"a\",\"b\"],[\"1\",\"2\"],[\"3\",\"4\"],[\"5\",\"6\"]]");
}
END_TEST

START_TEST(lines_are_physical_after_blank_lines_and_quoted_line_ends)
{
    const char *input = "a,b\n\n\"x\ny\r\nz\",1\n3,4\r\r5,6\n";
    _cleanup_(decoded_free) struct decoded decoded = decode(input);
    expect_json(input, "lines", decoded.lines, "[1,2,3,6,7,8]");
    expect_json(input, "blank lines", decoded.blank, "[2,7]");
}
END_TEST

START_TEST(rows_without_any_text_are_blank)
{
    const char *input = "a,b\n , \n,\n\xc2\xa0,\t\n0,\n";
    _cleanup_(decoded_free) struct decoded decoded = decode(input);
    expect_json(input, "blank lines", decoded.blank, "[2,3,4]");
}
END_TEST

START_TEST(a_wider_row_begins_a_batch_and_short_ones_are_padded)
{
    const char *input = "Price list\na,b,c\n1\n2,3\n";
    struct csv_reader *reader;
    struct csv_options options = {0};
    const struct sluice_batch *title, *body;
    ck_assert_int_eq(csv_open(input, strlen(input), NULL, &options, &reader, NULL), SLUICE_OK);
    ck_assert_int_eq(csv_next(reader, &title, NULL), SLUICE_OK);
    ck_assert_int_eq(csv_next(reader, &body, NULL), SLUICE_OK);
    csv_close(reader);
    ck_assert_uint_eq(title->n_columns, 1);
    ck_assert_uint_eq(title->n_rows, 1);
    ck_assert_uint_eq(body->n_columns, 3);
    ck_assert_uint_eq(body->n_rows, 3);
    ck_assert_mem_eq(body->cells[3].ptr, "1", 1);
    ck_assert_ptr_null(body->cells[4].ptr);
    ck_assert_ptr_null(body->cells[5].ptr);
    title->release(title);
    body->release(body);
}
END_TEST

START_TEST(cells_that_need_no_change_point_into_the_document)
{
    const char *input = "a,\"b\"\n1,\"2\"\"\"\n";
    struct csv_reader *reader;
    struct csv_options options = {0};
    const struct sluice_batch *batch;
    ck_assert_int_eq(csv_open(input, strlen(input), NULL, &options, &reader, NULL), SLUICE_OK);
    ck_assert_int_eq(csv_next(reader, &batch, NULL), SLUICE_OK);
    csv_close(reader);
    ck_assert_ptr_eq(batch->cells[0].ptr, input);
    ck_assert_ptr_eq(batch->cells[1].ptr, input + 3);
    ck_assert_mem_eq(batch->cells[3].ptr, "2\"", 2);
    batch->release(batch);
}
END_TEST

START_TEST(quoting_can_be_switched_off)
{
    const char *input = "a;b\n\"x;y\"\n";
    struct csv_options options = {.delimiter = ';', .quote = CSV_QUOTE_NONE};
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(input, strlen(input), options);
    expect_json(input, "rows", decoded.rows, "[[\"a\",\"b\"],[\"\\\"x\",\"y\\\"\"]]");
}
END_TEST

START_TEST(an_impossible_dialect_is_a_configuration_error)
{
    static const struct csv_options impossible[] = {{.delimiter = '"'},
                                                    {.delimiter = '\n'},
                                                    {.quote = '\r'},
                                                    {.quote = 200},
                                                    {.limits = {.columns = 1025}}};
    for (size_t i = 0; i < ELEMENTS(impossible); i++) {
        _cleanup_(decoded_free) struct decoded decoded = decode_bytes("a,b\n", 4, impossible[i]);
        ck_assert_msg(decoded.status == SLUICE_CONFIG, "case %zu: %s", i, status_name(decoded.status));
    }
}
END_TEST

CHECK_MAIN("formats.csv_rows", rows_and_cells_are_read, the_last_line_needs_no_line_end,
           an_empty_list_has_no_rows, quoted_cells_keep_delimiters_quotes_and_line_ends,
           quotes_inside_bare_cells_are_text, text_after_a_closing_quote_is_kept, line_ends_may_be_mixed,
           lines_are_physical_after_blank_lines_and_quoted_line_ends, rows_without_any_text_are_blank,
           a_wider_row_begins_a_batch_and_short_ones_are_padded,
           cells_that_need_no_change_point_into_the_document, quoting_can_be_switched_off,
           an_impossible_dialect_is_a_configuration_error)
