/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 256 };

char *buffer_reserve(struct buffer *buffer, size_t n)
{
    if (buffer->failed)
        return NULL;
    if (n > buffer->ceiling || buffer->size > buffer->ceiling - n) {
        buffer->failed = buffer->is_full = true;
        return NULL;
    }
    size_t needed = buffer->size + n + 1;
    if (needed <= buffer->capacity)
        return buffer->data + buffer->size;
    size_t capacity = buffer->capacity < SMALLEST ? SMALLEST : buffer->capacity;
    while (capacity < needed)
        capacity += capacity / 2;
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        buffer->failed = true;
        return NULL;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return data + buffer->size;
}

void buffer_grown(struct buffer *buffer, size_t n)
{
    buffer->size += n;
    buffer->data[buffer->size] = '\0';
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t n)
{
    char *room = buffer_reserve(buffer, n);
    if (room == NULL)
        return;
    if (n > 0)
        memcpy(room, bytes, n);
    buffer_grown(buffer, n);
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_byte(struct buffer *buffer, char byte)
{
    buffer_append(buffer, &byte, 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *room = n < 0 ? NULL : buffer_reserve(buffer, (size_t)n);
    if (room != NULL) {
        vsnprintf(room, (size_t)n + 1, format, again);
        buffer_grown(buffer, (size_t)n);
    }
    va_end(again);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = buffer->is_full = false;
    if (buffer->data != NULL)
        buffer->data[0] = '\0';
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){.ceiling = buffer->ceiling};
}

char *buffer_steal(struct buffer *buffer)
{
    buffer_append(buffer, "", 0);
    char *data = buffer->failed ? NULL : buffer->data;
    if (data != NULL)
        buffer->data = NULL;
    buffer_free(buffer);
    return data;
}
