/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of an expected.jsonl: what three independent readers agree on, with blank lines left out. Where
 * they differ only sound behaviour can be asked for. Where they agree on something that Sluice does otherwise
 * on purpose, the case stands in `deviations` with the reason. Rows with NUL bytes or damaged UTF-8 are
 * rejects, so none is expected.
 */
#ifndef TESTS_FORMATS_CORPUS_CASES_H
#define TESTS_FORMATS_CORPUS_CASES_H

#include "formats/corpus.h"

struct deviation {
    const char *file, *reason;
};

static const struct deviation deviations[] = {
    {"sineemore-bad/bad-missing-quote.csv",
     "an unclosed quote is a reject, not a cell that takes in the rest"},
    {"duckdb/fuzzing__23.csv", "an unclosed quote is a reject, not a cell that takes in the rest"},
};

/* Commas cut these into equal rows; the expectation was read with semicolons, so they must be asked for. */
static const char *const cut_by_commas[] = {"feeds/thirtybees-products_import.csv",
                                            "feeds/thirtybees-categories_import.csv"};

static const char *deviation_of(const char *file)
{
    for (size_t i = 0; i < ELEMENTS(deviations); i++)
        if (strcmp(deviations[i].file, file) == 0)
            return deviations[i].reason;
    return NULL;
}

/* Encodings that Sluice detects or that say so themselves; the others must be named. */
static inline bool is_detected(const char *encoding)
{
    static const char *const detected[] = {"utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866"};
    for (size_t i = 0; i < ELEMENTS(detected); i++)
        if (strcmp(detected[i], encoding) == 0)
            return true;
    return false;
}

static inline bool is_delimiter_known(const json_t *expected)
{
    const char *file = json_string_value(json_object_get(expected, "file"));
    for (size_t i = 0; i < ELEMENTS(cut_by_commas); i++)
        if (strcmp(cut_by_commas[i], file) == 0)
            return false;
    return json_is_true(json_object_get(expected, "delimiter_known"));
}

static inline struct csv_options options_for(const json_t *expected)
{
    const char *encoding = json_string_value(json_object_get(expected, "encoding"));
    struct csv_options options = {0};
    if (strstr(encoding, "invalid") != NULL)
        options.encoding = "utf-8";
    else if (!is_detected(encoding))
        options.encoding = encoding;
    if (!is_delimiter_known(expected))
        options.delimiter = json_string_value(json_object_get(expected, "delimiter"))[0];
    return options;
}

/* A row that a reader leaves out as blank, or that Sluice rejects because no database could keep it. */
static inline bool is_left_out(const json_t *row)
{
    size_t i;
    const json_t *cell;
    if (json_array_size(row) == 1 && json_string_length(json_array_get(row, 0)) == 0)
        return true;
    json_array_foreach(row, i, cell)
    {
        const char *text = json_string_value(cell);
        if (strlen(text) != json_string_length(cell) || strstr(text, "\xef\xbf\xbd") != NULL)
            return true;
    }
    return json_array_size(row) == 0;
}

static inline json_t *without_left_out(const json_t *rows)
{
    json_t *kept = json_array();
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) if (!is_left_out(row)) json_array_append(kept, row);
    return kept;
}

/* Rejects count as rows; lines only go up. Holds for every text whatever. */
static inline void expect_sound(const char *file, const struct decoded *decoded)
{
    ck_assert_msg(decoded->status == SLUICE_END, "%s: %s", file, decoded->error.message);
    json_int_t last = 0;
    size_t i;
    const json_t *line;
    json_array_foreach(decoded->lines, i, line)
    {
        ck_assert_msg(json_integer_value(line) > last, "%s: line %lld after line %lld", file,
                      (long long)json_integer_value(line), (long long)last);
        last = json_integer_value(line);
    }
}

static inline void expect_same_row(const char *file, const char *which, const json_t *got,
                                   const json_t *wanted)
{
    _cleanup_free_ char *got_text = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);
    _cleanup_free_ char *wanted_text = json_dumps(wanted, JSON_ENCODE_ANY | JSON_COMPACT);
    ck_assert_msg(json_equal(got, wanted), "%s: %s row\n  is       %s\n  expected %s", file, which, got_text,
                  wanted_text);
}

static inline void expect_rows_of(const char *file, const json_t *expected, const json_t *got)
{
    const json_t *all = json_object_get(expected, "expected_rows");
    if (all == NULL)
        all = json_object_get(expected, "first_rows");
    json_t *wanted = without_left_out(all);
    size_t i;
    const json_t *row;
    char which[32];
    json_array_foreach(wanted, i, row)
    {
        snprintf(which, sizeof which, "%zu.", i + 1);
        expect_same_row(file, which, json_array_get(got, i), row);
    }
    if (json_object_get(expected, "expected_rows") != NULL)
        ck_assert_msg(json_array_size(got) == json_array_size(wanted), "%s: %zu rows, expected %zu", file,
                      json_array_size(got), json_array_size(wanted));
    else
        ck_assert_msg((json_int_t)json_array_size(got) ==
                          json_integer_value(json_object_get(expected, "rows")),
                      "%s: %zu rows", file, json_array_size(got));
    json_decref(wanted);
    const json_t *last = json_object_get(expected, "last_row");
    if (last != NULL)
        expect_same_row(file, "last", json_array_get(got, json_array_size(got) - 1), last);
}

static inline void expect_case(const char *folder, const json_t *expected)
{
    const char *file = json_string_value(json_object_get(expected, "file"));
    char path[8192];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    size_t size;
    _cleanup_free_ char *text = file_read(path, &size);
    ck_assert_msg(text != NULL, "%s is missing", path);
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(text, size, options_for(expected));
    expect_sound(file, &decoded);
    char delimiter = json_string_value(json_object_get(expected, "delimiter"))[0];
    if (json_integer_value(json_object_get(expected, "width_max")) > 1)
        ck_assert_msg(decoded.delimiter == delimiter, "%s: delimiter '%c', expected '%c'", file,
                      decoded.delimiter, delimiter);
    if (!json_is_true(json_object_get(expected, "peers_agree")) || deviation_of(file) != NULL)
        return;
    json_t *got = without_left_out(decoded.rows);
    expect_rows_of(file, expected, got);
    json_decref(got);
}

/* One JSON object a line; NULL when the folder has no expected.jsonl. */
static inline json_t *cases_load(const char *folder)
{
    char path[8192];
    snprintf(path, sizeof path, "%s/expected.jsonl", folder);
    _cleanup_fclose_ FILE *file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    json_t *loaded = json_array();
    for (;;) {
        json_t *each = json_loadf(file, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, NULL);
        if (each == NULL)
            break;
        json_array_append_new(loaded, each);
    }
    return loaded;
}

/* Runs `test` as a loop over n cases. */
static inline int run_cases(const char *name, const TTest *test, size_t n)
{
    Suite *suite = suite_create(name);
    TCase *each = tcase_create("expected.jsonl");
    tcase_set_timeout(each, 60);
    tcase_add_loop_test(each, test, 0, (int)n);
    suite_add_tcase(suite, each);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
