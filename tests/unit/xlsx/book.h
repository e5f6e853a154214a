/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks decoded to JSON, and workbooks made of the XML of their parts, so that a test shows what it means. */
#ifndef TESTS_XLSX_BOOK_H
#define TESTS_XLSX_BOOK_H

#include "check_main.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "formats/xlsx/xlsx.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct book {
    enum sluice_status status; /* END, or the error's */
    struct sluice_error error;
    char sheet[256], notice[2048];
    json_t *cells;   /* {"A1": text, …} of all cells that are there */
    json_t *raw;     /* {"A1": text, …} */
    json_t *covered; /* ["B1", …] */
    json_t *lines;   /* [n, …] of all rows */
    json_t *blank, *hidden; /* [n, …] */
    json_t *rejects; /* [[line, code], …] */
    uint64_t batches, widest;
};

struct book book_read(const char *data, size_t size, struct xlsx_options options);
void book_free(struct book *book);

/* One part of a workbook. */
struct part {
    const char *name, *text;
};

/* A zip archive of these parts, up to one without a name; the caller frees it. */
char *zip_make(const struct part *parts, size_t *ret_size);
/* The same with the parts that every workbook of one tab 'Sheet1' has; those given come first and win. */
char *book_make(const struct part *parts, size_t *ret_size);

/* <sheetData>…</sheetData> and what follows as a worksheet; the caller frees it. */
char *sheet_of(const char *rows);

/* Reads a workbook whose only tab has these rows. */
struct book rows_read(const char *rows, struct xlsx_options options);

/* Fails with both values unless `value` is the JSON text. */
void expect_json(const char *input, const char *what, const json_t *value, const char *expected);
/* The cells of these rows, nothing rejected. */
void expect_cells(const char *rows, const char *cells);

#endif
