/* SPDX-License-Identifier: Apache-2.0 */
/* Eight bytes are looked at as one word: the highest bit of a byte in the masks below says that the byte is
 * meant. */
#include "ingest/cell_text.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define LOW_BITS  UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

static uint64_t load(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Not 0 when a byte is 0; a byte above 0x7f is never taken for one. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - LOW_BITS) & ~word & HIGH_BITS;
}

static uint64_t bytes_equal(uint64_t word, unsigned char c)
{
    return zero_bytes(word ^ (LOW_BITS * c));
}

static uint64_t bytes_below_space(uint64_t word)
{
    return (word - LOW_BITS * ' ') & ~word & HIGH_BITS;
}

enum text_fault text_fault(struct sluice_cell text)
{
    uint64_t high = 0, zero = 0;
    uint32_t i = 0;
    for (; i + sizeof high <= text.len; i += (uint32_t)sizeof high) {
        uint64_t word = load(text.ptr + i);
        high |= word & HIGH_BITS;
        zero |= zero_bytes(word);
    }
    for (; i < text.len; i++) {
        high |= (unsigned char)text.ptr[i] & 0x80;
        zero |= text.ptr[i] == '\0';
    }
    if (zero != 0)
        return TEXT_NUL;
    return high != 0 && utf8_valid_prefix(text.ptr, text.len) != text.len ? TEXT_NOT_UTF8 : TEXT_FINE;
}

bool text_is_longer(struct sluice_cell text, uint32_t limit)
{
    if (text.len <= limit)
        return false;
    uint32_t characters = 0;
    for (uint32_t i = 0; i < text.len; i++)
        characters += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return characters > limit;
}

/* Copies bytes up to the first that JSON escapes, eight at a time; returns how many. */
static uint32_t plain_copy(struct sluice_cell text, uint32_t from, char *to, uint64_t *high)
{
    uint32_t i = from;
    for (; i + sizeof *high <= text.len; i += (uint32_t)sizeof *high) {
        uint64_t word = load(text.ptr + i);
        if ((bytes_below_space(word) | bytes_equal(word, '"') | bytes_equal(word, '\\')) != 0)
            break;
        *high |= word & HIGH_BITS;
        memcpy(to + (i - from), &word, sizeof word);
    }
    for (; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < ' ' || c == '"' || c == '\\')
            break;
        *high |= c & 0x80;
        to[i - from] = (char)c;
    }
    return i - from;
}

static char *escape(unsigned char c, char *to)
{
    const char *found = c == '\0' ? NULL : strchr("\"\"\\\\\nn\rr\tt\bb\ff", c);
    if (found == NULL)
        return to + sprintf(to, "\\u%04x", c);
    *to++ = '\\';
    *to++ = found[1];
    return to;
}

char *text_write_json(struct sluice_cell text, char *to, enum text_fault *ret_fault)
{
    uint64_t high = 0;
    for (uint32_t i = 0; i < text.len;) {
        uint32_t n = plain_copy(text, i, to, &high);
        i += n;
        to += n;
        if (i == text.len)
            break;
        if (text.ptr[i] == '\0') {
            *ret_fault = TEXT_NUL;
            return NULL;
        }
        to = escape((unsigned char)text.ptr[i], to);
        i++;
    }
    if (high == 0 || utf8_valid_prefix(text.ptr, text.len) == text.len)
        return to;
    *ret_fault = TEXT_NOT_UTF8;
    return NULL;
}
