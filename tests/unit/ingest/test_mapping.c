/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "check_main.h"
#include "ingest/fold.h"
#include "ingest/mapping.h"
#include "ingest/options.h"
#include "ingest/reason.h"

#include <jansson.h>
#include <string.h>

enum { COLUMNS_MAX = 16 };

static struct mapping *map(const char *header, const struct ingest_options *options, struct sluice_error *err)
{
    static const struct ingest_options defaults = {.header_search_rows = 25};
    struct sluice_cell cells[COLUMNS_MAX] = {{.ptr = NULL}};
    uint32_t n = 0;
    for (const char *from = header; from != NULL && n < COLUMNS_MAX; n++) {
        const char *bar = strchr(from, '|');
        cells[n] = (struct sluice_cell){.ptr = from,
                                        .len = (uint32_t)(bar == NULL ? strlen(from) : (size_t)(bar - from))};
        from = bar == NULL ? NULL : bar + 1;
    }
    const struct sluice_cell *rows[] = {cells};
    const uint64_t lines[] = {1};
    struct mapping_request request = mapping_request_list(options == NULL ? &defaults : options);
    request.rows = rows;
    request.widths = &n;
    request.lines = lines;
    request.n_rows = 1;
    struct mapping *mapping = NULL;
    err->message[0] = '\0';
    mapping_find(&request, &mapping, NULL, err);
    return mapping;
}

/* "B A C" are the columns of SKU, name and price. */
static void expect(const char *header, const struct ingest_options *options, const char *columns)
{
    struct sluice_error err;
    struct mapping *mapping = map(header, options, &err);
    char found[64] = "none";
    if (mapping != NULL)
        snprintf(found, sizeof found, "%c %c %c", 'A' + mapping->field_column[FIELD_SKU],
                 'A' + mapping->field_column[FIELD_NAME], 'A' + mapping->field_column[FIELD_PRICE]);
    ck_assert_msg(strcmp(found, columns) == 0, "%s: %s, expected %s %s", header, found, columns, err.message);
    mapping_free(mapping);
}

START_TEST(synonyms_are_found_in_english_and_russian)
{
    expect("SKU|Name|Price", NULL, "A B C");
    expect("Цена|Наименование|Артикул", NULL, "C B A");
    expect("Код товара|Товар|Цена, руб.", NULL, "A B C");
    expect("product_id|item|value", NULL, "A B C");
    expect("Handle|Title|Variant SKU|Variant Price|Variant Compare At Price", NULL, "C B D");
    expect("Type|SKU|Name|Published|Short description|Sale price|Regular price", NULL, "B C G");
}
END_TEST

START_TEST(odd_spelling_of_headers_does_not_matter)
{
    expect("  S\u200bKU\u00a0|Product\nName|PRICE (EUR)", NULL, "A B C");
    expect("\u0410rtikul|N\u0430me|\u0420ri\u0441e", NULL, "A B C"); /* Cyrillic А, а, Р, с */
    expect("SKU #|Name *|Price:", NULL, "A B C");
    expect("ＳＫＵ|ｎａｍｅ|ｐｒｉｃｅ", NULL, "A B C");
}
END_TEST

START_TEST(what_is_no_price_is_never_taken_for_one)
{
    static const char *const headers[] = {"Old price",
                                          "RRP",
                                          "Старая цена",
                                          "РРЦ",
                                          "МРЦ",
                                          "Price date",
                                          "Article",
                                          "Recommended price",
                                          "Цена закупочная",
                                          "Compare at price",
                                          "Price type",
                                          "Retail price",
                                          "Розничная цена",
                                          "Prise list"};
    for (size_t i = 0; i < ELEMENTS(headers); i++) {
        char header[128];
        snprintf(header, sizeof header, "sku|name|%s", headers[i]);
        expect(header, NULL, "none");
        snprintf(header, sizeof header, "%s|sku|name|price", headers[i]);
        expect(header, NULL, "B C D");
    }
}
END_TEST

START_TEST(a_strong_synonym_goes_before_a_weak_one)
{
    expect("sku|description|name|price", NULL, "A C D");
    expect("code|sku|name|cost|price", NULL, "B C E");
}
END_TEST

START_TEST(similar_headers_count_above_a_high_score_only)
{
    expect("sku|naimenovanie|price", NULL, "none");
    expect("sku|product nmae|price", NULL, "A B C");
    expect("sku|prodct name|price", NULL, "A B C");
    expect("sku|name|pirce", NULL, "A B C");
    expect("sku|game|price", NULL, "none");
}
END_TEST

START_TEST(two_columns_that_come_equally_close_are_given_to_nobody)
{
    struct sluice_error err;
    ck_assert_ptr_null(map("sku|name|Цена EUR|Цена USD", NULL, &err));
    ck_assert_msg(strstr(err.message, "too close to column") != NULL, "%s", err.message);
}
END_TEST

START_TEST(the_configuration_goes_before_synonyms)
{
    const char *const price[] = {"Retail Price"}, *const sku[] = {"zzz", "EAN"};
    struct ingest_options options = {.price = {.items = price, .n_items = 1},
                                     .sku = {.items = sku, .n_items = 2}};
    expect("sku|name|price|retail  price|ean", &options, "E B D");
}
END_TEST

START_TEST(an_ignored_column_becomes_no_characteristic)
{
    const char *const ignore[] = {"Internal Note"};
    struct ingest_options options = {.ignore = {.items = ignore, .n_items = 1}};
    struct sluice_error err;
    struct mapping *mapping = map("sku|name|price|internal note|color", &options, &err);
    ck_assert_ptr_nonnull(mapping);
    ck_assert_ptr_null(mapping->columns[3].key);
    ck_assert_str_eq(mapping->columns[3].reason, "left out by the configuration");
    ck_assert_str_eq(mapping->columns[4].key, "color");
    mapping_free(mapping);
}
END_TEST

START_TEST(every_column_says_why)
{
    static const char *const reasons[] = {
        "synonym «sku»",    "synonym «name»",       "synonym «price» with a currency",
        "not a price: old", "the name is column B", "no known field",
        "no header"};
    struct sluice_error err;
    struct mapping *mapping = map("SKU|Name|Price, EUR|Old price|Title|Color|", NULL, &err);
    ck_assert_msg(mapping != NULL, "%s", err.message);
    for (uint32_t i = 0; i < ELEMENTS(reasons); i++)
        ck_assert_msg(strcmp(mapping->columns[i].reason, reasons[i]) == 0, "%s: %s, expected %s",
                      mapping->columns[i].header, mapping->columns[i].reason, reasons[i]);
    ck_assert_str_eq(mapping->currency, "EUR");
    mapping_free(mapping);
}
END_TEST

START_TEST(a_mapping_is_shown_as_json)
{
    struct sluice_error err;
    struct mapping *mapping = map("SKU|Na\"me|name|price", NULL, &err);
    _cleanup_free_ char *text = mapping_json(mapping);
    json_t *json = json_loads(text, 0, NULL);
    ck_assert_msg(json != NULL, "%s", text);
    const json_t *columns = json_object_get(json, "columns");
    ck_assert_uint_eq(json_array_size(columns), 4);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(columns, 1), "header")), "Na\"me");
    ck_assert(json_is_null(json_object_get(json_array_get(columns, 1), "field")));
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(columns, 3), "field")), "price");
    json_decref(json);
    mapping_free(mapping);
}
END_TEST

START_TEST(folding_joins_what_looks_alike_to_people)
{
    static const char *const pairs[][2] = {
        {"Straße", "STRASSE"}, {"ﬁle", "FILE"}, {"a\u00a0 b", " A B "}, {"x\u200by", "XY"},
        {"Ёлка", "ёлка"},      {"①", "1"},      {"e\u0301", "\u00c9"},  {"a\nb", "a b"},
    };
    for (size_t i = 0; i < ELEMENTS(pairs); i++) {
        _cleanup_free_ char *a = fold_text(text_of(pairs[i][0])), *b = fold_text(text_of(pairs[i][1]));
        ck_assert_msg(strcmp(a, b) == 0, "%s: \"%s\", \"%s\"", pairs[i][0], a, b);
    }
    _cleanup_free_ char *broken = fold_text((struct sluice_cell){.ptr = "a\xff", .len = 2});
    ck_assert_str_eq(broken, "a\ufffd");
}
END_TEST

START_TEST(columns_have_the_letters_of_a_sheet)
{
    static const struct {
        uint32_t column;
        const char *letters;
    } cases[] = {
        {0, "A"}, {25, "Z"}, {26, "AA"}, {51, "AZ"}, {52, "BA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"},
    };
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        char letters[COLUMN_LETTERS_SIZE];
        column_letters(cases[i].column, letters);
        ck_assert_str_eq(letters, cases[i].letters);
    }
}
END_TEST

START_TEST(the_manual_lists_every_reason)
{
    FILE *file = fopen(SLUICE_SOURCE_DIR "/docs/reading-lists.md", "r");
    ck_assert_ptr_nonnull(file);
    static char text[65536];
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        char row[96];
        snprintf(row, sizeof row, "| `%s` |", reason_code((enum reason)reason));
        ck_assert_msg(strstr(text, row) != NULL, "docs/reading-lists.md has no row %s", row);
        ck_assert_ptr_nonnull(reason_message((enum reason)reason));
    }
}
END_TEST

CHECK_MAIN("ingest.mapping", synonyms_are_found_in_english_and_russian,
           odd_spelling_of_headers_does_not_matter, what_is_no_price_is_never_taken_for_one,
           a_strong_synonym_goes_before_a_weak_one, similar_headers_count_above_a_high_score_only,
           two_columns_that_come_equally_close_are_given_to_nobody, the_configuration_goes_before_synonyms,
           an_ignored_column_becomes_no_characteristic, every_column_says_why, a_mapping_is_shown_as_json,
           folding_joins_what_looks_alike_to_people, columns_have_the_letters_of_a_sheet,
           the_manual_lists_every_reason)
