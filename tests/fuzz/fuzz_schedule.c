/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a cron expression, behind a byte that chooses the zone and eight that choose the time. Whatever
 * is taken has times: each later than the one before, none past its following one with its jitter.
 */
#include "base/clock.h"
#include "schedule/schedule.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 9, TEXT_MAX = 200, TIMES = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_times(struct schedule *schedule, int64_t after_us)
{
    struct schedule_time time = {.nominal_us = after_us, .fire_us = after_us};
    char text[SCHEDULE_TEXT_SIZE];
    for (int i = 0; i < TIMES; i++) {
        struct schedule_time former = time;
        if (!schedule_next(schedule, 0, former.nominal_us, &time))
            return;
        check(time.nominal_us > former.nominal_us && (i == 0 || time.nominal_us > former.fire_us));
        check(time.fire_us >= time.nominal_us);
        schedule_format(schedule, time.fire_us, text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const zones[] = {
        "UTC", "Europe/Kyiv", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "Antarctica/Troll"};
    char text[TEXT_MAX + 1];
    struct schedule *schedule = NULL;
    const char *option = NULL;
    uint64_t chosen;
    if (size < HEAD || size - HEAD > TEXT_MAX)
        return 0;
    memcpy(&chosen, data + 1, sizeof chosen);
    memcpy(text, data + HEAD, size - HEAD);
    text[size - HEAD] = '\0';
    const struct schedule_options options = {.cron = text,
                                             .timezone = zones[data[0] % (sizeof zones / sizeof *zones)],
                                             .jitter.ms = data[0] * INT64_C(1000)};
    if (schedule_parse(&options, &schedule, &option, NULL) != SLUICE_OK)
        return 0;
    check_times(schedule,
                (int64_t)(chosen % UINT64_C(253402300800)) * US_PER_SECOND); /* up to the year 9999 */
    schedule_free(schedule);
    return 0;
}
