/* SPDX-License-Identifier: Apache-2.0 */
#include "xlsx/book.h"

#include <zip.h>

static void reject_keep(void *context, const struct sluice_source_reject *reject)
{
    struct book *book = context;
    json_array_append_new(book->rejects, json_pack("[I, s]", (json_int_t)reject->line, reject->code));
    ck_assert_ptr_nonnull(reject->message);
    ck_assert_ptr_nonnull(reject->excerpt.ptr);
}

static void cell_name(uint64_t line, uint32_t column, char name[32])
{
    char letters[8];
    int at = 7;
    letters[at] = '\0';
    for (uint32_t n = column + 1; n > 0; n = (n - 1) / 26)
        letters[--at] = (char)('A' + (n - 1) % 26);
    snprintf(name, 32, "%s%llu", letters + at, (unsigned long long)line);
}

static void row_keep(struct book *book, const struct sluice_batch *batch, uint32_t row)
{
    json_t *line = json_integer((json_int_t)batch->lines[row]);
    json_array_append(book->lines, line);
    if ((batch->row_flags[row] & SLUICE_ROW_BLANK) != 0)
        json_array_append(book->blank, line);
    if ((batch->row_flags[row] & SLUICE_ROW_HIDDEN) != 0)
        json_array_append(book->hidden, line);
    json_decref(line);
    for (uint32_t i = 0; i < batch->n_columns; i++) {
        const struct sluice_cell *cell = &batch->cells[(size_t)row * batch->n_columns + i];
        const struct sluice_cell *raw = &batch->raw[(size_t)row * batch->n_columns + i];
        char name[32];
        if (cell->ptr == NULL)
            continue;
        cell_name(batch->lines[row], i, name);
        json_object_set_new(book->cells, name, json_stringn(cell->ptr, cell->len));
        if (raw->ptr != NULL)
            json_object_set_new(book->raw, name, json_stringn(raw->ptr, raw->len));
        if ((cell->flags & SLUICE_CELL_COVERED) != 0)
            json_array_append_new(book->covered, json_string(name));
    }
}

struct book book_read(const char *data, size_t size, struct xlsx_options options)
{
    struct book book = {.cells = json_object(),
                        .raw = json_object(),
                        .covered = json_array(),
                        .lines = json_array(),
                        .blank = json_array(),
                        .hidden = json_array(),
                        .rejects = json_array()};
    struct xlsx_reader *reader = NULL;
    options.reject = reject_keep;
    options.context = &book;
    book.status = xlsx_open(data, size, NULL, &options, &reader, &book.error);
    if (book.status != SLUICE_OK)
        return book;
    snprintf(book.sheet, sizeof book.sheet, "%s", xlsx_sheet(reader));
    snprintf(book.notice, sizeof book.notice, "%s", xlsx_notice(reader) == NULL ? "" : xlsx_notice(reader));
    for (;;) {
        const struct sluice_batch *batch = NULL;
        book.status = xlsx_next(reader, &batch, &book.error);
        if (book.status != SLUICE_OK)
            break;
        ck_assert_uint_gt(batch->n_rows, 0);
        ck_assert_uint_gt(batch->n_columns, 0);
        for (uint32_t row = 0; row < batch->n_rows; row++)
            row_keep(&book, batch, row);
        book.batches++;
        book.widest = batch->n_columns > book.widest ? batch->n_columns : book.widest;
        batch->release(batch);
    }
    xlsx_close(reader);
    return book;
}

void book_free(struct book *book)
{
    json_decref(book->cells);
    json_decref(book->raw);
    json_decref(book->covered);
    json_decref(book->lines);
    json_decref(book->blank);
    json_decref(book->hidden);
    json_decref(book->rejects);
}

/* ---- Making workbooks ---- */

static void part_add(zip_t *zip, const struct part *part)
{
    zip_source_t *source = zip_source_buffer(zip, part->text, strlen(part->text), 0);
    ck_assert_ptr_nonnull(source);
    ck_assert_int_ge(zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8), 0);
}

static char *zip_close_to_bytes(zip_t *zip, zip_source_t *target, size_t *ret_size)
{
    zip_stat_t stat;
    ck_assert_int_eq(zip_close(zip), 0);
    ck_assert_int_eq(zip_source_stat(target, &stat), 0);
    char *bytes = malloc(stat.size + 1);
    ck_assert_int_eq(zip_source_open(target), 0);
    ck_assert_int_eq(zip_source_read(target, bytes, stat.size), (zip_int64_t)stat.size);
    zip_source_close(target);
    zip_source_free(target);
    *ret_size = stat.size;
    return bytes;
}

char *zip_make(const struct part *parts, size_t *ret_size)
{
    zip_error_t error;
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    ck_assert_ptr_nonnull(target);
    zip_source_keep(target);
    zip_t *zip = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error);
    ck_assert_ptr_nonnull(zip);
    for (const struct part *part = parts; part->name != NULL; part++)
        part_add(zip, part);
    return zip_close_to_bytes(zip, target, ret_size);
}

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define REL  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PREL "http://schemas.openxmlformats.org/package/2006/relationships"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

static const struct part usual[] = {
    {"_rels/.rels", HEAD "<Relationships xmlns=\"" PREL "\"><Relationship Id=\"rId1\" Type=\"" REL
                         "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
    {"xl/workbook.xml",
     HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" REL
          "\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels",
     HEAD "<Relationships xmlns=\"" PREL "\"><Relationship Id=\"rId1\" Type=\"" REL
          "/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
    {"xl/worksheets/sheet1.xml", HEAD "<worksheet xmlns=\"" MAIN "\"><sheetData/></worksheet>"},
};

char *book_make(const struct part *parts, size_t *ret_size)
{
    struct part all[64] = {{0}};
    size_t n = 0;
    for (; parts[n].name != NULL; n++)
        all[n] = parts[n];
    size_t given = n;
    for (size_t i = 0; i < ELEMENTS(usual); i++) {
        bool is_given = false;
        for (size_t k = 0; k < given; k++)
            is_given |= strcmp(parts[k].name, usual[i].name) == 0;
        if (!is_given)
            all[n++] = usual[i];
    }
    return zip_make(all, ret_size);
}

char *sheet_of(const char *rows)
{
    char *text = NULL;
    ck_assert_int_gt(asprintf(&text, HEAD "<worksheet xmlns=\"" MAIN "\">%s</worksheet>", rows), 0);
    return text;
}

struct book rows_read(const char *rows, struct xlsx_options options)
{
    size_t size;
    _cleanup_free_ char *sheet = sheet_of(rows);
    _cleanup_free_ char *bytes =
        book_make((const struct part[]){{"xl/worksheets/sheet1.xml", sheet}, {NULL, NULL}}, &size);
    return book_read(bytes, size, options);
}

/* ---- Expectations ---- */

void expect_json(const char *input, const char *what, const json_t *value, const char *expected)
{
    json_t *wanted = json_loads(expected, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    ck_assert_msg(wanted != NULL, "the test's own JSON is wrong: %s", expected);
    _cleanup_free_ char *got = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    int equal = json_equal(value, wanted);
    json_decref(wanted);
    ck_assert_msg(equal, "%s of <%s>\n  are      %s\n  expected %s", what, input, got, expected);
}

void expect_cells(const char *rows, const char *cells)
{
    _cleanup_(book_free) struct book book = rows_read(rows, (struct xlsx_options){0});
    ck_assert_msg(book.status == SLUICE_END, "<%s>: %s", rows, book.error.message);
    expect_json(rows, "cells", book.cells, cells);
    expect_json(rows, "rejects", book.rejects, "[]");
}
