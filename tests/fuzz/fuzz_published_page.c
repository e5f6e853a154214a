/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a published page: reading ends in an answer, cells lie where they may be read, lines only go
 * up. */
#include "base/error.h"
#include "formats/published/page.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void ignore(void *context, const struct sluice_discovery *discovery)
{
    (void)context;
    require(discovery->title != NULL && discovery->id != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct page_options options = {.gid = NULL};
    struct page_reader *reader = NULL;
    struct sluice_error error;
    const struct sluice_batch *batch;
    uint64_t last_line = 0, sum = 0;
    char hash[33];
    page_discover((const char *)data, size, ignore, NULL, &error);
    if (page_open((const char *)data, size, &options, &reader, &error) != SLUICE_OK)
        return 0;
    page_hash(reader, hash);
    while (page_next(reader, &batch, &error) == SLUICE_OK) {
        require(batch->n_rows > 0 && batch->n_columns > 0 && batch->n_columns <= PAGE_COLUMNS);
        for (uint32_t row = 0; row < batch->n_rows; row++) {
            require(batch->lines[row] > last_line);
            last_line = batch->lines[row];
        }
        for (size_t i = 0; i < (size_t)batch->n_rows * batch->n_columns; i++)
            for (uint32_t j = 0; j < batch->cells[i].len; j++)
                sum += (unsigned char)batch->cells[i].ptr[j];
        batch->release(batch);
    }
    page_close(reader);
    return sum == UINT64_MAX;
}
