/* SPDX-License-Identifier: Apache-2.0 */
#include "base/columns.h"

#include <string.h>

struct sluice_cell column_cell(const struct sluice_column *columns, const struct sluice_cell *cells, size_t n,
                               const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(columns[i].name, name) == 0)
            return cells[i];
    return (struct sluice_cell){0};
}
