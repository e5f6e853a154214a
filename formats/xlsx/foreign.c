/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xlsx/foreign.h"

#include "base/error.h"
#include "formats/html.h"

#include <string.h>

static bool begins_with(const char *data, uint64_t size, const char *bytes, size_t n)
{
    return size >= n && memcmp(data, bytes, n) == 0;
}

static bool has_utf16(const char *data, uint64_t size, const char *word)
{
    char wide[64];
    size_t n = 0;
    for (; word[n / 2] != '\0' && n + 2 <= sizeof wide; n += 2) {
        wide[n] = word[n / 2];
        wide[n + 1] = '\0';
    }
    return memmem(data, size, wide, n) != NULL;
}

/* Compound files ([MS-CFB]) hold old workbooks, and encrypted new ones; their streams have names in UTF-16.
 */
static enum sluice_status compound_file(const char *data, uint64_t size, struct sluice_error *err)
{
    if (has_utf16(data, size, "EncryptedPackage"))
        return error_set(err, SLUICE_DATA, "the workbook is encrypted with a password; save it without one");
    if (has_utf16(data, size, "Workbook") || has_utf16(data, size, "Book"))
        return error_set(
            err, SLUICE_DATA,
            "this is a workbook in the old format .xls, whatever it is called; save it as .xlsx");
    return error_set(
        err, SLUICE_DATA,
        "this is an old Office document and no workbook, whatever it is called; save the list as .xlsx");
}

enum sluice_status xlsx_foreign_bytes(const char *data, uint64_t size, struct sluice_error *err)
{
    if (size == 0)
        return error_set(err, SLUICE_DATA, "the file is empty; upload the workbook again");
    if (begins_with(data, size, "PK", 2))
        return SLUICE_OK;
    if (begins_with(data, size, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
        return compound_file(data, size, err);
    if (html_is_page(NULL, data, size))
        return error_set(
            err, SLUICE_DATA,
            "this is a web page, not a workbook: it probably asks to sign in, or a program saved HTML "
            "as .xlsx; share the file with everyone who has the link, or save it as .xlsx");
    if (begins_with(data, size, "<?xml", 5) || begins_with(data, size, "\xef\xbb\xbf<?xml", 8))
        return error_set(err, SLUICE_DATA, "this is XML, not a workbook; save it as .xlsx");
    if (begins_with(data, size, "%PDF", 4))
        return error_set(err, SLUICE_DATA, "this is a PDF, not a workbook; save the list as .xlsx");
    return error_set(
        err, SLUICE_DATA,
        "this is no workbook: it does not begin as one; save it as .xlsx, or give it as a CSV list");
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n >= m && strcmp(name + n - m, end) == 0;
}

static bool is_open_document(struct xlsx_package *package)
{
    static const char type[] = "application/vnd.oasis.opendocument";
    char bytes[sizeof type - 1];
    struct xlsx_part part;
    size_t n = 0;
    int index = xlsx_package_find(package, "mimetype");
    if (index == XLSX_NO_PART || xlsx_part_open(package, index, XLSX_USE_DECIDES, &part, NULL) != SLUICE_OK)
        return false;
    enum sluice_status status = xlsx_part_read(&part, bytes, sizeof bytes, &n, NULL);
    xlsx_part_close(&part);
    return status == SLUICE_OK && n == sizeof bytes && memcmp(bytes, type, sizeof bytes) == 0;
}

static enum sluice_status no_workbook(struct xlsx_package *package, struct sluice_error *err)
{
    if (is_open_document(package))
        return error_set(err, SLUICE_DATA,
                         "this is an OpenDocument file (.ods), whatever it is called; save it as .xlsx");
    if (xlsx_package_find(package, "xl/workbook.bin") != XLSX_NO_PART)
        return error_set(err, SLUICE_DATA, "this is a binary workbook (.xlsb); save it as .xlsx");
    for (size_t i = 0; i < package->n; i++)
        if (ends_with(package->entries[i].name, ".xlsx") || ends_with(package->entries[i].name, ".zip"))
            return error_set(
                err, SLUICE_DATA,
                "this is a zip archive that holds %.200s; unpack it and give the workbook itself",
                package->entries[i].name);
    return error_set(
        err, SLUICE_DATA,
        "this is a zip archive without a workbook in it; save the list as .xlsx, or upload it again");
}

enum sluice_status xlsx_foreign_package(struct xlsx_package *package, int workbook, struct sluice_error *err)
{
    if (workbook == XLSX_NO_PART)
        return no_workbook(package, err);
    const char *name = package->entries[workbook].name;
    if (ends_with(name, ".bin"))
        return error_set(err, SLUICE_DATA, "this is a binary workbook (.xlsb); save it as .xlsx");
    if (strstr(name, "word/") != NULL || strstr(name, "ppt/") != NULL)
        return error_set(err, SLUICE_DATA,
                         "this is a text document or a presentation, not a workbook; save the list as .xlsx");
    return SLUICE_OK;
}
