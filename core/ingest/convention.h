/* SPDX-License-Identifier: Apache-2.0 */
/* Which decimal mark a list uses: declared, by its locale, or proved by its own prices when all that prove
 * anything agree. Never a majority. */
#ifndef INGEST_CONVENTION_H
#define INGEST_CONVENTION_H

#include "ingest/options.h"

/* Priced cells that are looked at before the evidence must do. */
enum { CONVENTION_WINDOW = 10000 };

struct convention {
    enum decimal_mark mark; /* AUTO: nothing decided it, ambiguous prices are rejected */
    bool decided;
    uint64_t seen;                   /* priced cells so far */
    uint64_t points, commas;         /* of these, how many prove which mark */
    uint64_t point_line, comma_line; /* the first of each */
    char reason[160];                /* one sentence, once decided */
};

/* A locale may be NULL. The source's own locale comes before the one of the options. */
void convention_begin(struct convention *convention, const struct ingest_options *options,
                      const char *source_locale);
/* One priced cell and what it proves (AUTO: nothing). Decides at the end of the window. */
void convention_add(struct convention *convention, enum decimal_mark evidence, uint64_t line);
/* With the evidence there is. */
void convention_decide(struct convention *convention);

#endif
