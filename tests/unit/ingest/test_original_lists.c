/* SPDX-License-Identifier: Apache-2.0 */
/* Lists as the original read them: prices, items, characteristics, whole sheets. */
#include "ingest/original.h"

#include "base/cleanup.h"
#include "ingest/price.h"
#include "ingest/sheet.h"

/* ---- Prices -------------------------------------------------------------------------------------------- */

static void price_show(const char *text, char ret_shown[64])
{
    struct price price;
    enum price_status status = price_parse(text_of(text), text_of(NULL), DECIMAL_MARK_AUTO, &price);
    snprintf(ret_shown, 64, "%s", status == PRICE_AMBIGUOUS ? "ambiguous" : "error");
    if (status == PRICE_OK)
        decimal_format(price.value, ret_shown);
}

/* Their two decimals as our four. */
static void price_theirs(const json_t *result, char ret_shown[64])
{
    int64_t value;
    snprintf(ret_shown, 64, "error");
    if (json_object_get(result, "ok") != NULL &&
        decimal_parse(text_of(json_string_value(json_object_get(result, "ok"))), &value) == DECIMAL_OK)
        decimal_format(value, ret_shown);
}

static void price_case(const char *topic, const json_t *each)
{
    char ours[64], theirs[64];
    _cleanup_free_ char *input = original_input(json_object_get(each, "input"));
    price_show(json_string_value(json_object_get(each, "input")), ours);
    price_theirs(json_object_get(each, "csv_and_excel"), theirs);
    original_check(topic, input, theirs, ours);
}

START_TEST(prices_are_normalised)
{
    original_each("price_normalisation", price_case);
}
END_TEST

static void item_case(const char *topic, const json_t *each)
{
    const json_t *item = json_object_get(each, "item");
    const json_t *ok = json_object_get(each, "ok");
    const char *price = json_string_value(json_object_get(item, "price"));
    _cleanup_free_ char *text = NULL;
    ck_assert(asprintf(&text, "sku|name|price\n%s|%s|%s\n",
                       json_string_value(json_object_get(item, "supplier_sku")),
                       json_string_value(json_object_get(item, "name")), price == NULL ? "" : price) > 0);
    struct reading *reading = list_read(text, NULL);
    bool ambiguous = reading->n_rejects == 1 && strstr(reading->rejects[0], "price_ambiguous") != NULL;
    const char *ours = ambiguous ? "ambiguous" : reading->n_items == 1 ? "ok" : "error";
    _cleanup_free_ char *input = original_input(json_object_get(item, "price"));
    original_check(topic, input == NULL ? "null" : input, ok != NULL ? "ok" : "error", ours);
    reading_free(reading);
}

static void item_case_with_price(const char *topic, const json_t *each)
{
    if (json_object_get(json_object_get(each, "item"), "price") != NULL)
        item_case(topic, each);
}

START_TEST(items_are_checked)
{
    original_each("parsed_item", item_case_with_price);
}
END_TEST

/* ---- Characteristics -------------------------------------------------------------------------
 */

/* The object behind the first item's line. */
static const char *characteristics_of(const struct reading *reading)
{
    ck_assert_uint_eq(reading->n_items, 1);
    return strchr(reading->items[0], '{');
}

static void characteristics_case(const char *topic, const json_t *each)
{
    char text[1024] = "sku|name|price|";
    original_row(text, sizeof text, json_object_get(each, "headers"));
    strcat(text, "s|n|1|");
    original_row(text, sizeof text, json_object_get(each, "row"));
    struct reading *reading = list_read(text, NULL);
    _cleanup_free_ char *theirs = json_dumps(json_object_get(each, "characteristics"), JSON_COMPACT);
    _cleanup_free_ char *input = original_input(json_object_get(each, "row"));
    /* Three columns stand before theirs. */
    char ours[512];
    snprintf(ours, sizeof ours, "%s", characteristics_of(reading));
    char *cell = strstr(ours, "_(e1)");
    if (cell != NULL)
        cell[2] = 'b';
    original_check(topic, input, theirs, ours);
    reading_free(reading);
}

START_TEST(characteristics_are_kept)
{
    original_each("characteristics", characteristics_case);
}
END_TEST

/* ---- Whole sheets
 * ------------------------------------------------------------------------------------------ */

static void parse_case(const char *topic, const json_t *each)
{
    const json_t *values = json_object_get(each, "values"), *expect = json_object_get(each, "expect");
    if (values == NULL) /* about tabs: the source's */
        return;
    char text[2048] = "", ours[256] = "", theirs[256] = "";
    for (size_t i = 0; i < json_array_size(values); i++)
        original_row(text, sizeof text, json_array_get(values, i));
    struct ingest_options options = ingest_defaults();
    options.decimal.index = DECIMAL_MARK_POINT;
    struct reading *reading = list_read(text, &options);
    ck_assert_msg(reading->status == SLUICE_OK, "%s", reading->err.message);
    const json_t *prices = json_object_get(expect, "prices"), *first = json_object_get(expect, "first");
    for (size_t i = 0; prices != NULL && i < reading->n_items; i++) {
        snprintf(ours + strlen(ours), sizeof ours - strlen(ours), "%s%.7s", i == 0 ? "" : " ",
                 strstr(reading->items[i], "price=") + strlen("price="));
        snprintf(theirs + strlen(theirs), sizeof theirs - strlen(theirs), "%s%s00", i == 0 ? "" : " ",
                 original_text(prices, i));
    }
    if (first != NULL) {
        _cleanup_free_ char *characteristics =
            json_dumps(json_object_get(first, "characteristics"), JSON_COMPACT);
        snprintf(theirs, sizeof theirs, "2 sku=%s name=%s price=%s00 %s",
                 json_string_value(json_object_get(first, "supplier_sku")),
                 json_string_value(json_object_get(first, "name")),
                 json_string_value(json_object_get(first, "price")),
                 characteristics == NULL ? "{}" : characteristics);
        snprintf(ours, sizeof ours, "%s", reading->items[0]);
        if (json_object_get(expect, "count") != NULL)
            ck_assert_int_eq((int)reading->n_items,
                             (int)json_integer_value(json_object_get(expect, "count")));
    }
    _cleanup_free_ char *input = original_input(json_object_get(each, "name"));
    original_check(topic, input, theirs, ours);
    reading_free(reading);
}

START_TEST(sheets_are_parsed)
{
    original_each("parse_cases", parse_case);
}
END_TEST

ORIGINAL_MAIN("ingest.original_lists", prices_are_normalised, items_are_checked, characteristics_are_kept,
              sheets_are_parsed)
