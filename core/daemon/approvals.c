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
    const char *asked; /* when the newest run was asked for, RFC 3339; NULL while it is unfinished */
    const char *suppliers[APPROVALS_MOST], *keys[APPROVALS_MOST];
    size_t n_suppliers, n_keys;
    bool everything; /* the master sheet is among them, or they are too many to name */
    const char *by;  /* who gave the first of them */
    struct arena arena;
};

static const char *keep(struct approvals *approvals, struct sluice_cell cell)
{
    return arena_copy(&approvals->arena, cell.ptr, cell.len);
}

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
        approvals->asked = keep(approvals, asked);
    return SLUICE_OK;
}

/* Both are the store's own words for a time, of one length. */
static bool is_later(struct sluice_cell time, const char *than)
{
    return time.len == strlen(than) && memcmp(time.ptr, than, time.len) > 0;
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
        approvals->by = keep(approvals, by);
    if (supplier.len == 0 || approvals->n_suppliers == APPROVALS_MOST)
        approvals->everything = true;
    else
        approvals->suppliers[approvals->n_suppliers++] = keep(approvals, supplier);
    return SLUICE_OK;
}

static enum sluice_status key_row(void *context, const struct sluice_column *columns,
                                  const struct sluice_cell *cells, size_t n)
{
    struct approvals *approvals = context;
    struct sluice_cell key = column_cell(columns, cells, n, "key");
    approvals->keys[approvals->n_keys++] = keep(approvals, key); /* one supplier has that id */
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
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < approvals->n_suppliers && status == SLUICE_OK; i++) {
        const struct sluice_query query = {
            .what = SLUICE_QUERY_SUPPLIERS, .id = approvals->suppliers[i], .limit = 1};
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
                                     .n_scope = approvals->everything ? 0 : approvals->n_keys,
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
    if (status == SLUICE_OK && approvals.asked != NULL)
        status = ask(store, holds, hold_row, &approvals, err);
    if (status == SLUICE_OK)
        status = find_keys(store, &approvals, err);
    if (status != SLUICE_OK || (approvals.n_keys == 0 && !approvals.everything))
        return status;
    return request(store, services, &approvals, ret_queued, err);
}
