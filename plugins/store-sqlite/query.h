/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One use of a prepared statement: begin, bind the parameters in their order, run or step, end. A failure
 * sticks: it is reported by the first query_run () or query_step () after it.
 */
#ifndef STORE_SQLITE_QUERY_H
#define STORE_SQLITE_QUERY_H

#include "connection.h"

struct query {
    struct store *store;
    sqlite3_stmt *statement;
    int parameter; /* the last one bound */
    int rc;
};

struct query query_begin(struct store *store, enum statement which);

void bind_text(struct query *query, const char *text);        /* NULL: NULL; the text outlives the query */
void bind_cell(struct query *query, struct sluice_cell text); /* absent: an empty text */
void bind_blob(struct query *query, const void *bytes, size_t n);
void bind_int(struct query *query, int64_t value);
void bind_real(struct query *query, double value);
void bind_time(struct query *query, int64_t us); /* 0: NULL */
void bind_null(struct query *query);

/* OK with a row, END after the last one. */
enum sluice_status query_step(struct query *query, struct sluice_error *err);
/* Runs to the end; rows are not expected. */
enum sluice_status query_run(struct query *query, struct sluice_error *err);
/* Rows that the last query_run () of this connection inserted, changed or deleted. */
int64_t query_changes(const struct store *store);
void query_end(struct query *query); /* [cleanup] */

/* Of the row that was stepped to, valid until the next step. */
const char *column_text(const struct query *query, int i); /* NULL for NULL */
struct sluice_cell column_cell(const struct query *query, int i);
int64_t column_int(const struct query *query, int i);
int64_t column_time(const struct query *query, int i); /* microseconds, 0 for NULL */
/* A copy that lives as long as the call's result; NULL for NULL, and without memory, of which store->result.failed
 * tells. */
const char *column_keep(const struct query *query, int i);

#endif
