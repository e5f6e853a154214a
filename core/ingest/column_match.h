/* SPDX-License-Identifier: Apache-2.0 */
/* How well one header fits one field, and by which rule. */
#ifndef INGEST_COLUMN_MATCH_H
#define INGEST_COLUMN_MATCH_H

#include "ingest/rule_phrases.h"

enum match_how {
    MATCH_NONE,
    MATCH_NAMED,    /* the operator named this header */
    MATCH_SYNONYM,  /* a synonym, word for word */
    MATCH_CURRENCY, /* a synonym and a currency: "Price, EUR" */
    MATCH_NEUTRAL,  /* a synonym and words that change nothing: "Price incl. VAT" */
    MATCH_SIMILAR,  /* nearly a synonym: "Suplier name" */
    MATCH_NEGATIVE, /* has a word that forbids it: "Old price" */
};

struct match {
    enum match_how how;
    double score;     /* 0 to 1 */
    int order;        /* of the synonym in its list: of two equal scores the smaller order is meant */
    const char *word; /* the synonym, or the forbidding word; lives as long as the rules */
};

/* Below, a similar header is none; a similar one must also be this much better than the next. */
#define MATCH_FLOOR  0.8
#define MATCH_MARGIN 0.05

/* `exact`: similar headers are not tried. */
struct match column_match(const struct rule_phrases *phrases, const struct header_words *words, bool exact);

#endif
