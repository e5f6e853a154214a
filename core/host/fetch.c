/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the way of a fetch by its location. */
#include "host/fetch.h"

#include "host/fetch_run.h"
#include "host/location.h"

static const char timeout_name[] = "fetch.timeout";

static struct fetch_context with_timeout(const struct fetch_context *context)
{
    const struct clock *clock = context->services->clock;
    struct fetch_context timed = *context;
    int64_t end_us = clock->monotonic_us(clock) + context->services->fetch->timeout.ms * US_PER_MS;
    timed.stop = stop_sooner(&context->stop, end_us, timeout_name);
    return timed;
}

enum sluice_status fetch_run(const struct fetch_context *context, const struct sluice_fetch_request *request,
                             const struct sluice_document **ret_document, struct sluice_error *err)
{
    struct sluice_error ignored = {.status = SLUICE_OK};
    char name[LOCATION_NAME_SIZE];
    err = err == NULL ? &ignored : err;
    if (context->services->fetch == NULL)
        return error_set(err, SLUICE_CONFIG, "nothing may be fetched here");
    if (request->location == NULL || request->location[0] == '\0')
        return error_set(err, SLUICE_CONFIG, "there is no address to fetch; give one");
    location_name(request->location, name);
    struct fetch_context timed = with_timeout(context);
    switch (location_kind(request->location)) {
    case LOCATION_HTTP:
        return fetch_from_network(&timed, request, name, ret_document, err);
    case LOCATION_PATH:
    case LOCATION_FILE:
        return fetch_from_file(&timed, request, name, ret_document, err);
    case LOCATION_UNKNOWN:
    default:
        return error_set(
            err, SLUICE_CONFIG,
            "%s: not an address that can be fetched; give an https: address or a path, without spaces and "
            "backslashes",
            name);
    }
}
