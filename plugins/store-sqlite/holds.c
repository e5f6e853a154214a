/* SPDX-License-Identifier: Apache-2.0 */
/* A hold is decided at most once, and an approval is used at most once: by the commit that it lets pass. */
#include "base/buffer.h"
#include "base/clock.h"
#include "fence.h"
#include "plugins/stores/calls.h"
#include "plugins/stores/text_list.h"
#include "query.h"

static const int64_t hold_life_us = 7 * 24 * 3600 * US_PER_SECOND;
enum { EXAMPLES_CEILING = 256 << 10 };

static enum sluice_status hold_insert(struct store *store, const char *run_id, const char *supplier_id,
                                      const struct sluice_hold *hold, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer examples = BUFFER_INIT(EXAMPLES_CEILING);
    text_list_json(&examples, hold->examples, hold->n_examples);
    if (examples.failed)
        return store_no_memory(store, err);
    int64_t now_us = store_now_us(store);
    struct query query = query_begin(store, SQL_hold_put);
    bind_text(&query, hold->hold_id);
    bind_text(&query, run_id);
    bind_text(&query, supplier_id);
    bind_text(&query, hold->guard);
    bind_text(&query, hold->content_hash == NULL ? "" : hold->content_hash);
    bind_real(&query, hold->figure);
    bind_real(&query, hold->limit);
    bind_text(&query, hold->message == NULL ? "" : hold->message);
    bind_text(&query, examples.data);
    bind_time(&query, now_us);
    bind_time(&query, now_us + hold_life_us);
    return query_run(&query, err);
}

enum sluice_status store_hold_put(void *instance, const char *run_id, const char *supplier_id, int64_t epoch,
                                  const struct sluice_hold *hold, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    struct query replace = query_begin(store, SQL_hold_replace);
    bind_text(&replace, supplier_id);
    bind_text(&replace, hold->guard);
    status = query_run(&replace, err);
    if (status == SLUICE_OK)
        status = hold_insert(store, run_id, supplier_id, hold, err);
    if (status == SLUICE_OK)
        status = fence_run(store, run_id, epoch, err);
    return status == SLUICE_OK ? transaction_commit(&transaction, err) : status;
}

/* OK with the key of the supplier whose undecided hold it is, END when it cannot be decided. */
static enum sluice_status hold_open(struct store *store, const char *hold_id, int64_t now_us,
                                    const char **ret_key, struct sluice_error *err)
{
    _cleanup_(query_end) struct query query = query_begin(store, SQL_hold_open);
    bind_text(&query, hold_id);
    bind_time(&query, now_us);
    enum sluice_status status = query_step(&query, err);
    if (status == SLUICE_OK)
        *ret_key = column_keep(&query, 0);
    return status;
}

enum sluice_status store_hold_decide(void *instance, const char *hold_id, enum sluice_hold_decision decision,
                                     const char *by, const char **ret_key, struct sluice_error *err)
{
    struct store *store = instance;
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_enter(&transaction, STORE_SHORT, err);
    if (status != SLUICE_OK)
        return status;
    int64_t now_us = store_now_us(store);
    const char *key = NULL;
    status = hold_open(store, hold_id, now_us, &key, err);
    if (status != SLUICE_OK)
        return status;
    struct query query = query_begin(store, SQL_hold_decide);
    bind_text(&query, hold_id);
    bind_text(&query, decision == SLUICE_HOLD_APPROVE ? "approved" : "discarded");
    bind_text(&query, by);
    bind_time(&query, now_us);
    status = query_run(&query, err);
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        *ret_key = key;
    return status;
}

enum sluice_status store_master_approval(void *instance, const struct sluice_approval **ret_approval,
                                         struct sluice_error *err)
{
    struct store *store = instance;
    const struct sluice_approval *approval = NULL;
    enum sluice_status status = store_enter(store, STORE_SHORT, err);
    if (status == SLUICE_OK)
        status = approval_find(store, NULL, &approval, err);
    if (status == SLUICE_OK && approval == NULL)
        return SLUICE_END;
    if (status == SLUICE_OK)
        *ret_approval = approval;
    return status;
}
