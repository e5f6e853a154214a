/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule/cron_next.h"

static const int64_t end_of_years_s = INT64_C(253402300800); /* 10000-01-01T00:00:00Z */

/* A change of three hours or more moves the calendar (Samoa left out a day); nothing is made up for then. */
static const int64_t change_limit_s = 3 * 3600;

/* Does an hour that is named match in the local time that this stretch's beginning left out? */
static bool gap_matches(const struct cron *cron, const struct zone_span *span)
{
    int64_t match, gap_s = span->offset_s - span->before_s;
    return gap_s > 0 && gap_s < change_limit_s && cron_match(cron, span->from_s + span->before_s, &match) &&
           match < span->from_s + span->offset_s;
}

/* The first local second of the stretch, from `at_s` on, that did not come before. */
static int64_t first_local(const struct zone_span *span, int64_t at_s)
{
    int64_t local = at_s + span->offset_s, repeated_s = span->before_s - span->offset_s;
    if (repeated_s <= 0 || repeated_s >= change_limit_s)
        return local;
    int64_t repeated_until = span->from_s + span->before_s;
    return local < repeated_until ? repeated_until : local;
}

bool cron_next(const struct cron *cron, struct zone *zone, int64_t after_s, int64_t *ret_s)
{
    bool hourly = cron_is_hourly(cron);
    int64_t at_s = after_s + 1;
    while (at_s < end_of_years_s) {
        struct zone_span span = zone_span_at(zone, at_s);
        if (!hourly && span.from_s == at_s && gap_matches(cron, &span)) {
            *ret_s = at_s;
            return true;
        }
        int64_t match;
        if (!cron_match(cron, hourly ? at_s + span.offset_s : first_local(&span, at_s), &match))
            return false;
        if (match - span.offset_s < span.until_s) {
            *ret_s = match - span.offset_s;
            return *ret_s < end_of_years_s;
        }
        at_s = span.until_s;
    }
    return false;
}
