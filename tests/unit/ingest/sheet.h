/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets written as text, cells parted by '|' and rows by newlines ("~" is no cell, "^x" one with the text x that lies under a merged cell), and readings that keep
 * what the sink got. A batch's memory is overwritten when it is released, so that a pointer kept too long is
 * seen. */
#ifndef TESTS_UNIT_INGEST_SHEET_H
#define TESTS_UNIT_INGEST_SHEET_H

#include "base/decimal.h"
#include "base/error.h"
#include "base/text.h"
#include "ingest/list.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sheet {
    char *text;
    struct sluice_cell *cells;
    uint64_t *lines;
    uint32_t *flags;
    uint32_t n_rows, n_columns;
};

static inline uint32_t sheet_count(const char *text, char c)
{
    uint32_t n = 0;
    for (; *text != '\0'; text++)
        n += *text == c;
    return n;
}

static inline uint32_t sheet_width(const char *text)
{
    uint32_t widest = 1, width = 1;
    for (; *text != '\0'; text++) {
        width = *text == '\n' ? 1 : width + (*text == '|');
        widest = width > widest ? width : widest;
    }
    return widest;
}

static inline void sheet_fill_row(struct sheet *sheet, uint32_t row, char *text)
{
    struct sluice_cell *cells = sheet->cells + (size_t)row * sheet->n_columns;
    bool blank = true;
    for (uint32_t column = 0; text != NULL && column < sheet->n_columns; column++) {
        char *bar = strchr(text, '|');
        if (bar != NULL)
            *bar = '\0';
        if (strcmp(text, "~") != 0)
            cells[column] = text_of(text);
        if (cells[column].len > 1 && cells[column].ptr[0] == '^')
            cells[column] = (struct sluice_cell){text + 1, cells[column].len - 1, SLUICE_CELL_COVERED};
        blank &= text_is_blank(cells[column]);
        text = bar == NULL ? NULL : bar + 1;
    }
    sheet->lines[row] = row + 1;
    sheet->flags[row] = blank ? SLUICE_ROW_BLANK : 0;
}

static inline struct sheet sheet_of(const char *text)
{
    struct sheet sheet = {.text = strdup(text)};
    size_t length = strlen(text);
    if (length > 0 && text[length - 1] == '\n')
        sheet.text[length - 1] = '\0';
    sheet.n_rows = length == 0 ? 0 : sheet_count(sheet.text, '\n') + 1;
    sheet.n_columns = sheet_width(sheet.text);
    sheet.cells = calloc((size_t)sheet.n_rows * sheet.n_columns + 1, sizeof *sheet.cells);
    sheet.lines = calloc(sheet.n_rows + 1, sizeof *sheet.lines);
    sheet.flags = calloc(sheet.n_rows + 1, sizeof *sheet.flags);
    char *row = sheet.text;
    for (uint32_t i = 0; i < sheet.n_rows; i++) {
        char *end = strchr(row, '\n');
        if (end != NULL)
            *end = '\0';
        sheet_fill_row(&sheet, i, row);
        row = end == NULL ? NULL : end + 1;
    }
    return sheet;
}

static inline struct sluice_batch sheet_batch(const struct sheet *sheet, uint32_t first, uint32_t n)
{
    return (struct sluice_batch){
        .struct_size = sizeof(struct sluice_batch),
        .n_rows = n,
        .n_columns = sheet->n_columns,
        .cells = sheet->cells + (size_t)first * sheet->n_columns,
        .lines = sheet->lines + first,
        .row_flags = sheet->flags + first,
    };
}

static inline void sheet_free(struct sheet *sheet)
{
    free(sheet->text);
    free(sheet->cells);
    free(sheet->lines);
    free(sheet->flags);
}

/* ---- Reading ----------------------------------------------------------------------------------------- */

/* "line sku=… name=… price=… currency=… {…}" an item, "line:column code field excerpt" a reject. */
struct reading {
    enum sluice_status status;
    struct sluice_error err;
    char **items, **rejects;
    size_t n_items, n_rejects;
    struct sluice_row_hash *hashes;
    const struct list_report *report;
    struct list_reader *reader;
};

static inline enum sluice_status reading_items(void *context, const struct sluice_item *items, size_t n,
                                               struct sluice_error *err)
{
    struct reading *reading = context;
    (void)err;
    reading->items = realloc(reading->items, (reading->n_items + n) * sizeof(char *));
    reading->hashes = realloc(reading->hashes, (reading->n_items + n) * sizeof *reading->hashes);
    for (size_t i = 0; i < n; i++) {
        char price[DECIMAL_TEXT_SIZE];
        decimal_format(items[i].price, price);
        const struct sluice_item *item = &items[i];
        ck_assert(asprintf(&reading->items[reading->n_items], "%llu sku=%.*s name=%.*s price=%s%s%.*s %.*s",
                           (unsigned long long)item->line, (int)item->sku.len, item->sku.ptr,
                           (int)item->name.len, item->name.ptr, price, item->currency.len > 0 ? " " : "",
                           (int)item->currency.len, item->currency.ptr, (int)item->characteristics.len,
                           item->characteristics.ptr) > 0);
        reading->hashes[reading->n_items++] = item->hash;
    }
    return SLUICE_OK;
}

static inline enum sluice_status reading_rejects(void *context, const struct sluice_reject *rejects, size_t n,
                                                 struct sluice_error *err)
{
    struct reading *reading = context;
    (void)err;
    reading->rejects = realloc(reading->rejects, (reading->n_rejects + n) * sizeof(char *));
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(rejects[i].message != NULL && rejects[i].message[0] != '\0', "%s has no message",
                      rejects[i].code);
        ck_assert(asprintf(&reading->rejects[reading->n_rejects++], "%s %s %s <%s>", rejects[i].address,
                           rejects[i].code, rejects[i].field == NULL ? "-" : rejects[i].field,
                           rejects[i].excerpt) > 0);
    }
    return SLUICE_OK;
}

static const struct sluice_description sheet_description = {.struct_size = sizeof sheet_description};

/* Options with the defaults of the table that are not zero. */
static inline struct ingest_options ingest_defaults(void)
{
    return (struct ingest_options){.header_search_rows = 25};
}

/* Reads the sheet in batches of `batch_rows` rows, each in memory that is overwritten afterwards. */
static inline void reading_run(struct reading *reading, const struct sheet *sheet, uint32_t batch_rows,
                               const struct ingest_options *options,
                               const struct sluice_description *description)
{
    static struct list_sink sink;
    sink = (struct list_sink){.context = reading, .items = reading_items, .rejects = reading_rejects};
    reading->status = list_reader_new(options, "list", description, &sink, &reading->reader, &reading->err);
    for (uint32_t row = 0; row < sheet->n_rows && reading->status == SLUICE_OK; row += batch_rows) {
        uint32_t n = sheet->n_rows - row < batch_rows ? sheet->n_rows - row : batch_rows;
        struct sluice_batch batch = sheet_batch(sheet, row, n);
        reading->status = list_reader_batch(reading->reader, &batch, &reading->err);
        for (uint32_t i = 0; i < n * sheet->n_columns; i++) {
            struct sluice_cell cell = batch.cells[i];
            if (cell.ptr != NULL && cell.len > 0)
                memset(sheet->text + (cell.ptr - sheet->text), '!', cell.len);
        }
    }
    if (reading->status == SLUICE_OK || reading->status == SLUICE_END)
        reading->status = list_reader_finish(reading->reader, &reading->report, &reading->err);
}

static inline struct reading *list_read(const char *text, const struct ingest_options *options)
{
    struct ingest_options defaults = ingest_defaults();
    struct reading *reading = calloc(1, sizeof *reading);
    struct sheet sheet = sheet_of(text);
    reading_run(reading, &sheet, 4096, options == NULL ? &defaults : options, &sheet_description);
    sheet_free(&sheet);
    return reading;
}

static inline void reading_free(struct reading *reading)
{
    for (size_t i = 0; i < reading->n_items; i++)
        free(reading->items[i]);
    for (size_t i = 0; i < reading->n_rejects; i++)
        free(reading->rejects[i]);
    free(reading->items);
    free(reading->rejects);
    free(reading->hashes);
    list_reader_free(reading->reader);
    free(reading);
}

/* Compares lines joined by newlines with what was read. */
static inline void expect_lines(const char *what, char *const *lines, size_t n, const char *expected)
{
    char joined[16384] = "";
    size_t used = 0;
    for (size_t i = 0; i < n && used < sizeof joined; i++)
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s\n", lines[i]);
    ck_assert_msg(strcmp(joined, expected) == 0, "%s:\n%s-- expected:\n%s", what, joined, expected);
}

static inline void expect_reading(const char *text, const struct ingest_options *options, const char *items,
                                  const char *rejects)
{
    struct reading *reading = list_read(text, options);
    ck_assert_msg(reading->status == SLUICE_OK, "%s\n-- %s", text, reading->err.message);
    expect_lines(text, reading->items, reading->n_items, items);
    expect_lines(text, reading->rejects, reading->n_rejects, rejects);
    const struct sluice_figures *figures = &reading->report->figures;
    ck_assert_msg(figures->rows_read == figures->skipped + figures->rejected + reading->report->items,
                  "%s\n-- read %llu, skipped %llu, rejected %llu, items %llu", text,
                  (unsigned long long)figures->rows_read, (unsigned long long)figures->skipped,
                  (unsigned long long)figures->rejected, (unsigned long long)reading->report->items);
    reading_free(reading);
}

#endif
