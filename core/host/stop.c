/* SPDX-License-Identifier: Apache-2.0 */
#include "host/stop.h"

#include <errno.h>
#include <poll.h>

enum { LONGEST_POLL_MS = 60000 };

struct stop stop_sooner(const struct stop *stop, int64_t deadline_us, const char *deadline_name)
{
    struct stop sooner = *stop;
    if (sooner.deadline_us != 0 && sooner.deadline_us <= deadline_us)
        return sooner;
    sooner.deadline_us = deadline_us;
    sooner.deadline_name = deadline_name;
    return sooner;
}

int64_t stop_remaining_ms(const struct stop *stop, int64_t limit)
{
    if (stop->deadline_us == 0)
        return limit;
    int64_t left = stop->deadline_us - stop->clock->monotonic_us(stop->clock);
    if (left <= 0)
        return 0;
    int64_t ms = (left + US_PER_MS - 1) / US_PER_MS;
    return ms < limit ? ms : limit;
}

enum sluice_status stop_check(const struct stop *stop, const char *what, struct sluice_error *err)
{
    if (cancel_requested(stop->cancel))
        return error_set(err, SLUICE_CANCELLED, "%s: stopped on request", what);
    if (stop_remaining_ms(stop, 1) == 0)
        return error_set(err, SLUICE_RETRY, "%s: not done within %s; it is tried again later", what,
                         stop->deadline_name);
    return SLUICE_OK;
}

enum sluice_status stop_sleep(const struct stop *stop, int64_t ms, const char *what, struct sluice_error *err)
{
    struct pollfd cancelled = {.fd = cancel_fd(stop->cancel), .events = POLLIN};
    int64_t end_us = stop->clock->monotonic_us(stop->clock) + ms * US_PER_MS;
    for (;;) {
        enum sluice_status status = stop_check(stop, what, err);
        if (status != SLUICE_OK)
            return status;
        int64_t left = (end_us - stop->clock->monotonic_us(stop->clock) + US_PER_MS - 1) / US_PER_MS;
        if (left <= 0)
            return SLUICE_OK;
        int64_t wait = stop_remaining_ms(stop, left < LONGEST_POLL_MS ? left : LONGEST_POLL_MS);
        if (poll(&cancelled, 1, (int)wait) < 0 && errno != EINTR)
            return error_errno(err, errno, what);
    }
}
