/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of cells. Numbers stop growing far beyond the largest that a sheet has, so that none wraps round.
 */
#include "base/text.h"
#include "formats/xlsx/sheet.h"

#include <string.h>

#define BEYOND (UINT64_C(1) << 40)

bool xlsx_reference_read(struct sluice_cell text, uint64_t *ret_column, uint64_t *ret_row)
{
    uint64_t column = 0, row = 0;
    uint32_t i = 0;
    for (; i < text.len; i++) {
        char c = (char)(text.ptr[i] & ~0x20);
        if (c < 'A' || c > 'Z')
            break;
        column = column < BEYOND ? column * 26 + (uint64_t)(c - 'A') + 1 : column;
    }
    for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
        row = row < BEYOND ? row * 10 + (uint64_t)(text.ptr[i] - '0') : row;
    if (i < text.len)
        return false;
    *ret_column = column;
    *ret_row = row;
    return true;
}

bool xlsx_range_read(struct sluice_cell text, struct merge *ret_range)
{
    uint64_t columns[2], rows[2];
    const char *colon = text.len == 0 ? NULL : memchr(text.ptr, ':', text.len);
    uint32_t first = colon == NULL ? text.len : (uint32_t)(colon - text.ptr);
    struct sluice_cell from = {.ptr = text.ptr, .len = first};
    struct sluice_cell to = from;
    if (colon != NULL)
        to = (struct sluice_cell){.ptr = colon + 1, .len = text.len - first - 1};
    if (!xlsx_reference_read(from, &columns[0], &rows[0]) || !xlsx_reference_read(to, &columns[1], &rows[1]))
        return false;
    if (columns[0] == 0 || rows[0] == 0 || columns[1] < columns[0] || rows[1] < rows[0] ||
        columns[1] > XLSX_COLUMNS || rows[1] > XLSX_ROWS)
        return false;
    *ret_range = (struct merge){.first_row = rows[0],
                                .last_row = rows[1],
                                .first_column = (uint32_t)columns[0],
                                .last_column = (uint32_t)columns[1]};
    return true;
}
