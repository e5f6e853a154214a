/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "check_main.h"
#include "ingest/sheet.h"

START_TEST(rows_become_items_with_characteristics)
{
    expect_reading("Product Code|Description|Price|Color|Size\n"
                   "SKU-001|Product 1|10.99|Red|M\n"
                   "SKU-002|Product \"2\"|20.50||L\n",
                   NULL,
                   "2 sku=SKU-001 name=Product 1 price=10.9900 {\"color\":\"Red\",\"size\":\"M\"}\n"
                   "3 sku=SKU-002 name=Product \"2\" price=20.5000 {\"size\":\"L\"}\n",
                   "");
}
END_TEST

START_TEST(skus_are_text)
{
    expect_reading("sku|name|price\n00123|a|1\nNA|b|1\nnull|c|1\n4006381333931|d|1\n =1+1 |e|1\n12E3|f|1\n",
                   NULL,
                   "2 sku=00123 name=a price=1.0000 {}\n"
                   "3 sku=NA name=b price=1.0000 {}\n"
                   "4 sku=null name=c price=1.0000 {}\n"
                   "5 sku=4006381333931 name=d price=1.0000 {}\n"
                   "6 sku==1+1 name=e price=1.0000 {}\n"
                   "7 sku=12E3 name=f price=1.0000 {}\n",
                   "");
}
END_TEST

START_TEST(each_reject_has_address_code_field_and_raw_text)
{
    expect_reading("sku|name|price\n"
                   "|a|1\n"
                   "4.00638E+12|b|1\n"
                   "s||1\n"
                   "s|c|\n"
                   "s|d|по запросу\n"
                   "s|e|-1\n"
                   "s|f|1e400\n"
                   "#REF!|g|1\n"
                   "s|h|#N/A\n"
                   "s|i|1,234\n",
                   NULL, "",
                   "list:2:1 sku_missing sku <a | 1>\n"
                   "list:3:1 sku_scientific sku <4.00638E+12>\n"
                   "list:4:2 name_missing name <s | 1>\n"
                   "list:5:3 price_missing price <s | c>\n"
                   "list:6:3 price_not_a_number price <по запросу>\n"
                   "list:7:3 price_negative price <-1>\n"
                   "list:8:3 price_range price <1e400>\n"
                   "list:9:1 formula_error sku <#REF!>\n"
                   "list:10:3 formula_error price <#N/A>\n"
                   "list:11:3 price_ambiguous price <1,234>\n");
}
END_TEST

START_TEST(the_first_problem_of_a_row_names_the_reject)
{
    expect_reading("sku|name|price\n|x|abc\ns||abc\n", NULL, "",
                   "list:2:1 sku_missing sku <x | abc>\nlist:3:2 name_missing name <s | abc>\n");
}
END_TEST

START_TEST(a_link_template_makes_the_address)
{
    struct ingest_options options = ingest_defaults();
    struct sluice_description description = {.struct_size = sizeof description,
                                             .link_template =
                                                 "https://x/#range={column}{row} {column_number} {other}"};
    struct sheet sheet = sheet_of("a|sku|name|price\n|s|n|x\n");
    struct reading *reading = calloc(1, sizeof *reading);
    reading_run(reading, &sheet, 10, &options, &description);
    expect_lines("template", reading->rejects, reading->n_rejects,
                 "https://x/#range=D2 4 {other} price_not_a_number price <x>\n");
    reading_free(reading);
    sheet_free(&sheet);
}
END_TEST

START_TEST(titles_blanks_repeated_headers_headings_and_totals_are_skipped)
{
    expect_reading("Price list 2026||\n"
                   "||\n"
                   "Артикул|Наименование|Цена\n"
                   "Велосипеды||\n"
                   "A-1|Велосипед|100\n"
                   "||\n"
                   "Артикул|Наименование|Цена\n"
                   "|Запчасти|\n"
                   "A-2|Седло|20\n"
                   "|Итого:|120\n"
                   "Итого||120\n"
                   "тел. 123-45-67||\n",
                   NULL,
                   "5 sku=A-1 name=Велосипед price=100.0000 {}\n9 sku=A-2 name=Седло price=20.0000 {}\n", "");
}
END_TEST

START_TEST(a_code_alone_in_its_row_is_no_heading_but_a_bad_row)
{
    expect_reading("sku|name|price\nSKU-7||\n", NULL, "", "list:2:2 name_missing name <SKU-7>\n");
}
END_TEST

START_TEST(a_comma_elsewhere_decides_an_ambiguous_price_before_it)
{
    expect_reading("sku|name|price\na|a|1,234\nb|b|12,50\nc|c|1.234\n", NULL,
                   "3 sku=b name=b price=12.5000 {}\n"
                   "2 sku=a name=a price=1.2340 {}\n"
                   "4 sku=c name=c price=1234.0000 {}\n",
                   "");
}
END_TEST

START_TEST(contradicting_prices_leave_ambiguous_ones_rejected)
{
    expect_reading("sku|name|price|color\na|a|1,234|red\nb|b|12,50|\nc|c|12.50|\n", NULL,
                   "3 sku=b name=b price=12.5000 {}\n4 sku=c name=c price=12.5000 {}\n",
                   "list:2:3 price_ambiguous price <1,234>\n");
}
END_TEST

START_TEST(option_comes_before_the_sheets_locale_and_that_before_evidence)
{
    struct ingest_options options = ingest_defaults();
    options.locale = "en_US";
    expect_reading("sku|name|price\na|a|1,234\nb|b|12,50\n", &options,
                   "2 sku=a name=a price=1234.0000 {}\n3 sku=b name=b price=12.5000 {}\n", "");
    options.decimal.index = DECIMAL_MARK_COMMA;
    expect_reading("sku|name|price\na|a|1,234\n", &options, "2 sku=a name=a price=1.2340 {}\n", "");
    options = ingest_defaults();
    options.locale = "en_US";
    struct sluice_description german = {.struct_size = sizeof german, .locale = "de_DE"};
    struct sheet sheet = sheet_of("sku|name|price\na|a|1,234\n");
    struct reading *reading = calloc(1, sizeof *reading);
    reading_run(reading, &sheet, 10, &options, &german);
    expect_lines("de_DE", reading->items, reading->n_items, "2 sku=a name=a price=1.2340 {}\n");
    ck_assert_str_eq(reading->report->decimal_reason, "The locale de_DE of the sheet uses the comma.");
    reading_free(reading);
    sheet_free(&sheet);
}
END_TEST

START_TEST(the_currency_is_taken_from_cell_column_header_and_option_in_this_order)
{
    struct ingest_options options = ingest_defaults();
    options.currency = "CHF";
    expect_reading("sku|name|price|currency\na|a|5 €|USD\nb|b|5|usd\nc|c|5|\nd|d|5|XX\n", &options,
                   "2 sku=a name=a price=5.0000 EUR {}\n"
                   "3 sku=b name=b price=5.0000 USD {}\n"
                   "4 sku=c name=c price=5.0000 CHF {}\n",
                   "list:5:4 currency_unknown currency <XX>\n");
    expect_reading("Код товара|Наименование товара|Цена, руб.\na|a|5\n", &options,
                   "2 sku=a name=a price=5.0000 RUB {}\n", "");
}
END_TEST

START_TEST(a_price_of_zero_is_a_price)
{
    expect_reading("sku|name|price\na|a|0\n", NULL, "2 sku=a name=a price=0.0000 {}\n", "");
}
END_TEST

START_TEST(keys_are_lower_case_and_values_stay_text)
{
    expect_reading("sku|name|price|Размер рамы|Lead-Time| \na|a|1|007|1e5|lost\nb|b|1|  |1.50|\n", NULL,
                   "2 sku=a name=a price=1.0000 {\"размер_рамы\":\"007\",\"lead_time\":\"1e5\"}\n"
                   "3 sku=b name=b price=1.0000 {\"lead_time\":\"1.50\"}\n",
                   "");
}
END_TEST

START_TEST(a_header_that_stands_twice_is_named_by_its_cell)
{
    expect_reading(
        "sku|name|price|price|color|Color\na|a|1|2|red|blue\n", NULL,
        "2 sku=a name=a price=1.0000 {\"price_(d1)\":\"2\",\"color\":\"red\",\"color_(f1)\":\"blue\"}\n", "");
}
END_TEST

START_TEST(a_failed_formula_in_a_characteristic_is_left_out_with_a_notice)
{
    struct reading *reading = list_read("sku|name|price|color\na|a|1|#N/A\nb|b|1|red\n", NULL);
    expect_lines("items", reading->items, reading->n_items,
                 "2 sku=a name=a price=1.0000 {}\n3 sku=b name=b price=1.0000 {\"color\":\"red\"}\n");
    ck_assert_uint_eq(reading->report->n_notices, 1);
    ck_assert_str_eq(reading->report->notices[0],
                     "1 characteristics were left out because their formula failed; the first is in D2");
    reading_free(reading);
}
END_TEST

START_TEST(nul_bytes_and_bad_utf8_reject_the_row_and_no_other)
{
    struct ingest_options options = ingest_defaults();
    struct sheet sheet =
        sheet_of("sku|name|price|color\na@|a|1|\nb|b@|1|\nc|c|1|@\nd|\xff|1|\ne|e|1|\xed\xa0\x80\nf|f|1|x\n");
    for (char *at = sheet.text; at < sheet.cells[27].ptr; at++)
        if (*at == '@')
            *at = '\0';
    struct reading *reading = calloc(1, sizeof *reading);
    reading_run(reading, &sheet, 10, &options, &sheet_description);
    expect_lines("items", reading->items, reading->n_items,
                 "7 sku=f name=f price=1.0000 {\"color\":\"x\"}\n");
    expect_lines("rejects", reading->rejects, reading->n_rejects,
                 "list:2:1 nul_byte sku <a\\x00>\n"
                 "list:3:2 nul_byte name <b\\x00>\n"
                 "list:4:4 nul_byte color <\\x00>\n"
                 "list:5:2 bad_text name <\\xff>\n"
                 "list:6:4 bad_text color <\\xed\\xa0\\x80>\n");
    reading_free(reading);
    sheet_free(&sheet);
}
END_TEST

START_TEST(json_is_escaped)
{
    struct ingest_options options = ingest_defaults();
    struct sheet sheet =
        sheet_of("sku|name|price|a\"b\nx|x|1|\"\\\1\t long enough to be scanned by words \"é\n");
    struct reading *reading = calloc(1, sizeof *reading);
    reading_run(reading, &sheet, 10, &options, &sheet_description);
    expect_lines("items", reading->items, reading->n_items,
                 "2 sku=x name=x price=1.0000 {\"a\\\"b\":\"\\\"\\\\\\u0001\\t long enough to be scanned by "
                 "words \\\"é\"}\n");
    reading_free(reading);
    sheet_free(&sheet);
}
END_TEST

START_TEST(the_hash_depends_on_the_content_and_not_on_sku_or_place)
{
    struct reading *reading =
        list_read("sku|name|price|c\na|n|1|x\n\nb|n|1.0|x\nc|n|1|y\nd|n|1 €|x\ne|m|1|x\nf|n|2|x\n", NULL);
    ck_assert_uint_eq(reading->n_items, 6);
    ck_assert_mem_eq(&reading->hashes[0], &reading->hashes[1], 16);
    for (size_t i = 2; i < 6; i++)
        ck_assert_msg(memcmp(&reading->hashes[0], &reading->hashes[i], 16) != 0, "%s", reading->items[i]);
    reading_free(reading);
}
END_TEST

START_TEST(stop_after_blank_and_until_end_the_list)
{
    struct ingest_options options = ingest_defaults();
    options.stop_after_blank = 2;
    expect_reading("sku|name|price\na|a|1\n||\nb|b|1\n||\n||\nc|c|x\n", &options,
                   "2 sku=a name=a price=1.0000 {}\n4 sku=b name=b price=1.0000 {}\n", "");
    options = ingest_defaults();
    options.until = "^(итого|total)";
    expect_reading("sku|name|price\na|a|1\nTotal|sum|1\nc|c|x\n", &options,
                   "2 sku=a name=a price=1.0000 {}\n", "");
    options.until = "(";
    struct reading *reading = list_read("sku|name|price\n", &options);
    ck_assert_int_eq(reading->status, SLUICE_CONFIG);
    reading_free(reading);
}
END_TEST

START_TEST(hidden_rows_are_read_unless_an_option_says_skip)
{
    static const char *const expected[] = {"2 sku=a name=a price=1.0000 {}\n3 sku=b name=b price=1.0000 {}\n",
                                           "3 sku=b name=b price=1.0000 {}\n"};
    for (uint32_t choice = HIDDEN_ROWS_INCLUDE; choice <= HIDDEN_ROWS_SKIP; choice++) {
        struct ingest_options options = ingest_defaults();
        options.hidden_rows.index = choice;
        struct sheet sheet = sheet_of("sku|name|price\na|a|1\nb|b|1\n");
        sheet.flags[1] |= SLUICE_ROW_HIDDEN;
        struct reading *reading = calloc(1, sizeof *reading);
        reading_run(reading, &sheet, 10, &options, &sheet_description);
        expect_lines("items", reading->items, reading->n_items, expected[choice]);
        ck_assert_uint_eq(reading->report->n_notices, 1);
        reading_free(reading);
        sheet_free(&sheet);
    }
}
END_TEST

START_TEST(several_header_rows_and_merged_cells_are_joined)
{
    expect_reading("Артикул|Наименование|Цена|~|Размер\n"
                   "~|~|опт|розница|~\n"
                   "a|a|1|2|M\n",
                   NULL, "3 sku=a name=a price=1.0000 {\"цена_розница\":\"2\",\"размер\":\"M\"}\n", "");
    expect_reading("Product|Product|Unit\nCode|Name|Price\na|n|1\n", NULL, "3 sku=a name=n price=1.0000 {}\n",
                   "");
}
END_TEST

START_TEST(a_missing_header_says_what_came_nearest)
{
    struct reading *reading = list_read("Product SKU|Product title|Retail price\na|b|1\n", NULL);
    ck_assert_int_eq(reading->status, SLUICE_DATA);
    ck_assert_str_eq(
        reading->err.message,
        "list: no header was found; nearest: row 1 is no header: it has no column for price (nearest: "
        "column C \"Retail price\", not a price: retail); name the header's row and columns in the "
        "configuration (ingest: header_row, sku, name, price)");
    reading_free(reading);
    reading = list_read("", NULL);
    ck_assert_int_eq(reading->status, SLUICE_DATA);
    reading_free(reading);
}
END_TEST

START_TEST(a_header_row_can_be_named)
{
    struct ingest_options options = ingest_defaults();
    options.header_row = 3;
    expect_reading("sku|name|price\nx|y|9\nsku|price|name\na|1|n\n", &options,
                   "4 sku=a name=n price=1.0000 {}\n", "");
}
END_TEST

START_TEST(the_size_of_batches_changes_nothing)
{
    static const char text[] =
        "Title\n\nsku|name|price|c\na|a|1,234|x\nb|b|12,5|y\n|c|1\nd|d|1.234|z\nTotal||9\n";
    for (uint32_t size = 1; size <= 9; size++) {
        struct ingest_options options = ingest_defaults();
        struct sheet sheet = sheet_of(text);
        struct reading *reading = calloc(1, sizeof *reading);
        reading_run(reading, &sheet, size, &options, &sheet_description);
        ck_assert_int_eq(reading->status, SLUICE_OK);
        expect_lines("items", reading->items, reading->n_items,
                     "5 sku=b name=b price=12.5000 {\"c\":\"y\"}\n"
                     "4 sku=a name=a price=1.2340 {\"c\":\"x\"}\n"
                     "7 sku=d name=d price=1234.0000 {\"c\":\"z\"}\n");
        expect_lines("rejects", reading->rejects, reading->n_rejects, "list:6:1 sku_missing sku <c | 1>\n");
        reading_free(reading);
        sheet_free(&sheet);
    }
}
END_TEST

START_TEST(lengths_are_counted_in_characters)
{
    char *text = NULL, sku[255 * 2 + 1] = "", longer[256 * 2 + 1] = "";
    for (int i = 0; i < 255; i++)
        memcpy(sku + i * 2, "я", 2);
    for (int i = 0; i < 256; i++)
        memcpy(longer + i * 2, "я", 2);
    ck_assert(asprintf(&text, "sku|name|price\n%s|a|1\n%s|a|1\n", sku, longer) > 0);
    struct reading *reading = list_read(text, NULL);
    ck_assert_uint_eq(reading->n_items, 1);
    ck_assert_uint_eq(reading->n_rejects, 1);
    ck_assert_msg(strstr(reading->rejects[0], "sku_too_long") != NULL, "%s", reading->rejects[0]);
    reading_free(reading);
    free(text);
}
END_TEST

CHECK_MAIN("ingest.list", rows_become_items_with_characteristics, skus_are_text,
           each_reject_has_address_code_field_and_raw_text, the_first_problem_of_a_row_names_the_reject,
           a_link_template_makes_the_address, titles_blanks_repeated_headers_headings_and_totals_are_skipped,
           a_code_alone_in_its_row_is_no_heading_but_a_bad_row,
           a_comma_elsewhere_decides_an_ambiguous_price_before_it,
           contradicting_prices_leave_ambiguous_ones_rejected,
           option_comes_before_the_sheets_locale_and_that_before_evidence,
           the_currency_is_taken_from_cell_column_header_and_option_in_this_order, a_price_of_zero_is_a_price,
           keys_are_lower_case_and_values_stay_text, a_header_that_stands_twice_is_named_by_its_cell,
           a_failed_formula_in_a_characteristic_is_left_out_with_a_notice,
           nul_bytes_and_bad_utf8_reject_the_row_and_no_other, json_is_escaped,
           the_hash_depends_on_the_content_and_not_on_sku_or_place, stop_after_blank_and_until_end_the_list,
           hidden_rows_are_read_unless_an_option_says_skip, several_header_rows_and_merged_cells_are_joined,
           a_missing_header_says_what_came_nearest, a_header_row_can_be_named,
           the_size_of_batches_changes_nothing, lengths_are_counted_in_characters)
