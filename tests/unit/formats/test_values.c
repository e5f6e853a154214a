/* SPDX-License-Identifier: Apache-2.0 */
/* The `values` answer: cells as displayed, rows of any length, what is refused and what is rejected. */
#include "formats/values_rows.h"

static struct decoded decode_answer(const char *text)
{
    return decode_values(text, strlen(text), (struct values_options){0});
}

static void expect_values(const char *input, const char *rows)
{
    _cleanup_(decoded_free) struct decoded decoded = decode_answer(input);
    ck_assert_msg(decoded.status == SLUICE_END, "<%s>: %s", input, decoded.error.message);
    expect_json(input, "rows", decoded.rows, rows);
    expect_json(input, "rejects", decoded.rejects, "[]");
}

static void expect_rejected(const char *input, const char *rows, const char *rejects)
{
    _cleanup_(decoded_free) struct decoded decoded = decode_answer(input);
    ck_assert_msg(decoded.status == SLUICE_END, "<%s>: %s", input, decoded.error.message);
    expect_json(input, "rows", decoded.rows, rows);
    expect_json(input, "rejects", decoded.rejects, rejects);
}

static void expect_refused(const char *input)
{
    _cleanup_(decoded_free) struct decoded decoded = decode_answer(input);
    ck_assert_msg(decoded.status == SLUICE_DATA, "<%s> is taken for an answer", input);
    ck_assert_msg(strlen(decoded.error.message) > 0, "<%s>: no message", input);
}

START_TEST(cells_are_as_displayed)
{
    expect_values("{\"range\":\"A!A1:B2\",\"majorDimension\":\"ROWS\",\"values\":[[\"SKU\",\"Цена\"],["
                  "\"007\",\"12,50 €\"]]}",
                  "[[\"SKU\",\"Цена\"],[\"007\",\"12,50 €\"]]");
}
END_TEST

START_TEST(numbers_keep_their_digits)
{
    expect_values("{\"values\":[[1.50,-0,1e400,12345678901234567890,0.1]]}",
                  "[[\"1.50\",\"-0\",\"1e400\",\"12345678901234567890\",\"0.1\"]]");
}
END_TEST

START_TEST(logical_values_are_as_sheets_shows_them_and_null_is_no_cell)
{
    expect_values("{\"values\":[[true,false,null,\"x\"]]}", "[[\"TRUE\",\"FALSE\",null,\"x\"]]");
}
END_TEST

START_TEST(rows_may_be_ragged_or_empty)
{
    _cleanup_(decoded_free) struct decoded decoded =
        decode_answer(" { \"values\" : [ [ \"a\" ] , [ ] , [ \"b\" , \"\" , \"c\" ] ] } ");
    expect_json("ragged", "rows", decoded.rows, "[[\"a\"],[],[\"b\",\"\",\"c\"]]");
    expect_json("ragged", "lines", decoded.lines, "[1,2,3]");
    expect_json("ragged", "blank", decoded.blank, "[2]");
}
END_TEST

START_TEST(a_wider_row_begins_the_next_batch_and_is_read_once)
{
    _cleanup_(decoded_free) struct decoded decoded =
        decode_answer("{\"values\":[[\"a\"],[\"b\"],[\"c\\u0020\",\"d\"],[\"e\"]],\"range\":\"x\"}");
    expect_json("wider", "rows", decoded.rows, "[[\"a\"],[\"b\"],[\"c \",\"d\"],[\"e\"]]");
    expect_json("wider", "lines", decoded.lines, "[1,2,3,4]");
    ck_assert_uint_eq(decoded.batches, 2);
}
END_TEST

START_TEST(an_empty_range_has_no_values)
{
    expect_values("{\"range\":\"Sheet1!A1:Z1000\",\"majorDimension\":\"ROWS\"}", "[]");
    expect_values("{}", "[]");
    expect_values("{\"values\":[]}", "[]");
}
END_TEST

START_TEST(escapes_become_what_they_say)
{
    expect_values(
        "{\"values\":[[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0041\\u0416\\u20ac\",\"\\ud83c\\udf35\"]]}",
        "[[\"\\\"\\\\/\\b\\f\\n\\r\\t\",\"AЖ€\",\"🌵\"]]");
}
END_TEST

START_TEST(unknown_members_are_passed_over)
{
    expect_values("{\"a\":{\"b\":[1,{\"c\":null}],\"d\":\"}\"},\"values\":[[\"x\"]],\"e\":[[]]}",
                  "[[\"x\"]]");
}
END_TEST

START_TEST(a_cell_that_cannot_be_text_rejects_its_row_alone)
{
    expect_rejected("{\"values\":[[\"a\"],[\"b\",\"\\u0000\"],[\"\\ud800\"],[\"\\udc00x\"],["
                    "\"\\ud800\\u0041\"],[\"c\"]]}",
                    "[[\"a\"],[\"c\"]]",
                    "[[2,\"nul_byte\"],[3,\"bad_encoding\"],[4,\"bad_encoding\"],[5,\"bad_encoding\"]]");
}
END_TEST

/* `before` n times `middle` `after`; the caller frees it. */
static char *repeated(const char *before, const char *middle, size_t n, const char *after)
{
    struct buffer buffer = BUFFER_INIT((size_t)64 << 20);
    buffer_text(&buffer, before);
    for (size_t i = 0; i < n; i++)
        buffer_text(&buffer, middle);
    buffer_text(&buffer, after);
    char *text = buffer_steal(&buffer);
    ck_assert_ptr_nonnull(text);
    return text;
}

START_TEST(what_is_beyond_a_limit_rejects_its_row_alone)
{
    _cleanup_free_ char *cell =
        repeated("{\"values\":[[\"a\"],[\"", "x", VALUES_CELL_BYTES + 1, "\"],[\"b\"]]}");
    expect_rejected(cell, "[[\"a\"],[\"b\"]]", "[[2,\"field_too_large\"]]");
    _cleanup_free_ char *number = repeated("{\"values\":[[\"a\"],[", "1", 100000, "],[\"b\"]]}");
    expect_rejected(number, "[[\"a\"],[\"b\"]]", "[[2,\"field_too_large\"]]");
    _cleanup_free_ char *row = repeated("{\"values\":[[\"a\"],[", "1,", VALUES_COLUMNS, "1],[\"b\"]]}");
    expect_rejected(row, "[[\"a\"],[\"b\"]]", "[[2,\"too_many_columns\"]]");
}
END_TEST

START_TEST(what_is_no_answer_is_refused)
{
    static const char *const refused[] = {"",
                                          "[]",
                                          "null",
                                          "<!DOCTYPE html>",
                                          "{\"values\":[[\"a\"]]",
                                          "{\"values\":[[\"a\"]}}",
                                          "{\"values\":[[\"a\"",
                                          "{\"values\":[[\"a\"]]} x",
                                          "{\"values\":[[\"a\",]]}",
                                          "{\"values\":[[\"a\"],]}",
                                          "{\"values\":[[\"a\" \"b\"]]}",
                                          "{\"values\":[\"a\"]}",
                                          "{\"values\":\"a\"}",
                                          "{\"values\":[[[]]]}",
                                          "{\"values\":[[{}]]}",
                                          "{\"values\":[[\"a\"]],\"values\":[]}",
                                          "{\"range\":1,\"range\":2}",
                                          "{\"majorDimension\":\"COLUMNS\"}",
                                          "{\"values\":[[01]]}",
                                          "{\"values\":[[1.]]}",
                                          "{\"values\":[[+1]]}",
                                          "{\"values\":[[.5]]}",
                                          "{\"values\":[[tru]]}",
                                          "{\"values\":[[\"\\x\"]]}",
                                          "{\"values\":[[\"\\u12\"]]}",
                                          "{\"values\":[[\"\n\"]]}",
                                          "{\"values\":[[\"\xff\"]]}",
                                          "{\"values\":[[\"\xed\xa0\x80\"]]}",
                                          "{\"values\":[[NaN]]}",
                                          "{values:[]}",
                                          "{\"values\":[[1]]/**/}"};
    for (size_t i = 0; i < ELEMENTS(refused); i++)
        expect_refused(refused[i]);
}
END_TEST

START_TEST(an_answer_that_is_cut_anywhere_is_refused)
{
    static const char whole[] = "{\"range\":\"A\",\"values\":[[\"a\\u0416\",-1.5e3],[true,null,\"Ж\"]]}";
    for (size_t n = 0; n < sizeof whole - 1; n++) {
        _cleanup_(decoded_free) struct decoded decoded = decode_values(whole, n, (struct values_options){0});
        ck_assert_msg(decoded.status == SLUICE_DATA, "cut at %zu it is taken for an answer: %.*s", n, (int)n,
                      whole);
    }
}
END_TEST

START_TEST(brackets_may_not_go_deep)
{
    _cleanup_free_ char *deep = repeated("{\"a\":", "[", 100000, "");
    expect_refused(deep);
}
END_TEST

START_TEST(covered_cells_have_the_first_ones_text)
{
    const struct merge ranges[] = {{1, 1, 1, 3}, {2, 4, 1, 1}, {3, 4, 3, 4}};
    struct merges *merges = merges_new(ranges, ELEMENTS(ranges));
    static const char text[] =
        "{\"values\":[[\"Title\"],[\"Sa\\u0077s\",\"A-1\"],[\"\",\"A-2\",\"x\"],[],[\"Nails\",\"B-1\"]]}";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_values(text, strlen(text), (struct values_options){.merges = merges});
    merges_free(merges);
    ck_assert_msg(decoded.status == SLUICE_END, "%s", decoded.error.message);
    expect_json(text, "rows", decoded.rows,
                "[[\"Title\",\"Title\",\"Title\"],[\"Saws\",\"A-1\"],[\"Saws\",\"A-2\",\"x\",\"x\"],"
                "[\"Saws\",null,\"x\",\"x\"],[\"Nails\",\"B-1\"]]");
    expect_json(text, "covered", decoded.covered, "[[1,2],[1,3],[3,1],[3,4],[4,1],[4,3],[4,4]]");
    expect_json(text, "blank", decoded.blank, "[4]");
}
END_TEST

static uint32_t plain_decimal(struct sluice_cell digits, char ret_text[VALUES_DECIMAL_SIZE])
{
    memcpy(ret_text, digits.ptr, digits.len);
    return digits.len;
}

START_TEST(grid_data_has_the_numbers_behind_the_cells)
{
    static const char text[] = "{\"spreadsheetId\":\"x\",\"sheets\":[{\"properties\":{\"title\":\"A\"},"
                               "\"data\":[{\"rowData\":[{\"values\":["
                               "{\"formattedValue\":\"SKU\",\"effectiveValue\":{\"stringValue\":\"SKU\"}},{"
                               "\"formattedValue\":\"Price\"},{}]},{},"
                               "{\"values\":[{\"formattedValue\":\"A-1\"},{\"effectiveValue\":{"
                               "\"numberValue\":1234.5},\"formattedValue\":\"1 234,50 €\"},"
                               "{\"formattedValue\":\"x\"}]}],\"rowMetadata\":[{}]}]}]}";
    struct values_reader *reader = NULL;
    const struct sluice_batch *batch = NULL;
    struct sluice_error error;
    const struct values_options options = {.decimal = plain_decimal};
    _cleanup_(decoded_free) struct decoded decoded = decode_values(text, sizeof text - 1, options);
    ck_assert_msg(decoded.status == SLUICE_END, "%s", decoded.error.message);
    expect_json(text, "rows", decoded.rows, "[[\"SKU\",\"Price\"],[],[\"A-1\",\"1 234,50 €\",\"x\"]]");
    ck_assert_int_eq(values_open(text, sizeof text - 1, NULL, &options, &reader, &error), SLUICE_OK);
    ck_assert_int_eq(values_next(reader, &batch, &error), SLUICE_OK);
    batch->release(batch);
    ck_assert_int_eq(values_next(reader, &batch, &error), SLUICE_OK);
    ck_assert_ptr_nonnull(batch->raw);
    ck_assert_ptr_null(batch->raw[0].ptr);
    ck_assert_uint_eq(batch->raw[1].len, 6);
    ck_assert_mem_eq(batch->raw[1].ptr, "1234.5", 6);
    batch->release(batch);
    values_close(reader);
}
END_TEST

START_TEST(hidden_rows_are_marked)
{
    const struct row_range hidden[] = {{12, 12}, {14, 20}};
    static const char text[] = "{\"values\":[[\"a\"],[\"b\"],[\"c\"],[\"d\"],[\"e\"]]}";
    _cleanup_(decoded_free) struct decoded decoded = decode_values(
        text, strlen(text),
        (struct values_options){.first_line = 11, .hidden = hidden, .n_hidden = ELEMENTS(hidden)});
    expect_json(text, "lines", decoded.lines, "[11,12,13,14,15]");
    expect_json(text, "hidden", decoded.hidden, "[12,14,15]");
}
END_TEST

CHECK_MAIN("formats.values", cells_are_as_displayed, numbers_keep_their_digits,
           logical_values_are_as_sheets_shows_them_and_null_is_no_cell, rows_may_be_ragged_or_empty,
           a_wider_row_begins_the_next_batch_and_is_read_once, an_empty_range_has_no_values,
           escapes_become_what_they_say, unknown_members_are_passed_over,
           a_cell_that_cannot_be_text_rejects_its_row_alone, what_is_beyond_a_limit_rejects_its_row_alone,
           what_is_no_answer_is_refused, an_answer_that_is_cut_anywhere_is_refused, brackets_may_not_go_deep,
           covered_cells_have_the_first_ones_text, grid_data_has_the_numbers_behind_the_cells,
           hidden_rows_are_marked)
