/* SPDX-License-Identifier: Apache-2.0 */
/* A workbook as one file: any bytes, in little memory and without a crash. */
#include "base/error.h"
#include "formats/xlsx/xlsx.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void tab_count(void *context, const struct sluice_discovery *discovery)
{
    *(size_t *)context += discovery->title[0] != '\0';
}

static volatile size_t sum; /* so that no reading is optimised away */

static void batch_touch(const struct sluice_batch *batch)
{
    size_t n = (size_t)batch->n_rows * batch->n_columns;
    for (size_t i = 0; i < n; i++)
        if (batch->cells[i].len > 0)
            sum += (size_t)batch->cells[i].ptr[0] + (size_t)batch->cells[i].ptr[batch->cells[i].len - 1];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct xlsx_options options = {
        .limits = {.total_bytes = 4 << 20, .cells = 200000, .grid_cells = 4000000}};
    struct xlsx_reader *reader = NULL;
    const struct sluice_batch *batch = NULL;
    struct sluice_error err;
    size_t tabs = 0;
    xlsx_discover((const char *)bytes, size, &options, tab_count, &tabs, &err);
    if (xlsx_open((const char *)bytes, size, NULL, &options, &reader, &err) != SLUICE_OK)
        return 0;
    while (xlsx_next(reader, &batch, &err) == SLUICE_OK) {
        batch_touch(batch);
        batch->release(batch);
    }
    xlsx_close(reader);
    return 0;
}
