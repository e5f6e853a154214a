/* SPDX-License-Identifier: Apache-2.0 */
/* Which headers mean which field, in English and Russian, and which words forbid it. Const data. */
#ifndef INGEST_SYNONYMS_H
#define INGEST_SYNONYMS_H

#include <stdbool.h>
#include <stddef.h>

/* Folded text. A weak synonym is a header that often means the field and often something else
 * ("description"). */
struct synonym {
    const char *text;
    double score; /* SYNONYM_STRONG or SYNONYM_WEAK */
};

#define SYNONYM_STRONG 1.0
#define SYNONYM_WEAK   0.85

/* One field that a header can be. */
struct field_rule {
    const char *name;   /* "price" */
    const char *is_not; /* "not a price" */
    bool required;
    const struct synonym *synonyms; /* ended by a NULL text, as the following lists by NULL */
    const char *const *neutral;     /* words that may stand beside a synonym: "price incl. VAT" */
    const char *const *negative;    /* words that make it another thing: "old price" */
};

/* In the order of enum field, and of enum master_field. */
extern const struct field_rule list_rules[];
extern const struct field_rule master_rules[];

/* Changes when a rule here changes what a list's reading gives. */
enum { SYNONYMS_VERSION = 1 };

#endif
