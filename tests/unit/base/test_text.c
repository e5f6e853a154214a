/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/text.h"
#include "check_main.h"

#include <string.h>

START_TEST(trimming_knows_the_blanks_of_spreadsheets)
{
    struct sluice_cell trimmed = text_trim(text_of(" \t\xc2\xa0\xe2\x80\xaf x y \xe2\x80\x8b\xef\xbb\xbf\n"));
    ck_assert_msg(text_is(trimmed, "x y"), "got «%.*s»", (int)trimmed.len, trimmed.ptr);
    ck_assert(text_is_blank(text_of("\xc2\xa0 \xe3\x80\x80")));
    ck_assert(text_is_blank(text_of(NULL)));
    ck_assert(!text_is_blank(text_of("0")));
}
END_TEST

START_TEST(utf8_is_checked_as_rfc_3629_says)
{
    static const struct {
        const char *bytes;
        size_t n, valid;
    } cases[] = {
        {"plain ASCII, longer than eight", 30, 30},
        {"\xd0\x9a\xd0\xb0\xd0\xb1\xd0\xb5\xd0\xbb\xd1\x8c", 12, 12},
        {"a\xc0\xaf", 3, 1},          /* overlong */
        {"\xe0\x80\xaf", 3, 0},       /* overlong */
        {"\xed\xa0\x80", 3, 0},       /* surrogate */
        {"\xf4\x90\x80\x80", 4, 0},   /* beyond U+10FFFF */
        {"ok\xf0\x9f\x98\x80", 6, 6}, /* four bytes */
        {"ok\xf0\x9f\x98", 5, 2},     /* cut */
        {"12345678\xff", 9, 8},
        {"\x80", 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t valid = utf8_valid_prefix(cases[i].bytes, cases[i].n);
        ck_assert_msg(valid == cases[i].valid, "case %zu: %zu, expected %zu", i, valid, cases[i].valid);
    }
}
END_TEST

START_TEST(a_cut_never_splits_a_character)
{
    const char *text = "a\xd0\x9a\xe2\x82\xac\xf0\x9f\x98\x80";
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
    for (size_t n = 0; n <= 10; n++)
        ck_assert_msg(utf8_cut(text, n) == expected[n], "%zu: %zu, expected %zu", n, utf8_cut(text, n),
                      expected[n]);
}
END_TEST

START_TEST(an_excerpt_is_one_line_of_utf8_and_says_where_it_was_cut)
{
    char excerpt[16];
    struct sluice_cell raw = {.ptr = "a\n\\\x01\xff", .len = 5};
    text_excerpt(raw, excerpt, sizeof excerpt);
    ck_assert_str_eq(excerpt, "a\\n\\\\\\x01\\xff");
    text_excerpt(text_of("0123456789abcdef"), excerpt, sizeof excerpt);
    ck_assert_str_eq(excerpt, "0123456789ab\xe2\x80\xa6");
}
END_TEST

START_TEST(distance_counts_edits_up_to_a_limit)
{
    ck_assert_uint_eq(text_distance("store", "store", 3), 0);
    ck_assert_uint_eq(text_distance("stroe", "store", 3), 2);
    ck_assert_uint_eq(text_distance("abc", "xyzuv", 2), 3);
}
END_TEST

START_TEST(json_strings_escape_what_must_be_and_replace_what_is_no_utf8)
{
    struct buffer out = BUFFER_INIT(1024);
    struct sluice_cell raw = {.ptr = "\"\\\n\x01 \xd0\x96 \xff.", .len = 10};
    json_text(&out, raw);
    ck_assert_str_eq(out.data, "\"\\\"\\\\\\n\\u0001 \xd0\x96 \xef\xbf\xbd.\"");
    buffer_clear(&out);
    json_text(&out, text_of(NULL));
    ck_assert_str_eq(out.data, "null");
    buffer_free(&out);
}
END_TEST

CHECK_MAIN("base.text", trimming_knows_the_blanks_of_spreadsheets, utf8_is_checked_as_rfc_3629_says,
           a_cut_never_splits_a_character, an_excerpt_is_one_line_of_utf8_and_says_where_it_was_cut,
           distance_counts_edits_up_to_a_limit, json_strings_escape_what_must_be_and_replace_what_is_no_utf8)
