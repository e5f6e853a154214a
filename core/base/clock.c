/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

static int64_t system_wall(const struct clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_REALTIME);
}

static int64_t system_monotonic(const struct clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_MONOTONIC);
}

const struct clock *clock_system(void)
{
    static const struct clock system = {.wall_us = system_wall, .monotonic_us = system_monotonic};
    return &system;
}

static void format_seconds(int64_t us, char *ret_text, const char *tail)
{
    time_t seconds = (time_t)(us / US_PER_SECOND);
    struct tm parts;
    ret_text[0] = '\0';
    if (us == 0 || gmtime_r(&seconds, &parts) == NULL)
        return;
    size_t n = strftime(ret_text, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(ret_text + n, TIME_TEXT_SIZE - n, "%s", tail);
}

void time_format(int64_t us, char ret_text[TIME_TEXT_SIZE])
{
    format_seconds(us, ret_text, "Z");
}

void time_format_ms(int64_t us, char ret_text[TIME_TEXT_SIZE])
{
    char tail[8];
    snprintf(tail, sizeof tail, ".%03dZ", (int)(us % US_PER_SECOND / US_PER_MS));
    format_seconds(us, ret_text, tail);
}
