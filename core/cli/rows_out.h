/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a store's query as a table for people, a JSON array, or CSV that no spreadsheet takes for
 * formulas. */
#ifndef CLI_ROWS_OUT_H
#define CLI_ROWS_OUT_H

#include "cli/table.h"

#include <sluice/store_query.h>

enum rows_form { ROWS_TABLE, ROWS_JSON, ROWS_CSV };

/* A column of the table form, by the query's name for it; one that the store does not give is left out. */
struct rows_column {
    const char *name, *title;
};

struct rows_out;

/* Writes to standard output. NULL without memory. The columns outlive it. JSON and CSV have every column. */
struct rows_out *rows_out_new(enum rows_form form, const struct rows_column *columns, size_t n_columns,
                              const struct terminal *terminal);
/* For the query; it ends the query when nobody reads any more. */
struct sluice_sink rows_out_sink(struct rows_out *out);
/* Ends the output, frees it and answers how many rows there were. */
size_t rows_out_end(struct rows_out *out);

/* One cell of CSV (RFC 4180); text that begins with = + - @ TAB or CR gets a ' before it. */
void csv_cell(FILE *to, struct sluice_cell text);

#endif
