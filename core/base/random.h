/* SPDX-License-Identifier: Apache-2.0 */
/* Randomness reaches the engine through a generator that its maker chooses; a test's repeats from a seed. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random_source {
    void (*bytes)(const struct random_source *random, void *bytes, size_t n); /* [any] */
    void *context;
};

/* The kernel's; lives for ever. */
const struct random_source *random_system(void);

/* Uniform below `bound` (> 0). */
uint64_t random_below(const struct random_source *random, uint64_t bound);

/* A time-ordered UUID, version 7 (RFC 9562), as text with its NUL. */
#define UUID_TEXT_SIZE 37
void uuid_make(const struct random_source *random, int64_t wall_us, char ret_text[UUID_TEXT_SIZE]);

#endif
