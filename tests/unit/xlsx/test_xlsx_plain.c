/* SPDX-License-Identifier: Apache-2.0 */
/* Plain rows are read without libxml2: it must make no difference, whatever stands around and in them. */
#include "tests/fuzz/sheet_ways.h"
#include "xlsx/book.h"

static void expect_same(const char *rows)
{
    _cleanup_free_ char *xml = sheet_of(rows);
    static const size_t pieces[] = {1, 7, 64, 1000, XLSX_PIECE_BYTES};
    struct way_result alone = way_read(WAY_LIBXML2, xml, strlen(xml), XLSX_PIECE_BYTES);
    size_t first = strlen(xml) > 8192 ? 3 : 0; /* what is long is read in long pieces only */
    for (size_t i = first; i < ELEMENTS(pieces); i++) {
        struct way_result plain = way_read(WAY_PLAIN, xml, strlen(xml), pieces[i]);
        ck_assert_msg(ways_agree(&alone, &plain),
                      "<%s>\n  in pieces of %zu: %llu rows, %llu rejects (%s)\n  libxml2 alone: %llu rows, "
                      "%llu rejects (%s)",
                      rows, pieces[i], (unsigned long long)plain.rows, (unsigned long long)plain.rejects,
                      plain.failed ? plain.error.message : "read", (unsigned long long)alone.rows,
                      (unsigned long long)alone.rejects, alone.failed ? alone.error.message : "read");
    }
}

#define FIRST "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"
#define AFTER "<row r=\"9\"><c r=\"A9\" s=\"1\" t=\"s\"><v>0</v></c><c r=\"C9\"/></row>"

START_TEST(rows_of_every_kind_are_read_alike)
{
    static const char *const rows[] = {
        "<row r=\"2\" spans=\"1:2\" ht=\"15\" x14ac:dyDescent=\"0.25\" hidden=\"1\"><c "
        "r=\"A2\"><v>2.5</v></c></row>",
        "<row><c><v>2</v></c><c t=\"inlineStr\"><is><t>\xd0\x96 text</t></is></c></row>",
        "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> a </t></is></c></row>",
        "<row r=\"2\"><c r=\"A2\" t=\"str\"><f>A1&amp;\"x\"</f><v>a&lt;b</v></c></row>",
        "<row r=\"2\"/><row r=\"3\"></row>",
        "<row r='2'><c r='A2'><v>1</v></c></row>",
        "<!-- <row r=\"2\"><c r=\"A2\"><v>1</v></c></row> -->",
        "<!-- </row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row> -->",
        "<row r=\"2\"><!-- </row> --><c r=\"A2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\" t=\"str\"><v><![CDATA[</row>]]></v></c></row>",
        "<row r=\"2\"><c r=\"A2\" r=\"A3\"><v>1</v></c></row>",
        "<row r=\"2\" r=\"3\"><c r=\"A2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row",
        "<row r=\"2\"><c r=\"A2\"><v>1</v></row>",
        "<row r=\"2\"><c r=\"A2\"><v>]]></v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>\xff</v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>\xef\xbf\xbe</v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>\x01</v></c></row>",
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1048577\"><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"XFE2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>7</v></c></row>",
        "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\" t=\"n\"><is><t>5</t></is></c></row>",
        "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><v>v</v></c></row>",
        "\n  <row r=\"2\">\n<c r=\"A2\"><v>1</v></c></row>\r\n",
        "<row r=\"2\"><x><row r=\"3\"><c r=\"A3\"><v>1</v></c></row></x></row>",
        "text between",
        "</sheetData><sheetData>",
        "</sheetData><x>" FIRST "</x><sheetData>",
    };
    for (size_t i = 0; i < ELEMENTS(rows); i++) {
        char all[4096];
        snprintf(all, sizeof all, "<sheetData>%s%s%s%s</sheetData>", FIRST, rows[i], AFTER,
                 "<row><c><v>x</v></c></row>");
        expect_same(all);
    }
}
END_TEST

/* A row that is longer than what waits for its end. */
START_TEST(long_rows_and_long_texts_are_read_alike)
{
    enum { CELLS = 6000 };
    _cleanup_free_ char *rows = malloc((size_t)CELLS * 64 + 70000);
    char *at = rows + sprintf(rows, "<sheetData>" FIRST "<row r=\"2\">");
    for (int i = 0; i < CELLS; i++)
        at += sprintf(at, "<c><v>%d.5</v></c>", i);
    at += sprintf(at, "</row>" AFTER "<row><c t=\"str\"><v>");
    memset(at, 'a', 66000);
    strcpy(at + 66000, "</v></c></row></sheetData>");
    expect_same(rows);
}
END_TEST

CHECK_MAIN("xlsx.xlsx_plain", rows_of_every_kind_are_read_alike, long_rows_and_long_texts_are_read_alike)
