/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choice of an encoding. Up to the first byte that is not ASCII all candidates agree, so a sample from
 * there on decides, wherever in the list that is.
 */
#include "formats/charset.h"

#include "base/error.h"
#include "base/text.h"
#include "formats/charset_score.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>

enum {
    SAMPLE_BYTES = 256 << 10,
    SCORED_BYTES = 64 << 10,
    OTHER_FEEDS = 10, /* one byte in so many that looks like a line end may be half of a letter */
    DAMAGE_RATIO = 4, /* good characters for each damaged place of a text that is still called UTF-8 */
};

static const double CLEAR_SCORE = 1.5;  /* per byte, of a reading that makes sense */
static const double CLEAR_MARGIN = 1.5; /* over the next best reading */

/* The offset of the first byte above 0x7f, or size. */
static uint64_t first_non_ascii(const char *data, uint64_t size)
{
    uint64_t at = 0;
    for (; size - at >= 64; at += 64) {
        uint64_t words[8], all = 0;
        memcpy(words, data + at, sizeof words);
        for (unsigned i = 0; i < 8; i++)
            all |= words[i];
        if ((all & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (at < size && (unsigned char)data[at] < 0x80)
        at++;
    return at;
}

/* Counts characters above ASCII and places that are no UTF-8; a character that the sample's end cuts is
 * neither. */
static void count_utf8(const char *sample, size_t n, bool is_cut, size_t *ret_good, size_t *ret_bad)
{
    size_t good = 0, bad = 0;
    for (size_t at = 0; at < n;) {
        size_t valid = utf8_valid_prefix(sample + at, n - at);
        for (size_t i = at; i < at + valid; i++)
            good += ((unsigned char)sample[i] & 0xc0) == 0xc0;
        at += valid;
        if (at == n || (is_cut && n - at < 4))
            break;
        bad++;
        at++;
        while (at < n && ((unsigned char)sample[at] & 0xc0) == 0x80)
            at++;
    }
    *ret_good = good;
    *ret_bad = bad;
}

static bool page_load(const char *name, struct charset_page *ret_page)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &code);
    if (U_FAILURE(code))
        return false;
    for (unsigned i = 0; i < 128; i++) {
        const char byte = (char)(0x80 + i);
        UChar character[4];
        code = U_ZERO_ERROR;
        int32_t n = ucnv_toUChars(converter, character, 4, &byte, 1, &code);
        ret_page->characters[i] = U_SUCCESS(code) && n == 1 && character[0] != 0xfffd ? character[0] : 0;
    }
    ucnv_close(converter);
    return true;
}

/* The one of the four single-byte encodings that clearly reads best, or NULL. */
static const char *best_single_byte(const char *sample, size_t n)
{
    static const char *const names[] = {"windows-1251", "KOI8-R", "cp866", "windows-1252"};
    double best = -1e9, second = -1e9;
    const char *name = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct charset_page page;
        if (!page_load(names[i], &page))
            continue;
        double score = charset_score(&page, sample, n);
        if (score > best) {
            second = best;
            best = score;
            name = names[i];
        } else if (score > second) {
            second = score;
        }
    }
    return best >= CLEAR_SCORE && best - second >= CLEAR_MARGIN ? name : NULL;
}

static struct charset charset_named(const char *name, size_t mark_bytes)
{
    struct charset charset = {.mark_bytes = mark_bytes, .is_utf8 = strcmp(name, "utf-8") == 0};
    snprintf(charset.name, sizeof charset.name, "%s", name);
    return charset;
}

static bool charset_by_mark(const char *data, uint64_t size, struct charset *ret_charset)
{
    static const struct {
        const char *mark;
        size_t n;
        const char *name;
    } marks[] = {{"\xef\xbb\xbf", 3, "utf-8"}, {"\xff\xfe", 2, "UTF-16LE"}, {"\xfe\xff", 2, "UTF-16BE"}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (size >= marks[i].n && memcmp(data, marks[i].mark, marks[i].n) == 0) {
            *ret_charset = charset_named(marks[i].name, marks[i].n);
            return true;
        }
    return false;
}

/* UTF-16 without a mark has a zero byte beside each byte of a line end, always on the same side. */
static const char *utf16_by_lines(const char *data, uint64_t size)
{
    const size_t n = size < SCORED_BYTES ? (size_t)size & ~(size_t)1 : SCORED_BYTES;
    size_t all = 0, little = 0, big = 0;
    for (size_t i = 0; i < n; i++) {
        if (data[i] != '\n' && data[i] != '\r')
            continue;
        all++;
        little += i % 2 == 0 && data[i + 1] == '\0';
        big += i % 2 == 1 && data[i - 1] == '\0';
    }
    const size_t enough = all - all / OTHER_FEEDS;
    if (all == 0 || (little < enough && big < enough))
        return NULL;
    return little >= big ? "UTF-16LE" : "UTF-16BE";
}

/* A mark of the encoding that was asked for is skipped; UTF-16 without its byte order takes it from the mark.
 */
static enum sluice_status charset_asked_for(const char *data, uint64_t size, const char *encoding,
                                            struct charset *ret_charset, struct sluice_error *err)
{
    UErrorCode code = U_ZERO_ERROR;
    if (strcasecmp(encoding, "utf-8-sig") == 0) /* UTF-8 with a mark, in the words of other tools */
        encoding = "utf-8";
    UConverter *converter = ucnv_open(encoding, &code);
    if (U_FAILURE(code))
        return error_set(err, SLUICE_CONFIG,
                         "the encoding '%s' is unknown; use for example utf-8, windows-1251, koi8-r, cp866, "
                         "windows-1252 or utf-16",
                         encoding);
    UConverterType type = ucnv_getType(converter);
    ucnv_close(converter);
    struct charset marked = {.mark_bytes = 0};
    bool is_marked = charset_by_mark(data, size, &marked);
    if (type == UCNV_UTF8 || type == UCNV_US_ASCII) {
        *ret_charset = charset_named("utf-8", is_marked && marked.is_utf8 ? marked.mark_bytes : 0);
        return SLUICE_OK;
    }
    bool is_utf16 = type == UCNV_UTF16 || type == UCNV_UTF16_LittleEndian || type == UCNV_UTF16_BigEndian;
    if (is_utf16 && is_marked && !marked.is_utf8)
        *ret_charset = marked;
    else
        *ret_charset = charset_named(encoding, 0);
    return SLUICE_OK;
}

enum sluice_status charset_choose(const char *data, uint64_t size, const char *encoding,
                                  struct charset *ret_charset, struct sluice_error *err)
{
    if (encoding != NULL)
        return charset_asked_for(data, size, encoding, ret_charset, err);
    if (charset_by_mark(data, size, ret_charset))
        return SLUICE_OK;
    const char *wide = utf16_by_lines(data, size);
    if (wide != NULL) {
        *ret_charset = charset_named(wide, 0);
        return SLUICE_OK;
    }
    uint64_t first = first_non_ascii(data, size);
    size_t n = size - first < SAMPLE_BYTES ? (size_t)(size - first) : SAMPLE_BYTES;
    size_t good, bad;
    count_utf8(data + first, n, n < size - first, &good, &bad);
    if (bad == 0 || good >= bad * DAMAGE_RATIO) {
        *ret_charset = charset_named("utf-8", 0);
        return SLUICE_OK;
    }
    /* A few bytes before the sample: the word that it begins in. */
    uint64_t begin = first < 16 ? 0 : first - 16;
    size_t scored = size - begin < SCORED_BYTES ? (size_t)(size - begin) : SCORED_BYTES;
    const char *name = best_single_byte(data + begin, scored);
    if (name == NULL)
        return error_set(
            err, SLUICE_DATA,
            "the encoding cannot be told: byte 0x%02x at offset %llu is not UTF-8, and no other "
            "encoding fits clearly; name it with the option 'encoding', for example windows-1251",
            (unsigned char)data[first + utf8_valid_prefix(data + first, n)],
            (unsigned long long)(first + utf8_valid_prefix(data + first, n)));
    *ret_charset = charset_named(name, 0);
    return SLUICE_OK;
}
