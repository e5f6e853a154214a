/* SPDX-License-Identifier: Apache-2.0 */
/* Events become rows. Most events are cells, so names are compared by their first letter first, and a number
 * that is stored as `General` shows it is used where it lies. */
#include "formats/xlsx/sheet.h"

#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { SHOWN_CEILING = 64 << 10 };

void xlsx_sheet_begin(struct xlsx_sheet *sheet, const struct xlsx_sheet_book *book)
{
    *sheet = (struct xlsx_sheet){.book = book, .shown = BUFFER_INIT(SHOWN_CEILING)};
    xlsx_rows_begin(&sheet->rows);
}

void xlsx_sheet_free(struct xlsx_sheet *sheet)
{
    xlsx_rows_free(&sheet->rows);
    buffer_free(&sheet->shown);
}

static bool is_letter(const char *name, char letter)
{
    return name[0] == letter && name[1] == '\0';
}

/* ---- Events -----------------------------------------------------------------------------------------------
 */

static void cell_start(struct xlsx_sheet *sheet, const struct xlsx_attributes *attributes)
{
    struct sluice_cell reference = {0}, style = {0}, type = {0};
    for (int i = 0; i < attributes->n; i++) {
        const unsigned char **attribute = attributes->at + (ptrdiff_t)5 * i;
        const char *name = (const char *)attribute[0];
        struct sluice_cell value = {.ptr = (const char *)attribute[3],
                                    .len = (uint32_t)(attribute[4] - attribute[3])};
        if (is_letter(name, 'r'))
            reference = value;
        else if (is_letter(name, 's'))
            style = value;
        else if (is_letter(name, 't'))
            type = value;
    }
    xlsx_cell_open(sheet, reference, style, type);
}

/* An inline string is in <is>; what stands in <v> beside it is another program's. */
static void inner_start(struct xlsx_sheet *sheet, const char *name)
{
    if (is_letter(name, 'f')) {
        sheet->has_formula = true;
    } else if (is_letter(name, 'v')) {
        sheet->collecting = !(sheet->type == XLSX_CELL_INLINE && sheet->in_inline);
    } else if (strcmp(name, "is") == 0) {
        sheet->in_inline = true;
        sheet->rows.text.size = sheet->rows.open_text;
        sheet->text_bytes = 0;
    } else if (strcmp(name, "rPh") == 0) {
        sheet->phonetic++;
    } else if (is_letter(name, 't')) {
        sheet->collecting = sheet->in_inline && sheet->phonetic == 0;
    }
}

static void on_start(void *context, const char *name, const struct xlsx_attributes *attributes)
{
    struct xlsx_sheet *sheet = context;
    if (sheet->in_cell)
        inner_start(sheet, name);
    else if (sheet->in_row && is_letter(name, 'c'))
        cell_start(sheet, attributes);
    else if (sheet->in_data && strcmp(name, "row") == 0)
        xlsx_row_open(sheet, xlsx_attribute(attributes, "r"), xlsx_attribute(attributes, "hidden"));
    else if (sheet->has_root && strcmp(name, "sheetData") == 0)
        sheet->in_data = true;
    else if (!sheet->has_root && strcmp(name, "worksheet") != 0)
        xlsx_xml_fail(sheet->xml, SLUICE_DATA, "the tab '%s' is no table of cells (%.40s)",
                      sheet->book->title, name);
    sheet->has_root = true;
}

static void on_end(void *context, const char *name)
{
    struct xlsx_sheet *sheet = context;
    if (sheet->collecting) {
        sheet->collecting = false;
    } else if (sheet->in_cell && is_letter(name, 'c')) {
        xlsx_cell_close(sheet);
    } else if (sheet->in_cell) {
        sheet->phonetic -= strcmp(name, "rPh") == 0;
    } else if (sheet->in_row && strcmp(name, "row") == 0) {
        xlsx_row_close(sheet);
    } else if (strcmp(name, "sheetData") == 0) {
        sheet->in_data = false;
    }
}

static void on_text(void *context, const char *text, size_t n)
{
    struct xlsx_sheet *sheet = context;
    if (sheet->collecting)
        xlsx_cell_text(sheet, text, n);
}

const struct xlsx_events xlsx_sheet_events = {.start = on_start, .end = on_end, .text = on_text};
