/* SPDX-License-Identifier: Apache-2.0 */
/* A backend that failed is left alone for a while: each request would wait for its time-out otherwise. */
#include "sync/quota.h"

#include "base/log.h"

#define DOWN_US (10 * US_PER_SECOND)

static void down(struct quota *quota, const struct sluice_error *err)
{
    instance_destroy(quota->state);
    quota->state = NULL;
    quota->down_until_us = run_now(quota->run) + DOWN_US;
    if (!quota->ails)
        log_line(quota->run->services.log, SLUICE_WARNING, "state",
                 "%s; request budgets are counted in this process alone", err->message);
    quota->ails = true;
}

/* From the backend. Any failure of it is answered by the process's own buckets. */
static enum sluice_status take_shared(struct quota *quota, const struct sluice_budget *budget,
                                      int64_t *ret_wait_ms, struct sluice_error *err)
{
    const struct sluice_bucket bucket = {.struct_size = sizeof bucket,
                                         .name = budget->name,
                                         .per_minute = budget->per_minute,
                                         .burst = budget->burst,
                                         .cost = budget->cost};
    enum sluice_status status = SLUICE_OK;
    if (quota->state == NULL)
        status = run_instance(quota->run, &quota->run->session->setup->state, "budgets", &quota->state, err);
    if (status == SLUICE_OK)
        status = quota->state->plugin->state->take(quota->state->self, &bucket, ret_wait_ms, err);
    if (status == SLUICE_OK)
        quota->ails = false;
    return status;
}

static enum sluice_status take(void *context, const struct sluice_budget *budget, int64_t *ret_wait_ms,
                               struct sluice_error *err)
{
    struct quota *quota = context;
    struct buckets *buckets = quota->run->services.buckets;
    bool shared =
        quota->run->session->setup->state.plugin != NULL && run_now(quota->run) >= quota->down_until_us;
    enum sluice_status status = shared ? take_shared(quota, budget, ret_wait_ms, err) : SLUICE_END;
    if (status == SLUICE_OK || status == SLUICE_CANCELLED)
        return status;
    if (shared)
        down(quota, err);
    *ret_wait_ms = buckets == NULL ? 0 : buckets_take(buckets, budget);
    return SLUICE_OK;
}

static void waits(void *context, int64_t wait_ms)
{
    struct quota *quota = context;
    progress_waits(quota->run, wait_ms);
}

void quota_begin(struct quota *quota, struct run *run)
{
    *quota = (struct quota){.run = run, .services = run->services};
    quota->services.take = take;
    quota->services.waits = waits;
    quota->services.take_context = quota;
}

void quota_end(struct quota *quota)
{
    instance_destroy(quota->state);
    quota->state = NULL;
}
