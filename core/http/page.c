/* SPDX-License-Identifier: Apache-2.0 */
/* Pages, single rows, and the other things that most handlers do. */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/limit.h"
#include "http/server.h"

#include <string.h>

static int64_t wall_us(const struct call *call)
{
    return call->server->clock->wall_us(call->server->clock);
}

void page_answer(struct call *call, struct desk *desk, struct sluice_query query,
                 const struct row_field *fields, size_t n_fields)
{
    struct sluice_error err = {0};
    struct row_list list = {.out = call_json(call, 200),
                            .fields = fields,
                            .n_fields = n_fields,
                            .now_us = wall_us(call),
                            .limit = (uint32_t)call->query.limit};
    const struct sluice_sink sink = {&list, row_list_add};
    query.limit = list.limit + 1;
    query.offset = (uint32_t)call->query.offset;
    buffer_text(list.out, "{\"items\": [");
    if (desk_query(desk, query, &sink, &err) != SLUICE_OK) {
        call_fail_store(call, &err);
        return;
    }
    buffer_printf(list.out, "], \"limit\": %u, \"offset\": %u, \"has_more\": %s}\n", list.limit, query.offset,
                  list.has_more ? "true" : "false");
}

void one_answer(struct call *call, struct desk *desk, struct sluice_query query,
                const struct row_field *fields, size_t n_fields, const char *what)
{
    struct sluice_error err = {0};
    struct row_list list = {.out = call_json(call, 200),
                            .fields = fields,
                            .n_fields = n_fields,
                            .now_us = wall_us(call),
                            .limit = 1};
    const struct sluice_sink sink = {&list, row_list_add};
    query.limit = 1;
    if (desk_query(desk, query, &sink, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else if (list.n == 0)
        call_fail(call, API_NOT_FOUND, "there is no %s %s", what, call->id);
    else
        buffer_byte(list.out, '\n');
}

struct one {
    const char *column;
    char *text;
};

static enum sluice_status take_text(void *context, const struct sluice_column *columns,
                                    const struct sluice_cell *cells, size_t n)
{
    struct one *one = context;
    const struct row row = {columns, cells, n};
    struct sluice_cell cell = row_cell(&row, one->column);
    one->text = strndup(cell.ptr == NULL ? "" : cell.ptr, cell.len);
    return one->text == NULL ? SLUICE_IO : SLUICE_END;
}

enum sluice_status one_text(struct desk *desk, struct sluice_query query, const char *column, char **ret_text,
                            struct sluice_error *err)
{
    struct one one = {.column = column};
    const struct sluice_sink sink = {&one, take_text};
    query.limit = 1;
    enum sluice_status status = desk_query(desk, query, &sink, err);
    if (status == SLUICE_OK)
        *ret_text = one.text;
    else
        free(one.text);
    return status;
}

char *supplier_key_of(struct call *call, struct desk *desk, const char *id)
{
    char *key = NULL;
    struct sluice_error err = {0};
    const struct sluice_query query = {.what = SLUICE_QUERY_SUPPLIERS, .id = id};
    if (one_text(desk, query, "key", &key, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else if (key == NULL)
        call_fail(call, API_NOT_FOUND, "supplier %s was not found", id);
    return key;
}

bool supplier_filter(struct call *call, struct desk *desk, char **ret_key)
{
    *ret_key = NULL;
    if (!query_has(&call->query, QUERY_SUPPLIER))
        return true;
    *ret_key = supplier_key_of(call, desk, call->query.supplier);
    return *ret_key != NULL;
}

void audit(struct call *call, struct desk *desk, const char *who, const char *what, const char *detail)
{
    struct sluice_error err = {0};
    struct instance *store = NULL;
    const struct sluice_audit row = {
        .struct_size = sizeof row, .who = who, .what = what, .detail = detail, .from = call->client};
    enum sluice_status status = desk_store(desk, &store, &err);
    if (status == SLUICE_OK)
        status = store->plugin->store->audit_put(store->self, &row, &err);
    if (status != SLUICE_OK)
        log_line(call->server->log, SLUICE_WARNING, "http",
                 "request %s: %s by %s is not in the audit trail: %s", call->request_id, what, who,
                 err.message);
}

bool within_limit(struct call *call, struct desk *desk)
{
    if (call->route->limit == LIMIT_NONE)
        return true;
    const char *subject = call->route->role == ROLE_PUBLIC ? NULL : call->claims.subject;
    struct limit_verdict verdict =
        limits_take(call->server->limits, desk, call->route->limit, subject, call->client);
    if (verdict.wait_ms == 0)
        return true;
    int64_t seconds = (verdict.wait_ms + 999) / 1000;
    call_fail(call, API_RATE_LIMIT, "too many requests; try again in %lld s", (long long)seconds);
    call_header(call, "Retry-After", "%lld", (long long)seconds);
    call_header(call, "X-RateLimit-Limit", "%u", verdict.per_minute);
    call_header(call, "X-RateLimit-Remaining", "0");
    return false;
}
