/* SPDX-License-Identifier: Apache-2.0 */
/* Shares are compared as whole numbers, so that exactly the limit passes; the doubles are for people. */
#include "ingest/guard.h"

#include <stdio.h>
#include <string.h>

/* A master may always deactivate that many suppliers. */
enum { SUPPLIERS_GONE_ALWAYS = 3, PERCENT = 100 };

/* What one guard has measured: `part` of `whole`. */
struct measure {
    const char *guard;
    uint64_t part, whole;
    int64_t limit_percent;
    const char *const *examples;
    size_t n_examples;
};

static bool is_over(const struct measure *measure)
{
    if (measure->limit_percent >= PERCENT || measure->whole == 0)
        return false;
    uint64_t limit = measure->limit_percent < 0 ? 0 : (uint64_t)measure->limit_percent;
    return measure->part * PERCENT > measure->whole * limit;
}

static bool has_same_content(const struct sluice_approval *approval, const char *content_hash)
{
    return approval != NULL && approval->content_hash != NULL && content_hash != NULL &&
           strcmp(approval->content_hash, content_hash) == 0;
}

static bool is_approved(const struct sluice_approval *approval, const char *guard, double figure)
{
    return approval != NULL && approval->guard != NULL && strcmp(approval->guard, guard) == 0 &&
           figure <= approval->figure;
}

/* Fills the verdict, message apart. False when this guard does not trip or was approved. */
static bool trips(const struct measure *measure, const struct sluice_approval *approval,
                  struct guard_verdict *ret_verdict)
{
    double figure = measure->whole == 0 ? 1 : (double)measure->part / (double)measure->whole;
    if (is_approved(approval, measure->guard, figure))
        return false;
    *ret_verdict = (struct guard_verdict){
        .guard = measure->guard,
        .figure = figure,
        .limit = (double)measure->limit_percent / PERCENT,
        .examples = measure->examples,
        .n_examples = measure->n_examples,
    };
    return true;
}

/* "The list would lose 60 of 100 items; the guard items_gone allows 50 %." */
static bool trips_share(const struct measure *measure, const char *what,
                        const struct sluice_approval *approval, struct guard_verdict *ret_verdict)
{
    if (!is_over(measure) || !trips(measure, approval, ret_verdict))
        return false;
    snprintf(ret_verdict->message, sizeof ret_verdict->message,
             "%s: %llu of %llu; the guard %s allows %lld %%.", what, (unsigned long long)measure->part,
             (unsigned long long)measure->whole, measure->guard, (long long)measure->limit_percent);
    return true;
}

static bool trips_always(const char *guard, const char *message, const struct sluice_suppliers_change *change,
                         const struct sluice_approval *approval, struct guard_verdict *ret_verdict)
{
    struct measure measure = {.guard = guard,
                              .part = 1,
                              .whole = 1,
                              .examples = change->examples,
                              .n_examples = change->n_examples};
    if (!trips(&measure, approval, ret_verdict))
        return false;
    snprintf(ret_verdict->message, sizeof ret_verdict->message, "%s", message);
    return true;
}

void guard_master(const struct guard_options *options, const struct sluice_suppliers_change *change,
                  size_t n_valid, const char *former_signature, const char *signature,
                  const char *content_hash, const struct sluice_approval *approval,
                  struct guard_verdict *ret_verdict)
{
    *ret_verdict = (struct guard_verdict){.guard = NULL};
    if (has_same_content(approval, content_hash))
        return;
    if (options->master_empty && n_valid == 0 &&
        trips_always("master_empty", "The master sheet has no valid row.", change, approval, ret_verdict))
        return;
    bool changed = former_signature != NULL && signature != NULL && strcmp(former_signature, signature) != 0;
    if (options->master_changed && changed &&
        trips_always("master_changed",
                     "The master sheet's tab or header is another one than at the last accepted read.",
                     change, approval, ret_verdict))
        return;
    struct measure shrunk = {.guard = "suppliers_shrunk",
                             .part = n_valid >= change->present_before ? 0 : change->present_before - n_valid,
                             .whole = change->present_before,
                             .limit_percent = options->suppliers_shrunk,
                             .examples = change->examples,
                             .n_examples = change->n_examples};
    if (trips_share(&shrunk, "The master sheet has lost valid rows", approval, ret_verdict))
        return;
    struct measure gone = {.guard = "suppliers_gone",
                           .part = change->deactivated,
                           .whole = change->active_before,
                           .limit_percent = options->suppliers_gone,
                           .examples = change->examples,
                           .n_examples = change->n_examples};
    if (change->deactivated > SUPPLIERS_GONE_ALWAYS)
        trips_share(&gone, "The master sheet would deactivate active suppliers", approval, ret_verdict);
}

void guard_list(const struct guard_options *options, const struct sluice_figures *figures,
                const struct sluice_snapshot_stat *stat, const char *content_hash,
                const struct sluice_approval *approval, struct guard_verdict *ret_verdict)
{
    *ret_verdict = (struct guard_verdict){.guard = NULL};
    if (has_same_content(approval, content_hash))
        return;
    struct measure gone = {.guard = "items_gone",
                           .part = figures->gone,
                           .whole = stat->items_before,
                           .limit_percent = options->items_gone,
                           .examples = stat->examples_gone,
                           .n_examples = stat->n_examples_gone};
    if (trips_share(&gone, "The list would lose items", approval, ret_verdict))
        return;
    struct measure jumped = {.guard = "prices_jumped",
                             .part = stat->prices_jumped,
                             .whole = stat->prices_compared,
                             .limit_percent = options->prices_jumped,
                             .examples = stat->examples_price,
                             .n_examples = stat->n_examples_price};
    if (trips_share(&jumped, "Prices would jump", approval, ret_verdict))
        return;
    struct measure rejected = {.guard = "rows_rejected",
                               .part = figures->rejected,
                               .whole = figures->rows_read - figures->skipped,
                               .limit_percent = options->rows_rejected};
    trips_share(&rejected, "Rows would be rejected", approval, ret_verdict);
}
