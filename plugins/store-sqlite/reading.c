/* SPDX-License-Identifier: Apache-2.0 */
/* Column names and types stand here, in the order of the SELECT of the same name in sql/queries.sql. */
#include "reading.h"

#include "query.h"

#include <string.h>

enum { MOST_COLUMNS = 24 };

/* The statements' numbered parameters. */
enum parameter { KEY = 1, RUN_ID, LIMIT, OFFSET, ID, CODE, SEARCH, AFTER, BEFORE, LEVEL, OPEN, NOW };

#define JOB_COLUMNS                                                                                     \
    TEXT("run_id"), TEXT("supplier_id"), TEXT("supplier"), TEXT("state"), TEXT("outcome"),              \
        TEXT("error_type"), TEXT("message"), NUMBER("attempt"), NUMBER("rows_read"), NUMBER("skipped"), \
        NUMBER("inserted"), NUMBER("updated"), NUMBER("unchanged"), NUMBER("gone"), NUMBER("rejected"), \
        NUMBER("duplicates"), NUMBER("elapsed_ms"), TIME("started_at"), TIME("finished_at")

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
                                 NUMBER("rejects_count"), TIME("last_sync_at"), TEXT("last_error"),
                                 TEXT("key"), TEXT("notes"), TIME("last_changed_at")}},
    [SLUICE_QUERY_RUNS] = {SQL_query_runs,
                           {TEXT("id"),
                            TEXT("state"),
                            TEXT("outcome"),
                            TEXT("trigger"),
                            NUMBER("epoch"),
                            TIME("started_at"),
                            TIME("finished_at"),
                            NUMBER("jobs_total"),
                            NUMBER("jobs_done"),
                            TEXT("message"),
                            TEXT("requested_by"),
                            JSON("scope"),
                            TIME("created_at"),
                            BOOL("cancel_requested"),
                            TEXT("holder"),
                            TIME("lease_until"),
                            NUMBER("jobs_failed"),
                            NUMBER("jobs_held"),
                            NUMBER("rows_read"),
                            NUMBER("changed"),
                            NUMBER("rejected")}},
    [SLUICE_QUERY_JOBS] = {SQL_query_jobs, {JOB_COLUMNS}},
    [SLUICE_QUERY_ITEMS] = {SQL_query_items,
                            {TEXT("sku"), TEXT("name"), NUMBER("price"), TEXT("currency"),
                             JSON("characteristics"), TIME("gone_at"), TIME("updated_at")}},
    [SLUICE_QUERY_REJECTS] = {SQL_query_rejects,
                              {TEXT("supplier"), NUMBER("row_number"), NUMBER("column"), TEXT("field"),
                               TEXT("code"), TEXT("message"), TEXT("address"), TEXT("raw"), TEXT("run_id"),
                               TIME("created_at"), NUMBER("id"), TEXT("supplier_id")}},
    [SLUICE_QUERY_LOGS] = {SQL_query_logs,
                           {NUMBER("id"), TEXT("task_id"), TEXT("supplier_id"), TEXT("supplier_name"),
                            TEXT("error_type"), TEXT("error_message"), NUMBER("row_number"),
                            TIME("created_at"), TEXT("level"), TEXT("address")}},
    [SLUICE_QUERY_HOLDS] = {SQL_query_holds,
                            {TEXT("id"), TEXT("supplier"), TEXT("guard"), NUMBER("figure"), NUMBER("limit"),
                             TEXT("message"), JSON("examples"), TEXT("content_hash"), TEXT("decision"),
                             TIME("created_at"), TIME("expires_at"), TEXT("run_id"), TEXT("supplier_id"),
                             TEXT("decided_by"), TIME("decided_at")}},
    [SLUICE_QUERY_TICKS] = {SQL_query_ticks,
                            {TEXT("schedule"), TIME("nominal_at"), TEXT("state"), TEXT("run_id"),
                             NUMBER("count"), TIME("created_at")}},
    [SLUICE_QUERY_AUDIT] = {SQL_query_audit,
                            {NUMBER("id"), TEXT("who"), TEXT("what"), TEXT("detail"), TEXT("from"),
                             TIME("created_at")}},
    [SLUICE_QUERY_HISTORY] = {SQL_query_history, {JOB_COLUMNS}},
    [SLUICE_QUERY_PRICES] = {SQL_query_prices,
                             {TEXT("sku"), TEXT("name"), NUMBER("old_price"), NUMBER("price"),
                              TEXT("old_currency"), TEXT("currency"), TIME("changed_at")}},
    [SLUICE_QUERY_REJECT_COUNTS] = {SQL_query_reject_counts,
                                    {TEXT("code"), NUMBER("count"), NUMBER("suppliers"), TEXT("example")}},
    [SLUICE_QUERY_MAPPINGS] = {SQL_query_mappings,
                               {TEXT("supplier_id"), TEXT("supplier"), JSON("mapping"), TEXT("run_id"),
                                TIME("accepted_at")}},
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

/* A statement names only the parameters that it looks at. */
static void bind_asked(struct query *query, const struct sluice_query *asked, int64_t now_us)
{
    int most = sqlite3_bind_parameter_count(query->statement);
    for (int parameter = KEY; parameter <= most; parameter++)
        switch ((enum parameter)parameter) {
        case KEY:
            bind_text(query, asked->key);
            break;
        case RUN_ID:
            bind_text(query, asked->run_id);
            break;
        case LIMIT:
            bind_int(query, asked->limit == 0 ? -1 : (int64_t)asked->limit);
            break;
        case OFFSET:
            bind_int(query, asked->offset);
            break;
        case ID:
            bind_text(query, asked->id);
            break;
        case CODE:
            bind_text(query, asked->code);
            break;
        case SEARCH:
            bind_text(query, asked->search);
            break;
        case AFTER:
            bind_int(query, asked->after);
            break;
        case BEFORE:
            bind_int(query, asked->before);
            break;
        case LEVEL:
            bind_int(query, asked->level);
            break;
        case OPEN:
            bind_int(query, (asked->flags & SLUICE_QUERY_OPEN) != 0);
            break;
        case NOW:
            bind_time(query, now_us);
            break;
        }
}

static enum statement statement_of(const struct sluice_query *asked)
{
    bool oldest_first = (asked->flags & SLUICE_QUERY_OLDEST_FIRST) != 0;
    return asked->what == SLUICE_QUERY_LOGS && oldest_first ? SQL_query_logs_oldest_first
                                                            : readings[asked->what].statement;
}

enum sluice_status store_query(void *instance, const struct sluice_query *query,
                               const struct sluice_sink *sink, struct sluice_error *err)
{
    struct store *store = instance;
    struct sluice_query asked = {0};
    enum sluice_status status = store_enter(store, STORE_LONG, err);
    if (status != SLUICE_OK)
        return status;
    memcpy(&asked, query, query->struct_size < sizeof asked ? query->struct_size : sizeof asked);
    if (asked.what >= ELEMENTS(readings))
        return store->host->fail(store->host, err, SLUICE_FATAL, "this store knows no query %u", asked.what);
    _cleanup_(query_end) struct query reading = query_begin(store, statement_of(&asked));
    bind_asked(&reading, &asked, store_now_us(store));
    while ((status = query_step(&reading, err)) == SLUICE_OK) {
        enum sluice_status answer = hand_over(&reading, readings[asked.what].columns, sink);
        if (answer == SLUICE_END)
            return SLUICE_OK;
        if (answer != SLUICE_OK)
            return store->host->fail(store->host, err, answer, "the reader stopped");
    }
    return status == SLUICE_END ? SLUICE_OK : status;
}
