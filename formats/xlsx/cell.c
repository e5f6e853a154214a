/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and cells are built here, whoever read them: the events of libxml2 or plain.c. A number that is stored
 * as `General` shows it is used where it lies. */
#include "formats/xlsx/sheet.h"

#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { MESSAGE_SIZE = 256 };

/* ---- Rows -------------------------------------------------------------------------------------------------
 */

/* Rows that the sheet leaves out because nothing is in them. */
static void gap_fill(struct xlsx_sheet *sheet, uint64_t line)
{
    if (line - sheet->last_line - 1 > XLSX_GAP_ROWS)
        return;
    for (uint64_t blank = sheet->last_line + 1; blank < line; blank++) {
        struct xlsx_rows_row row = {
            .line = blank, .first = sheet->rows.n_cells, .text_end = sheet->rows.text.size};
        if (!xlsx_rows_add(&sheet->rows, &row)) {
            xlsx_xml_fail(sheet->xml, SLUICE_IO, NULL);
            return;
        }
    }
}

void xlsx_row_open(struct xlsx_sheet *sheet, struct sluice_cell reference, struct sluice_cell hidden)
{
    uint64_t letters = 0, line = 0;
    if (reference.len == 0 || !xlsx_reference_read(reference, &letters, &line) || letters != 0 || line == 0)
        line = sheet->last_line + 1;
    if (line > XLSX_ROWS) {
        xlsx_xml_fail(sheet->xml, SLUICE_DATA,
                      "the tab '%s' has a row %" PRIu64 ", and the last one can be %d", sheet->book->title,
                      line, XLSX_ROWS);
        return;
    }
    if (line <= sheet->last_line) {
        xlsx_xml_fail(sheet->xml, SLUICE_DATA,
                      "the tab '%s' has row %" PRIu64 " after row %" PRIu64
                      "; open the workbook with Excel or LibreOffice and save it again",
                      sheet->book->title, line, sheet->last_line);
        return;
    }
    gap_fill(sheet, line);
    sheet->in_row = true;
    sheet->reject_code = NULL;
    sheet->next_column = 0;
    sheet->last_line = line;
    sheet->rows.open = (struct xlsx_rows_row){
        .line = line, .first = sheet->rows.n_cells, .flags = xlsx_is_true(hidden) ? SLUICE_ROW_HIDDEN : 0};
}

static void row_reject(struct xlsx_sheet *sheet)
{
    const struct xlsx_options *options = sheet->book->options;
    char message[MESSAGE_SIZE];
    if (strcmp(sheet->reject_code, "field_too_large") == 0)
        snprintf(message, sizeof message, "a cell holds more than %" PRIu32 " bytes; shorten it",
                 options->limits.field_bytes);
    else if (strcmp(sheet->reject_code, "record_too_large") == 0)
        snprintf(message, sizeof message, "the row has more than %" PRIu32 " bytes; shorten it",
                 options->limits.record_bytes);
    else
        snprintf(message, sizeof message,
                 "a cell names a text that the workbook does not have; open it with Excel and save it again");
    const struct sluice_source_reject reject = {.struct_size = sizeof reject,
                                                .line = sheet->rows.open.line,
                                                .column = sheet->reject_column + 1,
                                                .code = sheet->reject_code,
                                                .message = message,
                                                .excerpt = {.ptr = "", .len = 0}};
    sheet->rows.n_cells = sheet->rows.open.first;
    if (options->reject != NULL)
        options->reject(options->context, &reject);
}

void xlsx_row_close(struct xlsx_sheet *sheet)
{
    sheet->in_row = false;
    sheet->n_rows++;
    if (sheet->reject_code != NULL) {
        row_reject(sheet);
        return;
    }
    sheet->rows.open.n = sheet->rows.n_cells - sheet->rows.open.first;
    sheet->rows.open.text_end = sheet->rows.text.size;
    if (!xlsx_rows_add(&sheet->rows, &sheet->rows.open))
        xlsx_xml_fail(sheet->xml, SLUICE_IO, NULL);
}

/* ---- Cells ------------------------------------------------------------------------------------------------
 */

static enum xlsx_cell_type type_of(struct sluice_cell text)
{
    if (text.len == 0 || text_is(text, "n"))
        return XLSX_CELL_NUMBER;
    if (text_is(text, "s"))
        return XLSX_CELL_SHARED;
    if (text_is(text, "inlineStr"))
        return XLSX_CELL_INLINE;
    if (text_is(text, "str"))
        return XLSX_CELL_TEXT;
    return text_is(text, "b") ? XLSX_CELL_BOOL : XLSX_CELL_AS_IT_IS;
}

/* Where the cell stands. False when that is outside of any sheet. */
static bool column_take(struct xlsx_sheet *sheet, struct sluice_cell reference)
{
    uint64_t column = 0, row = 0;
    if (reference.len == 0 || !xlsx_reference_read(reference, &column, &row) || column == 0)
        column = (uint64_t)sheet->next_column + 1;
    if (column > XLSX_COLUMNS || row > XLSX_ROWS) {
        xlsx_xml_fail(sheet->xml, SLUICE_DATA,
                      "the tab '%s' has a cell '%.*s' in row %" PRIu64 ", and the last one can be XFD%d",
                      sheet->book->title, (int)(reference.len < 40 ? reference.len : 40),
                      reference.len == 0 ? "" : reference.ptr, sheet->rows.open.line, XLSX_ROWS);
        return false;
    }
    sheet->column = (uint32_t)column - 1;
    sheet->next_column = (uint32_t)column;
    return true;
}

static bool counts_check(struct xlsx_sheet *sheet)
{
    if (++sheet->n_cells > sheet->book->options->limits.cells)
        xlsx_xml_fail(sheet->xml, SLUICE_DATA,
                      "the tab '%s' has more than %" PRIu64 " cells; split it into several",
                      sheet->book->title, sheet->book->options->limits.cells);
    else if (sheet->rows.n_cells - sheet->rows.open.first >= XLSX_COLUMNS)
        xlsx_xml_fail(sheet->xml, SLUICE_DATA,
                      "the tab '%s' has more cells in row %" PRIu64 " than there are columns",
                      sheet->book->title, sheet->rows.open.line);
    else
        return true;
    return false;
}

void xlsx_cell_open(struct xlsx_sheet *sheet, struct sluice_cell reference, struct sluice_cell style,
                    struct sluice_cell type)
{
    if (!counts_check(sheet) || !column_take(sheet, reference))
        return;
    sheet->in_cell = true;
    sheet->in_inline = false;
    sheet->has_formula = false;
    sheet->phonetic = 0;
    sheet->type = type_of(type);
    if (style.len == 0 || !xlsx_number_of(style, &sheet->style))
        sheet->style = 0;
    sheet->rows.open_text = sheet->rows.text.size;
    sheet->text_bytes = 0;
}

static void reject(struct xlsx_sheet *sheet, const char *code)
{
    if (sheet->reject_code != NULL)
        return;
    sheet->reject_code = code;
    sheet->reject_column = sheet->column;
}

static void cell_add(struct xlsx_sheet *sheet, struct xlsx_rows_cell *cell)
{
    if (cell->len == 0 && cell->raw_len == 0)
        return;
    cell->column = sheet->column;
    size_t behind = cell->raw_len > 0 && cell->raw_at != cell->at ? cell->raw_len : 0;
    sheet->rows.open.bytes += cell->len + behind;
    if (cell->len > sheet->book->options->limits.field_bytes)
        reject(sheet, "field_too_large");
    else if (sheet->rows.open.bytes > sheet->book->options->limits.record_bytes)
        reject(sheet, "record_too_large");
    if (sheet->reject_code != NULL)
        return;
    if (sheet->rows.open.width <= sheet->column)
        sheet->rows.open.width = sheet->column + 1;
    if (!xlsx_rows_add_cell(&sheet->rows, cell))
        xlsx_xml_fail(sheet->xml, SLUICE_IO, NULL);
}

/* Digits with at most one point, as `General` writes them: no sign but '-', no needless zero, at most 15
 * digits. */
static bool is_plain(struct sluice_cell text)
{
    uint32_t i = text.len > 0 && text.ptr[0] == '-';
    uint32_t first = i, digits = 0;
    bool point = false;
    if (text.len - i == 1 && i == 0 && text.ptr[0] == '0')
        return true;
    for (; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && !point && i > first)
            point = true;
        else if (c >= '0' && c <= '9')
            digits++;
        else
            return false;
    }
    char last = text.len == 0 ? '.' : text.ptr[text.len - 1];
    if (digits == 0 || digits > XLSX_DIGITS || last == '.' || (point && last == '0'))
        return false;
    return text.ptr[first] != '0' || (digits > 1 && text.ptr[first + 1] == '.' && digits < 8);
}

static const struct xlsx_format *format_of(const struct xlsx_sheet *sheet)
{
    const struct xlsx_styles *styles = sheet->book->styles;
    return sheet->style < styles->n ? styles->formats[sheet->style] : NULL;
}

/* Appends to the rows' text and answers where. */
static size_t text_put(struct xlsx_sheet *sheet, const char *text, size_t n)
{
    size_t at = sheet->rows.text.size;
    buffer_append(&sheet->rows.text, text, n);
    return at;
}

static void number_end(struct xlsx_sheet *sheet, struct sluice_cell text, struct xlsx_rows_cell *cell)
{
    const struct xlsx_format *format = format_of(sheet);
    if (format == NULL && is_plain(text)) {
        cell->raw_at = cell->at;
        cell->raw_len = cell->len;
        return;
    }
    struct xlsx_number number;
    if (!xlsx_number_read(text_trim(text), &number))
        return; /* no number: shown as it is */
    char raw[XLSX_NUMBER_TEXT_SIZE];
    enum xlsx_format_kind kind = XLSX_FORMAT_GENERAL;
    cell->raw_len = xlsx_number_write(&number, raw);
    cell->raw_at = text_put(sheet, raw, cell->raw_len);
    cell->at = cell->raw_at;
    cell->len = cell->raw_len;
    if (format == NULL)
        return;
    buffer_clear(&sheet->shown);
    kind = xlsx_format_show(format, &number, sheet->book->epoch, &sheet->shown);
    if (kind == XLSX_FORMAT_GENERAL || sheet->shown.failed)
        return;
    cell->at = text_put(sheet, sheet->shown.data == NULL ? "" : sheet->shown.data, sheet->shown.size);
    cell->len = (uint32_t)sheet->shown.size;
    if (kind == XLSX_FORMAT_DATE)
        cell->raw_len = 0;
}

static void shared_end(struct xlsx_sheet *sheet, struct sluice_cell text, struct xlsx_rows_cell *cell)
{
    uint32_t index;
    if (text.len == 0)
        return;
    if (!xlsx_number_of(text_trim(text), &index) || index >= sheet->book->strings->n) {
        cell->len = 0;
        reject(sheet, "no_such_string");
        return;
    }
    cell->shared = sheet->book->strings->items[index].ptr;
    cell->len = sheet->book->strings->items[index].len;
}

static void bool_end(struct xlsx_sheet *sheet, struct sluice_cell text, struct xlsx_rows_cell *cell)
{
    if (text.len == 0)
        return;
    const char *word = xlsx_is_true(text_trim(text)) ? "TRUE" : "FALSE";
    cell->at = text_put(sheet, word, strlen(word));
    cell->len = (uint32_t)strlen(word);
}

void xlsx_cell_text(struct xlsx_sheet *sheet, const char *text, size_t n)
{
    sheet->text_bytes += n;
    if (sheet->text_bytes <= sheet->book->options->limits.field_bytes && sheet->reject_code == NULL)
        buffer_append(&sheet->rows.text, text, n);
}

void xlsx_cell_close(struct xlsx_sheet *sheet)
{
    sheet->in_cell = false;
    if (sheet->text_bytes > sheet->book->options->limits.field_bytes) {
        reject(sheet, "field_too_large");
        return;
    }
    struct buffer *all = &sheet->rows.text;
    char *begin = all->size == 0 ? NULL : all->data + sheet->rows.open_text;
    struct xlsx_rows_cell cell = {.at = sheet->rows.open_text,
                                  .len = (uint32_t)(all->size - sheet->rows.open_text)};
    const struct sluice_cell text = {.ptr = begin, .len = cell.len};
    if (cell.len == 0) {
        sheet->n_uncalculated += sheet->has_formula && sheet->type != XLSX_CELL_TEXT;
        return;
    }
    switch (sheet->type) {
    case XLSX_CELL_NUMBER:
        number_end(sheet, text, &cell);
        break;
    case XLSX_CELL_SHARED:
        shared_end(sheet, text, &cell);
        break;
    case XLSX_CELL_BOOL:
        bool_end(sheet, text, &cell);
        break;
    case XLSX_CELL_INLINE:
    case XLSX_CELL_TEXT:
        cell.len = (uint32_t)xlsx_unescape(begin, cell.len);
        break;
    default:
        break;
    }
    cell_add(sheet, &cell);
    if (all->failed)
        xlsx_xml_fail(sheet->xml, SLUICE_DATA,
                      "the tab '%s' has a row that is too long to be read (row %" PRIu64 ")",
                      sheet->book->title, sheet->rows.open.line);
}
