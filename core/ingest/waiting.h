/* SPDX-License-Identifier: Apache-2.0 */
/* Rows whose price is ambiguous, set aside until the list's convention is known. Bounded by a ceiling. */
#ifndef INGEST_WAITING_H
#define INGEST_WAITING_H

#include "base/arena.h"
#include "ingest/currency.h"

#include <sluice/plugin.h>

enum { WAITING_CEILING = 8 << 20 };

/* All texts are the waiting room's own copies. */
struct waiting_row {
    uint64_t line;
    struct sluice_cell sku, name, price, characteristics;
    char currency[CURRENCY_SIZE];
};

struct waiting {
    struct waiting_row *rows;
    size_t n, capacity;
    struct arena arena;
};

void waiting_begin(struct waiting *waiting);
/* Copies the row; false beyond the ceiling or without memory. */
bool waiting_add(struct waiting *waiting, const struct waiting_row *row);
void waiting_clear(struct waiting *waiting); /* frees its memory, too */

#endif
