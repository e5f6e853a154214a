/* SPDX-License-Identifier: Apache-2.0 */
/* Archives that lie, are damaged, or hold something else. */
#include "xlsx/book.h"

#define DATA1 "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData>"
#define SST   "<sst><si><t>text</t></si></sst>"

static void expect_refused(const char *what, const char *data, size_t size, const char *word)
{
    _cleanup_(book_free) struct book book = book_read(data, size, (struct xlsx_options){0});
    ck_assert_msg(book.status == SLUICE_DATA, "%s was not refused (status %d)", what, (int)book.status);
    ck_assert_msg(strstr(book.error.message, word) != NULL, "%s: \"%s\" does not say '%s'", what,
                  book.error.message, word);
}

static char *a_book(size_t *ret_size)
{
    _cleanup_free_ char *sheet = sheet_of(DATA1);
    return book_make((const struct part[]){{"xl/worksheets/sheet1.xml", sheet},
                                           {"xl/sharedStrings.xml", SST},
                                           {NULL, NULL}},
                     ret_size);
}

/* The n-th place of these bytes. */
static char *find(char *data, size_t size, const char *bytes, int n)
{
    char *at = data;
    for (;; at++) {
        at = memmem(at, size - (size_t)(at - data), bytes, 4);
        ck_assert_ptr_nonnull(at);
        if (n-- == 0)
            return at;
    }
}

enum {
    CENTRAL_FLAGS = 8,
    CENTRAL_METHOD = 10,
    CENTRAL_CRC = 16,
    CENTRAL_DEFLATED = 20,
    CENTRAL_INFLATED = 24,
    CENTRAL_OFFSET = 42,
    LOCAL_CRC = 14,
    LOCAL_NAME = 30,
    END_ENTRIES = 10,
    END_OFFSET = 16
};

START_TEST(lies_of_the_directory_are_found)
{
    static const struct {
        const char *what, *mark;
        int entry, at;
        const char bytes[4];
        int n;
        const char *word;
    } lies[] = {
        {"an encrypted entry", "PK\1\2", 0, CENTRAL_FLAGS, {1}, 1, "encrypted"},
        {"an unknown method", "PK\1\2", 0, CENTRAL_METHOD, {12}, 1, "method 12"},
        {"a size beyond the file", "PK\1\2", 0, CENTRAL_DEFLATED, {0, 0, 0, 1}, 4, "longer than the file"},
        {"an offset beyond the file", "PK\1\2", 0, CENTRAL_OFFSET, {0, 0, 0, 1}, 4, "outside"},
        {"an offset to no header", "PK\1\2", 0, CENTRAL_OFFSET, {1}, 1, "not where"},
        {"another name in the header", "PK\3\4", 0, LOCAL_NAME, {'y'}, 1, "two names"},
        {"a zip64 size that is not there", "PK\1\2", 0, CENTRAL_DEFLATED, {-1, -1, -1, -1}, 4, "no size"},
        {"a zip64 directory that is not there", "PK\5\6", 0, END_ENTRIES, {-1, -1}, 2, "zip64"},
        {"a zip64 offset that is not there", "PK\5\6", 0, END_OFFSET, {-1, -1, -1, -1}, 4, "zip64"},
        {"fewer entries than it says", "PK\5\6", 0, END_ENTRIES, {100}, 1, "shorter than it says"},
        {"more entries than it says", "PK\5\6", 0, END_ENTRIES, {2}, 1, ""},
        {"a wrong size of the tab", "PK\1\2", 0, CENTRAL_INFLATED, {1, 0, 0, 0}, 4, "damaged"},
    };
    for (size_t i = 0; i < ELEMENTS(lies); i++) {
        size_t size;
        _cleanup_free_ char *bytes = a_book(&size);
        memcpy(find(bytes, size, lies[i].mark, lies[i].entry) + lies[i].at, lies[i].bytes, (size_t)lies[i].n);
        expect_refused(lies[i].what, bytes, size, lies[i].word);
    }
}
END_TEST

START_TEST(entries_that_share_bytes_are_refused)
{
    size_t size;
    _cleanup_free_ char *bytes =
        zip_make((const struct part[]){{"xl/a.xml", "<a/>"}, {"xl/b.xml", "<a/>"}, {NULL, NULL}}, &size);
    char *first = find(bytes, size, "PK\1\2", 0), *second = find(bytes, size, "PK\1\2", 1);
    memcpy(second, first, 46 + strlen("xl/a.xml"));
    expect_refused("an overlap", bytes, size, "share bytes");
}
END_TEST

START_TEST(names_that_differ_in_case_are_the_same)
{
    size_t size;
    _cleanup_free_ char *bytes =
        zip_make((const struct part[]){{"xl/a.xml", "<a/>"}, {"XL\\A.xml", "<a/>"}, {NULL, NULL}}, &size);
    expect_refused("two equal names", bytes, size, "two entries named xl/a.xml");
}
END_TEST

START_TEST(a_wrong_checksum_counts_where_cells_are)
{
    for (int entry = 0; entry < 2; entry++) {
        size_t size;
        _cleanup_free_ char *bytes = a_book(&size);
        find(bytes, size, "PK\1\2", entry)[CENTRAL_CRC] ^= 1;
        find(bytes, size, "PK\3\4", entry)[LOCAL_CRC] ^= 1;
        expect_refused("a wrong checksum", bytes, size, "CRC");
    }
}
END_TEST

START_TEST(a_file_that_is_cut_off_anywhere_is_an_error)
{
    size_t size;
    _cleanup_free_ char *bytes = a_book(&size);
    for (size_t n = 0; n < size; n++) {
        _cleanup_free_ char *copy = malloc(n + 1); /* so that a sanitizer sees what reads beyond */
        memcpy(copy, bytes, n);
        _cleanup_(book_free) struct book book = book_read(copy, n, (struct xlsx_options){0});
        ck_assert_msg(book.status == SLUICE_DATA, "%zu of %zu bytes were read (status %d)", n, size,
                      (int)book.status);
    }
}
END_TEST

START_TEST(a_flipped_bit_anywhere_does_no_harm)
{
    size_t size;
    _cleanup_free_ char *bytes = a_book(&size);
    for (size_t i = 0; i < size * 8; i += 9) { /* one bit of each byte, or of the next */
        bytes[i / 8] ^= (char)(1 << i % 8);
        _cleanup_(book_free) struct book book = book_read(bytes, size, (struct xlsx_options){0});
        const char *text = json_string_value(json_object_get(book.cells, "A1"));
        if (book.status == SLUICE_END && text != NULL)
            ck_assert_msg(strcmp(text, "text") == 0, "bit %zu made the cell '%s'", i, text);
        bytes[i / 8] ^= (char)(1 << i % 8);
    }
}
END_TEST

START_TEST(a_doctype_is_refused_in_every_part)
{
    static const char *const parts[] = {
        "_rels/.rels",          "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml", "xl/styles.xml"};
    static const char *const doctypes[] = {
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><x>&b;</x>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><x>&a;</x>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\"><x/>",
        "<!DOCTYPE x><x/>",
    };
    for (size_t i = 0; i < ELEMENTS(parts); i++)
        for (size_t k = 0; k < ELEMENTS(doctypes); k++) {
            size_t size;
            _cleanup_free_ char *bytes =
                book_make((const struct part[]){{parts[i], doctypes[k]}, {NULL, NULL}}, &size);
            if (strcmp(parts[i], "xl/_rels/workbook.xml.rels") != 0)
                expect_refused(parts[i], bytes, size, "DOCTYPE");
        }
}
END_TEST

START_TEST(broken_xml_is_an_error_that_names_the_part)
{
    static const char *const texts[] = {"",
                                        "<",
                                        "<worksheet>",
                                        "<worksheet><sheetData></worksheet>",
                                        "<worksheet/><x/>",
                                        "<worksheet>\xff</worksheet>",
                                        "<worksheet>&nope;</worksheet>",
                                        "plain text",
                                        "<worksheet a=\"1\" a=\"2\"/>"};
    for (size_t i = 0; i < ELEMENTS(texts); i++) {
        size_t size;
        _cleanup_free_ char *bytes =
            book_make((const struct part[]){{"xl/worksheets/sheet1.xml", texts[i]}, {NULL, NULL}}, &size);
        expect_refused(texts[i], bytes, size, "xl/worksheets/sheet1.xml");
    }
}
END_TEST

START_TEST(what_is_only_called_a_workbook_is_told_by_name)
{
    static const char compound[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ";
    static const char encrypted[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
                                    "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    static const char old[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
                              "W\0o\0r\0k\0b\0o\0o\0k\0";
    expect_refused("an empty file", "", 0, "empty");
    expect_refused("a page", "<!DOCTYPE html><html>", 21, "web page");
    expect_refused("XML", "<?xml version=\"1.0\"?><Workbook/>", 31, "XML");
    expect_refused("a PDF", "%PDF-1.4", 8, "PDF");
    expect_refused("a CSV list", "SKU,Name,Price\n", 15, "CSV");
    expect_refused("an encrypted workbook", encrypted, sizeof encrypted, "password");
    expect_refused(".xls", old, sizeof old, ".xls,");
    expect_refused(".doc", compound, sizeof compound, "old Office document");
    static const struct {
        struct part part;
        const char *word;
    } archives[] = {
        {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, ".ods"},
        {{"xl/workbook.bin", "x"}, ".xlsb"},
        {{"prices.xlsx", "PK"}, "prices.xlsx; unpack it"},
        {{"readme.txt", "x"}, "without a workbook"},
    };
    for (size_t i = 0; i < ELEMENTS(archives); i++) {
        size_t size;
        _cleanup_free_ char *bytes = zip_make((const struct part[]){archives[i].part, {NULL, NULL}}, &size);
        expect_refused(archives[i].part.name, bytes, size, archives[i].word);
    }
}
END_TEST

START_TEST(a_text_document_is_told_from_a_workbook)
{
    size_t size;
    _cleanup_free_ char *bytes =
        zip_make((const struct part[]){{"_rels/.rels",
                                        "<Relationships><Relationship Id=\"1\" Type=\"x/officeDocument\" "
                                        "Target=\"word/document.xml\"/></Relationships>"},
                                       {"word/document.xml", "<document/>"},
                                       {NULL, NULL}},
                 &size);
    expect_refused("a text document", bytes, size, "text document");
}
END_TEST

CHECK_MAIN("xlsx.xlsx_archive", lies_of_the_directory_are_found, entries_that_share_bytes_are_refused,
           names_that_differ_in_case_are_the_same, a_wrong_checksum_counts_where_cells_are,
           a_file_that_is_cut_off_anywhere_is_an_error, a_flipped_bit_anywhere_does_no_harm,
           a_doctype_is_refused_in_every_part, broken_xml_is_an_error_that_names_the_part,
           what_is_only_called_a_workbook_is_told_by_name, a_text_document_is_told_from_a_workbook)
