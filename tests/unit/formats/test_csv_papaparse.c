/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Papa Parse's own cases (shared/corpus/csv/papaparse-cases.json), as far as their configuration means
 * something to Sluice: delimiter, quote and skipped blank lines. Rows that are one empty cell are left out on
 * both sides.
 */
#include "formats/corpus.h"

struct deviation {
    const char *description, *reason;
};

static const struct deviation deviations[] = {
    {"Quoted field has invalid trailing quote after delimiter with a valid closer",
     "a quote closes at the next single quote; the text behind it is kept"},
    {"Quoted field has invalid trailing quote before delimiter",
     "a quote closes at the next single quote; the text behind it is kept, and no row is swallowed"},
    {"Quoted fields with spaces between closing quote and next new line",
     "blanks behind a closing quote are kept"},
    {"Quoted fields with spaces between closing quote and next delimiter and contains delimiter",
     "blanks behind a closing quote are kept"},
    {"Bad delimiter (\\n)", "a line end as delimiter is a configuration error, not ignored"},
};

/* Settings that do not change the rows, or that Sluice has too. */
static const char *const understood[] = {"delimiter", "quoteChar", "skipEmptyLines", "newline"};

static bool is_understood(const json_t *each)
{
    if (json_object_get(each, "function_options") != NULL)
        return false;
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(each, "config"), key, value)
    {
        bool known = false;
        for (size_t i = 0; i < ELEMENTS(understood); i++)
            known = known || strcmp(understood[i], key) == 0;
        if (!known ||
            (json_is_string(value) && json_string_length(value) > 1 && strcmp(key, "delimiter") == 0))
            return false;
    }
    const char *description = json_string_value(json_object_get(each, "description"));
    for (size_t i = 0; i < ELEMENTS(deviations); i++)
        if (strncmp(deviations[i].description, description, strlen(deviations[i].description)) == 0)
            return false;
    return true;
}

static bool is_blank_row(const json_t *row)
{
    size_t i;
    const json_t *cell;
    json_array_foreach(row, i, cell)
    {
        const char *text = json_string_value(cell);
        if (text == NULL || text[strspn(text, " \t")] != '\0')
            return false;
    }
    return true;
}

/* Without blank rows: Sluice yields and flags them. */
static json_t *without_blank(const json_t *rows)
{
    json_t *kept = json_array();
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) if (!is_blank_row(row)) json_array_append(kept, row);
    return kept;
}

static json_t *cases;

START_TEST(a_case_of_papa_parse_gives_the_same_rows)
{
    const json_t *each = json_array_get(cases, (size_t)_i);
    const json_t *config = json_object_get(each, "config");
    const char *delimiter = json_string_value(json_object_get(config, "delimiter"));
    const char *quote = json_string_value(json_object_get(config, "quoteChar"));
    const char *input = json_string_value(json_object_get(each, "input"));
    struct csv_options options = {.delimiter = delimiter == NULL ? 0 : delimiter[0],
                                  .quote = quote == NULL ? 0 : (unsigned char)quote[0]};
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(input, strlen(input), options);
    ck_assert_msg(decoded.status == SLUICE_END, "<%s>: %s", input, decoded.error.message);
    json_t *got = without_blank(decoded.rows);
    json_t *wanted = without_blank(json_object_get(json_object_get(each, "expected"), "data"));
    _cleanup_free_ char *got_text = json_dumps(got, JSON_COMPACT);
    _cleanup_free_ char *wanted_text = json_dumps(wanted, JSON_COMPACT);
    int equal = json_equal(got, wanted);
    json_decref(got);
    json_decref(wanted);
    ck_assert_msg(equal, "%s\n  input    <%s>\n  rows     %s\n  expected %s",
                  json_string_value(json_object_get(each, "description")), input, got_text, wanted_text);
}
END_TEST

static json_t *cases_load(void)
{
    char path[4096];
    corpus_path(path, sizeof path, "papaparse-cases.json");
    json_t *file = json_load_file(path, JSON_ALLOW_NUL, NULL);
    if (file == NULL)
        return NULL;
    static const char *const groups[] = {"CORE_PARSER_TESTS", "PARSE_TESTS"};
    json_t *loaded = json_array();
    for (size_t group = 0; group < ELEMENTS(groups); group++) {
        size_t i;
        json_t *each;
        json_array_foreach(json_object_get(file, groups[group]), i, each)
        {
            if (is_understood(each))
                json_array_append(loaded, each);
        }
    }
    json_decref(file);
    return loaded;
}

int main(void)
{
    cases = cases_load();
    if (cases == NULL) {
        printf("skipped: shared/corpus/csv is not here (set SLUICE_SHARED)\n");
        return TEST_SKIPPED;
    }
    Suite *suite = suite_create("formats.csv_papaparse");
    TCase *each = tcase_create("papaparse-cases.json");
    tcase_add_loop_test(each, a_case_of_papa_parse_gives_the_same_rows, 0, (int)json_array_size(cases));
    suite_add_tcase(suite, each);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(cases);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
