/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letters that are frequent in Russian, letters in company of their own script, and the signs that price
 * lists use speak for a reading; box drawing, control characters, capitals after small letters speak against
 * it.
 */
#include "formats/charset_score.h"

#include <stdbool.h>
#include <string.h>

enum {
    SCORE_SIGN = 2,   /* №, «», °, € */
    SCORE_LATIN = 5,  /* an accented letter next to a plain one */
    SCORE_ODD = -8,   /* a character that no price list uses */
    SCORE_MIXED = -6, /* a letter where its script or its case cannot be */
};

enum { NO_BREAK_SPACE = 0xa0 }; /* tells nothing: it is a byte of all four encodings */

enum kind { KIND_NONE, KIND_OTHER, KIND_ASCII, KIND_LOWER, KIND_UPPER, KIND_ACCENT, KIND_SIGN, KIND_ODD };

static bool is_ascii_letter(unsigned char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Of а to я, in tenths of how often it stands in Russian text, at most 10. */
static int russian_frequency(uint16_t lower)
{
    static const unsigned char frequency[32] = {
        8, 3, 6, 4, 5, 9, 3, 3, 8, 4, 6, 6, 5, 8, 10, 5, 7, 7, 7, 5, 1, 3, 2, 3, 2, 1, 0, 4, 4, 1, 2, 4,
    };
    return frequency[lower - 0x430];
}

static enum kind kind_of(uint16_t c)
{
    static const uint16_t signs[] = {
        0x00a0, 0x00a3, 0x00a7, 0x00a9, 0x00ab, 0x00ae, 0x00b0, 0x00b1, 0x00b2, 0x00b3, 0x00b5,
        0x00b7, 0x00b9, 0x00bb, 0x00bc, 0x00bd, 0x00be, 0x00d7, 0x2013, 0x2014, 0x2018, 0x2019,
        0x201a, 0x201c, 0x201d, 0x201e, 0x2022, 0x2026, 0x20ac, 0x2116, 0x2122,
    };
    if ((c >= 0x430 && c <= 0x44f) || c == 0x451)
        return KIND_LOWER;
    if ((c >= 0x410 && c <= 0x42f) || c == 0x401)
        return KIND_UPPER;
    if (c >= 0xc0 && c <= 0xff && c != 0xd7 && c != 0xf7)
        return KIND_ACCENT;
    if (c == 0x160 || c == 0x161 || c == 0x152 || c == 0x153 || c == 0x17d || c == 0x17e || c == 0x178)
        return KIND_ACCENT;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (signs[i] == c)
            return KIND_SIGN;
    return KIND_ODD;
}

static uint16_t character_at(const struct charset_page *page, const char *text, size_t n, size_t at)
{
    if (at >= n) /* also before the text: the position wrapped */
        return ' ';
    unsigned char byte = (unsigned char)text[at];
    return byte < 0x80 ? byte : page->characters[byte - 0x80];
}

static enum kind neighbour(uint16_t c)
{
    if (c < 0x80)
        return is_ascii_letter((unsigned char)c) ? KIND_ASCII : KIND_NONE;
    return kind_of(c);
}

static bool is_cyrillic(enum kind kind)
{
    return kind == KIND_LOWER || kind == KIND_UPPER;
}

static int score_cyrillic(uint16_t c, enum kind kind, enum kind before, enum kind after)
{
    if (before == KIND_ASCII || after == KIND_ASCII)
        return SCORE_MIXED;
    if (kind == KIND_UPPER && before == KIND_LOWER)
        return SCORE_MIXED;
    if (c == 0x401 || c == 0x451)
        return 1;
    int frequency = russian_frequency(kind == KIND_UPPER ? c + 0x20 : c);
    return kind == KIND_UPPER && !is_cyrillic(before) && !is_cyrillic(after) ? frequency / 2 : frequency;
}

/* The accented letters of the larger western languages stand alone or in pairs between plain ones. */
static int score_accent(uint16_t c, enum kind before, enum kind after)
{
    static const uint16_t rare[] = {0xc3, 0xd0, 0xdd, 0xde, 0xf0, 0xfd, 0xfe, 0xff, 0x178, 0x152, 0x153};
    for (size_t i = 0; i < sizeof rare / sizeof rare[0]; i++)
        if (c == rare[i])
            return SCORE_MIXED;
    if (before == KIND_ACCENT && after == KIND_ACCENT)
        return SCORE_MIXED;
    bool is_capital = c < 0xe0 && c != 0xdf;
    if (before == KIND_ASCII && !is_capital)
        return SCORE_LATIN;
    if (after == KIND_ASCII || before == KIND_ASCII)
        return SCORE_LATIN - 1;
    return before == KIND_ACCENT || after == KIND_ACCENT ? -2 : 0;
}

double charset_score(const struct charset_page *page, const char *text, size_t n)
{
    long sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)text[i] < 0x80)
            continue;
        uint16_t c = character_at(page, text, n, i);
        enum kind before = neighbour(character_at(page, text, n, i - 1));
        enum kind after = neighbour(character_at(page, text, n, i + 1));
        enum kind kind = kind_of(c);
        if (is_cyrillic(kind))
            sum += score_cyrillic(c, kind, before, after);
        else if (kind == KIND_ACCENT)
            sum += score_accent(c, before, after);
        else
            sum += c == NO_BREAK_SPACE ? 0 : kind == KIND_SIGN ? SCORE_SIGN : SCORE_ODD;
        count++;
    }
    return count == 0 ? 0 : (double)sum / (double)count;
}
