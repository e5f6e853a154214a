/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements are parsed and planned anew for each use, but for a few: that costs some tenths of a
 * millisecond, and a plan that was kept from the time when a table was empty costs minutes.
 */
#define STATEMENT_TEXTS
#include "query.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    PATIENCE_MS = 20000,                  /* beyond lock_timeout, for small statements */
    LONG_PATIENCE_MS = 10000,             /* beyond statement_timeout */
    EXECUTE_PATIENCE_MS = 60 * 60 * 1000, /* of a migration */
};

struct query query_begin(struct store *store, enum statement which)
{
    return (struct query){.store = store, .which = which, .row = -1};
}

struct query query_begin_kept(struct store *store, enum statement which)
{
    return (struct query){.store = store, .which = which, .row = -1, .kept = true};
}

static char *number_of(struct query *query)
{
    char *number = query->numbers[query->n];
    query->values[query->n++] = number;
    return number;
}

void bind_text(struct query *query, const char *text)
{
    query->values[query->n++] = text;
}

/* Only what PostgreSQL writes itself: 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(const char *text)
{
    for (size_t i = 0; i < SLUICE_ID_SIZE - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : strchr("0123456789abcdefABCDEF", text[i]) == NULL || text[i] == '\0')
            return false;
    }
    return text[SLUICE_ID_SIZE - 1] == '\0';
}

void bind_id(struct query *query, const char *id)
{
    static const char nobody[] = "00000000-0000-0000-0000-000000000000";
    bind_text(query, id == NULL || is_uuid(id) ? id : nobody);
}

void bind_int(struct query *query, int64_t value)
{
    snprintf(number_of(query), NUMBER_SIZE, "%lld", (long long)value);
}

void bind_real(struct query *query, double value)
{
    snprintf(number_of(query), NUMBER_SIZE, "%.15g", value);
}

void bind_time(struct query *query, int64_t us)
{
    char text[TIME_TEXT_SIZE];
    time_format_ms(us, text);
    if (text[0] == '\0')
        bind_null(query);
    else
        snprintf(number_of(query), NUMBER_SIZE, "%s", text);
}

void bind_null(struct query *query)
{
    bind_text(query, NULL);
}

/* ---- Sending ---- */

static bool send_parse(struct query *query)
{
    struct store *store = query->store;
    bool *parsed = &store->parsed[query->which];
    if (*parsed)
        return true;
    if (!PQsendPrepare(store->link, statement_name[query->which], statement_text[query->which], query->n,
                       query->types))
        return false;
    store->pending[store->n_pending++] = (struct pending){.parses = parsed};
    *parsed = true;
    return true;
}

static bool send_statement(struct query *query)
{
    PGconn *link = query->store->link;
    if (!query->kept)
        return PQsendQueryParams(link, statement_text[query->which], query->n, query->types, query->values,
                                 query->lengths, query->formats, 0);
    return send_parse(query) && PQsendQueryPrepared(link, statement_name[query->which], query->n,
                                                    query->values, query->lengths, query->formats, 0);
}

static void pipeline_add(struct query *query, struct query *asked)
{
    struct store *store = query->store;
    if (store->link == NULL || store->send_failed || store->n_pending + 2 > PENDING_MOST) {
        store->send_failed = true;
        return;
    }
    if (store->n_pending == 0 && !PQenterPipelineMode(store->link))
        store->send_failed = true;
    if (send_statement(query))
        store->pending[store->n_pending++] = (struct pending){.asked = asked};
    else
        store->send_failed = true;
}

void query_send(struct query *query)
{
    pipeline_add(query, NULL);
}

void query_ask(struct query *query)
{
    pipeline_add(query, query);
}

/* The answer to one statement of the message: kept for who asked; the first failure counts. */
static enum sluice_status take_answer(struct store *store, size_t i, enum sluice_status so_far,
                                      struct sluice_error *err)
{
    PGresult *result = NULL, *end = NULL;
    enum sluice_status status = link_result(store, &result, err);
    if (status != SLUICE_OK)
        return status;
    ExecStatusType type = PQresultStatus(result);
    if (type == PGRES_FATAL_ERROR && so_far == SLUICE_OK) {
        /* What the server itself refused before COMMIT committed nothing; a link that broke says nothing. */
        if (PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL)
            store->commits &= i + 1 == store->n_pending;
        so_far = store_fail(store, result, err);
    }
    bool done = type == PGRES_TUPLES_OK || type == PGRES_COMMAND_OK;
    if (!done && store->pending[i].parses != NULL)
        *store->pending[i].parses = false;
    if (done && store->pending[i].asked != NULL) {
        store->pending[i].asked->result = result;
        result = NULL;
    }
    PQclear(result);
    if (store->link == NULL)
        return so_far;
    status = link_result(store, &end, err);
    PQclear(end);
    return status == SLUICE_OK ? so_far : status;
}

static enum sluice_status take_answers(struct store *store, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    PGresult *sync = NULL;
    for (size_t i = 0; i < store->n_pending && store->link != NULL; i++)
        status = take_answer(store, i, status, err);
    if (store->link == NULL)
        return status;
    enum sluice_status end = link_result(store, &sync, err);
    PQclear(sync);
    return status == SLUICE_OK ? end : status;
}

static void pipeline_end(struct store *store)
{
    store->n_pending = 0;
    store->send_failed = false;
    store->commits = false;
    if (store->link != NULL && !PQexitPipelineMode(store->link))
        store_close(store);
}

void query_patience(struct store *store)
{
    int64_t short_ms = store->options->lock_timeout.ms + PATIENCE_MS;
    int64_t long_ms = store->options->statement_timeout.ms + LONG_PATIENCE_MS;
    link_begin_wait(store, store->call == STORE_LONG && long_ms > short_ms ? long_ms : short_ms);
}

static enum sluice_status exchange(struct store *store, struct sluice_error *err)
{
    if (store->link == NULL)
        return link_broken(store, err);
    if (store->send_failed || !PQpipelineSync(store->link)) {
        store->commits = false; /* nothing of it was sent */
        return link_broken(store, err);
    }
    query_patience(store);
    enum sluice_status status = link_flush(store, err);
    return status == SLUICE_OK ? take_answers(store, err) : status;
}

enum sluice_status store_exchange(struct store *store, struct sluice_error *err)
{
    enum sluice_status status = exchange(store, err);
    pipeline_end(store);
    if (status != SLUICE_OK)
        transaction_rollback(store);
    return status;
}

enum sluice_status query_run(struct query *query, struct sluice_error *err)
{
    query_ask(query);
    return store_exchange(query->store, err);
}

/* In a pipeline, too: only there libpq forgets by itself that rows were to come one by one. */
bool query_stream(struct query *query)
{
    PGconn *link = query->store->link;
    return PQenterPipelineMode(link) &&
           PQsendQueryParams(link, statement_text[query->which], query->n, query->types, query->values,
                             query->lengths, query->formats, 0) &&
           PQpipelineSync(link) && PQsetSingleRowMode(link);
}

void query_stream_end(struct store *store)
{
    bool synced = false;
    while (store->link != NULL && !synced) {
        PGresult *result = NULL;
        if (link_result(store, &result, NULL) != SLUICE_OK)
            return;
        synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
    pipeline_end(store);
}

/* ---- Transactions ---- */

void transaction_begin(struct store *store)
{
    struct query query = query_begin(store, SQL_begin);
    query_send(&query);
}

enum sluice_status transaction_commit(struct store *store, struct sluice_error *err)
{
    struct query query = query_begin(store, SQL_commit);
    query_send(&query);
    store->commits = true;
    return store_exchange(store, err);
}

void transaction_rollback(struct store *store)
{
    if (store->link == NULL || (store->n_pending == 0 && PQtransactionStatus(store->link) == PQTRANS_IDLE))
        return;
    struct query query = query_begin(store, SQL_rollback);
    query_send(&query);
    if (exchange(store, NULL) != SLUICE_OK)
        store_close(store);
    pipeline_end(store);
}

/* ---- Reading rows ---- */

bool query_next(struct query *query)
{
    return query->result != NULL && ++query->row < PQntuples(query->result);
}

int64_t query_changes(const struct query *query)
{
    return query->result == NULL ? 0 : strtoll(PQcmdTuples(query->result), NULL, 10);
}

void query_end(struct query *query)
{
    PQclear(query->result);
    query->result = NULL;
}

const char *column_text(const struct query *query, int i)
{
    return PQgetisnull(query->result, query->row, i) ? NULL : PQgetvalue(query->result, query->row, i);
}

struct sluice_cell column_cell(const struct query *query, int i)
{
    return (struct sluice_cell){.ptr = column_text(query, i),
                                .len = (uint32_t)PQgetlength(query->result, query->row, i)};
}

int64_t column_int(const struct query *query, int i)
{
    const char *text = column_text(query, i);
    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

int64_t time_read(const char *text)
{
    struct tm parts = {0};
    int read = 0;
    if (text == NULL || sscanf(text, "%4d-%2d-%2d %2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon,
                               &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &read) < 6)
        return 0;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    int64_t us = 0;
    if (text[read] == '.')
        for (int64_t unit = US_PER_SECOND / 10; text[++read] >= '0' && text[read] <= '9'; unit /= 10)
            us += (text[read] - '0') * unit;
    return (int64_t)timegm(&parts) * US_PER_SECOND + us;
}

int64_t column_time(const struct query *query, int i)
{
    return time_read(column_text(query, i));
}

const char *column_keep(const struct query *query, int i)
{
    struct sluice_cell cell = column_cell(query, i);
    return cell.ptr == NULL ? NULL : arena_copy(&query->store->result, cell.ptr, cell.len);
}

/* ---- Plain SQL ---- */

const char *sql_of(enum statement which)
{
    return statement_text[which];
}

char *sql_with(struct store *store, enum statement which, const char *first, const char *second)
{
    const char *text = statement_text[which], *one = strstr(text, "$1"), *two = strstr(text, "$2");
    return arena_printf(&store->result, "%.*s%s%.*s%s%s", (int)(one - text), text, first,
                        (int)(two - one - 2), one + 2, second, two + 2);
}

enum sluice_status store_execute(struct store *store, const char *sql, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    PGresult *result = NULL;
    if (store->link == NULL || !PQsendQuery(store->link, sql))
        return link_broken(store, err);
    link_begin_wait(store, EXECUTE_PATIENCE_MS);
    enum sluice_status flushed = link_flush(store, err);
    if (flushed != SLUICE_OK)
        return flushed;
    do {
        enum sluice_status read = link_result(store, &result, err);
        if (read != SLUICE_OK)
            return read;
        if (PQresultStatus(result) == PGRES_FATAL_ERROR && result != NULL && status == SLUICE_OK)
            status = store_fail(store, result, err);
        PQclear(result);
    } while (result != NULL && store->link != NULL);
    return status;
}
