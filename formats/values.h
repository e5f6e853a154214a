/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `values` answer of the Google Sheets API (spreadsheets.values.get, majorDimension ROWS): {"range": …, "values":
 * [[cell, …], …]}, pulled row by row. Cells are strings; numbers keep their digits, true and false become TRUE and
 * FALSE as Sheets shows them, null is no cell. Rows may be shorter than others or missing at the end.
 *
 * A row that cannot be text, or is beyond a limit, goes to the reject callback and the rows around it are yielded:
 * codes field_too_large, too_many_columns, nul_byte, bad_encoding (half of a surrogate pair). Anything that is not
 * JSON or not such an answer is an error of the whole list.
 *
 * Cells point into the document wherever nothing is escaped.
 */
#ifndef FORMATS_VALUES_H
#define FORMATS_VALUES_H

#include "formats/merges.h"

#define VALUES_DECIMAL_SIZE 48
#define VALUES_CELL_BYTES (UINT32_C(64) << 10)
#define VALUES_COLUMNS    1024
#define VALUES_ROWS       UINT64_C(20000000)

/* Rows first to last, both included. */
struct row_range {
    uint64_t first, last;
};

struct values_options {
    uint64_t first_line;            /* the number of the first row; 0: 1 */
    struct merges *merges;          /* or NULL; outlives the reader */
    const struct row_range *hidden; /* n_hidden, sorted, apart from one another; outlives the reader */
    size_t n_hidden;
    /* Set: the answer is that of spreadsheets.get for one range with grid data, of which it takes formattedValue as the
     * cell and effectiveValue.numberValue as its `raw`, as a decimal of at most VALUES_DECIMAL_SIZE bytes that this
     * writes from the digits of the answer; 0: there is none. */
    uint32_t (*decimal)(struct sluice_cell digits, char ret_text[VALUES_DECIMAL_SIZE]);
    /* Gets each row that is not yielded, inside values_next (). May be NULL. */
    void (*reject)(void *context, const struct sluice_source_reject *reject);
    void *reject_context;
};

struct values_reader;

/* With a document its bytes stay retained until the reader and all its batches are gone; without one (NULL) the
 * caller keeps them that long. Options are copied. DATA when it is no such answer. [run] */
enum sluice_status values_open(const char *data, uint64_t size, const struct sluice_document *document,
                               const struct values_options *options, struct values_reader **ret_reader,
                               struct sluice_error *err);

/* OK with a batch to release, END when the whole answer was read and right, or DATA. [run] */
enum sluice_status values_next(struct values_reader *reader, const struct sluice_batch **ret_batch,
                               struct sluice_error *err);

void values_close(struct values_reader *reader); /* accepts NULL; batches live on [run] */

#endif
