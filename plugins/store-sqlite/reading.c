/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/stores/calls.h"
#include "plugins/stores/columns.h"
#include "query.h"

#include <string.h>

/* The statements' numbered parameters. */
enum parameter { KEY = 1, RUN_ID, LIMIT, OFFSET, ID, CODE, SEARCH, AFTER, BEFORE, LEVEL, OPEN, NOW };

static const enum statement readings[] = {
    [SLUICE_QUERY_SUPPLIERS] = SQL_query_suppliers, [SLUICE_QUERY_RUNS] = SQL_query_runs,
    [SLUICE_QUERY_JOBS] = SQL_query_jobs,           [SLUICE_QUERY_ITEMS] = SQL_query_items,
    [SLUICE_QUERY_REJECTS] = SQL_query_rejects,     [SLUICE_QUERY_LOGS] = SQL_query_logs,
    [SLUICE_QUERY_HOLDS] = SQL_query_holds,         [SLUICE_QUERY_TICKS] = SQL_query_ticks,
    [SLUICE_QUERY_AUDIT] = SQL_query_audit,         [SLUICE_QUERY_HISTORY] = SQL_query_history,
    [SLUICE_QUERY_PRICES] = SQL_query_prices,       [SLUICE_QUERY_REJECT_COUNTS] = SQL_query_reject_counts,
    [SLUICE_QUERY_MAPPINGS] = SQL_query_mappings,
};

/* The sink's answer: anything but OK stops the reading and is the call's answer; END is no failure. */
static enum sluice_status hand_over(struct query *query, const struct sluice_column *columns,
                                    const struct sluice_sink *sink)
{
    struct sluice_cell cells[COLUMNS_MOST];
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
                                                            : readings[asked->what];
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
        enum sluice_status answer = hand_over(&reading, columns_of(asked.what), sink);
        if (answer == SLUICE_END)
            return SLUICE_OK;
        if (answer != SLUICE_OK)
            return store->host->fail(store->host, err, answer, "the reader stopped");
    }
    return status == SLUICE_END ? SLUICE_OK : status;
}
