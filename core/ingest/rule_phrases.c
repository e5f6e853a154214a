/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/rule_phrases.h"

static struct phrase *words_read(const char *const *words, struct arena *arena, size_t *ret_n)
{
    size_t n = 0;
    while (words[n] != NULL)
        n++;
    struct phrase *phrases = arena_alloc(arena, (n + 1) * sizeof *phrases);
    for (size_t i = 0; i < n && phrases != NULL; i++)
        phrase_read(words[i], &phrases[i]);
    *ret_n = n;
    return phrases;
}

bool rule_phrases_read(const struct field_rule *rule, struct arena *arena, struct rule_phrases *ret_phrases)
{
    struct rule_phrases phrases = {.rule = rule};
    while (rule->synonyms[phrases.n_synonyms].text != NULL)
        phrases.n_synonyms++;
    phrases.synonyms = arena_alloc(arena, (phrases.n_synonyms + 1) * sizeof *phrases.synonyms);
    for (size_t i = 0; i < phrases.n_synonyms && phrases.synonyms != NULL; i++)
        phrase_read(rule->synonyms[i].text, &phrases.synonyms[i]);
    phrases.neutral = words_read(rule->neutral, arena, &phrases.n_neutral);
    phrases.negative = words_read(rule->negative, arena, &phrases.n_negative);
    if (phrases.synonyms == NULL || phrases.neutral == NULL || phrases.negative == NULL)
        return false;
    *ret_phrases = phrases;
    return true;
}
