/* SPDX-License-Identifier: Apache-2.0 */
/* Rows with cells that lie under merged ones. */
#include "check_main.h"
#include "ingest/sheet.h"

/* Reads `text` with the option and compares items and rejects. */
static void expect_merged(enum merged_cells merged, const char *text, const char *items, const char *rejects)
{
    struct ingest_options options = ingest_defaults();
    options.merged.index = merged;
    expect_reading(text, &options, items, rejects);
}

START_TEST(headers_are_read_as_if_every_merged_cell_had_the_text)
{
    for (enum merged_cells merged = MERGED_FILL; merged <= MERGED_REJECT; merged++)
        expect_merged(merged,
                      "Price list|^Price list|^Price list|^Price list\n"
                      "SKU|Name|Price|^Price\n"
                      "^SKU|^Name|EUR|kg\n"
                      "a|n|1|7\n",
                      "4 sku=a name=n price=1.0000 EUR {\"price_kg\":\"7\"}\n", "");
}
END_TEST

#define TWO_COLOURS "sku|name|price|colour\na|Saw|1|red\nb|^Saw|2|^red\n"

START_TEST(fill_gives_the_text_to_the_rows_below)
{
    expect_merged(MERGED_FILL, TWO_COLOURS,
                  "2 sku=a name=Saw price=1.0000 {\"colour\":\"red\"}\n"
                  "3 sku=b name=Saw price=2.0000 {\"colour\":\"red\"}\n",
                  "");
}
END_TEST

START_TEST(top_left_leaves_the_rows_below_empty)
{
    expect_merged(MERGED_TOP_LEFT, TWO_COLOURS, "2 sku=a name=Saw price=1.0000 {\"colour\":\"red\"}\n",
                  "list:3:2 name_missing name <b | 2>\n");
}
END_TEST

START_TEST(reject_refuses_rows_with_covered_cells)
{
    expect_merged(MERGED_REJECT, TWO_COLOURS, "2 sku=a name=Saw price=1.0000 {\"colour\":\"red\"}\n",
                  "list:3:2 merged_cell - <Saw>\n");
}
END_TEST

START_TEST(a_row_without_a_cell_of_its_own_belongs_to_the_one_above)
{
    for (enum merged_cells merged = MERGED_FILL; merged <= MERGED_REJECT; merged++)
        expect_merged(merged, "sku|name|price\na|Saw|1\n^a|^Saw|^1\nb|Axe|2\n",
                      "2 sku=a name=Saw price=1.0000 {}\n4 sku=b name=Axe price=2.0000 {}\n", "");
}
END_TEST

START_TEST(a_heading_or_total_that_spans_columns_is_no_item)
{
    for (enum merged_cells merged = MERGED_FILL; merged <= MERGED_REJECT; merged++)
        expect_merged(merged, "sku|name|price\nSaws|^Saws|^Saws\na|Saw|1\nTotal|^Total|1\n",
                      "3 sku=a name=Saw price=1.0000 {}\n", "");
}
END_TEST

START_TEST(fill_gives_one_price_to_both_columns_that_it_spans)
{
    expect_merged(MERGED_FILL, "sku|name|price|Retail\na|Saw|5|^5\n",
                  "2 sku=a name=Saw price=5.0000 {\"retail\":\"5\"}\n", "");
}
END_TEST

CHECK_MAIN("ingest.merged", headers_are_read_as_if_every_merged_cell_had_the_text,
           fill_gives_the_text_to_the_rows_below, top_left_leaves_the_rows_below_empty,
           reject_refuses_rows_with_covered_cells, a_row_without_a_cell_of_its_own_belongs_to_the_one_above,
           a_heading_or_total_that_spans_columns_is_no_item,
           fill_gives_one_price_to_both_columns_that_it_spans)
