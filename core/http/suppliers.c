/* SPDX-License-Identifier: Apache-2.0 */
/* Suppliers: who they are, how their lists are read, what they sell and what it cost before. */
#include "base/cleanup.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/job_fields.h"
#include "http/server.h"
#include "ingest/master.h"

static const struct row_field supplier_fields[] = {
    {"id", "id", ROW_TEXT},
    {"key", "key", ROW_TEXT},
    {"name", "name", ROW_TEXT},
    {"source_type", "source_type", ROW_TEXT},
    {"source_url", "source_url", ROW_ADDRESS},
    {"link", "source_url", ROW_LINK},
    {"is_active", "is_active", ROW_BOOL},
    {"status", "status", ROW_TEXT},
    {"notes", "notes", ROW_TEXT},
    {"items_count", "items_count", ROW_NUMBER},
    {"rejects_count", "rejects_count", ROW_NUMBER},
    {"last_sync_at", "last_sync_at", ROW_TEXT},
    {"last_changed_at", "last_changed_at", ROW_TEXT},
    {"last_error", "last_error", ROW_TEXT},
};

static const struct row_field item_fields[] = {
    {"sku", "sku", ROW_TEXT},
    {"name", "name", ROW_TEXT},
    {"price", "price", ROW_TEXT},
    {"currency", "currency", ROW_TEXT},
    {"characteristics", "characteristics", ROW_JSON},
    {"gone_at", "gone_at", ROW_TEXT},
    {"updated_at", "updated_at", ROW_TEXT},
};

static const struct row_field price_fields[] = {
    {"sku", "sku", ROW_TEXT},
    {"name", "name", ROW_TEXT},
    {"old_price", "old_price", ROW_TEXT},
    {"price", "price", ROW_TEXT},
    {"old_currency", "old_currency", ROW_TEXT},
    {"currency", "currency", ROW_TEXT},
    {"changed_at", "changed_at", ROW_TEXT},
};

static const struct row_field mapping_fields[] = {
    {"mapping", "mapping", ROW_JSON},
    {"run_id", "run_id", ROW_TEXT},
    {"accepted_at", "accepted_at", ROW_TEXT},
};

/* What is searched is compared with the suppliers' keys, so it is folded as they are. */
void handle_suppliers(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *search = NULL;
    if (query_has(&call->query, QUERY_SEARCH) && call->query.search[0] != '\0') {
        search = supplier_key(text_of(call->query.search));
        if (search == NULL) {
            call_fail_field(call, "search", "that is no part of a name");
            return;
        }
    }
    page_answer(call, desk, (struct sluice_query){.what = SLUICE_QUERY_SUPPLIERS, .search = search},
                supplier_fields, ELEMENTS(supplier_fields));
}

static enum sluice_status write_one(struct call *call, struct desk *desk, struct sluice_query query,
                                    const struct row_field *fields, size_t n_fields, uint32_t *ret_n,
                                    struct sluice_error *err)
{
    const struct clock *clock = call->server->clock;
    struct row_list list = {.out = &call->reply.body,
                            .fields = fields,
                            .n_fields = n_fields,
                            .now_us = clock->wall_us(clock),
                            .limit = 1};
    const struct sluice_sink sink = {&list, row_list_add};
    query.limit = 1;
    enum sluice_status status = desk_query(desk, query, &sink, err);
    *ret_n = list.n;
    return status;
}

void handle_supplier(struct call *call, struct desk *desk)
{
    struct sluice_error err = {0};
    uint32_t n = 0;
    _cleanup_free_ char *key = supplier_key_of(call, desk, call->id);
    if (key == NULL)
        return;
    struct buffer *out = call_json(call, 200);
    buffer_text(out, "{\"supplier\": ");
    enum sluice_status status =
        write_one(call, desk, (struct sluice_query){.what = SLUICE_QUERY_SUPPLIERS, .key = key},
                  supplier_fields, ELEMENTS(supplier_fields), &n, &err);
    buffer_text(out, ", \"reading\": ");
    if (status == SLUICE_OK)
        status = write_one(call, desk, (struct sluice_query){.what = SLUICE_QUERY_MAPPINGS, .key = key},
                           mapping_fields, ELEMENTS(mapping_fields), &n, &err);
    if (n == 0)
        buffer_text(out, "null");
    buffer_text(out, "}\n");
    if (status != SLUICE_OK)
        call_fail_store(call, &err);
}

static void page_of_supplier(struct call *call, struct desk *desk, struct sluice_query query,
                             const struct row_field *fields, size_t n_fields)
{
    _cleanup_free_ char *key = supplier_key_of(call, desk, call->id);
    query.key = key;
    if (key != NULL)
        page_answer(call, desk, query, fields, n_fields);
}

void handle_supplier_runs(struct call *call, struct desk *desk)
{
    page_of_supplier(call, desk, (struct sluice_query){.what = SLUICE_QUERY_HISTORY}, job_fields,
                     job_field_count);
}

void handle_items(struct call *call, struct desk *desk)
{
    const char *search = query_has(&call->query, QUERY_SEARCH) ? call->query.search : NULL;
    page_of_supplier(call, desk, (struct sluice_query){.what = SLUICE_QUERY_ITEMS, .search = search},
                     item_fields, ELEMENTS(item_fields));
}

void handle_prices(struct call *call, struct desk *desk)
{
    const char *run_id = query_has(&call->query, QUERY_RUN_ID) ? call->query.run_id : NULL;
    page_of_supplier(call, desk, (struct sluice_query){.what = SLUICE_QUERY_PRICES, .run_id = run_id},
                     price_fields, ELEMENTS(price_fields));
}
