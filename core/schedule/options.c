/* SPDX-License-Identifier: Apache-2.0 */
/* Section `schedule` of the configuration. */
#include "schedule/schedule.h"

#include "base/cleanup.h"

static const char *const overlap_choices[] = {"skip", "queue-one", NULL};
static const char *const catch_up_choices[] = {"none", "once", NULL};

#define OPTION(field, default_value, ...) \
    SLUICE_OPTION(struct schedule_options, field, #field, default_value, __VA_ARGS__)

const struct sluice_option schedule_option_table[] = {
    OPTION(every, NULL, "Time from one sync to the next, 1s to 8784h; 8h when there is no cron either."),
    OPTION(
        cron, NULL,
        "When to sync, instead of every: minute, hour, day, month and weekday, with seconds before them if "
        "there are six; @daily and the like."),
    OPTION(timezone, "UTC", "IANA name of the zone whose clock is meant, such as Europe/Kyiv."),
    OPTION(
        overlap, "skip",
        "What becomes of a sync that is due while one is at work: it is skipped, or one waits for its end.",
        .choices = overlap_choices),
    OPTION(catch_up, "none",
           "What becomes of syncs that were missed while nothing ran: nothing, or one is made up for.",
           .choices = catch_up_choices),
    OPTION(run_on_start, "false", "Whether a sync is made whenever a scheduling process starts."),
    OPTION(jitter, "0s",
           "Each sync is put off by some part of this, the same on every machine; at most 24h."),
};
const size_t schedule_option_count = ELEMENTS(schedule_option_table);
