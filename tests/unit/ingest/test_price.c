/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/decimal.h"
#include "base/text.h"
#include "check_main.h"
#include "ingest/price.h"

struct price_case {
    const char *text;
    const char *expected; /* "12.5000 EUR", "12.5000", "ambiguous", "negative", … */
};

static const char *const status_names[] = {
    [PRICE_AMBIGUOUS] = "ambiguous", [PRICE_MISSING] = "missing", [PRICE_NOT_A_NUMBER] = "no number",
    [PRICE_NEGATIVE] = "negative",   [PRICE_RANGE] = "range",     [PRICE_FORMULA_ERROR] = "formula",
};

static void show(const char *text, const char *raw, enum decimal_mark mark, char ret_shown[64])
{
    struct price price;
    enum price_status status = price_parse(text_of(text), text_of(raw), mark, &price);
    if (status != PRICE_OK) {
        snprintf(ret_shown, 64, "%s", status_names[status]);
        return;
    }
    char value[DECIMAL_TEXT_SIZE];
    decimal_format(price.value, value);
    snprintf(ret_shown, 64, "%s%s%s%s", value, price.rounded ? "~" : "", price.currency[0] == '\0' ? "" : " ",
             price.currency);
}

static void expect(const struct price_case *cases, size_t n, enum decimal_mark mark)
{
    for (size_t i = 0; i < n; i++) {
        char shown[64];
        show(cases[i].text, NULL, mark, shown);
        ck_assert_msg(strcmp(shown, cases[i].expected) == 0, "\"%s\": %s, expected %s", cases[i].text, shown,
                      cases[i].expected);
    }
}

START_TEST(the_usual_ways_to_write_a_price_are_read)
{
    static const struct price_case cases[] = {
        {"12.5", "12.5000"},
        {"12,50 €", "12.5000 EUR"},
        {"1 299,00", "1299.0000"},
        {"1.299,00", "1299.0000"},
        {"$1,299.00", "1299.0000 USD"},
        {"1'299.00", "1299.0000"},
        {"1’299.00", "1299.0000"},
        {"1\u00a0299,00", "1299.0000"},
        {"1\u202f299,00 ₽", "1299.0000 RUB"},
        {"£5", "5.0000 GBP"},
        {"12 руб.", "12.0000 RUB"},
        {"руб.500", "500.0000 RUB"},
        {"100 грн", "100.0000 UAH"},
        {"19,99 zł", "19.9900 PLN"},
        {"EUR 12.50", "12.5000 EUR"},
        {"12.50 usd", "12.5000 USD"},
        {"1,234,567.89", "1234567.8900"},
        {"1.234.567,89", "1234567.8900"},
        {"1,234,567", "1234567.0000"},
        {"12,34,567.50", "1234567.5000"},
        {"5,-", "5.0000"},
        {"5.–", "5.0000"},
        {"0", "0.0000"},
        {"0,00", "0.0000"},
        {".5", "0.5000"},
        {"+5", "5.0000"},
        {"0.125", "0.1250"},
        {"1234.125", "1234.1250"},
        {"1 234.567", "1234.5670"},
        {"1_000", "1000.0000"},
        {"1e3", "1000.0000"},
        {"1.5E+05", "150000.0000"},
        {"-0", "0.0000"},
        {"9999999999.9999", "9999999999.9999"},
        {"Rs 5", "no number"},
        {"kr 5", "5.0000"},
        {"CHF 1'299.–", "1299.0000 CHF"},
        {"US$12", "12.0000 USD"},
    };
    expect(cases, ELEMENTS(cases), DECIMAL_MARK_AUTO);
}
END_TEST

START_TEST(digits_of_other_scripts_are_digits)
{
    static const struct price_case cases[] = {
        {"٣", "3.0000"},     {"١٢٫٥", "12.5000"}, {"١٬٢٣٤٫٥", "1234.5000"},
        {"１２", "12.0000"}, {"१२", "12.0000"},
    };
    expect(cases, ELEMENTS(cases), DECIMAL_MARK_AUTO);
}
END_TEST

START_TEST(zero_width_characters_and_odd_spaces_do_not_matter)
{
    static const struct price_case cases[] = {
        {"\u200b12.5\ufeff", "12.5000"}, {"12\u200d.5", "12.5000"},           {" \t12.5\u00a0", "12.5000"},
        {"1\u2009299.00", "1299.0000"},  {"\u20ac\u00a012.5", "12.5000 EUR"},
    };
    expect(cases, ELEMENTS(cases), DECIMAL_MARK_AUTO);
}
END_TEST

START_TEST(what_is_no_price_is_refused)
{
    static const struct price_case cases[] = {
        {"", "missing"},
        {" \u00a0", "missing"},
        {"по запросу", "no number"},
        {"call", "no number"},
        {"NaN", "no number"},
        {"inf", "no number"},
        {"0x10", "no number"},
        {"1.2.3", "no number"},
        {"10-12", "no number"},
        {"1/2", "no number"},
        {"5%", "no number"},
        {"от 100", "no number"},
        {"1 5", "no number"},
        {"12 34", "no number"},
        {"1,23,4", "no number"},
        {"1 234'567", "no number"},
        {"1.234,567.8", "no number"},
        {"$12 €", "no number"},
        {"12 EURO CENT", "no number"},
        {"2024-01-05", "no number"},
        {"#N/A", "formula"},
        {"#ССЫЛКА!", "formula"},
        {"#REF!", "formula"},
        {"12 шт", "no number"},
        {"1e", "no number"},
        {"e5", "no number"},
        {"1e5e5", "no number"},
        {"-", "no number"},
    };
    expect(cases, ELEMENTS(cases), DECIMAL_MARK_AUTO);
}
END_TEST

START_TEST(below_zero_and_beyond_the_range_are_refused)
{
    static const struct price_case cases[] = {
        {"-5", "negative"},
        {"−5", "negative"},
        {"(5)", "negative"},
        {"5-", "negative"},
        {"-$5", "negative"},
        {"$-5.50", "negative"},
        {"-0.001", "negative"},
        {"-0.00001", "negative"},
        {"-1,234", "negative"},
        {"1e400", "range"},
        {"10000000000", "range"},
        {"9999999999.99995", "range"},
        {"99999999999999999999999999999999999999", "range"},
        {"1e12", "range"},
    };
    expect(cases, ELEMENTS(cases), DECIMAL_MARK_AUTO);
}
END_TEST

START_TEST(more_than_four_decimals_are_rounded_half_to_even)
{
    static const struct price_case cases[] = {
        {"1.00005", "1.0000~"},   {"1.00015", "1.0002~"}, {"1.000051", "1.0001~"},
        {"12.345000", "12.3450"}, {"1,00015", "1.0002~"},
    };
    expect(cases, ELEMENTS(cases), DECIMAL_MARK_AUTO);
}
END_TEST

START_TEST(one_mark_before_three_digits_is_ambiguous_until_declared)
{
    static const char *const texts[] = {"1,234", "1.234", "12.345", "123,456", "$1,234", "1.234 €"};
    static const char *const point[] = {"1234.0000",   "1.2340",        "12.3450",
                                        "123456.0000", "1234.0000 USD", "1.2340 EUR"};
    static const char *const comma[] = {"1.2340",   "1234.0000",  "12345.0000",
                                        "123.4560", "1.2340 USD", "1234.0000 EUR"};
    for (size_t i = 0; i < ELEMENTS(texts); i++) {
        struct price_case cases[] = {{texts[i], "ambiguous"}, {texts[i], point[i]}, {texts[i], comma[i]}};
        expect(&cases[0], 1, DECIMAL_MARK_AUTO);
        expect(&cases[1], 1, DECIMAL_MARK_POINT);
        expect(&cases[2], 1, DECIMAL_MARK_COMMA);
    }
}
END_TEST

START_TEST(evidence_comes_only_from_texts_that_have_one_reading)
{
    static const struct {
        const char *text;
        enum decimal_mark evidence;
    } cases[] = {
        {"12.5", DECIMAL_MARK_POINT},      {"12,50", DECIMAL_MARK_COMMA},
        {"1.299,00", DECIMAL_MARK_COMMA},  {"1,234,567", DECIMAL_MARK_POINT},
        {"1.234.567", DECIMAL_MARK_COMMA}, {"1299", DECIMAL_MARK_AUTO},
        {"1,234", DECIMAL_MARK_AUTO},      {"1 299", DECIMAL_MARK_AUTO},
        {"0.125", DECIMAL_MARK_POINT},
    };
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct price price = {.evidence = 99};
        price_parse(text_of(cases[i].text), text_of(NULL), DECIMAL_MARK_AUTO, &price);
        ck_assert_msg(price.evidence == cases[i].evidence, "%s: %d, expected %d", cases[i].text,
                      price.evidence, cases[i].evidence);
    }
}
END_TEST

START_TEST(the_number_behind_the_text_decides)
{
    static const struct {
        const char *text, *raw, *expected;
    } cases[] = {
        {"1,234", "1.234", "1.2340"},
        {"12,50 €", "12.5", "12.5000 EUR"},
        {"13", "12.5", "12.5000"},
        {"1,23", "1.23456", "1.2346~"},
        {"(5.00)", "-5", "negative"},
        {"5%", "0.05", "no number"},
        {"2024-01-05", "45296", "no number"},
        {"01.02.2024", "45323", "no number"},
        {"Jan 5", "45662", "no number"},
        {"1.23E+09", "1234567890", "1234567890.0000"},
        {"on request", "1", "no number"},
        {"12.5", "", "12.5000"},
    };
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        char shown[64];
        show(cases[i].text, cases[i].raw, DECIMAL_MARK_AUTO, shown);
        ck_assert_msg(strcmp(shown, cases[i].expected) == 0, "\"%s\" (%s): %s, expected %s", cases[i].text,
                      cases[i].raw, shown, cases[i].expected);
    }
}
END_TEST

/* What the quick way reads, the thorough one must read alike: a leading sign forces the latter. */
START_TEST(both_ways_to_read_a_plain_number_agree)
{
    static const char *const marks[] = {"", ".", ","};
    for (int whole = 0; whole < 12000; whole += 7) {
        for (int i = 0; i < 15; i++) {
            char quick[32], thorough[40], a[64], b[64];
            int decimals = i / 3;
            snprintf(quick, sizeof quick, decimals == 0 ? "%d%s" : "%d%s%0*d", whole, marks[i % 3], decimals,
                     whole % 7);
            snprintf(thorough, sizeof thorough, "+%s", quick);
            show(quick, NULL, DECIMAL_MARK_AUTO, a);
            show(thorough, NULL, DECIMAL_MARK_AUTO, b);
            ck_assert_msg(strcmp(a, b) == 0, "%s: %s, thorough %s", quick, a, b);
        }
    }
}
END_TEST

CHECK_MAIN("ingest.price", the_usual_ways_to_write_a_price_are_read, digits_of_other_scripts_are_digits,
           zero_width_characters_and_odd_spaces_do_not_matter, what_is_no_price_is_refused,
           below_zero_and_beyond_the_range_are_refused, more_than_four_decimals_are_rounded_half_to_even,
           one_mark_before_three_digits_is_ambiguous_until_declared,
           evidence_comes_only_from_texts_that_have_one_reading, the_number_behind_the_text_decides,
           both_ways_to_read_a_plain_number_agree)
