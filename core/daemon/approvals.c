/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/approvals.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/columns.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

#include <string.h>

enum { APPROVALS_MOST = 64, TEXT_CEILING = 256 << 10 };

/* What was approved and not read again since. */
struct approvals {
    struct sluice_cell asked; /* when the newest run was asked for, RFC 3339; absent while it is unfinished */
    struct sluice_cell suppliers[APPROVALS_MOST];
    size_t n;
    bool master;
    const char *by; /* who gave the first of them */
    const char *keys[APPROVALS_MOST];
    struct arena arena;
};

static void approvals_clear(struct approvals *approvals)
{
    arena_free(&approvals->arena);
}

static enum sluice_status run_row(void *context, const struct sluice_column *columns,
                                  const struct sluice_cell *cells, size_t n)
{
    struct approvals *approvals = context;
    struct sluice_cell asked = column_cell(columns, cells, n, "created_at");
    if (text_is(column_cell(columns, cells, n, "state"), "done") && asked.len > 0)
        approvals->asked =
            (struct sluice_cell){arena_copy(&approvals->arena, asked.ptr, asked.len), asked.len, 0};
    return SLUICE_OK;
}

/* Both are the store's own words for a time, of one length. */
static bool is_later(struct sluice_cell time, struct sluice_cell than)
{
    return time.len == than.len && memcmp(time.ptr, than.ptr, time.len) > 0;
}

static enum sluice_status hold_row(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct approvals *approvals = context;
    struct sluice_cell supplier = column_cell(columns, cells, n, "supplier_id");
    struct sluice_cell by = column_cell(columns, cells, n, "decided_by");
    if (!text_is(column_cell(columns, cells, n, "decision"), "approved") ||
        !is_later(column_cell(columns, cells, n, "decided_at"), approvals->asked))
        return SLUICE_OK;
    if (approvals->by == NULL && by.len > 0)
        approvals->by = arena_copy(&approvals->arena, by.ptr, by.len);
    approvals->master |= supplier.len == 0;
    if (supplier.len > 0 && approvals->n < APPROVALS_MOST)
        approvals->suppliers[approvals->n++] =
            (struct sluice_cell){arena_copy(&approvals->arena, supplier.ptr, supplier.len), supplier.len, 0};
    return SLUICE_OK;
}

static enum sluice_status key_row(void *context, const struct sluice_column *columns,
                                  const struct sluice_cell *cells, size_t n)
{
    struct approvals *approvals = context;
    struct sluice_cell key = column_cell(columns, cells, n, "key");
    if (approvals->n < APPROVALS_MOST)
        approvals->keys[approvals->n++] = arena_copy(&approvals->arena, key.ptr, key.len);
    return SLUICE_OK;
}

static enum sluice_status ask(struct instance *store, struct sluice_query query,
                              enum sluice_status (*row)(void *, const struct sluice_column *,
                                                        const struct sluice_cell *, size_t),
                              struct approvals *approvals, struct sluice_error *err)
{
    const struct sluice_sink sink = {approvals, row};
    query.struct_size = sizeof query;
    enum sluice_status status = store->plugin->store->query(store->self, &query, &sink, err);
    return status == SLUICE_OK && approvals->arena.failed ? error_no_memory(err) : status;
}

/* The suppliers' ids become their keys; one that is gone has none. */
static enum sluice_status find_keys(struct instance *store, struct approvals *approvals,
                                    struct sluice_error *err)
{
    size_t n = approvals->n;
    enum sluice_status status = SLUICE_OK;
    approvals->n = 0;
    for (size_t i = 0; i < n && status == SLUICE_OK; i++) {
        const struct sluice_query query = {.what = SLUICE_QUERY_SUPPLIERS, .id = approvals->suppliers[i].ptr};
        status = ask(store, query, key_row, approvals, err);
    }
    return status;
}

static enum sluice_status request(struct instance *store, const struct host_services *services,
                                  const struct approvals *approvals, bool *ret_queued,
                                  struct sluice_error *err)
{
    const struct sluice_run *run = NULL;
    struct sluice_request request = {.struct_size = sizeof request,
                                     .trigger = SLUICE_TRIGGER_MANUAL,
                                     .scope = approvals->keys,
                                     .n_scope = approvals->master ? 0 : approvals->n,
                                     .by = approvals->by};
    uuid_make(services->random, services->clock->wall_us(services->clock), request.run_id);
    enum sluice_status status = store->plugin->store->request_put(store->self, &request, &run, err);
    *ret_queued = status == SLUICE_OK;
    return status == SLUICE_BUSY ? SLUICE_OK : status;
}

enum sluice_status approvals_queue(struct instance *store, const struct host_services *services,
                                   bool *ret_queued, struct sluice_error *err)
{
    _cleanup_(approvals_clear) struct approvals approvals = {.arena = ARENA_INIT(TEXT_CEILING)};
    const struct sluice_query newest = {.what = SLUICE_QUERY_RUNS, .limit = 1};
    const struct sluice_query holds = {.what = SLUICE_QUERY_HOLDS};
    *ret_queued = false;
    enum sluice_status status = ask(store, newest, run_row, &approvals, err);
    if (status == SLUICE_OK && approvals.asked.len > 0)
        status = ask(store, holds, hold_row, &approvals, err);
    if (status == SLUICE_OK)
        status = find_keys(store, &approvals, err);
    if (status != SLUICE_OK || (approvals.n == 0 && !approvals.master))
        return status;
    return request(store, services, &approvals, ret_queued, err);
}
