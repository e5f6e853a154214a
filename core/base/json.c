/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "base/text.h"

/* Bytes that stand for themselves, up to the first that does not. */
static size_t plain_length(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n && (unsigned char)text[i] >= ' ' && text[i] != '"' && text[i] != '\\' && text[i] != 0x7f &&
           (unsigned char)text[i] < 0x80)
        i++;
    if (i < n && (unsigned char)text[i] >= 0x80) {
        size_t valid = utf8_valid_prefix(text + i, n - i);
        size_t j = 0;
        while (j < valid && (unsigned char)text[i + j] >= 0x80)
            j++;
        i += j;
    }
    return i;
}

static void escape_byte(struct buffer *buffer, unsigned char c)
{
    switch (c) {
    case '"':
        buffer_text(buffer, "\\\"");
        break;
    case '\\':
        buffer_text(buffer, "\\\\");
        break;
    case '\n':
        buffer_text(buffer, "\\n");
        break;
    case '\r':
        buffer_text(buffer, "\\r");
        break;
    case '\t':
        buffer_text(buffer, "\\t");
        break;
    default:
        if (c < 0x80)
            buffer_printf(buffer, "\\u%04x", c);
        else
            buffer_text(buffer, "\xef\xbf\xbd");
    }
}

void json_text(struct buffer *buffer, struct sluice_cell text)
{
    if (text.ptr == NULL) {
        buffer_text(buffer, "null");
        return;
    }
    buffer_byte(buffer, '"');
    size_t i = 0;
    while (i < text.len) {
        size_t plain = plain_length(text.ptr + i, text.len - i);
        if (plain > 0)
            buffer_append(buffer, text.ptr + i, plain);
        else
            escape_byte(buffer, (unsigned char)text.ptr[i]);
        i += plain > 0 ? plain : 1;
    }
    buffer_byte(buffer, '"');
}
