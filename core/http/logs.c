/* SPDX-License-Identifier: Apache-2.0 */
/* The log of lists and rows, and the audit trail. */
#include "http/log_fields.h"

#include "base/cleanup.h"
#include "http/handlers.h"

#include <inttypes.h>

const struct row_field log_fields[] = {
    {"id", "id", ROW_LOG_ID},
    {"task_id", "task_id", ROW_TEXT},
    {"supplier_id", "supplier_id", ROW_TEXT},
    {"supplier_name", "supplier_name", ROW_TEXT},
    {"error_type", "error_type", ROW_TEXT},
    {"error_message", "error_message", ROW_TEXT},
    {"row_number", "row_number", ROW_NUMBER},
    {"created_at", "created_at", ROW_TEXT},
    {"seq", "id", ROW_NUMBER},
    {"level", "level", ROW_TEXT},
    {"address", "address", ROW_TEXT},
};
const size_t log_field_count = ELEMENTS(log_fields);

static const struct row_field audit_fields[] = {
    {"seq", "id", ROW_NUMBER},      {"who", "who", ROW_TEXT},   {"what", "what", ROW_TEXT},
    {"detail", "detail", ROW_TEXT}, {"from", "from", ROW_TEXT}, {"created_at", "created_at", ROW_TEXT},
};

struct log_list {
    struct row_list list;
    int64_t last_seq;
};

static enum sluice_status add_log(void *context, const struct sluice_column *columns,
                                  const struct sluice_cell *cells, size_t n)
{
    struct log_list *logs = context;
    const struct row row = {columns, cells, n};
    enum sluice_status status = row_list_add(&logs->list, columns, cells, n);
    int64_t seq = row_number(&row, "id");
    if (status == SLUICE_OK && seq > logs->last_seq)
        logs->last_seq = seq;
    return status;
}

void handle_logs(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *key = NULL;
    struct sluice_error err = {0};
    if (!supplier_filter(call, desk, &key))
        return;
    const struct query_values *asked = &call->query;
    const struct sluice_query query = {
        .what = SLUICE_QUERY_LOGS,
        .key = key,
        .run_id = query_has(asked, QUERY_RUN_ID) ? asked->run_id : NULL,
        .limit = (uint32_t)asked->limit + 1,
        .after = asked->after,
        .before = asked->before,
        .level = (uint32_t)asked->level,
        .flags = query_has(asked, QUERY_AFTER) ? SLUICE_QUERY_OLDEST_FIRST : 0,
    };
    struct log_list logs = {.list = {.out = call_json(call, 200),
                                     .fields = log_fields,
                                     .n_fields = log_field_count,
                                     .limit = (uint32_t)asked->limit},
                            .last_seq = asked->after};
    const struct sluice_sink sink = {&logs, add_log};
    buffer_text(logs.list.out, "{\"items\": [");
    if (desk_query(desk, query, &sink, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else
        buffer_printf(logs.list.out, "], \"last_seq\": %" PRId64 ", \"has_more\": %s}\n", logs.last_seq,
                      logs.list.has_more ? "true" : "false");
}

void handle_audit(struct call *call, struct desk *desk)
{
    page_answer(call, desk, (struct sluice_query){.what = SLUICE_QUERY_AUDIT}, audit_fields,
                ELEMENTS(audit_fields));
}
