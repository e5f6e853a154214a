/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A time zone as the stretches between its changes. ICU knows the changes; it is asked once per stretch, so
 * that working in a zone costs arithmetic only. [run]: the last stretch is kept in the zone.
 */
#ifndef SCHEDULE_ZONE_H
#define SCHEDULE_ZONE_H

#include "base/error.h"

struct zone;

/* Seconds since 1970 UTC; local time is that plus the offset. */
struct zone_span {
    int64_t from_s, until_s; /* INT64_MIN or INT64_MAX without a change there */
    int64_t offset_s;
    int64_t before_s; /* the offset before from_s */
};

/* CONFIG unless it is UTC or the IANA name of a place ("Europe/Kyiv"): abbreviations mean several zones. */
enum sluice_status zone_open(const char *name, struct zone **ret_zone, struct sluice_error *err);
void zone_free(struct zone *zone); /* accepts NULL */

/* The stretch around a time. */
struct zone_span zone_span_at(struct zone *zone, int64_t at_s);

#endif
