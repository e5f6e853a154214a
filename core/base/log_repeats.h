/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOG_REPEATS_H
#define BASE_LOG_REPEATS_H

#include "base/log.h"

/* Whether a line may be written: ten a minute that say the same of the same in the same run. Digits do not
 * count as a difference. The first one of the next minute gets " (and N more like it)" behind it. Without
 * log->repeats every line may. [any] */
bool log_repeats_pass(const struct log *log, const char *who, char *message, size_t size);

#endif
