/* SPDX-License-Identifier: Apache-2.0 */
/* Rejected rows: as pages, as counts, and as a CSV file that no spreadsheet takes for formulas. */
#include "base/cleanup.h"
#include "base/text.h"
#include "http/handlers.h"

enum { CSV_ROWS_MOST = 100000, CODES_MOST = 1000 };

static const struct row_field reject_fields[] = {
    {"seq", "id", ROW_NUMBER},          {"supplier_id", "supplier_id", ROW_TEXT},
    {"supplier", "supplier", ROW_TEXT}, {"row_number", "row_number", ROW_NUMBER},
    {"column", "column", ROW_NUMBER},   {"field", "field", ROW_TEXT},
    {"code", "code", ROW_TEXT},         {"message", "message", ROW_TEXT},
    {"address", "address", ROW_TEXT},   {"raw", "raw", ROW_TEXT},
    {"run_id", "run_id", ROW_TEXT},     {"created_at", "created_at", ROW_TEXT},
};

static const struct row_field count_fields[] = {
    {"code", "code", ROW_TEXT},
    {"count", "count", ROW_NUMBER},
    {"suppliers", "suppliers", ROW_NUMBER},
    {"example", "example", ROW_TEXT},
};

struct csv {
    struct buffer *out;
    size_t n;
};

static enum sluice_status csv_row(void *context, const struct sluice_column *columns,
                                  const struct sluice_cell *cells, size_t n)
{
    struct csv *csv = context;
    (void)columns;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buffer_byte(csv->out, ',');
        row_csv(csv->out, cells[i]);
    }
    buffer_text(csv->out, "\r\n");
    csv->n++;
    return csv->out->failed ? SLUICE_IO : SLUICE_OK;
}

/* The columns by their names, so that no reader of the file depends on a store's order. */
static enum sluice_status csv_row_named(void *context, const struct sluice_column *columns,
                                        const struct sluice_cell *cells, size_t n)
{
    struct sluice_cell ordered[ELEMENTS(reject_fields)];
    const struct row row = {columns, cells, n};
    for (size_t i = 0; i < ELEMENTS(reject_fields); i++)
        ordered[i] = row_cell(&row, reject_fields[i].column);
    return csv_row(context, columns, ordered, ELEMENTS(reject_fields));
}

static void csv_answer(struct call *call, struct desk *desk, struct sluice_query query)
{
    struct sluice_error err = {0};
    call_text(call, 200, "");
    struct csv csv = {.out = &call->reply.body};
    const struct sluice_sink sink = {&csv, csv_row_named};
    call->reply.content_type = "text/csv; charset=utf-8; header=present";
    for (size_t i = 0; i < ELEMENTS(reject_fields); i++)
        buffer_printf(csv.out, "%s%s", i == 0 ? "" : ",", reject_fields[i].name);
    buffer_text(csv.out, "\r\n");
    query.limit = CSV_ROWS_MOST;
    if (desk_query(desk, query, &sink, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else
        call_header(call, "Content-Disposition", "attachment; filename=\"rejects.csv\"");
}

static bool reject_query(struct call *call, struct desk *desk, enum sluice_query_what what,
                         struct sluice_query *ret_query, char **ret_key)
{
    if (!supplier_filter(call, desk, ret_key))
        return false;
    *ret_query = (struct sluice_query){
        .what = what,
        .key = *ret_key,
        .run_id = query_has(&call->query, QUERY_RUN_ID) ? call->query.run_id : NULL,
        .code = query_has(&call->query, QUERY_CODE) ? call->query.code : NULL,
    };
    return true;
}

void handle_rejects(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *key = NULL;
    struct sluice_query query;
    if (!reject_query(call, desk, SLUICE_QUERY_REJECTS, &query, &key))
        return;
    if (call->query.csv)
        csv_answer(call, desk, query);
    else
        page_answer(call, desk, query, reject_fields, ELEMENTS(reject_fields));
}

void handle_reject_counts(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *key = NULL;
    struct sluice_error err = {0};
    struct sluice_query query;
    if (!reject_query(call, desk, SLUICE_QUERY_REJECT_COUNTS, &query, &key))
        return;
    struct row_list list = {.out = call_json(call, 200),
                            .fields = count_fields,
                            .n_fields = ELEMENTS(count_fields),
                            .limit = CODES_MOST};
    const struct sluice_sink sink = {&list, row_list_add};
    buffer_text(list.out, "{\"items\": [");
    if (desk_query(desk, query, &sink, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else
        buffer_text(list.out, "]}\n");
}
