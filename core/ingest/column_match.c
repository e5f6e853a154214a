/* SPDX-License-Identifier: Apache-2.0 */
/* The rules from the surest to the weakest; the first that fits gives the score. */
#include "ingest/column_match.h"

#define CURRENCY_FACTOR 0.97
#define NEUTRAL_FACTOR  0.9
/* Words shorter than this have too many neighbours one letter away. */
enum { SIMILAR_MIN = 5 };

static struct phrase without_neutral(const struct rule_phrases *phrases, const struct phrase *phrase)
{
    struct phrase rest = *phrase;
    for (size_t i = 0; i < phrases->n_neutral; i++)
        phrase_drop_word(&rest, &phrases->neutral[i]);
    return rest;
}

static const char *negative_word(const struct rule_phrases *phrases, const struct phrase *phrase)
{
    for (size_t i = 0; i < phrases->n_negative; i++)
        if (phrase_has_word(phrase, &phrases->negative[i]))
            return phrases->rule->negative[i];
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

struct match column_match(const struct rule_phrases *phrases, const struct header_words *words, bool exact)
{
    struct match match = {.how = MATCH_NONE};
    if (words->all.n == 0)
        return match;
    const struct field_rule *rule = phrases->rule;
    struct phrase core = without_neutral(phrases, &words->plain);
    bool has_synonym = false;
    const char *negative = negative_word(phrases, &words->plain);
    for (int i = 0; i < (int)phrases->n_synonyms; i++) {
        double score = rule->synonyms[i].score;
        const struct phrase *synonym = &phrases->synonyms[i];
        has_synonym |= phrase_has_word(&words->plain, synonym);
        if (phrase_equal(&words->all, synonym))
            match_improve(&match, MATCH_SYNONYM, score, rule, i);
        else if (phrase_equal(&words->plain, synonym))
            match_improve(&match, MATCH_CURRENCY, score * CURRENCY_FACTOR, rule, i);
        else if (negative == NULL && phrase_equal(&core, synonym))
            match_improve(&match, MATCH_NEUTRAL, score * NEUTRAL_FACTOR, rule, i);
        else if (!exact && negative == NULL && words->plain.n >= SIMILAR_MIN &&
                 comparable(&words->plain, synonym))
            match_improve(&match, MATCH_SIMILAR, score * phrase_similarity(&words->plain, synonym), rule, i);
    }
    if (match.how == MATCH_NONE && negative != NULL && has_synonym)
        match = (struct match){.how = MATCH_NEGATIVE, .word = negative};
    return match;
}
