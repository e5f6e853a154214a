/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a list: decoding ends in an answer, every cell lies where it may be read, lines only go up,
 * and all kernels find the same specials. The first byte chooses delimiter, quoting and encoding.
 */
#include "base/error.h"
#include "base/text.h"
#include "formats/csv.h"
#include "formats/csv_scan.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BLOCKS = 64 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_batch(const struct sluice_batch *batch, uint64_t *last_line, uint64_t *sum)
{
    require(batch->n_rows > 0 && batch->n_columns > 0);
    for (uint32_t row = 0; row < batch->n_rows; row++) {
        require(batch->lines[row] > *last_line);
        *last_line = batch->lines[row];
    }
    for (size_t i = 0; i < (size_t)batch->n_rows * batch->n_columns; i++) {
        const struct sluice_cell cell = batch->cells[i];
        require(cell.ptr != NULL || cell.len == 0);
        require(cell.len <= CSV_FIELD_BYTES);
        if (cell.ptr != NULL)
            require(utf8_valid_prefix(cell.ptr, cell.len) == cell.len);
        *sum += cell.len;
    }
}

static void count_reject(void *context, const struct sluice_source_reject *reject)
{
    uint64_t *last_reject = context;
    require(reject->line > *last_reject && reject->code != NULL && reject->message != NULL);
    *last_reject = reject->line;
}

static void decode(const char *text, size_t size, struct csv_options options)
{
    struct csv_reader *reader;
    struct sluice_error error;
    uint64_t last_reject = 0, last_line = 0, sum = 0;
    options.reject = count_reject;
    options.reject_context = &last_reject;
    if (csv_open(text, size, NULL, &options, &reader, &error) != SLUICE_OK)
        return;
    const struct sluice_batch *batch;
    while (csv_next(reader, &batch, &error) == SLUICE_OK) {
        check_batch(batch, &last_line, &sum);
        batch->release(batch);
    }
    csv_close(reader);
}

static void compare_kernels(const char *text, size_t size)
{
    static char blocks[CSV_SCAN_LOOKBACK + BLOCKS * CSV_SCAN_BLOCK];
    static struct csv_bitmaps wanted[BLOCKS], got[BLOCKS];
    const struct csv_special special = {.delimiter = ',', .quote = '"'};
    memset(blocks, ' ', sizeof blocks);
    size_t n = size < sizeof blocks - CSV_SCAN_LOOKBACK ? size : sizeof blocks - CSV_SCAN_LOOKBACK;
    memcpy(blocks + CSV_SCAN_LOOKBACK, text, n);
    unsigned flags = csv_scan_scalar(special, blocks + CSV_SCAN_LOOKBACK, BLOCKS, wanted);
    for (const struct csv_scan_choice *choice = csv_scan_choices(); choice->name != NULL; choice++) {
        require(choice->kernel(special, blocks + CSV_SCAN_LOOKBACK, BLOCKS, got) == flags);
        require(memcmp(got, wanted, sizeof got) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {0, ',', ';', '\t'};
    static const char *const encodings[] = {NULL, "utf-8", "windows-1251", "utf-16"};
    if (size == 0)
        return 0;
    const struct csv_options options = {.delimiter = delimiters[data[0] & 3],
                                        .encoding = encodings[data[0] >> 2 & 3],
                                        .quote = (data[0] & 16) != 0 ? CSV_QUOTE_NONE : 0};
    decode((const char *)data + 1, size - 1, options);
    compare_kernels((const char *)data + 1, size - 1);
    return 0;
}
