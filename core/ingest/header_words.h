/* SPDX-License-Identifier: Apache-2.0 */
/* A header as words that can be compared: folded, without punctuation, look-alike letters made Latin. */
#ifndef INGEST_HEADER_WORDS_H
#define INGEST_HEADER_WORDS_H

#include "ingest/currency.h"

/* Headers longer than this are prose, not headers; they match nothing. */
enum { PHRASE_MAX = 64 };

struct phrase {
    uint32_t characters[PHRASE_MAX]; /* words joined by one space */
    uint32_t n;
};

struct header_words {
    struct phrase all;            /* every word; n 0 when there is none or too much */
    struct phrase plain;          /* without words for currencies */
    char currency[CURRENCY_SIZE]; /* named by a word, or "" */
};

/* False without memory. */
bool header_words_read(struct sluice_cell header, struct header_words *ret_words);

/* Of text that is folded already, such as a synonym's. */
void phrase_read(const char *folded, struct phrase *ret_phrase);
bool phrase_equal(const struct phrase *a, const struct phrase *b);
/* Whether the phrase has this word among its words. */
bool phrase_has_word(const struct phrase *phrase, const struct phrase *word);
void phrase_drop_word(struct phrase *phrase, const struct phrase *word);
/* 1 for equal phrases, less for each letter that is wrong, missing, added or swapped with its neighbour. */
double phrase_similarity(const struct phrase *a, const struct phrase *b);

#endif
