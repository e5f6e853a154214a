/* SPDX-License-Identifier: Apache-2.0 */
/* What plugins keep beyond one instance, such as an access token: short texts that expire. Never written to
 * disk, wiped when they go. Thread-safe. */
#ifndef HOST_MEMO_H
#define HOST_MEMO_H

#include "base/clock.h"

struct memo;

struct memo *memo_new(const struct clock *clock); /* NULL without memory; the clock outlives it */
void memo_free(struct memo *memo);                /* accepts NULL */

/* Copies at most size bytes with the NUL and returns the text's length, or -1 when absent or expired. [any]
 */
int64_t memo_get(struct memo *memo, const char *owner, const char *key, char *value, size_t size);

/* Keeps a copy for that many ms; a NULL value or no time forgets it. Of too many the one that expires first
 * goes. A memo may always be lost: without memory nothing is kept. [any] */
void memo_put(struct memo *memo, const char *owner, const char *key, const char *value, int64_t ttl_ms);

#endif
