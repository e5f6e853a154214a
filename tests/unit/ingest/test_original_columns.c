/* SPDX-License-Identifier: Apache-2.0 */
/* Headers and columns as the original took them. */
#include "ingest/original.h"

#include "base/cleanup.h"
#include "ingest/header_text.h"
#include "ingest/sheet.h"

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
    _cleanup_free_ char *input = original_input(json_object_get(each, "headers"));
    original_check(topic, input, theirs, ours);
}

START_TEST(columns_are_mapped)
{
    original_each("column_mapping", column_case);
}
END_TEST

static void master_column_case(const char *topic, const json_t *each)
{
    static const char *const names[] = {"supplier_name", "source_url", "format", "active", "notes"};
    char ours[256], theirs[256];
    struct mapping_request request = mapping_request_master();
    headers_map(&request, json_object_get(each, "headers"), MASTER_FIELD_COUNT, ours);
    fields_theirs(json_object_get(each, "ok"), names, master_rules, MASTER_FIELD_COUNT, theirs);
    _cleanup_free_ char *input = original_input(json_object_get(each, "headers"));
    original_check(topic, input, theirs, ours);
}

START_TEST(master_columns_are_mapped)
{
    original_each("master_sheet_column_mapping", master_column_case);
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
            cells[row][i] = text_of(original_text(json_array_get(rows, row), i));
    }
    struct mapping_request request = {
        .rows = row_cells, .widths = widths, .lines = lines, .n_rows = (uint32_t)json_array_size(rows)};
    for (uint32_t i = 0; i < json_array_size(ok); i++) {
        _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(1024);
        header_text(&request, i, &text);
        snprintf(ours + strlen(ours), sizeof ours - strlen(ours), "%s%s", i == 0 ? "" : "|",
                 text.size == 0 ? "" : text.data);
        snprintf(theirs + strlen(theirs), sizeof theirs - strlen(theirs), "%s%s", i == 0 ? "" : "|",
                 original_text(ok, i));
    }
    _cleanup_free_ char *input = original_input(rows);
    original_check(topic, input, theirs, ours);
}

START_TEST(header_rows_are_combined)
{
    original_each("combined_headers", combined_case);
}
END_TEST

ORIGINAL_MAIN("ingest.original_columns", columns_are_mapped, master_columns_are_mapped,
              header_rows_are_combined)
