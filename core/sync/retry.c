/* SPDX-License-Identifier: Apache-2.0 */
#include "sync/retry.h"

#include "base/random.h"

#define CALLS_MAX      4
#define FIRST_PAUSE_MS 250
#define QUOTA_PAUSE_MS 10000 /* when nobody says how long */

/* Half of the pause is random, so that workers that failed together do not come back together. */
static int64_t back_off_ms(const struct retry *retry)
{
    int64_t whole = (int64_t)FIRST_PAUSE_MS << retry->made;
    return whole / 2 + (int64_t)random_below(retry->run->services.random, (uint64_t)whole / 2 + 1);
}

static bool may_pass(const struct retry *retry, enum sluice_status status)
{
    return status == SLUICE_RETRY || status == SLUICE_BUSY || (status == SLUICE_UNKNOWN && retry->repeatable);
}

/* Waits for a quota; the caller has its whole time again afterwards. */
static enum sluice_status quota_pause(struct retry *retry, struct sluice_error *err)
{
    struct run *run = retry->run;
    int64_t pause_ms = err->retry_after_ms > 0 ? err->retry_after_ms : QUOTA_PAUSE_MS;
    int64_t over_us = run_now(run) + pause_ms * US_PER_MS;
    if (over_us >= run->deadline_us)
        return SLUICE_RETRY;
    progress_waits(run, pause_ms);
    int64_t deadline_us = over_us + run->session->setup->options->supplier_timeout.ms * US_PER_MS;
    retry->deadline_us = deadline_us < run->deadline_us ? deadline_us : run->deadline_us;
    return run_pause(run, pause_ms, err);
}

enum sluice_status retry_pause(struct retry *retry, enum sluice_status status, struct sluice_error *err)
{
    if (status == SLUICE_RETRY && err->quota)
        return quota_pause(retry, err);
    if (!may_pass(retry, status) || retry->made + 1 >= CALLS_MAX)
        return status;
    int64_t pause_ms = err->retry_after_ms > 0 ? err->retry_after_ms : back_off_ms(retry);
    if (run_now(retry->run) + pause_ms * US_PER_MS >= retry->deadline_us)
        return status;
    retry->made++;
    return run_pause(retry->run, pause_ms, err);
}

enum sluice_status retry_call(struct retry *retry, enum sluice_status (*call)(void *, struct sluice_error *),
                              void *argument, struct sluice_error *err)
{
    for (;;) {
        enum sluice_status status = call(argument, err);
        enum sluice_status paused = retry_pause(retry, status, err);
        if (status == SLUICE_OK || paused != SLUICE_OK)
            return paused;
        err->retry_after_ms = 0;
    }
}
