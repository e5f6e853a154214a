/* SPDX-License-Identifier: Apache-2.0 */
#include "copy.h"

#include "query.h"

#include <poll.h>
#include <string.h>

enum { HEADER_SIZE = 19, JSONB_VERSION = 1 };

static const char header[HEADER_SIZE] =
    "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"; /* signature, flags, extension */
static const int64_t year_2000_us = INT64_C(946684800) * US_PER_SECOND;

/* ---- Rows for the server ---- */

void rows_begin(struct buffer *rows)
{
    buffer_clear(rows);
    buffer_append(rows, header, sizeof header);
}

bool rows_are_none(const struct buffer *rows)
{
    return !rows->failed && rows->size <= HEADER_SIZE;
}

static void put(struct buffer *rows, uint64_t value, size_t n)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(value >> (8 * (n - 1 - i)));
    buffer_append(rows, bytes, n);
}

void row_begin(struct buffer *rows, uint16_t n_fields)
{
    put(rows, n_fields, 2);
}

void row_null(struct buffer *rows)
{
    put(rows, UINT32_MAX, 4);
}

void row_bytes(struct buffer *rows, const void *bytes, uint32_t n)
{
    put(rows, n, 4);
    buffer_append(rows, n == 0 ? "" : bytes, n);
}

void row_int8(struct buffer *rows, int64_t value)
{
    put(rows, 8, 4);
    put(rows, (uint64_t)value, 8);
}

void row_bool(struct buffer *rows, int value)
{
    put(rows, 1, 4);
    put(rows, value != 0, 1);
}

void row_price(struct buffer *rows, int64_t ten_thousandths)
{
    uint16_t digits[5]; /* most significant first; the last one stands behind the point */
    size_t n = 0, skip = 0;
    int64_t rest = ten_thousandths;
    for (size_t i = ELEMENTS(digits); i > 0; i--, rest /= SLUICE_PRICE_SCALE)
        digits[i - 1] = (uint16_t)(rest % SLUICE_PRICE_SCALE);
    while (skip < ELEMENTS(digits) && digits[skip] == 0)
        skip++;
    n = ELEMENTS(digits) - skip;
    while (n > 0 && digits[skip + n - 1] == 0)
        n--;
    put(rows, 8 + 2 * n, 4);
    put(rows, n, 2);
    put(rows, (uint16_t)(n == 0 ? 0 : (int)(ELEMENTS(digits) - 2 - skip)), 2); /* weight of the first digit */
    put(rows, 0, 2);                                                           /* positive */
    put(rows, 4, 2);                                                           /* decimals that are shown */
    for (size_t i = 0; i < n; i++)
        put(rows, digits[skip + i], 2);
}

void row_json(struct buffer *rows, struct sluice_cell json)
{
    put(rows, json.len + 1, 4);
    put(rows, JSONB_VERSION, 1);
    buffer_append(rows, json.ptr, json.len);
}

void row_time(struct buffer *rows, int64_t us)
{
    row_int8(rows, us - year_2000_us);
}

/* ---- To the server ---- */

/* Ends a statement outside of a message: its last result, and the NULL behind it. */
static enum sluice_status copy_end(struct store *store, struct sluice_error *err)
{
    PGresult *result = NULL;
    enum sluice_status status = link_result(store, &result, err);
    if (status != SLUICE_OK)
        return status;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = store_fail(store, result, err);
    PQclear(result);
    link_drain(store);
    return status;
}

static enum sluice_status copy_begin(struct store *store, const char *sql, ExecStatusType expected,
                                     struct sluice_error *err)
{
    PGresult *result = NULL;
    query_patience(store);
    if (store->link == NULL || !PQsendQuery(store->link, sql))
        return link_broken(store, err);
    enum sluice_status status = link_flush(store, err);
    if (status == SLUICE_OK)
        status = link_result(store, &result, err);
    if (status != SLUICE_OK)
        return status;
    bool begun = PQresultStatus(result) == expected;
    if (!begun)
        status = store_fail(store, result, err);
    PQclear(result);
    if (!begun)
        link_drain(store);
    return status;
}

enum sluice_status copy_in(struct store *store, const char *sql, struct buffer *rows,
                           struct sluice_error *err)
{
    if (rows->failed)
        return store_no_memory(store, err);
    put(rows, UINT16_MAX, 2); /* the trailer */
    enum sluice_status status = copy_begin(store, sql, PGRES_COPY_IN, err);
    if (status != SLUICE_OK)
        return status;
    if (PQputCopyData(store->link, rows->data, (int)rows->size) != 1 || PQputCopyEnd(store->link, NULL) != 1)
        return link_broken(store, err);
    status = link_flush(store, err);
    if (status == SLUICE_OK)
        status = copy_end(store, err);
    rows_begin(rows);
    return status;
}

/* ---- From the server ---- */

static uint32_t number_at(const uint8_t *at, size_t n)
{
    uint32_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | at[i];
    return value;
}

struct sluice_cell copied_field(struct copied *row)
{
    struct sluice_cell field = {.ptr = NULL};
    if (row->end - row->at < 4)
        return field;
    uint32_t length = number_at(row->at, 4);
    row->at += 4;
    if (length == UINT32_MAX || length > (size_t)(row->end - row->at))
        return field;
    field = (struct sluice_cell){.ptr = (const char *)row->at, .len = length};
    row->at += length;
    return field;
}

enum sluice_status copy_unknown(struct store *store, struct sluice_error *err)
{
    return store->host->fail(
        store->host, err, SLUICE_CONFIG,
        "%s answers COPY in a shape that Sluice does not know; its tables are not those that "
        "Sluice made",
        store->where);
}

/* Hands over the row in one message of the COPY; the first message begins with the header. */
static enum sluice_status take_message(const char *message, int size, bool *first,
                                       enum sluice_status (*take)(void *, struct copied *,
                                                                  struct sluice_error *),
                                       void *context, struct sluice_error *err)
{
    struct copied row = {.at = (const uint8_t *)message, .end = (const uint8_t *)message + size};
    if (*first)
        row.at += HEADER_SIZE;
    *first = false;
    if (row.end - row.at < 2 || number_at(row.at, 2) == UINT16_MAX)
        return SLUICE_OK; /* only the header, or the trailer */
    row.at += 2;
    return take(context, &row, err);
}

enum sluice_status copy_out(struct store *store, const char *sql,
                            enum sluice_status (*take)(void *context, struct copied *row,
                                                       struct sluice_error *err),
                            void *context, struct sluice_error *err)
{
    bool first = true;
    enum sluice_status status = copy_begin(store, sql, PGRES_COPY_OUT, err);
    while (status == SLUICE_OK) {
        char *message = NULL;
        int size = PQgetCopyData(store->link, &message, 1);
        if (size > 0) {
            status = take_message(message, size, &first, take, context, err);
            PQfreemem(message);
            if (status != SLUICE_OK) /* the rest of the rows is not read: the link goes with them */
                store_close(store);
        } else if (size == 0) {
            status = link_wait(store, store->link, POLLIN, err);
            if (status == SLUICE_OK && !PQconsumeInput(store->link))
                status = link_broken(store, err);
        } else {
            return copy_end(store, err);
        }
    }
    return status;
}
