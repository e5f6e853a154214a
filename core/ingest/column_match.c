/* SPDX-License-Identifier: Apache-2.0 */
/* The rules from the surest to the weakest; the first that fits gives the score. */
#include "ingest/column_match.h"

#define CURRENCY_FACTOR 0.97
#define NEUTRAL_FACTOR  0.9
/* Words shorter than this have too many neighbours one letter away. */
enum { SIMILAR_MIN = 5 };

static struct phrase without_neutral(const struct field_rule *rule, const struct phrase *phrase)
{
    struct phrase rest = *phrase;
    for (const char *const *word = rule->neutral; *word != NULL; word++) {
        struct phrase neutral;
        phrase_read(*word, &neutral);
        phrase_drop_word(&rest, &neutral);
    }
    return rest;
}

static const char *negative_word(const struct field_rule *rule, const struct phrase *phrase)
{
    for (const char *const *word = rule->negative; *word != NULL; word++) {
        struct phrase negative;
        phrase_read(*word, &negative);
        if (phrase_has_word(phrase, &negative))
            return *word;
    }
    return NULL;
}

static void match_improve(struct match *match, enum match_how how, double score,
                          const struct field_rule *rule, int order)
{
    if (score <= match->score)
        return;
    *match = (struct match){.how = how, .score = score, .order = order, .word = rule->synonyms[order].text};
}

static bool comparable(const struct phrase *a, const struct phrase *b)
{
    uint32_t shorter = a->n < b->n ? a->n : b->n, longer = a->n < b->n ? b->n : a->n;
    return shorter * 2 >= longer;
}

struct match column_match(const struct field_rule *rule, const struct header_words *words, bool exact)
{
    struct match match = {.how = MATCH_NONE};
    if (words->all.n == 0)
        return match;
    struct phrase core = without_neutral(rule, &words->plain);
    bool has_synonym = false;
    const char *negative = negative_word(rule, &words->plain);
    for (int i = 0; rule->synonyms[i].text != NULL; i++) {
        double score = rule->synonyms[i].score;
        struct phrase synonym;
        phrase_read(rule->synonyms[i].text, &synonym);
        has_synonym |= phrase_has_word(&words->plain, &synonym);
        if (phrase_equal(&words->all, &synonym))
            match_improve(&match, MATCH_SYNONYM, score, rule, i);
        else if (phrase_equal(&words->plain, &synonym))
            match_improve(&match, MATCH_CURRENCY, score * CURRENCY_FACTOR, rule, i);
        else if (negative == NULL && phrase_equal(&core, &synonym))
            match_improve(&match, MATCH_NEUTRAL, score * NEUTRAL_FACTOR, rule, i);
        else if (!exact && negative == NULL && words->plain.n >= SIMILAR_MIN &&
                 comparable(&words->plain, &synonym))
            match_improve(&match, MATCH_SIMILAR, score * phrase_similarity(&words->plain, &synonym), rule, i);
    }
    if (match.how == MATCH_NONE && negative != NULL && has_synonym)
        match = (struct match){.how = MATCH_NEGATIVE, .word = negative};
    return match;
}
