/* SPDX-License-Identifier: Apache-2.0 */
/* Rows are handed over as they arrive, so that a table of any size needs the memory of one row. */
#include "plugins/stores/calls.h"
#include "plugins/stores/columns.h"
#include "query.h"

#include <string.h>

static const enum statement readings[] = {
    [SLUICE_QUERY_SUPPLIERS] = SQL_query_suppliers, [SLUICE_QUERY_RUNS] = SQL_query_runs,
    [SLUICE_QUERY_JOBS] = SQL_query_jobs,           [SLUICE_QUERY_ITEMS] = SQL_query_items,
    [SLUICE_QUERY_REJECTS] = SQL_query_rejects,     [SLUICE_QUERY_LOGS] = SQL_query_logs,
    [SLUICE_QUERY_HOLDS] = SQL_query_holds,         [SLUICE_QUERY_TICKS] = SQL_query_ticks,
    [SLUICE_QUERY_AUDIT] = SQL_query_audit,         [SLUICE_QUERY_HISTORY] = SQL_query_history,
    [SLUICE_QUERY_PRICES] = SQL_query_prices,       [SLUICE_QUERY_REJECT_COUNTS] = SQL_query_reject_counts,
    [SLUICE_QUERY_MAPPINGS] = SQL_query_mappings,
};

static enum statement statement_of(const struct sluice_query *asked)
{
    bool oldest_first = (asked->flags & SLUICE_QUERY_OLDEST_FIRST) != 0;
    return asked->what == SLUICE_QUERY_LOGS && oldest_first ? SQL_query_logs_oldest_first
                                                            : readings[asked->what];
}

static void bind_typed_text(struct query *query, const char *text)
{
    query->types[query->n] = TYPE_TEXT;
    bind_text(query, text);
}

static void bind_typed_id(struct query *query, const char *id)
{
    query->types[query->n] = TYPE_TEXT;
    bind_id(query, id);
}

static void bind_typed_int(struct query *query, int64_t value)
{
    query->types[query->n] = TYPE_INT8;
    bind_int(query, value);
}

/* All of them with their types, because a statement names only those that it looks at. */
static void bind_asked(struct query *query, const struct sluice_query *asked)
{
    bind_typed_text(query, asked->key);
    bind_typed_id(query, asked->run_id);
    query->types[query->n] = TYPE_INT8;
    if (asked->limit == 0)
        bind_null(query);
    else
        bind_int(query, asked->limit);
    bind_typed_int(query, asked->offset);
    bind_typed_id(query, asked->id);
    bind_typed_text(query, asked->code);
    bind_typed_text(query, asked->search);
    bind_typed_int(query, asked->after);
    bind_typed_int(query, asked->before);
    bind_typed_int(query, asked->level);
    bind_typed_int(query, (asked->flags & SLUICE_QUERY_OPEN) != 0);
}

/* The sink's answer: anything but OK stops the reading and is the call's answer; END is no failure. */
static enum sluice_status hand_over(struct query *query, const struct sluice_column *columns,
                                    const struct sluice_sink *sink)
{
    struct sluice_cell cells[COLUMNS_MOST];
    char times[COLUMNS_MOST][TIME_TEXT_SIZE];
    size_t n = (size_t)PQnfields(query->result);
    for (size_t i = 0; i < n; i++) {
        cells[i] = column_cell(query, (int)i);
        if (columns[i].type != SLUICE_VALUE_TIME || cells[i].ptr == NULL)
            continue;
        time_format_ms(time_read(cells[i].ptr), times[i]);
        cells[i] = (struct sluice_cell){.ptr = times[i], .len = (uint32_t)strlen(times[i])};
    }
    return sink->row(sink->context, columns, cells, n);
}

/* OK with a row in query->result, END after the last. */
static enum sluice_status stream_next(struct query *query, struct sluice_error *err)
{
    struct store *store = query->store;
    query_end(query);
    query_patience(store); /* the reader may be slow, the server not */
    enum sluice_status status = link_result(store, &query->result, err);
    if (status != SLUICE_OK)
        return status;
    query->row = 0;
    if (PQresultStatus(query->result) == PGRES_SINGLE_TUPLE)
        return SLUICE_OK;
    bool ended = PQresultStatus(query->result) == PGRES_TUPLES_OK;
    status = ended ? SLUICE_END : store_fail(store, query->result, err);
    query_stream_end(store);
    return status;
}

static enum sluice_status stream_begin(struct query *query, struct sluice_error *err)
{
    struct store *store = query->store;
    query_patience(store);
    if (!query_stream(query))
        return link_broken(store, err);
    return link_flush(store, err);
}

/* What is left of an answer that nobody wants is not read: the link goes, too. */
static enum sluice_status stream_give_up(struct query *query, enum sluice_status answer,
                                         struct sluice_error *err)
{
    struct store *store = query->store;
    store_close(store);
    if (answer == SLUICE_END)
        return SLUICE_OK;
    return store->host->fail(store->host, err, answer, "the reader stopped");
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
    bind_asked(&reading, &asked);
    status = stream_begin(&reading, err);
    if (status != SLUICE_OK)
        return status;
    while ((status = stream_next(&reading, err)) == SLUICE_OK) {
        enum sluice_status answer = hand_over(&reading, columns_of(asked.what), sink);
        if (answer != SLUICE_OK)
            return stream_give_up(&reading, answer, err);
    }
    return status == SLUICE_END ? SLUICE_OK : status;
}
