/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/part_task.h"

#include "base/log.h"
#include "host/stop.h"

#include <stdio.h>
#include <string.h>

#define FIRST_PAUSE_MS   1000
#define LONGEST_PAUSE_MS 30000

enum sluice_status part_pause(const struct daemon_floor *floor, int64_t ms)
{
    struct sluice_error ignored = {0};
    const struct stop stop = {.clock = floor->house->sync->services->clock, .cancel = floor->leave};
    return stop_sleep(&stop, ms, "pause", &ignored);
}

bool part_leaving(const struct daemon_floor *floor)
{
    return cancel_requested(floor->leave);
}

void part_ails(const struct daemon_floor *floor, struct part_ailment *ailment, const struct sluice_error *err)
{
    const struct log *log = floor->house->sync->services->log;
    if (err->status != SLUICE_CANCELLED && strcmp(ailment->ails, err->message) != 0) {
        log_line(log, SLUICE_ERROR, ailment->who, "%s; it is tried again", err->message);
        snprintf(ailment->ails, sizeof ailment->ails, "%s", err->message);
    }
    ailment->pause_ms = ailment->pause_ms == 0 ? FIRST_PAUSE_MS : ailment->pause_ms * 2;
    if (ailment->pause_ms > LONGEST_PAUSE_MS)
        ailment->pause_ms = LONGEST_PAUSE_MS;
    part_pause(floor, ailment->pause_ms);
}

void part_is_well(const struct daemon_floor *floor, struct part_ailment *ailment)
{
    if (ailment->ails[0] != '\0')
        log_line(floor->house->sync->services->log, SLUICE_WARNING, ailment->who, "it works again");
    ailment->ails[0] = '\0';
    ailment->pause_ms = 0;
}
