/* SPDX-License-Identifier: Apache-2.0 */
/* Rejected rows as they are stored: with address and excerpt, in memory of their own. */
#ifndef INGEST_REJECTS_H
#define INGEST_REJECTS_H

#include "base/arena.h"
#include "ingest/reason.h"
#include "ingest/sheet_row.h"

#include <sluice/store_types.h>

struct rejects {
    const char *name;          /* of the sheet, for addresses; outlives this */
    const char *link_template; /* or NULL; outlives this */
    struct sluice_reject *items;
    size_t n, capacity;
    struct arena arena;
};

/* What is rejected and where. */
struct reject_note {
    enum reason reason;
    const char *field;          /* or NULL */
    int column;                 /* 0-based, or -1 for the whole row */
    struct sluice_cell excerpt; /* raw text; absent: the row's filled cells */
    const char *detail;         /* stands before the reason's message, or NULL */
};

void rejects_begin(struct rejects *rejects, const char *name, const char *link_template);
/* False without memory. */
bool rejects_add(struct rejects *rejects, const struct sheet_row *row, const struct reject_note *note);
bool rejects_add_source(struct rejects *rejects, const struct sluice_source_reject *reject);
void rejects_clear(struct rejects *rejects); /* forgets them, keeps memory */
void rejects_free(struct rejects *rejects);

#endif
