/* SPDX-License-Identifier: Apache-2.0 */
/* Time reaches the engine through a clock that its maker chooses. All times are microseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define US_PER_MS     INT64_C(1000)
#define US_PER_SECOND INT64_C(1000000)

struct clock {
    int64_t (*wall_us)(const struct clock *clock);      /* since 1970 UTC; may jump [any] */
    int64_t (*monotonic_us)(const struct clock *clock); /* never goes back [any] */
    void *context;
};

/* The machine's own; lives for ever. */
const struct clock *clock_system(void);

#define TIME_TEXT_SIZE 32
/* RFC 3339 in UTC with seconds, "2026-03-01T08:00:00Z"; "" for 0. */
void time_format(int64_t us, char ret_text[TIME_TEXT_SIZE]);
/* The same with milliseconds. */
void time_format_ms(int64_t us, char ret_text[TIME_TEXT_SIZE]);
/* A whole RFC 3339 time with Z or an offset, of the years 1 to 9999; digits beyond microseconds are dropped. */
bool time_parse(const char *text, int64_t *ret_us);

#endif
