/* SPDX-License-Identifier: Apache-2.0 */
#define STATEMENT_TEXTS
#include "query.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct query query_begin(struct store *store, enum statement which)
{
    struct query query = {.store = store, .rc = SQLITE_OK};
    sqlite3_stmt **statement = &store->statements[which];
    if (*statement == NULL)
        query.rc = sqlite3_prepare_v3(store->db, statement_text[which], -1, SQLITE_PREPARE_PERSISTENT,
                                      statement, NULL);
    query.statement = *statement;
    sqlite3_reset(query.statement);
    return query;
}

static void bound(struct query *query, int rc)
{
    if (query->rc == SQLITE_OK)
        query->rc = rc;
}

void bind_text(struct query *query, const char *text)
{
    bound(query, sqlite3_bind_text(query->statement, ++query->parameter, text, -1, SQLITE_STATIC));
}

void bind_cell(struct query *query, struct sluice_cell text)
{
    const char *ptr = text.ptr == NULL ? "" : text.ptr;
    bound(query, sqlite3_bind_text(query->statement, ++query->parameter, ptr, (int)text.len, SQLITE_STATIC));
}

void bind_blob(struct query *query, const void *bytes, size_t n)
{
    bound(query, sqlite3_bind_blob(query->statement, ++query->parameter, bytes, (int)n, SQLITE_STATIC));
}

void bind_int(struct query *query, int64_t value)
{
    bound(query, sqlite3_bind_int64(query->statement, ++query->parameter, value));
}

void bind_real(struct query *query, double value)
{
    bound(query, sqlite3_bind_double(query->statement, ++query->parameter, value));
}

void bind_time(struct query *query, int64_t us)
{
    char text[TIME_TEXT_SIZE];
    time_format_ms(us, text);
    if (text[0] == '\0')
        bind_null(query);
    else
        bound(query, sqlite3_bind_text(query->statement, ++query->parameter, text, -1, SQLITE_TRANSIENT));
}

void bind_null(struct query *query)
{
    bound(query, sqlite3_bind_null(query->statement, ++query->parameter));
}

enum sluice_status query_step(struct query *query, struct sluice_error *err)
{
    if (query->rc == SQLITE_OK || query->rc == SQLITE_ROW)
        query->rc = sqlite3_step(query->statement);
    if (query->rc == SQLITE_ROW)
        return SLUICE_OK;
    enum sluice_status status =
        query->rc == SQLITE_DONE ? SLUICE_END : store_fail(query->store, query->rc, err);
    query_end(query);
    return status;
}

enum sluice_status query_run(struct query *query, struct sluice_error *err)
{
    enum sluice_status status;
    do
        status = query_step(query, err);
    while (status == SLUICE_OK);
    return status == SLUICE_END ? SLUICE_OK : status;
}

int64_t query_changes(const struct store *store)
{
    return sqlite3_changes64(store->db);
}

void query_end(struct query *query)
{
    sqlite3_reset(query->statement);
}

const char *column_text(const struct query *query, int i)
{
    return (const char *)sqlite3_column_text(query->statement, i);
}

struct sluice_cell column_cell(const struct query *query, int i)
{
    const char *text = column_text(query, i);
    return (struct sluice_cell){.ptr = text, .len = (uint32_t)sqlite3_column_bytes(query->statement, i)};
}

int64_t column_int(const struct query *query, int i)
{
    return sqlite3_column_int64(query->statement, i);
}

/* Reads what bind_time () wrote. */
int64_t column_time(const struct query *query, int i)
{
    const char *text = column_text(query, i);
    struct tm parts = {0};
    int ms = 0;
    if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &parts.tm_year, &parts.tm_mon,
                               &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &ms) < 6)
        return 0;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return (int64_t)timegm(&parts) * US_PER_SECOND + ms * US_PER_MS;
}

const char *column_keep(const struct query *query, int i)
{
    struct sluice_cell cell = column_cell(query, i);
    return cell.ptr == NULL ? NULL : arena_copy(&query->store->result, cell.ptr, cell.len);
}
