/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "check_main.h"
#include "ingest/master.h"
#include "ingest/sheet.h"

static const char *const formats[] = {"google_sheets", "csv", "excel"};

struct master_reading {
    struct master_reader *reader;
    const struct master_report *report;
    struct sluice_error err;
    enum sluice_status status;
};

static struct master_reading master_read_tab(const char *text, const char *tab)
{
    struct master_reading reading = {.status = SLUICE_OK};
    struct ingest_options options = ingest_defaults();
    struct sluice_description description = {.struct_size = sizeof description, .sheet = tab};
    struct sheet sheet = sheet_of(text);
    struct sluice_batch batch = sheet_batch(&sheet, 0, sheet.n_rows);
    reading.status = master_reader_new(&options, "master", &description, formats, ELEMENTS(formats),
                                       &reading.reader, &reading.err);
    if (reading.status == SLUICE_OK)
        reading.status = master_reader_batch(reading.reader, &batch, &reading.err);
    sheet_free(&sheet);
    if (reading.status == SLUICE_OK)
        reading.status = master_reader_finish(reading.reader, &reading.report, &reading.err);
    return reading;
}

static struct master_reading master_read(const char *text)
{
    return master_read_tab(text, NULL);
}

static void expect(const char *text, const char *suppliers, const char *rejects)
{
    struct master_reading reading = master_read(text);
    ck_assert_msg(reading.status == SLUICE_OK, "%s\n-- %s", text, reading.err.message);
    char *lines[64];
    size_t n = 0;
    for (; n < reading.report->n_suppliers; n++) {
        const struct sluice_supplier *supplier = &reading.report->suppliers[n];
        const char *state = supplier->flags & SLUICE_SUPPLIER_INVALID  ? "invalid"
                            : supplier->flags & SLUICE_SUPPLIER_ACTIVE ? "active"
                                                                       : "inactive";
        ck_assert(asprintf(&lines[n], "%llu %s|%s|%s|%s|%s|%s", (unsigned long long)supplier->line, state,
                           supplier->key, supplier->name, supplier->source_url, supplier->source_type,
                           supplier->notes == NULL ? "-" : supplier->notes) > 0);
    }
    expect_lines(text, lines, n, suppliers);
    for (size_t i = 0; i < n; i++)
        free(lines[i]);
    for (n = 0; n < reading.report->n_rejects; n++) {
        const struct sluice_reject *reject = &reading.report->rejects[n];
        ck_assert(asprintf(&lines[n], "%s %s %s <%s>", reject->address, reject->code,
                           reject->field == NULL ? "-" : reject->field, reject->excerpt) > 0);
    }
    expect_lines(text, lines, n, rejects);
    for (size_t i = 0; i < n; i++)
        free(lines[i]);
    master_reader_free(reading.reader);
}

START_TEST(merged_cells_reach_down_and_not_to_the_right)
{
    expect("Name|URL|Format\n"
           "Metals|^Metals|^Metals\n"
           "Acme|https://example.com/a.csv|csv\n"
           "^Acme|^https://example.com/a.csv|^csv\n"
           "Beta|https://example.com/b.csv|^csv\n",
           "2 invalid|metals|Metals|||-\n"
           "3 active|acme|Acme|https://example.com/a.csv|csv|-\n"
           "5 active|beta|Beta|https://example.com/b.csv|csv|-\n",
           "master:2:2 url_missing url <Metals>\n");
}
END_TEST

START_TEST(rows_become_suppliers)
{
    expect("Supplier Name|Source URL|Format|Active|Notes\n"
           "Acme|https://docs.google.com/spreadsheets/d/abc/edit|google_sheets|TRUE|note\n"
           "Beta|lists/beta price.csv|CSV||\n"
           "Gamma|https://example.com/g.xlsx|XLSX|no| \n",
           "2 active|acme|Acme|https://docs.google.com/spreadsheets/d/abc/edit|google_sheets|note\n"
           "3 active|beta|Beta|lists/beta price.csv|csv|-\n"
           "4 inactive|gamma|Gamma|https://example.com/g.xlsx|excel|-\n",
           "");
}
END_TEST

START_TEST(a_russian_master_is_read)
{
    expect("Поставщик|Ссылка|Формат|Активен|Примечание\nВелоМир|v.csv|csv|да|опт\nШина|s|гугл таблицы|Нет|\n",
           "2 active|веломир|ВелоМир|v.csv|csv|опт\n3 inactive|шина|Шина|s|google_sheets|-\n", "");
}
END_TEST

START_TEST(an_invalid_row_that_names_a_supplier_is_present)
{
    expect("name|url|format|active\n"
           "A|a.pdf|pdf|yes\n"
           "B||csv|yes\n"
           "C|c.csv||yes\n"
           "D|d.csv|csv|maybe\n"
           "E|#REF!|csv|\n",
           "2 invalid|a|A|a.pdf|pdf|-\n"
           "3 invalid|b|B||csv|-\n"
           "4 invalid|c|C|c.csv||-\n"
           "5 invalid|d|D|d.csv|csv|-\n"
           "6 invalid|e|E|#REF!|csv|-\n",
           "master:2:3 format_unknown format <pdf>\n"
           "master:3:2 url_missing url <B | csv | yes>\n"
           "master:4:3 format_missing format <C | c.csv | yes>\n"
           "master:5:4 active_unknown active <maybe>\n"
           "master:6:2 formula_error url <#REF!>\n");
}
END_TEST

START_TEST(the_message_of_an_unknown_format_says_what_is_supported)
{
    struct master_reading reading = master_read("name|url|format\nA|a.pdf|pdf\n");
    ck_assert_int_eq(reading.status, SLUICE_OK);
    ck_assert_str_eq(reading.report->rejects[0].message,
                     "Supported are google_sheets, csv, excel. No source reads this format.");
    ck_assert_uint_eq(reading.report->n_valid, 0);
    master_reader_free(reading.reader);
}
END_TEST

START_TEST(of_two_rows_with_one_key_the_first_counts)
{
    expect("name|url|format\nAcme  Ltd|a|csv\nB|b|csv\nＡＣＭＥ\u00a0ltd\u200b|c|csv\n",
           "2 active|acme ltd|Acme  Ltd|a|csv|-\n3 active|b|B|b|csv|-\n",
           "master:4:1 duplicate_supplier name <ＡＣＭＥ\u00a0ltd>\n");
    struct master_reading reading = master_read("name|url|format\nA|a|csv\na|b|csv\n");
    ck_assert_str_eq(
        reading.report->rejects[0].message,
        "Row 3 repeats the supplier of row 2, which counts. Another row names the same supplier; remove "
        "one of them.");
    master_reader_free(reading.reader);
}
END_TEST

START_TEST(a_row_with_an_address_but_no_name_is_a_reject_and_one_with_neither_is_skipped)
{
    expect("Suppliers||\nname|url|format\n|a.csv|csv\n||csv\n||\nA|a|csv\n", "6 active|a|A|a|csv|-\n",
           "master:3:1 supplier_name_missing name <a.csv | csv>\n");
}
END_TEST

START_TEST(every_row_is_counted)
{
    struct master_reading reading =
        master_read("Title||\nname|url|format\nA|a|csv\n||\n|x|csv\nB|b|pdf\na|c|csv\n");
    ck_assert_uint_eq(reading.report->rows_read, 7);
    ck_assert_uint_eq(reading.report->skipped, 3);
    ck_assert_uint_eq(reading.report->n_suppliers, 2);
    ck_assert_uint_eq(reading.report->n_valid, 1);
    ck_assert_uint_eq(reading.report->n_rejects, 3);
    master_reader_free(reading.reader);
}
END_TEST

START_TEST(the_signature_is_that_of_tab_and_header)
{
    static const char header[] = "Name|URL|Format\nA|a|csv\n";
    struct master_reading a = master_read_tab(header, "Tab"),
                          b = master_read_tab("name | url|FORMAT\n", "Tab");
    struct master_reading c = master_read_tab(header, "Other"),
                          d = master_read_tab("Name|Link|Format\n", "Tab");
    ck_assert_str_eq(a.report->header_signature, b.report->header_signature);
    ck_assert_str_ne(a.report->header_signature, c.report->header_signature);
    ck_assert_str_ne(a.report->header_signature, d.report->header_signature);
    master_reader_free(a.reader);
    master_reader_free(b.reader);
    master_reader_free(c.reader);
    master_reader_free(d.reader);
}
END_TEST

START_TEST(a_master_without_header_says_which_columns_are_missing)
{
    struct master_reading reading = master_read("Supplier|Format\nA|csv\n");
    ck_assert_int_eq(reading.status, SLUICE_DATA);
    ck_assert_str_eq(
        reading.err.message,
        "master: no header was found; nearest: row 1 is no header: it has no column for url; the master "
        "sheet needs the columns name, url and format");
    master_reader_free(reading.reader);
}
END_TEST

START_TEST(many_suppliers_are_found_by_key)
{
    enum { MANY = 5000 };
    char *text = malloc(64 * MANY);
    size_t used = (size_t)sprintf(text, "name|url|format\n");
    for (int i = 0; i < MANY; i++)
        used += (size_t)sprintf(text + used, "S%d|u%d|csv\n", i % (MANY / 2), i);
    struct master_reading reading = master_read(text);
    ck_assert_uint_eq(reading.report->n_suppliers, MANY / 2);
    ck_assert_uint_eq(reading.report->n_rejects, MANY / 2);
    master_reader_free(reading.reader);
    free(text);
}
END_TEST

CHECK_MAIN("ingest.master", rows_become_suppliers, merged_cells_reach_down_and_not_to_the_right,
           a_russian_master_is_read, an_invalid_row_that_names_a_supplier_is_present,
           the_message_of_an_unknown_format_says_what_is_supported, of_two_rows_with_one_key_the_first_counts,
           a_row_with_an_address_but_no_name_is_a_reject_and_one_with_neither_is_skipped,
           every_row_is_counted, the_signature_is_that_of_tab_and_header,
           a_master_without_header_says_which_columns_are_missing, many_suppliers_are_found_by_key)
