/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct sluice_cell text_of(const char *text)
{
    struct sluice_cell cell = {.ptr = text, .len = text == NULL ? 0 : (uint32_t)strlen(text)};
    return cell;
}

bool text_equal(struct sluice_cell a, struct sluice_cell b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool text_is(struct sluice_cell a, const char *literal)
{
    return text_equal(a, text_of(literal));
}

bool text_copy(const char *text, char **ret_copy)
{
    *ret_copy = text == NULL ? NULL : strdup(text);
    return text == NULL || *ret_copy != NULL;
}

/* Length of the white space that the n bytes begin with: one character, or 0. */
static size_t space_length(const char *text, size_t n)
{
    unsigned char c = (unsigned char)text[0];
    if (c <= ' ' || c == 0x7f)
        return 1;
    if (c < 0x80)
        return 0;
    if (n >= 2 && c == 0xc2 && (unsigned char)text[1] == 0xa0) /* U+00A0 no-break space */
        return 2;
    if (n < 3)
        return 0;
    static const char *const wide[] = {
        "\xe2\x80\xaf",                                 /* U+202F narrow no-break space */
        "\xe2\x80\x8b",                                 /* U+200B zero width space */
        "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x81\xa0", /* U+200C, U+200D, U+2060 joiners */
        "\xef\xbb\xbf",                                 /* U+FEFF byte order mark */
        "\xe2\x80\x89", "\xe2\x80\x87", "\xe3\x80\x80", /* U+2009 thin, U+2007 figure, U+3000 ideographic */
    };
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (memcmp(text, wide[i], 3) == 0)
            return 3;
    return 0;
}

/* Length of the white space character that ends at text + n, or 0. */
static size_t space_length_before(const char *text, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++)
        if (space_length(text + n - back, back) == back)
            return back;
    return 0;
}

struct sluice_cell text_trim(struct sluice_cell text)
{
    if (text.ptr == NULL)
        return text;
    size_t step;
    while (text.len > 0) {
        step = space_length(text.ptr, text.len);
        if (step == 0)
            break;
        text.ptr += step;
        text.len -= (uint32_t)step;
    }
    while (text.len > 0) {
        step = space_length_before(text.ptr, text.len);
        if (step == 0)
            break;
        text.len -= (uint32_t)step;
    }
    return text;
}

bool text_is_blank(struct sluice_cell text)
{
    return text_trim(text).len == 0;
}

/* Length of the well-formed character at `s`, or 0. Ranges from Unicode 15 table 3-7. */
static size_t utf8_length(const unsigned char *s, size_t n)
{
    unsigned char c = s[0];
    if (c < 0x80)
        return 1;
    if (c < 0xc2 || c > 0xf4)
        return 0;
    size_t length = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (length > n)
        return 0;
    unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

size_t utf8_valid_prefix(const char *bytes, size_t n)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t i = 0;
    while (i < n) {
        uint64_t eight;
        if (n - i >= sizeof eight) {
            memcpy(&eight, s + i, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        size_t length = utf8_length(s + i, n - i);
        if (length == 0)
            return i;
        i += length;
    }
    return n;
}

size_t utf8_cut(const char *text, size_t n)
{
    size_t i = n;
    while (i > 0 && n - i < 3 && ((unsigned char)text[i - 1] & 0xc0) == 0x80)
        i--;
    if (i == 0)
        return 0;
    size_t length = utf8_length((const unsigned char *)text + i - 1, n - (i - 1));
    return length == 0 ? i - 1 : n;
}

size_t utf8_decode(const char *text, size_t n, uint32_t *ret_character)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t length = utf8_length(s, n);
    switch (length) {
    case 2:
        *ret_character = (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f);
        return 2;
    case 3:
        *ret_character = (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
        return 3;
    case 4:
        *ret_character = (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3f) << 12 |
                         (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3f);
        return 4;
    default:
        *ret_character = s[0];
        return 1;
    }
}

/* Writes the character or stray byte at text[0] as it stands in an excerpt; returns its length there. */
static size_t excerpt_piece(const char *text, size_t length, char piece[8])
{
    unsigned char c = (unsigned char)text[0];
    switch (c) {
    case '\n':
        return (size_t)snprintf(piece, 8, "\\n");
    case '\r':
        return (size_t)snprintf(piece, 8, "\\r");
    case '\t':
        return (size_t)snprintf(piece, 8, "\\t");
    case '\\':
        return (size_t)snprintf(piece, 8, "\\\\");
    default:
        break;
    }
    if (length == 0 || c < ' ' || c == 0x7f)
        return (size_t)snprintf(piece, 8, "\\x%02x", c);
    memcpy(piece, text, length);
    return length;
}

void text_excerpt(struct sluice_cell text, char *ret_excerpt, size_t size)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t used = 0;
    size_t cut = 0; /* the longest beginning that leaves room for the ellipsis */
    size_t i = 0;
    while (i < text.len) {
        char piece[8];
        size_t length = utf8_length((const unsigned char *)text.ptr + i, text.len - i);
        size_t n = excerpt_piece(text.ptr + i, length, piece);
        if (used + n >= size)
            break;
        memcpy(ret_excerpt + used, piece, n);
        used += n;
        i += length == 0 ? 1 : length;
        if (used + sizeof ellipsis <= size)
            cut = used;
    }
    ret_excerpt[used] = '\0';
    if (i < text.len)
        memcpy(ret_excerpt + cut, ellipsis, sizeof ellipsis);
}

unsigned text_distance(const char *a, const char *b, unsigned limit)
{
    enum { LONGEST = 64 };
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return limit + 1;
    unsigned row[LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned change = diagonal + (a[i - 1] != b[j - 1]);
            unsigned shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < shorter ? change : shorter;
        }
    }
    return row[m] <= limit ? row[m] : limit + 1;
}
