/* SPDX-License-Identifier: Apache-2.0 */
/* Master sheets as the original read them. */
#include "ingest/original.h"

#include "base/cleanup.h"
#include "ingest/master.h"
#include "ingest/sheet.h"

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
    original_row(text, sizeof text, json_object_get(each, "row"));
    master_show(text, false, ours, sizeof ours);
    const json_t *ok = json_object_get(each, "ok");
    bool pdf = ok != NULL && strcmp(json_string_value(json_object_get(ok, "format")), "pdf") == 0;
    if (ok != NULL && !pdf) /* PDF is the deviation of the other topic, too */
        snprintf(theirs, sizeof theirs, "%s %s %s %s",
                 json_string_value(json_object_get(ok, "supplier_name")),
                 json_string_value(json_object_get(ok, "source_url")),
                 json_string_value(json_object_get(ok, "format")),
                 json_is_true(json_object_get(ok, "is_active")) ? "active" : "inactive");
    _cleanup_free_ char *input = original_input(json_object_get(each, "row"));
    original_check(topic, input, theirs, ours);
}

START_TEST(master_rows_are_read)
{
    original_each("master_sheet_rows", master_row_case);
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
    _cleanup_free_ char *input = original_input(json_object_get(each, "input"));
    original_check(topic, input, theirs, ours);
}

START_TEST(formats_are_recognised)
{
    original_each("master_sheet_format", format_case);
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
    _cleanup_free_ char *input = original_input(json_object_get(each, "name"));
    original_check(topic, input, theirs, ours);
}

START_TEST(suppliers_are_synced)
{
    original_each("supplier_sync", supplier_case);
}
END_TEST

ORIGINAL_MAIN("ingest.original_master", master_rows_are_read, formats_are_recognised, suppliers_are_synced)
