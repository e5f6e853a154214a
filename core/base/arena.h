/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is freed as one: bump allocation in growing blocks, created with its ceiling. Who makes several
 * copies at once may check `failed` once, at the end.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <sluice/plugin.h>

#include <stdbool.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t used, capacity;      /* of the newest block */
    size_t total;               /* bytes in all blocks */
    size_t ceiling;
    bool failed; /* an allocation gave NULL since the last reset */
};

#define ARENA_INIT(ceiling_bytes)  \
    {                              \
        .ceiling = (ceiling_bytes) \
    }

/* Zeroed, aligned to 16; NULL beyond the ceiling or without memory. */
void *arena_alloc(struct arena *arena, size_t n);
/* A NUL-terminated copy. */
char *arena_copy(struct arena *arena, const char *text, size_t n);
char *arena_text(struct arena *arena, const char *text); /* NULL stays NULL */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_reset(struct arena *arena); /* forgets all, keeps one block */
void arena_free(struct arena *arena);  /* [cleanup] accepts a zeroed one */

#endif
