/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/retention.h"

#include "base/random.h"

#define FIRST_MS 60000
#define EVERY_MS INT64_C(21600000) /* 6 h */

static int64_t age_us(struct sluice_duration duration)
{
    return duration.ms > 0 ? duration.ms * US_PER_MS : 0;
}

/* At random, so that processes that were started together do not all prune at once. */
void retention_begin(struct retention *retention, const struct retention_options *options,
                     const struct host_services *services)
{
    int64_t first_ms = FIRST_MS + (int64_t)random_below(services->random, FIRST_MS);
    *retention = (struct retention){
        .options = options,
        .clock = services->clock,
        .due_us = services->clock->monotonic_us(services->clock) + first_ms * US_PER_MS,
    };
}

enum sluice_status retention_prune(struct retention *retention, struct instance *store,
                                   struct sluice_error *err)
{
    int64_t now_us = retention->clock->monotonic_us(retention->clock);
    const struct sluice_retention ages = {
        .struct_size = sizeof ages,
        .logs_us = age_us(retention->options->logs),
        .ticks_us = age_us(retention->options->ticks),
        .holds_us = age_us(retention->options->holds),
    };
    if (now_us < retention->due_us)
        return SLUICE_OK;
    enum sluice_status status = store->plugin->store->prune(store->self, &ages, err);
    if (status == SLUICE_OK)
        retention->due_us = now_us + EVERY_MS * US_PER_MS;
    return status;
}
