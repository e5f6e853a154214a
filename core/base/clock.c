/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <ctype.h>
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

/* Exactly n digits; their number, or -1. Moves *text behind them. */
static int digits(const char **text, int n)
{
    int value = 0;
    for (; n > 0; n--, (*text)++) {
        if (!isdigit((unsigned char)**text))
            return -1;
        value = value * 10 + (**text - '0');
    }
    return value;
}

static bool mark(const char **text, const char *marks)
{
    for (; *marks != '\0'; marks++) {
        if (**text == *marks) {
            (*text)++;
            return true;
        }
    }
    return false;
}

/* ".25" in microseconds, 0 without one; -1 when no digit follows the point. */
static int64_t fraction(const char **text)
{
    int64_t us = 0, unit = US_PER_SECOND / 10;
    if (!mark(text, "."))
        return 0;
    if (!isdigit((unsigned char)**text))
        return -1;
    for (; isdigit((unsigned char)**text); (*text)++, unit /= 10)
        us += (**text - '0') * unit;
    return us;
}

/* "Z" or "+03:00" as seconds east of Greenwich. */
static bool offset(const char **text, int64_t *ret_seconds)
{
    *ret_seconds = 0;
    if (mark(text, "Zz"))
        return true;
    int sign = **text == '-' ? -1 : 1;
    if (!mark(text, "+-"))
        return false;
    int hours = digits(text, 2);
    int minutes = mark(text, ":") ? digits(text, 2) : -1;
    *ret_seconds = sign * (hours * INT64_C(3600) + minutes * 60);
    return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

bool time_parse(const char *text, int64_t *ret_us)
{
    struct tm parts = {0};
    int64_t east = 0;
    parts.tm_year = digits(&text, 4) - 1900;
    parts.tm_mon = mark(&text, "-") ? digits(&text, 2) - 1 : -1;
    parts.tm_mday = mark(&text, "-") ? digits(&text, 2) : -1;
    parts.tm_hour = mark(&text, "Tt ") ? digits(&text, 2) : -1;
    parts.tm_min = mark(&text, ":") ? digits(&text, 2) : -1;
    parts.tm_sec = mark(&text, ":") ? digits(&text, 2) : -1;
    int64_t us = fraction(&text);
    struct tm asked = parts;
    if (us < 0 || !offset(&text, &east) || *text != '\0' || parts.tm_year <= -1900)
        return false;
    time_t seconds = timegm(&parts); /* sets right what is out of range, so that it differs then */
    if (parts.tm_year != asked.tm_year || parts.tm_mon != asked.tm_mon || parts.tm_mday != asked.tm_mday ||
        parts.tm_hour != asked.tm_hour || parts.tm_min != asked.tm_min || parts.tm_sec != asked.tm_sec)
        return false;
    *ret_us = ((int64_t)seconds - east) * US_PER_SECOND + us;
    return true;
}
