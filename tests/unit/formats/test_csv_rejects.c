/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes a reject, at its limits, and that the rows around it stay. */
#include "formats/rows.h"

START_TEST(a_quote_that_is_never_closed_costs_one_line)
{
    expect_rows_and_rejects("a,b\n1,\"open\n3,4\n5,6\n", "[[\"a\",\"b\"],[\"3\",\"4\"],[\"5\",\"6\"]]",
                            "[[2,\"unclosed_quote\"]]");
    expect_rows_and_rejects("a,b\n1,\"open", "[[\"a\",\"b\"]]", "[[2,\"unclosed_quote\"]]");
}
END_TEST

START_TEST(a_quote_that_closes_before_a_word_on_a_later_line_costs_one_line)
{
    expect_rows_and_rejects("a,b\n1,\"5 inch\n3,4\n5,\"x, y\"\n",
                            "[[\"a\",\"b\"],[\"3\",\"4\"],[\"5\",\"x, y\"]]", "[[2,\"unclosed_quote\"]]");
}
END_TEST

START_TEST(lines_go_on_after_an_unclosed_quote)
{
    const char *input = "a,b\r\n\"x\r\ny\",\"open\r\n3,4\r\n";
    _cleanup_(decoded_free) struct decoded decoded = decode(input);
    expect_json(input, "lines", decoded.lines, "[1,4]");
    expect_json(input, "rejects", decoded.rejects, "[[2,\"unclosed_quote\"]]");
    expect_json(input, "columns", decoded.columns, "[2]");
}
END_TEST

START_TEST(a_nul_byte_rejects_its_row)
{
    static const char input[] = "a,b\n1,2\0\n3,4\n";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_bytes(input, sizeof input - 1, (struct csv_options){0});
    expect_json(input, "rows", decoded.rows, "[[\"a\",\"b\"],[\"3\",\"4\"]]");
    expect_json(input, "rejects", decoded.rejects, "[[2,\"nul_byte\"]]");
}
END_TEST

START_TEST(bytes_that_are_not_utf8_reject_their_row)
{
    struct csv_options options = {.encoding = "utf-8"};
    const char *input = "a,b\n1,\xd0\n\xd0\x96,4\n\xed\xa0\x80,5\n";
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(input, strlen(input), options);
    expect_json(input, "rows", decoded.rows, "[[\"a\",\"b\"],[\"\\u0416\",\"4\"]]");
    expect_json(input, "rejects", decoded.rejects, "[[2,\"bad_encoding\"],[4,\"bad_encoding\"]]");
}
END_TEST

static void message_keep(void *context, const struct sluice_source_reject *reject)
{
    snprintf(context, 256, "%s", reject->message);
}

START_TEST(the_message_names_the_offset_in_the_file)
{
    const char *input = "\xef\xbb\xbf"
                        "a,b\n1,\xff\n";
    char message[256] = "";
    struct csv_options options = {.reject = message_keep, .reject_context = message};
    struct csv_reader *reader;
    const struct sluice_batch *batch;
    ck_assert_int_eq(csv_open(input, strlen(input), NULL, &options, &reader, NULL), SLUICE_OK);
    ck_assert_int_eq(csv_next(reader, &batch, NULL), SLUICE_OK);
    batch->release(batch);
    csv_close(reader);
    ck_assert_msg(strstr(message, "0xff at offset 9") != NULL, "%s", message);
}
END_TEST

/* "a,b\n", one row made by `head`, n times 'x' and `tail`, "1,2\n". */
static struct decoded decode_long(const char *head, size_t n, const char *tail,
                                  const struct csv_options *options)
{
    size_t size = 4 + strlen(head) + n + strlen(tail) + 4;
    _cleanup_free_ char *input = malloc(size + 1);
    ck_assert_ptr_nonnull(input);
    char *at = stpcpy(stpcpy(input, "a,b\n"), head);
    memset(at, 'x', n);
    strcpy(stpcpy(at + n, tail), "1,2\n");
    return decode_bytes(input, size, *options);
}

static void expect_limit(const char *head, size_t n, const char *tail, struct csv_options options,
                         const char *code)
{
    _cleanup_(decoded_free) struct decoded decoded = decode_long(head, n, tail, &options);
    char rejects[64] = "[]";
    if (code != NULL)
        snprintf(rejects, sizeof rejects, "[[2,\"%s\"]]", code);
    ck_assert_msg(decoded.status == SLUICE_END, "%zu bytes: %s", n, decoded.error.message);
    expect_json(head, "rejects", decoded.rejects, rejects);
    expect_json(head, "lines", decoded.lines, code == NULL ? "[1,2,3]" : "[1,3]");
}

START_TEST(a_field_may_have_64_kib)
{
    const struct csv_options options = {.delimiter = ','};
    expect_limit("", CSV_FIELD_BYTES - 1, ",2\n", options, NULL);
    expect_limit("", CSV_FIELD_BYTES, ",2\n", options, NULL);
    expect_limit("", CSV_FIELD_BYTES + 1, ",2\n", options, "field_too_large");
    expect_limit("0,\"", CSV_FIELD_BYTES - 1, "\"\n", options, NULL);
    expect_limit("0,\"", CSV_FIELD_BYTES, "\"\n", options, NULL);
    expect_limit("0,\"", CSV_FIELD_BYTES + 1, "\"\n", options, "field_too_large");
    expect_limit("0,\"\"\"", CSV_FIELD_BYTES - 1, "\"\n", options, NULL);
    expect_limit("0,\"\"\"", CSV_FIELD_BYTES, "\"\n", options, "field_too_large");
}
END_TEST

START_TEST(a_field_of_ten_megabytes_costs_its_row_only)
{
    expect_limit("0,\"", 10 << 20, "\"\n", (struct csv_options){.delimiter = ','}, "field_too_large");
    expect_limit("0,", 10 << 20, "\n", (struct csv_options){.delimiter = ','}, "field_too_large");
    expect_limit("0,\"", 10 << 20, "\"\n", (struct csv_options){.delimiter = ',', .encoding = "windows-1251"},
                 "unclosed_quote");
    expect_limit("0,", 10 << 20, "\n", (struct csv_options){.delimiter = ',', .encoding = "windows-1251"},
                 "record_too_large");
}
END_TEST

START_TEST(a_record_may_have_its_limit)
{
    const struct csv_options options = {.delimiter = ',',
                                        .limits = {.field_bytes = 4096, .record_bytes = 4096}};
    expect_limit("0,", 4093, "\n", options, NULL);
    expect_limit("0,", 4094, "\n", options, NULL);
    expect_limit("0,", 4095, "\n", options, "record_too_large");
}
END_TEST

/* n columns in the second row. */
static void expect_columns(size_t n, const char *rejects)
{
    _cleanup_free_ char *input = malloc(2 * n + 16);
    char *at = stpcpy(input, "a,b\n");
    for (size_t i = 1; i < n; i++)
        at = stpcpy(at, "7,");
    strcpy(at, "7\n1,2\n");
    _cleanup_(decoded_free) struct decoded decoded =
        decode_bytes(input, strlen(input), (struct csv_options){.delimiter = ','});
    expect_json("columns", "rejects", decoded.rejects, rejects);
    expect_json("columns", "lines", decoded.lines, strcmp(rejects, "[]") == 0 ? "[1,2,3]" : "[1,3]");
}

START_TEST(a_row_may_have_1024_columns)
{
    expect_columns(1023, "[]");
    expect_columns(1024, "[]");
    expect_columns(1025, "[[2,\"too_many_columns\"]]");
    expect_columns(1000000, "[[2,\"too_many_columns\"]]");
}
END_TEST

static void expect_row_limit(const char *input, enum sluice_status status)
{
    struct csv_options options = {.limits = {.rows = 3}};
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(input, strlen(input), options);
    ck_assert_msg(decoded.status == status, "<%s>: %s, expected %s", input, status_name(decoded.status),
                  status_name(status));
}

START_TEST(a_list_with_too_many_rows_is_an_error)
{
    expect_row_limit("a,b\n1,2\n", SLUICE_END);
    expect_row_limit("a,b\n1,2\n3,4\n", SLUICE_END);
    expect_row_limit("a,b\n1,2\n3,4\n5,6\n", SLUICE_DATA);
}
END_TEST

CHECK_MAIN("formats.csv_rejects", a_quote_that_is_never_closed_costs_one_line,
           a_quote_that_closes_before_a_word_on_a_later_line_costs_one_line,
           lines_go_on_after_an_unclosed_quote, a_nul_byte_rejects_its_row,
           bytes_that_are_not_utf8_reject_their_row, the_message_names_the_offset_in_the_file,
           a_field_may_have_64_kib, a_field_of_ten_megabytes_costs_its_row_only, a_record_may_have_its_limit,
           a_row_may_have_1024_columns, a_list_with_too_many_rows_is_an_error)
