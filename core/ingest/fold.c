/* SPDX-License-Identifier: Apache-2.0 */
/* Folding through ICU; plain ASCII, which is most of it, without. Both ways give the same answer. */
#include "ingest/fold.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

static bool is_ascii(struct sluice_cell text)
{
    for (uint32_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* Writes at most text.len bytes and a NUL. */
static void fold_ascii(struct sluice_cell text, char *folded)
{
    size_t n = 0;
    for (uint32_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool space = (unsigned char)c <= ' ' || c == 0x7f;
        if (!space)
            folded[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        else if (n > 0 && folded[n - 1] != ' ')
            folded[n++] = ' ';
    }
    n -= n > 0 && folded[n - 1] == ' ';
    folded[n] = '\0';
}

/* Zero-width and other format characters, soft hyphens, variation selectors. */
static bool is_invisible(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || u_charType(c) == U_FORMAT_CHAR;
}

static bool is_space(UChar32 c)
{
    return u_isUWhiteSpace(c) || c < ' ' || c == 0x7f;
}

/* Collapses white space and drops what is invisible, in place; returns the new length. */
static int32_t collapse(UChar *text, int32_t n)
{
    int32_t from = 0, to = 0;
    while (from < n) {
        UChar32 c;
        U16_NEXT(text, from, n, c);
        if (is_invisible(c))
            continue;
        if (!is_space(c))
            U16_APPEND_UNSAFE(text, to, c);
        else if (to > 0 && text[to - 1] != ' ')
            text[to++] = ' ';
    }
    return to > 0 && text[to - 1] == ' ' ? to - 1 : to;
}

/* NFKC_Casefold maps compatibility forms, folds case and is stable under repetition. */
static char *fold_unicode(struct sluice_cell text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&status);
    int32_t room = (int32_t)text.len + 1;
    _cleanup_free_ UChar *wide = calloc((size_t)room, sizeof *wide);
    int32_t n = 0;
    if (wide == NULL || U_FAILURE(status))
        return NULL;
    u_strFromUTF8WithSub(wide, room, &n, text.ptr, (int32_t)text.len, 0xfffd, NULL, &status);
    int32_t needed = unorm2_normalize(normalizer, wide, n, NULL, 0, &status);
    if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
        return NULL;
    status = U_ZERO_ERROR;
    _cleanup_free_ UChar *folded = calloc((size_t)needed + 1, sizeof *folded);
    if (folded == NULL)
        return NULL;
    needed = unorm2_normalize(normalizer, wide, n, folded, needed + 1, &status);
    needed = collapse(folded, needed);
    int32_t bytes = 0;
    char *result = malloc((size_t)needed * 3 + 1);
    if (result == NULL || U_FAILURE(status))
        return free(result), NULL;
    u_strToUTF8WithSub(result, needed * 3 + 1, &bytes, folded, needed, 0xfffd, NULL, &status);
    return result;
}

char *fold_text(struct sluice_cell text)
{
    if (text.len > INT32_MAX / 8)
        return NULL;
    if (!is_ascii(text))
        return fold_unicode(text);
    char *folded = malloc((size_t)text.len + 1);
    if (folded != NULL)
        fold_ascii(text, folded);
    return folded;
}

void fold_word(struct sluice_cell text, char ret_word[FOLD_WORD_SIZE])
{
    enum { LONGEST = FOLD_WORD_SIZE / 4 };
    ret_word[0] = '\0';
    if (text.len > LONGEST)
        return;
    if (is_ascii(text)) {
        fold_ascii(text, ret_word);
        return;
    }
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&status);
    UChar wide[LONGEST], folded[FOLD_WORD_SIZE];
    int32_t n = 0, bytes = 0;
    u_strFromUTF8WithSub(wide, LONGEST, &n, text.ptr, (int32_t)text.len, 0xfffd, NULL, &status);
    n = unorm2_normalize(normalizer, wide, n, folded, FOLD_WORD_SIZE, &status);
    if (U_FAILURE(status))
        return;
    u_strToUTF8WithSub(ret_word, FOLD_WORD_SIZE - 1, &bytes, folded, collapse(folded, n), 0xfffd, NULL,
                       &status);
    ret_word[U_FAILURE(status) ? 0 : bytes] = '\0';
}

uint32_t fold_look_alike(uint32_t character)
{
    static const struct {
        uint32_t from, to;
    } table[] = {
        {0x430, 'a'}, {0x432, 'b'}, {0x435, 'e'}, {0x43a, 'k'}, {0x43c, 'm'}, {0x43d, 'h'}, {0x43e, 'o'},
        {0x440, 'p'}, {0x441, 'c'}, {0x442, 't'}, {0x443, 'y'}, {0x445, 'x'}, {0x451, 'e'}, {0x455, 's'},
        {0x456, 'i'}, {0x458, 'j'}, {0x3bf, 'o'}, {0x3b1, 'a'}, {0x3c1, 'p'},
    };
    for (size_t i = 0; i < ELEMENTS(table); i++)
        if (table[i].from == character)
            return table[i].to;
    return character;
}
