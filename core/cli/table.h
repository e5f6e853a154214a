/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of text in aligned columns. The first rows decide the widths, the following ones are printed as they
 * come, so that a list of any length takes bounded memory. On a terminal wide columns are cut to its width,
 * elsewhere nothing is.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/output.h"

enum align { ALIGN_LEFT, ALIGN_RIGHT };

struct table_column {
    const char *title;
    enum align align;
};

struct table;

/* At most 32 columns. NULL without memory. The columns are copied, their titles are not; the terminal is that
 * of `to`. */
struct table *table_new(FILE *to, const struct table_column *columns, size_t n_columns,
                        const struct terminal *terminal);
/* A row of n_columns cells, all in one ink. */
void table_row(struct table *table, const struct sluice_cell *cells, enum ink ink);
/* The same from n_columns texts and NULL. */
void table_texts(struct table *table, ...) __attribute__((sentinel));
/* Prints what is left and frees it. Accepts NULL. */
void table_end(struct table *table);

#endif
