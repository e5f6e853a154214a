/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"
#include "base/text.h"
#include "check_main.h"

struct case_ {
    const char *text;
    enum decimal_result result;
    const char *value; /* as decimal_format writes it, or NULL */
};

static void expect(const struct case_ *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t value = -1;
        enum decimal_result result = decimal_parse(text_of(cases[i].text), &value);
        ck_assert_msg(result == cases[i].result, "%s: result %d, expected %d", cases[i].text, result,
                      cases[i].result);
        if (cases[i].value == NULL) {
            ck_assert_msg(value == -1, "%s: a failure wrote %lld", cases[i].text, (long long)value);
            continue;
        }
        char text[DECIMAL_TEXT_SIZE];
        decimal_format(value, text);
        ck_assert_msg(strcmp(text, cases[i].value) == 0, "%s: %s, expected %s", cases[i].text, text,
                      cases[i].value);
    }
}

START_TEST(plain_numbers_are_exact)
{
    static const struct case_ cases[] = {
        {"0", DECIMAL_OK, "0.0000"},        {"12.5", DECIMAL_OK, "12.5000"},
        {"0012.50", DECIMAL_OK, "12.5000"}, {".5", DECIMAL_OK, "0.5000"},
        {"5.", DECIMAL_OK, "5.0000"},       {"-3.25", DECIMAL_OK, "-3.2500"},
        {"+7", DECIMAL_OK, "7.0000"},       {"0.0001", DECIMAL_OK, "0.0001"},
        {"-0", DECIMAL_OK, "0.0000"},       {"1.50000", DECIMAL_OK, "1.5000"},
    };
    expect(cases, sizeof cases / sizeof cases[0]);
}
END_TEST

START_TEST(more_than_four_decimals_round_half_to_even_and_say_so)
{
    static const struct case_ cases[] = {
        {"0.00005", DECIMAL_ROUNDED, "0.0000"},
        {"0.00015", DECIMAL_ROUNDED, "0.0002"},
        {"0.00025", DECIMAL_ROUNDED, "0.0002"},
        {"0.000250001", DECIMAL_ROUNDED, "0.0003"},
        {"9.99995", DECIMAL_ROUNDED, "10.0000"},
        {"0.000001", DECIMAL_ROUNDED, "0.0000"},
        {"0.000049999999999999999999999999999999999999999999999999", DECIMAL_ROUNDED, "0.0000"},
        {"0.000050000000000000000000000000000000000000000000000001", DECIMAL_ROUNDED, "0.0001"},
    };
    expect(cases, sizeof cases / sizeof cases[0]);
}
END_TEST

START_TEST(exponents_are_read)
{
    static const struct case_ cases[] = {
        {"1e3", DECIMAL_OK, "1000.0000"},       {"1.25E+2", DECIMAL_OK, "125.0000"},
        {"125e-2", DECIMAL_OK, "1.2500"},       {"1e400", DECIMAL_RANGE, NULL},
        {"0e400", DECIMAL_OK, "0.0000"},        {"1e-400", DECIMAL_ROUNDED, "0.0000"},
        {"1e", DECIMAL_NOT_A_NUMBER, NULL},     {"1e+", DECIMAL_NOT_A_NUMBER, NULL},
        {"1e99999999999", DECIMAL_RANGE, NULL},
    };
    expect(cases, sizeof cases / sizeof cases[0]);
}
END_TEST

START_TEST(the_range_ends_at_numeric_14_4)
{
    static const struct case_ cases[] = {
        {"9999999999.9999", DECIMAL_OK, "9999999999.9999"},
        {"9999999999.99994", DECIMAL_ROUNDED, "9999999999.9999"},
        {"9999999999.99995", DECIMAL_RANGE, NULL},
        {"10000000000", DECIMAL_RANGE, NULL},
        {"99999999999999999999999999999999999999999999999", DECIMAL_RANGE, NULL},
    };
    expect(cases, sizeof cases / sizeof cases[0]);
}
END_TEST

START_TEST(nothing_else_is_a_number)
{
    static const char *const texts[] = {"",     "-",   ".",   "1,5",   "1 5", " 1", "1 ",
                                        "0x10", "NaN", "inf", "1.2.3", "--1", "e5"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct case_ one = {texts[i], DECIMAL_NOT_A_NUMBER, NULL};
        expect(&one, 1);
    }
}
END_TEST

CHECK_MAIN("base.decimal", plain_numbers_are_exact, more_than_four_decimals_round_half_to_even_and_say_so,
           exponents_are_read, the_range_ends_at_numeric_14_4, nothing_else_is_a_number)
