/* SPDX-License-Identifier: Apache-2.0 */
/* Signs of progress. A part beats when it has got on with something, never because time has passed: the
 * service manager's watchdog is fed only while all parts do. */
#ifndef DAEMON_PULSE_H
#define DAEMON_PULSE_H

#include "base/clock.h"

#include <stdatomic.h>

struct pulse {
    const struct clock *clock;
    int64_t patience_ms;     /* without a beat for that long the part hangs */
    _Atomic int64_t last_us; /* monotonic */
};

static inline void pulse_beat(struct pulse *pulse)
{
    atomic_store_explicit(&pulse->last_us, pulse->clock->monotonic_us(pulse->clock), memory_order_relaxed);
}

/* The part waits on purpose for so many ms: it counts as progress until then. */
static inline void pulse_excuse(struct pulse *pulse, int64_t ms)
{
    int64_t until_us = pulse->clock->monotonic_us(pulse->clock) + ms * US_PER_MS;
    atomic_store_explicit(&pulse->last_us, until_us, memory_order_relaxed);
}

/* How long ago, in ms. [any] */
static inline int64_t pulse_age_ms(struct pulse *pulse)
{
    int64_t last_us = atomic_load_explicit(&pulse->last_us, memory_order_relaxed);
    return (pulse->clock->monotonic_us(pulse->clock) - last_us) / US_PER_MS;
}

#endif
