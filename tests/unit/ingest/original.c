/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/original.h"

#include "base/cleanup.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

char *original_input(const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    ck_assert_ptr_nonnull(text);
    return text;
}

void original_check(const char *topic, const char *input, const char *theirs, const char *ours)
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

static json_t *behaviour_load(void)
{
    char path[4096];
    const char *shared = getenv("SLUICE_SHARED");
    snprintf(path, sizeof path, "%s/corpus/original/behaviour.json",
             shared == NULL ? SLUICE_SOURCE_DIR "/../shared" : shared);
    return json_load_file(path, 0, NULL);
}

void original_each(const char *topic, void (*run)(const char *topic, const json_t *each))
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

const char *original_text(const json_t *array, size_t i)
{
    const char *text = json_string_value(json_array_get(array, i));
    return text == NULL ? "" : text;
}

void original_row(char *text, size_t size, const json_t *row)
{
    size_t used = strlen(text);
    for (size_t i = 0; i < json_array_size(row); i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : "|", original_text(row, i));
    snprintf(text + used, size - used, "\n");
}

int original_main(const char *suite_name, const TTest *const *tests, size_t n)
{
    json_t *behaviour = behaviour_load();
    if (behaviour == NULL) {
        printf("skipped: there is no shared/corpus/original beside the project\n");
        return 77;
    }
    json_decref(behaviour);
    return check_main(suite_name, tests, n);
}
