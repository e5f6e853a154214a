/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/width.h"

#include "base/text.h"

#include <unicode/uchar.h>

static bool turns_direction(uint32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

static unsigned columns_of(uint32_t c)
{
    int type = u_charType((UChar32)c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
        return 0;
    int east = u_getIntPropertyValue((UChar32)c, UCHAR_EAST_ASIAN_WIDTH);
    return east == U_EA_WIDE || east == U_EA_FULLWIDTH ? 2 : 1;
}

struct width_step width_next(const char *text, size_t n)
{
    unsigned char first = (unsigned char)text[0];
    if (first < 0x80)
        return (struct width_step){1, 1, first < 0x20 || first == 0x7F};
    size_t window = n < 4 ? n : 4;
    if (utf8_valid_prefix(text, window) == 0)
        return (struct width_step){1, 1, true};
    uint32_t c = 0;
    size_t length = utf8_decode(text, n, &c);
    bool harmful = (c >= 0x80 && c < 0xA0) || turns_direction(c);
    return (struct width_step){length, harmful ? 1 : columns_of(c), harmful};
}

size_t width_of(struct sluice_cell text)
{
    size_t columns = 0;
    for (size_t at = 0; at < text.len;) {
        struct width_step step = width_next(text.ptr + at, text.len - at);
        columns += step.columns;
        at += step.length;
    }
    return columns;
}

struct sluice_cell width_cut(struct sluice_cell text, size_t columns)
{
    size_t used = 0, at = 0;
    while (at < text.len) {
        struct width_step step = width_next(text.ptr + at, text.len - at);
        if (used + step.columns > columns)
            break;
        used += step.columns;
        at += step.length;
    }
    return (struct sluice_cell){text.ptr, (uint32_t)at, text.flags};
}
