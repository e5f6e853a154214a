/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a store's query. */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include <sluice/store_query.h>

/* The cell in the column of that name; absent when there is no such column. */
struct sluice_cell column_cell(const struct sluice_column *columns, const struct sluice_cell *cells, size_t n,
                               const char *name);

#endif
