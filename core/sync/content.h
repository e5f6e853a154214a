/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of what belongs to a store instance, for use across its next call; and the content hash of holds. */
#ifndef SYNC_CONTENT_H
#define SYNC_CONTENT_H

#include "base/arena.h"

#include <sluice/store_types.h>

/* Each returns NULL without memory; the copies live as long as the arena. */
struct sluice_job *job_copy(struct arena *arena, const struct sluice_job *job);
struct sluice_approval *approval_copy(struct arena *arena, const struct sluice_approval *approval);
struct sluice_reject *rejects_copy(struct arena *arena, const struct sluice_reject *rejects, size_t n);
const char *const *texts_copy(struct arena *arena, const char *const *texts, size_t n);

#define CONTENT_HASH_SIZE 33
/* 128 bits of the version of what was read, as text; "" for none. */
void content_hash(const char *version, char ret_hash[CONTENT_HASH_SIZE]);

#endif
