/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file of tests/data/xlsx, and of shared/corpus/xlsx where that is. Cells on which two independent
 * readers agree are expected here too; where they differ only sound behaviour is asked for. Where they agree
 * on something that Sluice does otherwise on purpose, the cell or file stands in `deviations` with the
 * reason.
 */
#include "xlsx/book.h"

#include <glob.h>
#include <math.h>

struct deviation {
    const char *file, *what, *reason; /* what: a cell or a tab; NULL: the whole file */
};

static const struct deviation deviations[] = {
    {"openpyxl/null_file.xlsx", NULL, "an empty file is an error, not an empty list"},
    {"calamine/any_sheets.xlsx", "Chart", "a chart is no table; others read the numbers it was drawn from"},
    {"sheetjs/BlankSheetTypes.xlsm", "Chart1", "a chart is no table"},
    {"sheetjs/BlankSheetTypes.xlsm", "Macro1", "a sheet of macros is no table"},
    {"sheetjs/BlankSheetTypes.xlsm", "Dialog1", "a dialogue is no table"},
    {"openpyxl/bug137.xlsx", "Chart1", "a chart is no table"},
    {"openpyxl/contains_chartsheets.xlsx", "chart", "a chart is no table"},
    {"readxl/embedded-chartsheet.xlsx", "Chart1", "a chart is no table"},
    {"calamine/date_iso.xlsx", "A2", "a date stored in ISO 8601 is shown so"},
    {"sheetjs/metadata_2019.xlsx", "C9",
     "half a cent is rounded as the decimal number says, not as its binary form"},
    {"sheetjs/metadata_2019.xlsx", "C10",
     "half a cent is rounded as the decimal number says, not as its binary form"},
    {"sheetjs/xlsx-stream-d-date-cell.xlsx", "B7",
     "a time of day by a built-in format; one reader alone read this file"},
    {"sheetjs/xlsx-stream-d-date-cell.xlsx", "B10",
     "a duration by a built-in format; one reader alone read this file"},
    {"sheetjs/xlsx-stream-d-date-cell.xlsx", "B5",
     "a date stored in ISO 8601 is shown so, not as a serial number"},
};

static glob_t files;

static bool deviates(const char *file, const char *what)
{
    for (size_t i = 0; i < ELEMENTS(deviations); i++)
        if (strcmp(deviations[i].file, file) == 0 &&
            (deviations[i].what == NULL || (what != NULL && strcmp(deviations[i].what, what) == 0)))
            return true;
    return false;
}

static char *file_load(const char *path, size_t *ret_size)
{
    _cleanup_fclose_ FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s cannot be opened", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(size + 1);
    ck_assert_uint_eq(fread(bytes, 1, size, file), size);
    *ret_size = size;
    return bytes;
}

/* Formats that Sluice shows in its own way: General with all digits, dates of the reader's own machine as
 * ISO, and what takes a program. */
static bool is_shown_otherwise(const char *format)
{
    static const char *const parts[] = {"m/d/yy", "[$-F", "?/", "#/", "E+", "[<", "[="};
    for (size_t i = 0; i < ELEMENTS(parts); i++)
        if (strstr(format, parts[i]) != NULL)
            return strcmp(format, "m/d/yyyy") != 0 && strcmp(format, "m/d/yyyy;@") != 0;
    return false;
}

/* Whether our text is what the number format shows elsewhere; only asked of numbers with a format. */
static bool text_agrees(const char *text, const json_t *expected)
{
    const char *format = json_string_value(json_object_get(expected, "fmt"));
    const char *shown = json_string_value(json_object_get(expected, "shown"));
    if (format == NULL || shown == NULL || shown[0] == '\0' || is_shown_otherwise(format))
        return true;
    return strcmp(text, shown) == 0;
}

/* Whether our cell is what the others read. */
static bool cell_agrees(const struct book *book, const char *name, const json_t *expected)
{
    const char *type = json_string_value(json_object_get(expected, "t"));
    const json_t *value = json_object_get(expected, "v");
    const char *text = json_string_value(json_object_get(book->cells, name));
    const char *raw = json_string_value(json_object_get(book->raw, name));
    if (type[0] == 's' && json_string_length(value) == 0)
        return text == NULL || text[0] == '\0';
    if (text == NULL)
        return false;
    if (type[0] == 'b')
        return strcmp(text, json_is_true(value) ? "TRUE" : "FALSE") == 0;
    if (type[0] != 'n')
        return json_equal(json_object_get(book->cells, name), value) != 0;
    if (!text_agrees(text, expected))
        return false;
    if (json_is_true(json_object_get(expected, "date")))
        return raw == NULL && text[0] != '\0';
    char digits[64], ours[64];
    snprintf(digits, sizeof digits, "%.15g", json_number_value(value));
    snprintf(ours, sizeof ours, "%.15g", raw == NULL ? NAN : strtod(raw, NULL));
    return strcmp(digits, ours) == 0;
}

static bool is_covered(const struct book *book, const char *name)
{
    for (size_t i = 0; i < json_array_size(book->covered); i++)
        if (strcmp(json_string_value(json_array_get(book->covered, i)), name) == 0)
            return true;
    return false;
}

static void cells_compare(const char *file, const char *sheet, const struct book *book, json_t *cells)
{
    const char *name;
    json_t *expected;
    json_object_foreach(cells, name, expected)
    {
        if (is_covered(book, name) || deviates(file, name) || cell_agrees(book, name, expected))
            continue;
        _cleanup_free_ char *wanted = json_dumps(expected, JSON_ENCODE_ANY | JSON_COMPACT);
        const char *text = json_string_value(json_object_get(book->cells, name));
        const char *raw = json_string_value(json_object_get(book->raw, name));
        ck_assert_msg(false, "%s, tab '%s', cell %s\n  is       \"%s\" (raw %s)\n  expected %s", file, sheet,
                      name, text == NULL ? "(none)" : text, raw == NULL ? "none" : raw, wanted);
    }
}

static void sheet_compare(const char *file, const char *data, size_t size, json_t *sheet)
{
    const char *title = json_string_value(json_object_get(sheet, "name"));
    _cleanup_(book_free) struct book book = book_read(data, size, (struct xlsx_options){.sheet = title});
    if (deviates(file, title)) {
        ck_assert_msg(book.status == SLUICE_CONFIG, "%s, tab '%s' was read", file, title);
        return;
    }
    ck_assert_msg(book.status == SLUICE_END, "%s, tab '%s': %s", file, title, book.error.message);
    cells_compare(file, title, &book, json_object_get(sheet, "cells"));
    cells_compare(file, title, &book, json_object_get(sheet, "cells_first_400"));
    cells_compare(file, title, &book, json_object_get(sheet, "cells_last_20"));
}

START_TEST(every_file_is_read_as_other_readers_agree)
{
    char path[4096];
    const char *expected_path = files.gl_pathv[_i];
    snprintf(path, sizeof path, "%.*s", (int)(strlen(expected_path) - strlen(".expected.json")),
             expected_path);
    const char *file = strrchr(path, '/');
    while (file > path && file[-1] != '/')
        file--;
    json_t *expected = json_load_file(expected_path, JSON_ALLOW_NUL, NULL);
    ck_assert_ptr_nonnull(expected);
    size_t size, i;
    json_t *sheet;
    _cleanup_free_ char *data = file_load(path, &size);
    if (strncmp(json_string_value(json_object_get(expected, "outcome")), "error", 5) == 0) {
        _cleanup_(book_free) struct book book = book_read(data, size, (struct xlsx_options){0});
        ck_assert_msg(book.status == SLUICE_DATA, "%s was read, and no other reader does", file);
        ck_assert_msg(book.error.message[0] != '\0', "%s: the error says nothing", file);
    } else if (!deviates(file, NULL)) {
        json_array_foreach(json_object_get(expected, "sheets"), i, sheet)
            sheet_compare(file, data, size, sheet);
    }
    json_decref(expected);
}
END_TEST

/* ---- Files made for this corpus, expected by hand ---- */

static json_t *cases; /* of ours-robustness/expected.json, or NULL */
static char shared_folder[4096];

static void rows_compare(const char *file, const struct book *book, const json_t *rows)
{
    size_t row, column;
    json_t *cells, *value;
    json_array_foreach(rows, row, cells) json_array_foreach(cells, column, value)
    {
        char name[32], number[64];
        snprintf(name, sizeof name, "%c%zu", (char)('A' + column), row + 1);
        snprintf(number, sizeof number, "%.15g", json_number_value(value));
        const char *wanted = json_is_string(value) ? json_string_value(value) : number;
        const char *is =
            json_string_value(json_object_get(json_is_string(value) ? book->cells : book->raw, name));
        ck_assert_msg(is != NULL && strcmp(is, wanted) == 0, "%s, cell %s is %s, expected %s", file, name,
                      is == NULL ? "(none)" : is, wanted);
    }
}

START_TEST(what_was_made_to_do_harm_does_none)
{
    size_t size;
    const json_t *each = json_array_get(cases, (size_t)_i), *expect = json_object_get(each, "expect");
    const char *file = json_string_value(json_object_get(each, "file"));
    const char *outcome = json_string_value(json_object_get(expect, "outcome"));
    char path[8192];
    snprintf(path, sizeof path, "%s/corpus/xlsx/%s", shared_folder, file);
    _cleanup_free_ char *data = file_load(path, &size);
    _cleanup_(book_free) struct book book = book_read(data, size, (struct xlsx_options){0});
    if (strcmp(outcome, "error") == 0)
        ck_assert_msg(book.status == SLUICE_DATA, "%s was read", file);
    if (strcmp(outcome, "read") == 0)
        ck_assert_msg(book.status == SLUICE_END, "%s: %s", file, book.error.message);
    if (json_is_array(json_object_get(expect, "rows")))
        rows_compare(file, &book, json_object_get(expect, "rows"));
    else if (json_is_integer(json_object_get(expect, "rows")))
        ck_assert_uint_eq(json_array_size(book.lines),
                          (size_t)json_integer_value(json_object_get(expect, "rows")));
}
END_TEST

int main(void)
{
    char pattern[8192];
    const char *shared = getenv("SLUICE_SHARED");
    snprintf(shared_folder, sizeof shared_folder, "%s",
             shared != NULL ? shared : SLUICE_SOURCE_DIR "/../shared");
    glob(SLUICE_SOURCE_DIR "/tests/data/xlsx/*/*.expected.json", 0, NULL, &files);
    snprintf(pattern, sizeof pattern, "%s/corpus/xlsx/*/*.expected.json", shared_folder);
    if (glob(pattern, GLOB_APPEND, NULL, &files) != 0)
        printf("only tests/data/xlsx: shared/corpus/xlsx is not here (set SLUICE_SHARED)\n");
    snprintf(pattern, sizeof pattern, "%s/corpus/xlsx/ours-robustness/expected.json", shared_folder);
    json_t *made = json_load_file(pattern, 0, NULL);
    cases = json_object_get(made, "cases");
    Suite *suite = suite_create("xlsx.xlsx_corpus");
    TCase *each = tcase_create("every_file");
    tcase_set_timeout(each, 60);
    tcase_add_loop_test(each, every_file_is_read_as_other_readers_agree, 0, (int)files.gl_pathc);
    tcase_add_loop_test(each, what_was_made_to_do_harm_does_none, 0, (int)json_array_size(cases));
    suite_add_tcase(suite, each);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(made);
    globfree(&files);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
