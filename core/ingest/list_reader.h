/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a list_reader, shared by list.c (its life), list_row.c (one row) and list_report.c (what was
 * found). */
#ifndef INGEST_LIST_READER_H
#define INGEST_LIST_READER_H

#include "ingest/characteristics.h"
#include "ingest/convention.h"
#include "ingest/item_batch.h"
#include "ingest/list.h"
#include "ingest/sheet_reader.h"
#include "ingest/waiting.h"

enum { LIST_HEADER_ROWS_MAX = 3, LIST_KEY_FIELDS = 3, LIST_REPORT_CEILING = 1 << 20, LIST_REJECTS_AT_ONCE = 256 };

struct list_reader {
    struct sheet_reader sheet;
    const struct list_sink *sink;
    char *notice;                 /* the source's, or NULL */
    char currency[CURRENCY_SIZE]; /* of prices that name none, or "" */
    struct sluice_cell header_cells[LIST_HEADER_ROWS_MAX][LIST_KEY_FIELDS]; /* SKU, name and price of each row */
    uint32_t n_header_rows;

    struct convention convention;
    struct characteristics characteristics;
    struct item_batch items;
    struct waiting waiting;

    struct list_report report;
    struct arena report_memory;
    const char **notices;
};

/* One row after the header. END when an option ends the list before it. */
enum sluice_status list_row_read(struct list_reader *reader, const struct sheet_row *row,
                                 struct sluice_error *err);
/* The same for a row with cells that lie under merged ones, list_merged.c. */
enum sluice_status list_row_merged(struct list_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err);
/* Whether the row is skipped: the header repeated, a total, a heading, or nothing that has a price. */
bool list_row_is_no_item(const struct list_reader *reader, const struct sheet_row *row);
/* Decides about the rows that wait, with the convention as it is. */
enum sluice_status list_waiting_release(struct list_reader *reader, struct sluice_error *err);
/* Hands the rejects over when there are many, or all of them. */
enum sluice_status list_rejects_flush(struct list_reader *reader, size_t at_least, struct sluice_error *err);

/* False without memory. */
bool list_notice(struct list_reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool list_report_fill(struct list_reader *reader);

#endif
