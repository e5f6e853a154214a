/* SPDX-License-Identifier: Apache-2.0 */
/* Letters and digits make words; a currency's symbol is a word of its own; everything else parts words. */
#include "ingest/header_words.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "ingest/fold.h"

#include <string.h>
#include <unicode/uchar.h>

static bool is_word_character(uint32_t c)
{
    return u_isalnum((UChar32)c) || u_charType((UChar32)c) == U_NON_SPACING_MARK;
}

/* The next word at *from, or false at the end. */
static bool word_next(struct sluice_cell text, uint32_t *from, struct sluice_cell *ret_word)
{
    uint32_t start = *from;
    while (start < text.len) {
        uint32_t c;
        uint32_t end = start + (uint32_t)utf8_decode(text.ptr + start, text.len - start, &c);
        bool symbol = u_charType((UChar32)c) == U_CURRENCY_SYMBOL;
        if (!symbol && !is_word_character(c)) {
            start = end;
            continue;
        }
        while (!symbol && end < text.len) {
            uint32_t length = (uint32_t)utf8_decode(text.ptr + end, text.len - end, &c);
            if (!is_word_character(c))
                break;
            end += length;
        }
        *ret_word = (struct sluice_cell){.ptr = text.ptr + start, .len = end - start};
        *from = end;
        return true;
    }
    return false;
}

/* Once it is too long it stays so: n is PHRASE_MAX + 1 until phrase_end (). */
static void phrase_add(struct phrase *phrase, struct sluice_cell word)
{
    if (phrase->n > 0 && phrase->n < PHRASE_MAX)
        phrase->characters[phrase->n++] = ' ';
    for (uint32_t i = 0; i < word.len;) {
        uint32_t c;
        i += (uint32_t)utf8_decode(word.ptr + i, word.len - i, &c);
        if (phrase->n >= PHRASE_MAX) {
            phrase->n = PHRASE_MAX + 1;
            return;
        }
        phrase->characters[phrase->n++] = fold_look_alike(c);
    }
}

static void phrase_end(struct phrase *phrase)
{
    if (phrase->n > PHRASE_MAX)
        phrase->n = 0;
}

bool header_words_read(struct sluice_cell header, struct header_words *ret_words)
{
    struct header_words words = {.all.n = 0};
    char short_text[FOLD_WORD_SIZE];
    fold_word(header, short_text);
    _cleanup_free_ char *long_text = short_text[0] == '\0' ? fold_text(header) : NULL;
    if (short_text[0] == '\0' && long_text == NULL)
        return false;
    struct sluice_cell text = text_of(long_text == NULL ? short_text : long_text), word;
    for (uint32_t at = 0; word_next(text, &at, &word);) {
        char currency[CURRENCY_SIZE] = "";
        phrase_add(&words.all, word);
        if (!currency_find_word(word, currency))
            phrase_add(&words.plain, word);
        else if (words.currency[0] == '\0')
            memcpy(words.currency, currency, sizeof currency);
    }
    phrase_end(&words.all);
    phrase_end(&words.plain);
    *ret_words = words;
    return true;
}

void phrase_read(const char *folded, struct phrase *ret_phrase)
{
    struct sluice_cell text = text_of(folded), word;
    ret_phrase->n = 0;
    for (uint32_t at = 0; word_next(text, &at, &word);)
        phrase_add(ret_phrase, word);
    phrase_end(ret_phrase);
}

bool phrase_equal(const struct phrase *a, const struct phrase *b)
{
    return a->n == b->n && memcmp(a->characters, b->characters, a->n * sizeof a->characters[0]) == 0;
}

/* Where the word stands in the phrase, or phrase->n. */
static uint32_t word_find(const struct phrase *phrase, const struct phrase *word)
{
    for (uint32_t i = 0; i + word->n <= phrase->n; i++) {
        bool begins = i == 0 || phrase->characters[i - 1] == ' ';
        bool ends = i + word->n == phrase->n || phrase->characters[i + word->n] == ' ';
        if (begins && ends &&
            memcmp(phrase->characters + i, word->characters, word->n * sizeof word->characters[0]) == 0)
            return i;
    }
    return phrase->n;
}

bool phrase_has_word(const struct phrase *phrase, const struct phrase *word)
{
    return word->n > 0 && word_find(phrase, word) < phrase->n;
}

void phrase_drop_word(struct phrase *phrase, const struct phrase *word)
{
    if (!phrase_has_word(phrase, word))
        return;
    uint32_t from = word_find(phrase, word);
    uint32_t to = from + word->n;
    if (to < phrase->n)
        to++;
    else if (from > 0)
        from--;
    memmove(phrase->characters + from, phrase->characters + to,
            (phrase->n - to) * sizeof phrase->characters[0]);
    phrase->n -= to - from;
}

/* Optimal string alignment: Levenshtein with swaps of neighbours. */
double phrase_similarity(const struct phrase *a, const struct phrase *b)
{
    uint32_t rows[3][PHRASE_MAX + 1];
    uint32_t longer = a->n > b->n ? a->n : b->n;
    if (longer == 0)
        return 0;
    for (uint32_t j = 0; j <= b->n; j++)
        rows[0][j] = j;
    for (uint32_t i = 1; i <= a->n; i++) {
        uint32_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (uint32_t j = 1; j <= b->n; j++) {
            bool same = a->characters[i - 1] == b->characters[j - 1];
            uint32_t best = above[j - 1] + !same;
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            bool swapped = i > 1 && j > 1 && a->characters[i - 1] == b->characters[j - 2] &&
                           a->characters[i - 2] == b->characters[j - 1];
            if (swapped && two_above[j - 2] + 1 < best)
                best = two_above[j - 2] + 1;
            row[j] = best;
        }
    }
    return 1.0 - (double)rows[a->n % 3][b->n] / longer;
}
