/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOG_REPEATS_H
#define BASE_LOG_REPEATS_H

#include "base/log.h"

/* Whether a line may be written: ten a minute that say the same of the same. Digits do not count as a
 * difference. The first one of the next minute gets " (and N more like it)" behind it. NULL: every line. [any] */
bool log_repeats_pass(struct log_repeats *repeats, const struct clock *clock, const char *who, char *message,
                      size_t size);

#endif
