/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule/zone.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>

enum { NAME_LIMIT = 128 };

struct zone {
    UCalendar *calendar; /* NULL: UTC */
    struct zone_span span;
};

static bool is_utc(const char *name)
{
    return strcmp(name, "UTC") == 0 || strcmp(name, "Etc/UTC") == 0;
}

/* ICU answers for any text; only names of its own data count, and those with a place in them. */
static bool is_known(const UChar *name)
{
    UChar canonical[NAME_LIMIT];
    UBool is_system = 0;
    UErrorCode code = U_ZERO_ERROR;
    ucal_getCanonicalTimeZoneID(name, -1, canonical, NAME_LIMIT, &is_system, &code);
    return U_SUCCESS(code) && is_system;
}

static enum sluice_status refuse(const char *name, struct sluice_error *err)
{
    return error_set(err, SLUICE_CONFIG,
                     "\"%.64s\" is no time zone; write its IANA name, such as Europe/Kyiv, or UTC", name);
}

enum sluice_status zone_open(const char *name, struct zone **ret_zone, struct sluice_error *err)
{
    UChar wide[NAME_LIMIT];
    UErrorCode code = U_ZERO_ERROR;
    if (!is_utc(name) && (strchr(name, '/') == NULL || strlen(name) >= NAME_LIMIT))
        return refuse(name, err);
    for (size_t i = 0; i <= strlen(name) && !is_utc(name); i++)
        wide[i] = (UChar)(unsigned char)name[i];
    if (!is_utc(name) && !is_known(wide))
        return refuse(name, err);
    struct zone *zone = calloc(1, sizeof *zone);
    if (zone == NULL)
        return error_no_memory(err);
    zone->span = (struct zone_span){.from_s = INT64_MIN, .until_s = INT64_MAX};
    if (!is_utc(name)) {
        zone->calendar = ucal_open(wide, -1, "en_US", UCAL_GREGORIAN, &code);
        zone->span.until_s = INT64_MIN; /* holds no time yet */
    }
    if (U_FAILURE(code)) {
        free(zone);
        return error_set(err, SLUICE_IO, "the time zone %.64s cannot be loaded: %s; reinstall ICU", name,
                         u_errorName(code));
    }
    *ret_zone = zone;
    return SLUICE_OK;
}

void zone_free(struct zone *zone)
{
    if (zone == NULL)
        return;
    if (zone->calendar != NULL)
        ucal_close(zone->calendar);
    free(zone);
}

static int64_t offset_at(const struct zone *zone, int64_t at_s)
{
    UErrorCode code = U_ZERO_ERROR;
    ucal_setMillis(zone->calendar, (double)at_s * 1000, &code);
    int32_t standard = ucal_get(zone->calendar, UCAL_ZONE_OFFSET, &code);
    int32_t saving = ucal_get(zone->calendar, UCAL_DST_OFFSET, &code);
    return U_FAILURE(code) ? 0 : (standard + saving) / 1000;
}

/* The change that bounds the stretch around a time, or `none`. */
static int64_t change_at(const struct zone *zone, int64_t at_s, UTimeZoneTransitionType type, int64_t none)
{
    UErrorCode code = U_ZERO_ERROR;
    UDate change = 0;
    ucal_setMillis(zone->calendar, (double)at_s * 1000, &code);
    bool found = ucal_getTimeZoneTransitionDate(zone->calendar, type, &change, &code);
    return found && U_SUCCESS(code) ? (int64_t)(change / 1000) : none;
}

struct zone_span zone_span_at(struct zone *zone, int64_t at_s)
{
    struct zone_span *span = &zone->span;
    if (zone->calendar == NULL || (at_s >= span->from_s && at_s < span->until_s))
        return *span;
    span->from_s = change_at(zone, at_s, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, INT64_MIN);
    span->until_s = change_at(zone, at_s, UCAL_TZ_TRANSITION_NEXT, INT64_MAX);
    span->offset_s = offset_at(zone, at_s);
    span->before_s = span->from_s == INT64_MIN ? span->offset_s : offset_at(zone, span->from_s - 1);
    return *span;
}
