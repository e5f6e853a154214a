/* SPDX-License-Identifier: Apache-2.0 */
#include "host/fetch_run.h"

enum { GROWTH = 3, MOST_TIMES = 60 };

int64_t fetch_backoff_ms(const struct random_source *random, int64_t base_ms, int64_t last_ms)
{
    int64_t longest = base_ms * MOST_TIMES;
    int64_t upper = (last_ms == 0 ? base_ms : last_ms) * GROWTH;
    upper = upper < longest ? upper : longest;
    return base_ms + (int64_t)random_below(random, (uint64_t)(upper - base_ms) + 1);
}
