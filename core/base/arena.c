/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16, FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct arena_block {
    struct arena_block *older;
    size_t capacity;
    _Alignas(ALIGNMENT) char data[];
};

static bool block_add(struct arena *arena, size_t n)
{
    size_t capacity = arena->capacity == 0 ? FIRST_BLOCK : arena->capacity * 2;
    if (capacity > LARGEST_BLOCK)
        capacity = LARGEST_BLOCK;
    if (capacity < n)
        capacity = n;
    size_t room = arena->ceiling - arena->total;
    if (capacity > room)
        capacity = room & ~(size_t)(ALIGNMENT - 1);
    if (capacity < n)
        return false;
    struct arena_block *block = malloc(sizeof *block + capacity);
    if (block == NULL)
        return false;
    block->older = arena->blocks;
    block->capacity = capacity;
    arena->blocks = block;
    arena->used = 0;
    arena->capacity = capacity;
    arena->total += capacity;
    return true;
}

static bool room_make(struct arena *arena, size_t n)
{
    if (arena->blocks != NULL && n <= arena->capacity - arena->used)
        return true;
    const bool made = block_add(arena, n);
    arena->failed = arena->failed || !made;
    return made;
}

void *arena_alloc(struct arena *arena, size_t n)
{
    if (n > SIZE_MAX - ALIGNMENT) {
        arena->failed = true;
        return NULL;
    }
    size_t rounded = (n + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!room_make(arena, rounded))
        return NULL;
    void *memory = arena->blocks->data + arena->used;
    arena->used += rounded;
    memset(memory, 0, n);
    return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t n)
{
    char *copy = arena_alloc(arena, n + 1);
    if (copy != NULL && n > 0)
        memcpy(copy, text, n);
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_copy(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = n < 0 ? NULL : arena_alloc(arena, (size_t)n + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

void arena_reset(struct arena *arena)
{
    while (arena->blocks != NULL && arena->blocks->older != NULL) {
        struct arena_block *older = arena->blocks->older;
        arena->total -= arena->blocks->capacity;
        free(arena->blocks);
        arena->blocks = older;
    }
    arena->capacity = arena->blocks == NULL ? 0 : arena->blocks->capacity;
    arena->used = 0;
    arena->failed = false;
}

void arena_free(struct arena *arena)
{
    arena_reset(arena);
    free(arena->blocks);
    *arena = (struct arena){.ceiling = arena->ceiling};
}
