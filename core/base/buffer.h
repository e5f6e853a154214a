/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growable byte buffer that is created with its ceiling. An append that would pass it, or that finds no
 * memory, sets `failed` and changes nothing; later appends do nothing. Check `failed` once, at the end.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data; /* NUL-terminated once anything was appended */
    size_t size;
    size_t capacity;
    size_t ceiling;
    bool failed;
    bool is_full; /* it failed at its ceiling, not for want of memory */
};

#define BUFFER_INIT(ceiling_bytes) \
    {                              \
        .ceiling = (ceiling_bytes) \
    }

void buffer_append(struct buffer *buffer, const void *bytes, size_t n);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_byte(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for n bytes at the end, or NULL; buffer_grown () says how many were written. */
char *buffer_reserve(struct buffer *buffer, size_t n);
void buffer_grown(struct buffer *buffer, size_t n);
void buffer_clear(struct buffer *buffer); /* keeps the memory, forgets the failure */
void buffer_free(struct buffer *buffer);  /* [cleanup] accepts a zeroed one */

/* The content as a NUL-terminated string ("" when empty); the caller frees it. NULL when it failed. */
char *buffer_steal(struct buffer *buffer);

#endif
