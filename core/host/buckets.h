/* SPDX-License-Identifier: Apache-2.0 */
/* Request budgets of this process alone: what is counted when no state backend counts for all. Thread-safe. */
#ifndef HOST_BUCKETS_H
#define HOST_BUCKETS_H

#include "base/clock.h"

#include <sluice/plugin.h>

struct buckets;

struct buckets *buckets_new(const struct clock *clock); /* NULL without memory; the clock outlives it */
void buckets_free(struct buckets *buckets);             /* accepts NULL */

/* Takes the budget's cost and answers 0, or takes nothing and answers how many ms it takes until that much is there.
 * A bucket begins full. Without room for one more bucket the answer is 0. [any] */
int64_t buckets_take(struct buckets *buckets, const struct sluice_budget *budget);

#endif
