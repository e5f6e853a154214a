/* SPDX-License-Identifier: Apache-2.0 */
/* Which tab is read, and how parts are found. */
#include "xlsx/book.h"

static const char three_tabs[] = "<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet "
                                 "name=\"Old\" state=\"hidden\" r:id=\"a\"/>"
                                 "<sheet name=\"Prices &amp; more\" r:id=\"b\"/><sheet name=\"Chart\" "
                                 "r:id=\"c\"/><sheet name=\"Last\" r:id=\"d\"/></sheets></workbook>";
static const char three_relations[] =
    "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"worksheets/a.xml\"/>"
    "<Relationship Id=\"b\" Type=\"x/worksheet\" Target=\"/xl/worksheets/B.xml\"/>"
    "<Relationship Id=\"c\" Type=\"x/chartsheet\" Target=\"chartsheets/c.xml\"/>"
    "<Relationship Id=\"d\" Type=\"x/worksheet\" Target=\"../xl/./worksheets/../../XL/worksheets\\d.xml\"/>"
    "<Relationship Id=\"e\" Type=\"x/worksheet\" TargetMode=\"External\" "
    "Target=\"http://127.0.0.1/\"/></Relationships>";

static char *tabs_make(size_t *ret_size)
{
    _cleanup_free_ char *a =
        sheet_of("<dimension ref=\"A1:C7\"/><sheetData><row><c t=\"str\"><v>old</v></c></row></sheetData>");
    _cleanup_free_ char *b = sheet_of("<sheetData><row><c t=\"str\"><v>prices</v></c></row></sheetData>");
    _cleanup_free_ char *d =
        sheet_of("<dimension ref=\"B2\"/><sheetData><row><c s=\"1\"><v>0</v></c></row></sheetData>");
    return book_make(
        (const struct part[]){
            {"xl/workbook.xml", three_tabs},
            {"xl/_rels/workbook.xml.rels", three_relations},
            {"xl/worksheets/a.xml", a},
            {"xl/worksheets/b.xml", b},
            {"xl/worksheets/d.xml", d},
            {"xl/styles.xml", "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
            {NULL, NULL}},
        ret_size);
}

static struct book tab_read(const char *title)
{
    size_t size;
    _cleanup_free_ char *bytes = tabs_make(&size);
    return book_read(bytes, size, (struct xlsx_options){.sheet = title});
}

START_TEST(without_a_name_the_first_visible_tab_is_read_and_named)
{
    _cleanup_(book_free) struct book book = tab_read(NULL);
    ck_assert_msg(book.status == SLUICE_END, "%s", book.error.message);
    ck_assert_str_eq(book.sheet, "Prices & more");
    ck_assert_str_eq(book.notice, "read the tab 'Prices & more', the first visible one of 4: 'Old' (hidden), "
                                  "'Prices & more', 'Chart', 'Last'");
    expect_json("the first visible tab", "cells", book.cells, "{\"A1\": \"prices\"}");
}
END_TEST

START_TEST(a_named_tab_is_read_without_a_word_also_when_hidden)
{
    _cleanup_(book_free) struct book book = tab_read("old");
    ck_assert_msg(book.status == SLUICE_END, "%s", book.error.message);
    ck_assert_str_eq(book.notice, "");
    expect_json("the hidden tab", "cells", book.cells, "{\"A1\": \"old\"}");
}
END_TEST

START_TEST(a_missing_tab_is_an_error_that_lists_the_tabs)
{
    _cleanup_(book_free) struct book book = tab_read("Winter");
    ck_assert_int_eq(book.status, SLUICE_CONFIG);
    ck_assert_str_eq(book.error.message, "there is no tab 'Winter'; there are these: 'Old' (hidden), "
                                         "'Prices & more', 'Chart', 'Last'");
}
END_TEST

START_TEST(a_chart_is_no_list)
{
    _cleanup_(book_free) struct book book = tab_read("Chart");
    ck_assert_int_eq(book.status, SLUICE_CONFIG);
    ck_assert_msg(strstr(book.error.message, "has no cells") != NULL, "%s", book.error.message);
}
END_TEST

START_TEST(parts_are_found_whatever_way_they_are_written)
{
    _cleanup_(book_free) struct book book = tab_read("Last");
    ck_assert_msg(book.status == SLUICE_END, "%s", book.error.message);
    expect_json("a tab whose dates begin in 1904", "cells", book.cells, "{\"A1\": \"1904-01-01\"}");
}
END_TEST

START_TEST(strict_workbooks_and_odd_prefixes_are_read)
{
    size_t size;
    _cleanup_free_ char *bytes = book_make(
        (const struct part[]){
            {"_rels/.rels", "<p:Relationships xmlns:p=\"p\"><p:Relationship Id=\"1\" "
                            "Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\" "
                            "Target=\"book/main.xml\"/></p:Relationships>"},
            {"book/main.xml",
             "<a:workbook xmlns:a=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" xmlns:z=\"r\">"
             "<a:sheets><a:sheet name=\"S\" z:id=\"i\"/></a:sheets></a:workbook>"},
            {"book/_rels/main.xml.rels",
             "<Relationships><Relationship Id=\"i\" "
             "Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet\" "
             "Target=\"s.xml\"/></Relationships>"},
            {"book/s.xml", "<a:worksheet xmlns:a=\"a\"><a:sheetData><a:row><a:c a:t=\"b\" "
                           "t=\"str\"><a:v>x</a:v></a:c></a:row>"
                           "</a:sheetData></a:worksheet>"},
            {NULL, NULL}},
        &size);
    _cleanup_(book_free) struct book book = book_read(bytes, size, (struct xlsx_options){0});
    ck_assert_msg(book.status == SLUICE_END, "%s", book.error.message);
    expect_json("a strict workbook", "cells", book.cells, "{\"A1\": \"x\"}");
}
END_TEST

START_TEST(damaged_relations_leave_no_doubt_when_there_is_one_tab)
{
    size_t size;
    _cleanup_free_ char *sheet = sheet_of("<sheetData><row><c><v>1</v></c></row></sheetData>");
    struct part parts[] = {{"xl/_rels/workbook.xml.rels", "<Relationships x"},
                           {"xl/worksheets/sheet1.xml", sheet},
                           {NULL, NULL},
                           {NULL, NULL}};
    _cleanup_free_ char *bytes = book_make(parts, &size);
    _cleanup_(book_free) struct book book = book_read(bytes, size, (struct xlsx_options){0});
    ck_assert_msg(book.status == SLUICE_END, "%s", book.error.message);
    ck_assert_msg(strstr(book.notice, "damaged") != NULL, "%s", book.notice);
    parts[2] = (struct part){"xl/worksheets/sheet2.xml", sheet};
    _cleanup_free_ char *two = book_make(parts, &size);
    _cleanup_(book_free) struct book doubtful = book_read(two, size, (struct xlsx_options){0});
    ck_assert_int_eq(doubtful.status, SLUICE_DATA);
}
END_TEST

static void list_add(void *context, const struct sluice_discovery *discovery)
{
    json_array_append_new(context, json_pack("[s, s, I, I, i]", discovery->title, discovery->id,
                                             (json_int_t)discovery->n_rows, (json_int_t)discovery->n_columns,
                                             (int)discovery->hidden));
}

START_TEST(discover_lists_tabs_with_the_size_they_claim)
{
    size_t size;
    struct sluice_error err;
    json_t *list = json_array();
    _cleanup_free_ char *bytes = tabs_make(&size);
    ck_assert_int_eq(xlsx_discover(bytes, size, &(struct xlsx_options){0}, list_add, list, &err), SLUICE_OK);
    expect_json("the tabs", "discovered", list,
                "[[\"Old\", \"Old\", 7, 3, 1], [\"Prices & more\", \"Prices & more\", 0, 0, 0], [\"Last\", "
                "\"Last\", 2, 2, 0]]");
    json_decref(list);
}
END_TEST

CHECK_MAIN("xlsx.xlsx_tabs", without_a_name_the_first_visible_tab_is_read_and_named,
           a_named_tab_is_read_without_a_word_also_when_hidden, a_missing_tab_is_an_error_that_lists_the_tabs,
           a_chart_is_no_list, parts_are_found_whatever_way_they_are_written,
           strict_workbooks_and_odd_prefixes_are_read, damaged_relations_leave_no_doubt_when_there_is_one_tab,
           discover_lists_tabs_with_the_size_they_claim)
