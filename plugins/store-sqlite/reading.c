/* SPDX-License-Identifier: Apache-2.0 */
/* Column names and types stand here, in the order of the SELECT of the same name in sql/queries.sql. */
#include "reading.h"

#include "query.h"

enum { MOST_COLUMNS = 16 };

#define TEXT(column)                                \
    {                                               \
        .name = (column), .type = SLUICE_VALUE_TEXT \
    }
#define NUMBER(column)                                \
    {                                                 \
        .name = (column), .type = SLUICE_VALUE_NUMBER \
    }
#define BOOL(column)                                \
    {                                               \
        .name = (column), .type = SLUICE_VALUE_BOOL \
    }
#define TIME(column)                                \
    {                                               \
        .name = (column), .type = SLUICE_VALUE_TIME \
    }
#define JSON(column)                                \
    {                                               \
        .name = (column), .type = SLUICE_VALUE_JSON \
    }

static const struct reading {
    enum statement statement;
    struct sluice_column columns[MOST_COLUMNS];
} readings[] = {
    [SLUICE_QUERY_SUPPLIERS] = {SQL_query_suppliers,
                                {TEXT("id"), TEXT("name"), TEXT("source_type"), TEXT("source_url"),
                                 BOOL("is_active"), TEXT("status"), NUMBER("items_count"),
                                 NUMBER("rejects_count"), TIME("last_sync_at"), TEXT("last_error")}},
    [SLUICE_QUERY_RUNS] = {SQL_query_runs,
                           {TEXT("id"), TEXT("state"), TEXT("outcome"), TEXT("trigger"), NUMBER("epoch"),
                            TIME("started_at"), TIME("finished_at"), NUMBER("jobs_total"),
                            NUMBER("jobs_done"), TEXT("message")}},
    [SLUICE_QUERY_JOBS] = {SQL_query_jobs,
                           {TEXT("supplier"), TEXT("state"), TEXT("outcome"), NUMBER("attempt"),
                            NUMBER("rows_read"), NUMBER("skipped"), NUMBER("inserted"), NUMBER("updated"),
                            NUMBER("unchanged"), NUMBER("gone"), NUMBER("rejected"), NUMBER("duplicates"),
                            NUMBER("elapsed_ms"), TEXT("message")}},
    [SLUICE_QUERY_ITEMS] = {SQL_query_items,
                            {TEXT("sku"), TEXT("name"), NUMBER("price"), TEXT("currency"),
                             JSON("characteristics"), TIME("gone_at"), TIME("updated_at")}},
    [SLUICE_QUERY_REJECTS] = {SQL_query_rejects,
                              {TEXT("supplier"), NUMBER("row_number"), NUMBER("column"), TEXT("field"),
                               TEXT("code"), TEXT("message"), TEXT("address"), TEXT("raw"), TEXT("run_id"),
                               TIME("created_at")}},
    [SLUICE_QUERY_LOGS] = {SQL_query_logs,
                           {NUMBER("id"), TEXT("task_id"), TEXT("supplier_id"), TEXT("supplier_name"),
                            TEXT("error_type"), TEXT("error_message"), NUMBER("row_number"),
                            TIME("created_at")}},
    [SLUICE_QUERY_HOLDS] = {SQL_query_holds,
                            {TEXT("id"), TEXT("supplier"), TEXT("guard"), NUMBER("figure"), NUMBER("limit"),
                             TEXT("message"), JSON("examples"), TEXT("content_hash"), TEXT("decision"),
                             TIME("created_at"), TIME("expires_at"), TEXT("run_id")}},
    [SLUICE_QUERY_TICKS] = {SQL_query_ticks,
                            {TEXT("schedule"), TIME("nominal_at"), TEXT("state"), TEXT("run_id"),
                             NUMBER("count"), TIME("created_at")}},
    [SLUICE_QUERY_AUDIT] = {SQL_query_audit,
                            {NUMBER("id"), TEXT("who"), TEXT("what"), TEXT("detail"), TEXT("from"),
                             TIME("created_at")}},
};

/* The sink's answer: anything but OK stops the reading and is the call's answer; END is no failure. */
static enum sluice_status hand_over(struct query *query, const struct sluice_column *columns,
                                    const struct sluice_sink *sink)
{
    struct sluice_cell cells[MOST_COLUMNS];
    size_t n = (size_t)sqlite3_column_count(query->statement);
    for (size_t i = 0; i < n; i++)
        cells[i] = column_cell(query, (int)i);
    return sink->row(sink->context, columns, cells, n);
}

enum sluice_status store_query(void *instance, const struct sluice_query *asked,
                               const struct sluice_sink *sink, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status != SLUICE_OK)
        return status;
    if (asked->what >= ELEMENTS(readings))
        return store->host->fail(store->host, err, SLUICE_FATAL, "this store knows no query %u", asked->what);
    const struct reading *reading = &readings[asked->what];
    _cleanup_(query_end) struct query query = query_begin(store, reading->statement);
    bind_text(&query, asked->key);
    bind_text(&query, asked->run_id);
    bind_int(&query, asked->limit == 0 ? -1 : (int64_t)asked->limit);
    bind_int(&query, asked->offset);
    if (asked->what == SLUICE_QUERY_HOLDS)
        bind_time(&query, store_now_us(store));
    while ((status = query_step(&query, err)) == SLUICE_OK) {
        enum sluice_status answer = hand_over(&query, reading->columns, sink);
        if (answer == SLUICE_END)
            return SLUICE_OK;
        if (answer != SLUICE_OK)
            return store->host->fail(store->host, err, answer, "the reader stopped");
    }
    return status == SLUICE_END ? SLUICE_OK : status;
}
