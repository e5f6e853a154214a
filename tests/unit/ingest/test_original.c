/* SPDX-License-Identifier: Apache-2.0 */
/* The recorded behaviour of the system that Sluice replaces (shared/corpus/original): each case must come out
 * alike, or stand in the table of deviations with its reason. Without shared/ the test is skipped. */
#include "base/cleanup.h"
#include "check_main.h"
#include "ingest/header_text.h"
#include "ingest/master.h"
#include "ingest/price.h"
#include "ingest/sheet.h"

#include <jansson.h>

static const char MARKS[] = "a single mark before three digits has two readings: rejected, not guessed";
static const char FOUR[] = "prices have four decimals, not two";
static const char COMMA[] = "a decimal comma is read as one";
static const char RUBLE[] = "currency words are known";
static const char SYNONYMS[] = "a synonym that the original does not know";
static const char TEXT[] = "text stays text";
static const char PATHS[] = "an address may be a path; whether it can be fetched is the host's to say";
static const char PDF[] = "no source reads pdf: the row is rejected and the supplier keeps its state";
static const char TWICE[] = "of two rows with one name the first counts";
static const char HEADLESS[] = "a column without a header has no name to invent";

static const struct deviation {
    const char *topic, *input, *ours, *reason;
} deviations[] = {
    {"price_normalisation", "\"1500,50\"", "1500.5000", COMMA},
    {"price_normalisation", "\"12.345\"", "ambiguous", MARKS},
    {"price_normalisation", "\"12.345000\"", "12.3450", FOUR},
    {"price_normalisation", "\"12 руб.\"", "12.0000", RUBLE},
    {"price_normalisation", "\"1\u00a0500.25\"", "1500.2500", "white space parts groups of digits"},
    {"price_normalisation", "\"10.004\"", "ambiguous", MARKS},
    {"price_normalisation", "\"10.015\"", "ambiguous", MARKS},
    {"price_normalisation", "\"0.015\"", "0.0150", FOUR},
    {"column_mapping", "[\"Article\", \"Name\", \"Price\"]", "sku=0 name=1 price=2", SYNONYMS},
    {"column_mapping", "[\"SKU #\", \"Product\", \"Price USD\"]", "sku=0 name=1 price=2", SYNONYMS},
    {"column_mapping", "[\"Код товара\", \"Наименование товара\", \"Цена, руб.\"]", "sku=0 name=1 price=2",
     SYNONYMS},
    {"master_sheet_column_mapping", "[\"Поставщик\", \"Ссылка\", \"Формат\"]",
     "name=0 url=1 format=2 active=- notes=-", SYNONYMS},
    {"master_sheet_rows", "[\"Acme\", \"not a url\", \"csv\"]", "Acme not a url csv active", PATHS},
    {"characteristics", "[\"007\", \"1e5\", \"1.50\", \"-3\"]",
     "{\"a\":\"007\",\"b\":\"1e5\",\"c\":\"1.50\",\"d\":\"-3\"}", TEXT},
    {"characteristics", "[\"1_000\"]", "{\"n\":\"1_000\"}", TEXT},
    {"characteristics", "[\"1\", \"2\"]", "{\"n\":\"1\",\"n_(b1)\":\"2\"}",
     "the first of two equal headers keeps its name, the other bears its cell"},
    {"characteristics", "[\"1.10\"]", "{\"k\":\"1.10\"}", TEXT},
    {"combined_headers", "[[\"\", \"\"]]", "|", HEADLESS},
    {"parsed_item", "\"10.999\"", "ambiguous", MARKS},
    {"parsed_item", "\"10.005\"", "ambiguous", MARKS},
    {"supplier_sync", "\"pdf stored as csv\"", "", PDF},
    {"supplier_sync", "\"same config twice in list\"", "A", TWICE},
    {"parse_cases", "\"prices to 2 places\"", "10.9990 20.5000", FOUR},
};
static bool deviation_used[ELEMENTS(deviations)];

/* The input as JSON, cut, so that it can be compared and shown. */
static char *input_text(const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    ck_assert_ptr_nonnull(text);
    return text;
}

static void check(const char *topic, const char *input, const char *theirs, const char *ours)
{
    for (size_t i = 0; i < ELEMENTS(deviations); i++) {
        const struct deviation *deviation = &deviations[i];
        if (strcmp(deviation->topic, topic) != 0 || strcmp(deviation->input, input) != 0 || deviation_used[i])
            continue;
        deviation_used[i] = true;
        ck_assert_msg(strcmp(deviation->ours, ours) == 0, "%s %s: %s, expected %s (%s)", topic, input, ours,
                      deviation->ours, deviation->reason);
        ck_assert_msg(strcmp(theirs, ours) != 0, "%s %s: no deviation any more", topic, input);
        return;
    }
    ck_assert_msg(strcmp(theirs, ours) == 0, "%s %s: %s, the original says %s", topic, input, ours, theirs);
}

/* ---- The recording ------------------------------------------------------------------------------------- */

static json_t *behaviour_load(void)
{
    char path[4096];
    const char *shared = getenv("SLUICE_SHARED");
    snprintf(path, sizeof path, "%s/corpus/original/behaviour.json",
             shared == NULL ? SLUICE_SOURCE_DIR "/../shared" : shared);
    return json_load_file(path, 0, NULL);
}

static void each_case(const char *topic, void (*run)(const char *topic, const json_t *each))
{
    json_t *behaviour = behaviour_load();
    ck_assert_ptr_nonnull(behaviour);
    const json_t *cases = json_object_get(json_object_get(behaviour, topic), "cases");
    ck_assert_uint_gt(json_array_size(cases), 0);
    for (size_t i = 0; i < json_array_size(cases); i++)
        run(topic, json_array_get(cases, i));
    for (size_t i = 0; i < ELEMENTS(deviations); i++)
        ck_assert_msg(deviation_used[i] || strcmp(deviations[i].topic, topic) != 0, "%s has no case %s",
                      topic, deviations[i].input);
    json_decref(behaviour);
}

static const char *text_at(const json_t *array, size_t i)
{
    const char *text = json_string_value(json_array_get(array, i));
    return text == NULL ? "" : text;
}

static void row_append(char *text, size_t size, const json_t *row)
{
    size_t used = strlen(text);
    for (size_t i = 0; i < json_array_size(row); i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : "|", text_at(row, i));
    snprintf(text + used, size - used, "\n");
}

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
    _cleanup_free_ char *input = input_text(json_object_get(each, "input"));
    price_show(json_string_value(json_object_get(each, "input")), ours);
    price_theirs(json_object_get(each, "csv_and_excel"), theirs);
    check(topic, input, theirs, ours);
}

START_TEST(prices_are_normalised)
{
    each_case("price_normalisation", price_case);
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
    _cleanup_free_ char *input = input_text(json_object_get(item, "price"));
    check(topic, input == NULL ? "null" : input, ok != NULL ? "ok" : "error", ours);
    reading_free(reading);
}

static void item_case_with_price(const char *topic, const json_t *each)
{
    if (json_object_get(json_object_get(each, "item"), "price") != NULL)
        item_case(topic, each);
}

START_TEST(items_are_checked)
{
    each_case("parsed_item", item_case_with_price);
}
END_TEST

/* ---- Mapping ------------------------------------------------------------------------------------------- */

static void fields_show(const struct mapping *mapping, const struct field_rule *rules, int n_fields,
                        char ret_shown[256])
{
    size_t used = 0;
    ret_shown[0] = '\0';
    for (int field = 0; field < n_fields; field++) {
        int column = mapping->field_column[field];
        used +=
            (size_t)snprintf(ret_shown + used, 256 - used, "%s%s=", field == 0 ? "" : " ", rules[field].name);
        used += (size_t)snprintf(ret_shown + used, 256 - used, column < 0 ? "-" : "%d", column);
    }
}

static void fields_theirs(const json_t *ok, const char *const *names, const struct field_rule *rules,
                          int n_fields, char ret_shown[256])
{
    size_t used = 0;
    snprintf(ret_shown, 256, "error");
    for (int field = 0; field < n_fields && ok != NULL; field++) {
        const json_t *column = json_object_get(ok, names[field]);
        used +=
            (size_t)snprintf(ret_shown + used, 256 - used, "%s%s=", field == 0 ? "" : " ", rules[field].name);
        used += (size_t)snprintf(ret_shown + used, 256 - used, column == NULL ? "-" : "%d",
                                 (int)json_integer_value(column));
    }
}

static void headers_map(struct mapping_request *request, const json_t *headers, int n_fields,
                        char ret_shown[256])
{
    struct sluice_cell cells[16] = {{.ptr = NULL}};
    const struct sluice_cell *rows[] = {cells};
    uint32_t widths[] = {(uint32_t)json_array_size(headers)};
    uint64_t lines[] = {1};
    for (uint32_t i = 0; i < widths[0]; i++)
        cells[i] = text_of(json_string_value(json_array_get(headers, i)));
    request->rows = rows;
    request->widths = widths;
    request->lines = lines;
    request->n_rows = 1;
    struct mapping *mapping = NULL;
    snprintf(ret_shown, 256, "error");
    if (mapping_find(request, &mapping, NULL, NULL) == SLUICE_OK)
        fields_show(mapping, request->rules, n_fields, ret_shown);
    mapping_free(mapping);
}

static void column_case(const char *topic, const json_t *each)
{
    static const char *const names[] = {"sku", "name", "price"};
    char ours[256], theirs[256];
    const json_t *wanted = json_object_get(each, "column_mapping");
    struct ingest_options options = ingest_defaults();
    struct sluice_list *lists[] = {&options.sku, &options.name, &options.price};
    const char *items[3];
    for (int i = 0; i < 3 && wanted != NULL; i++) {
        items[i] = json_string_value(json_object_get(wanted, names[i]));
        *lists[i] = (struct sluice_list){.items = &items[i], .n_items = 1};
    }
    struct mapping_request request = mapping_request_list(&options);
    headers_map(&request, json_object_get(each, "headers"), 3, ours);
    fields_theirs(json_object_get(json_object_get(each, "csv"), "ok"), names, list_rules, 3, theirs);
    _cleanup_free_ char *input = input_text(json_object_get(each, "headers"));
    check(topic, input, theirs, ours);
}

START_TEST(columns_are_mapped)
{
    each_case("column_mapping", column_case);
}
END_TEST

static void master_column_case(const char *topic, const json_t *each)
{
    static const char *const names[] = {"supplier_name", "source_url", "format", "active", "notes"};
    char ours[256], theirs[256];
    struct mapping_request request = mapping_request_master();
    headers_map(&request, json_object_get(each, "headers"), MASTER_FIELD_COUNT, ours);
    fields_theirs(json_object_get(each, "ok"), names, master_rules, MASTER_FIELD_COUNT, theirs);
    _cleanup_free_ char *input = input_text(json_object_get(each, "headers"));
    check(topic, input, theirs, ours);
}

START_TEST(master_columns_are_mapped)
{
    each_case("master_sheet_column_mapping", master_column_case);
}
END_TEST

/* ---- Characteristics and headers -------------------------------------------------------------------------
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
    row_append(text, sizeof text, json_object_get(each, "headers"));
    strcat(text, "s|n|1|");
    row_append(text, sizeof text, json_object_get(each, "row"));
    struct reading *reading = list_read(text, NULL);
    _cleanup_free_ char *theirs = json_dumps(json_object_get(each, "characteristics"), JSON_COMPACT);
    _cleanup_free_ char *input = input_text(json_object_get(each, "row"));
    /* Three columns stand before theirs. */
    char ours[512];
    snprintf(ours, sizeof ours, "%s", characteristics_of(reading));
    char *cell = strstr(ours, "_(e1)");
    if (cell != NULL)
        cell[2] = 'b';
    check(topic, input, theirs, ours);
    reading_free(reading);
}

START_TEST(characteristics_are_kept)
{
    each_case("characteristics", characteristics_case);
}
END_TEST

static void combined_case(const char *topic, const json_t *each)
{
    const json_t *rows = json_object_get(each, "rows"), *ok = json_object_get(each, "ok");
    char ours[256] = "", theirs[256] = "";
    struct sluice_cell cells[3][8] = {{{.ptr = NULL}}};
    const struct sluice_cell *row_cells[3] = {cells[0], cells[1], cells[2]};
    uint32_t widths[3] = {0};
    uint64_t lines[3] = {1, 2, 3};
    for (size_t row = 0; row < json_array_size(rows); row++) {
        widths[row] = (uint32_t)json_array_size(json_array_get(rows, row));
        for (size_t i = 0; i < widths[row]; i++)
            cells[row][i] = text_of(text_at(json_array_get(rows, row), i));
    }
    struct mapping_request request = {
        .rows = row_cells, .widths = widths, .lines = lines, .n_rows = (uint32_t)json_array_size(rows)};
    for (uint32_t i = 0; i < json_array_size(ok); i++) {
        _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(1024);
        header_text(&request, i, &text);
        snprintf(ours + strlen(ours), sizeof ours - strlen(ours), "%s%s", i == 0 ? "" : "|",
                 text.size == 0 ? "" : text.data);
        snprintf(theirs + strlen(theirs), sizeof theirs - strlen(theirs), "%s%s", i == 0 ? "" : "|",
                 text_at(ok, i));
    }
    _cleanup_free_ char *input = input_text(rows);
    check(topic, input, theirs, ours);
}

START_TEST(header_rows_are_combined)
{
    each_case("combined_headers", combined_case);
}
END_TEST

/* ---- Master rows -----------------------------------------------------------------------------------------
 */

static const char *const formats[] = {"google_sheets", "csv", "excel"};

/* "name url format active", joined, of the valid suppliers, or "error". */
static void master_show(const char *text, bool names_only, char *ret_shown, size_t size)
{
    struct ingest_options options = ingest_defaults();
    struct master_reader *reader = NULL;
    const struct master_report *report = NULL;
    struct sluice_error err;
    struct sheet sheet = sheet_of(text);
    struct sluice_batch batch = sheet_batch(&sheet, 0, sheet.n_rows);
    ck_assert_int_eq(master_reader_new(&options, "m", NULL, formats, ELEMENTS(formats), &reader, &err),
                     SLUICE_OK);
    ck_assert_int_eq(master_reader_batch(reader, &batch, &err), SLUICE_OK);
    ck_assert_int_eq(master_reader_finish(reader, &report, &err), SLUICE_OK);
    size_t used = 0;
    ret_shown[0] = '\0';
    for (size_t i = 0; i < report->n_suppliers; i++) {
        const struct sluice_supplier *supplier = &report->suppliers[i];
        if ((supplier->flags & SLUICE_SUPPLIER_INVALID) != 0)
            continue;
        bool active = (supplier->flags & SLUICE_SUPPLIER_ACTIVE) != 0;
        used += (size_t)(names_only ? snprintf(ret_shown + used, size - used, "%s%s", used == 0 ? "" : " ",
                                               supplier->name)
                                    : snprintf(ret_shown + used, size - used, "%s %s %s %s", supplier->name,
                                               supplier->source_url, supplier->source_type,
                                               active ? "active" : "inactive"));
    }
    if (!names_only && report->n_valid == 0)
        snprintf(ret_shown, size, "error");
    master_reader_free(reader);
    sheet_free(&sheet);
}

static void master_row_case(const char *topic, const json_t *each)
{
    char text[4096] = "Supplier Name|Source URL|Format|Active|Notes\n", ours[4096], theirs[4096] = "error";
    row_append(text, sizeof text, json_object_get(each, "row"));
    master_show(text, false, ours, sizeof ours);
    const json_t *ok = json_object_get(each, "ok");
    bool pdf = ok != NULL && strcmp(json_string_value(json_object_get(ok, "format")), "pdf") == 0;
    if (ok != NULL && !pdf) /* PDF is the deviation of the other topic, too */
        snprintf(theirs, sizeof theirs, "%s %s %s %s",
                 json_string_value(json_object_get(ok, "supplier_name")),
                 json_string_value(json_object_get(ok, "source_url")),
                 json_string_value(json_object_get(ok, "format")),
                 json_is_true(json_object_get(ok, "is_active")) ? "active" : "inactive");
    _cleanup_free_ char *input = input_text(json_object_get(each, "row"));
    check(topic, input, theirs, ours);
}

START_TEST(master_rows_are_read)
{
    each_case("master_sheet_rows", master_row_case);
}
END_TEST

static void format_case(const char *topic, const json_t *each)
{
    char text[256], ours[256];
    const char *format = json_string_value(json_object_get(each, "input"));
    const char *ok = json_string_value(json_object_get(each, "ok"));
    char theirs[256] = "error";
    snprintf(text, sizeof text, "name|url|format\nA|u|%s\n", format);
    if (ok != NULL)
        snprintf(theirs, sizeof theirs, "A u %s active", ok);
    master_show(text, false, ours, sizeof ours);
    _cleanup_free_ char *input = input_text(json_object_get(each, "input"));
    check(topic, input, theirs, ours);
}

START_TEST(formats_are_recognised)
{
    each_case("master_sheet_format", format_case);
}
END_TEST

/* The part of a supplier's sync that is ingest's: which suppliers the sheet names. */
static void supplier_case(const char *topic, const json_t *each)
{
    char text[4096] = "name|url|format|active\n", theirs[256] = "", ours[256];
    const json_t *rows = json_object_get(each, "master_sheet");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *name = json_string_value(json_object_get(row, "supplier_name"));
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s|%s|%s|%s\n", name,
                 json_string_value(json_object_get(row, "source_url")),
                 json_string_value(json_object_get(row, "format")),
                 json_is_true(json_object_get(row, "is_active")) ? "true" : "false");
        snprintf(theirs + strlen(theirs), sizeof theirs - strlen(theirs), "%s%s", i == 0 ? "" : " ", name);
    }
    master_show(text, true, ours, sizeof ours);
    _cleanup_free_ char *input = input_text(json_object_get(each, "name"));
    check(topic, input, theirs, ours);
}

START_TEST(suppliers_are_synced)
{
    each_case("supplier_sync", supplier_case);
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
        row_append(text, sizeof text, json_array_get(values, i));
    struct ingest_options options = ingest_defaults();
    options.decimal.index = DECIMAL_MARK_POINT;
    struct reading *reading = list_read(text, &options);
    ck_assert_msg(reading->status == SLUICE_OK, "%s", reading->err.message);
    const json_t *prices = json_object_get(expect, "prices"), *first = json_object_get(expect, "first");
    for (size_t i = 0; prices != NULL && i < reading->n_items; i++) {
        snprintf(ours + strlen(ours), sizeof ours - strlen(ours), "%s%.7s", i == 0 ? "" : " ",
                 strstr(reading->items[i], "price=") + strlen("price="));
        snprintf(theirs + strlen(theirs), sizeof theirs - strlen(theirs), "%s%s00", i == 0 ? "" : " ",
                 text_at(prices, i));
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
    _cleanup_free_ char *input = input_text(json_object_get(each, "name"));
    check(topic, input, theirs, ours);
    reading_free(reading);
}

START_TEST(sheets_are_parsed)
{
    each_case("parse_cases", parse_case);
}
END_TEST

int main(void)
{
    json_t *behaviour = behaviour_load();
    if (behaviour == NULL) {
        printf("skipped: there is no shared/corpus/original beside the project\n");
        return 77;
    }
    json_decref(behaviour);
    const TTest *const tests[] = {
        prices_are_normalised,    items_are_checked,        columns_are_mapped,   master_columns_are_mapped,
        characteristics_are_kept, header_rows_are_combined, master_rows_are_read, formats_are_recognised,
        suppliers_are_synced,     sheets_are_parsed};
    return check_main("ingest.original", tests, ELEMENTS(tests));
}
