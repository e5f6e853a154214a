/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One use of a statement: begin, bind the parameters in their order, then send it, or run it and look at its rows.
 * What was sent waits in a pipeline until the next exchange: statements that need not see each other's answers travel
 * in one message, with BEGIN and COMMIT around them. The first failure is the exchange's answer, what follows it in the
 * message is not done, and a transaction that was open is rolled back.
 */
#ifndef STORE_PG_QUERY_H
#define STORE_PG_QUERY_H

#include "connection.h"

enum { PARAMETERS_MOST = 20, NUMBER_SIZE = 32, TYPE_TEXT = 25, TYPE_INT8 = 20 };

struct query {
    struct store *store;
    enum statement which;
    bool kept;
    int n; /* parameters bound */
    const char *values[PARAMETERS_MOST];
    int lengths[PARAMETERS_MOST]; /* of binary ones */
    int formats[PARAMETERS_MOST];
    Oid types[PARAMETERS_MOST]; /* 0: as the statement has it */
    char numbers[PARAMETERS_MOST][NUMBER_SIZE];
    PGresult *result;
    int row; /* the one that is looked at; -1 before the first */
};

struct query query_begin(struct store *store, enum statement which);
/* Of a statement that is parsed and planned once for each link: for those that find their few rows by a unique key,
 * however large the tables grow. */
struct query query_begin_kept(struct store *store, enum statement which);

void bind_text(struct query *query, const char *text);        /* NULL: NULL; the text outlives the sending */
void bind_id(struct query *query, const char *id);            /* a UUID; what is none is nobody's */
void bind_int(struct query *query, int64_t value);
void bind_real(struct query *query, double value);
void bind_time(struct query *query, int64_t us); /* 0: NULL */
void bind_null(struct query *query);

/* Adds it to the message; its rows are of no interest. */
void query_send(struct query *query);
/* Adds it to the message; its rows are there after the next exchange, to which the query must live. */
void query_ask(struct query *query);
/* Sends the message and waits for every answer. */
enum sluice_status store_exchange(struct store *store, struct sluice_error *err);
/* Sends it alone, for rows that are taken one by one by link_result (); false when the link is broken. */
bool query_stream(struct query *query);
/* After its last row or its failure. */
void query_stream_end(struct store *store);
/* Sets the deadline of what is waited for next. */
void query_patience(struct store *store);
/* query_ask () and store_exchange (). */
enum sluice_status query_run(struct query *query, struct sluice_error *err);

bool query_next(struct query *query); /* to the next row; false after the last */
int64_t query_changes(const struct query *query);
void query_end(struct query *query); /* [cleanup] */

/* Of the row that is looked at, valid until query_end (). */
const char *column_text(const struct query *query, int i); /* NULL for NULL */
struct sluice_cell column_cell(const struct query *query, int i);
int64_t column_int(const struct query *query, int i);
int64_t column_time(const struct query *query, int i); /* microseconds, 0 for NULL */
/* A copy that lives as long as the call's result; NULL for NULL, and without memory, of which store->result.failed
 * tells. */
const char *column_keep(const struct query *query, int i);

/* "2026-03-01 08:00:00.123456+00", as the session's settings have it; 0 for NULL. */
int64_t time_read(const char *text);

const char *sql_of(enum statement which);
/* The statement with $1 and $2 replaced, for what takes no parameters; of the call's result. NULL without memory. */
char *sql_with(struct store *store, enum statement which, const char *first, const char *second);
/* SQL that takes no parameters and may be several statements, each for itself. */
enum sluice_status store_execute(struct store *store, const char *sql, struct sluice_error *err);

void transaction_begin(struct store *store);
/* Adds COMMIT and exchanges. UNKNOWN when the link broke before its answer. */
enum sluice_status transaction_commit(struct store *store, struct sluice_error *err);
/* Ends a transaction that is to have no effect; the caller's answer stays as it is. */
void transaction_rollback(struct store *store);

#endif
