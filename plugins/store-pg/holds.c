/* SPDX-License-Identifier: Apache-2.0 */
/* A hold is decided at most once, and an approval is used at most once: by the commit that it lets pass. */
#include "base/buffer.h"
#include "fence.h"
#include "plugins/stores/calls.h"
#include "plugins/stores/text_list.h"
#include "query.h"

enum { EXAMPLES_CEILING = 256 << 10 };

static enum sluice_status hold_send(struct store *store, const char *run_id, const char *supplier_id,
                                    const struct sluice_hold *hold, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer examples = BUFFER_INIT(EXAMPLES_CEILING);
    text_list_json(&examples, hold->examples, hold->n_examples);
    if (examples.failed)
        return store_no_memory(store, err);
    struct query replace = query_begin(store, SQL_hold_replace);
    bind_id(&replace, supplier_id);
    bind_text(&replace, hold->guard);
    query_send(&replace);
    struct query put = query_begin(store, SQL_hold_put);
    bind_id(&put, hold->hold_id);
    bind_id(&put, run_id);
    bind_id(&put, supplier_id);
    bind_text(&put, hold->guard);
    bind_text(&put, hold->content_hash == NULL ? "" : hold->content_hash);
    bind_real(&put, hold->figure);
    bind_real(&put, hold->limit);
    bind_text(&put, hold->message == NULL ? "" : hold->message);
    bind_text(&put, examples.data);
    query_send(&put);
    return SLUICE_OK;
}

enum sluice_status store_hold_put(void *instance, const char *run_id, const char *supplier_id, int64_t epoch,
                                  const struct sluice_hold *hold, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    transaction_begin(store);
    status = hold_send(store, run_id, supplier_id, hold, err);
    if (status != SLUICE_OK) {
        transaction_rollback(store);
        return status;
    }
    fence_run(store, run_id, epoch);
    return transaction_commit(store, err);
}

enum sluice_status store_hold_decide(void *instance, const char *hold_id, enum sluice_hold_decision decision,
                                     const char *by, const char **ret_key, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_hold_decide);
    transaction_begin(store);
    bind_id(&query, hold_id);
    bind_text(&query, decision == SLUICE_HOLD_APPROVE ? "approved" : "discarded");
    bind_text(&query, by);
    query_ask(&query);
    status = transaction_commit(store, err);
    if (status != SLUICE_OK)
        return status;
    if (!query_next(&query))
        return SLUICE_END;
    *ret_key = column_keep(&query, 0);
    return SLUICE_OK;
}

enum sluice_status store_master_approval(void *instance, const struct sluice_approval **ret_approval,
                                         struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_master_approval);
    status = query_run(&query, err);
    if (status != SLUICE_OK)
        return status;
    if (!query_next(&query))
        return SLUICE_END;
    struct sluice_approval *approval = arena_alloc(&store->result, sizeof *approval);
    if (approval == NULL)
        return store_no_memory(store, err);
    *approval = (struct sluice_approval){
        .struct_size = sizeof *approval,
        .hold_id = column_keep(&query, 0),
        .guard = column_keep(&query, 1),
        .content_hash = column_keep(&query, 2),
        .figure = strtod(column_text(&query, 3), NULL),
    };
    if (store->result.failed)
        return store_no_memory(store, err);
    *ret_approval = approval;
    return SLUICE_OK;
}
