/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of a field's rule, read once for all the headers that are compared with them. */
#ifndef INGEST_RULE_PHRASES_H
#define INGEST_RULE_PHRASES_H

#include "base/arena.h"
#include "ingest/header_words.h"
#include "ingest/synonyms.h"

struct rule_phrases {
    const struct field_rule *rule;
    struct phrase *synonyms, *neutral, *negative; /* as long as the rule's lists */
    size_t n_synonyms, n_neutral, n_negative;
};

/* Into the arena; false without memory. */
bool rule_phrases_read(const struct field_rule *rule, struct arena *arena, struct rule_phrases *ret_phrases);

#endif
