/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a store's query as JSON objects, by a table: which member is made of which column, and how. */
#ifndef HTTP_ROWS_H
#define HTTP_ROWS_H

#include "base/buffer.h"

#include <sluice/store_query.h>

enum row_form {
    ROW_TEXT, /* a string; an absent cell is null, here and below */
    ROW_NUMBER,
    ROW_BOOL,
    ROW_JSON,
    ROW_ADDRESS, /* an address without what may be a secret in it */
    ROW_LINK,    /* the same when a browser can open it, else null */
    ROW_LOG_ID,  /* the number of a log entry as a UUID */
    ROW_FIXED,   /* `column` is the value itself, as a string */
    ROW_ORPHANED,
};

struct row_field {
    const char *name;
    const char *column; /* of the query */
    enum row_form form;
};

/* One row as it comes from the store. */
struct row {
    const struct sluice_column *columns;
    const struct sluice_cell *cells;
    size_t n;
};

/* Absent when there is no such column. */
struct sluice_cell row_cell(const struct row *row, const char *column);
int64_t row_number(const struct row *row, const char *column); /* 0 when absent */

/* Of a run: somebody claimed it and has not renewed its lease, whose end is `lease_until`, for five seconds longer. */
bool run_is_orphaned(struct sluice_cell state, struct sluice_cell lease_until, int64_t now_us);

/* Writes {"name": value, …}. `now_us` is the wall clock, for what depends on it. */
void row_json(struct buffer *out, const struct row *row, const struct row_field *fields, size_t n,
              int64_t now_us);

/* A sink that writes up to `limit` rows as the elements of an array; one more only sets has_more. */
struct row_list {
    struct buffer *out;
    const struct row_field *fields;
    size_t n_fields;
    int64_t now_us;
    uint32_t limit, n;
    bool has_more;
};
enum sluice_status row_list_add(void *context, const struct sluice_column *columns,
                                const struct sluice_cell *cells, size_t n);

/* One cell of CSV (RFC 4180); text that a spreadsheet would take for a formula gets a ' before it. */
void row_csv(struct buffer *out, struct sluice_cell text);

#define LOG_ID_SIZE 37
/* The UUID (version 8, RFC 9562) of a log entry's number. */
void log_id(int64_t number, char ret_id[LOG_ID_SIZE]);

#endif
