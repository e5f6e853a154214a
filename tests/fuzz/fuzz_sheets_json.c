/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a `values` answer and as what spreadsheets.get says: decoding ends in an answer, every cell
 * lies where it may be read and is UTF-8, lines only go up. What is accepted as a whole, jansson accepts,
 * too.
 */
#include "base/error.h"
#include "base/text.h"
#include "formats/values.h"
#include "plugins/gsheets/metadata.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_batch(const struct sluice_batch *batch, uint64_t *last_line)
{
    require(batch->n_rows > 0 && batch->n_columns > 0);
    for (uint32_t row = 0; row < batch->n_rows; row++) {
        require(batch->lines[row] > *last_line);
        *last_line = batch->lines[row];
    }
    for (size_t i = 0; i < (size_t)batch->n_rows * batch->n_columns; i++) {
        const struct sluice_cell cell = batch->cells[i];
        require(cell.ptr != NULL || cell.len == 0);
        if (cell.ptr != NULL)
            require(utf8_valid_prefix(cell.ptr, cell.len) == cell.len);
    }
}

static void check_reject(void *context, const struct sluice_source_reject *reject)
{
    uint64_t *last_reject = context;
    require(reject->line > *last_reject && reject->code != NULL && reject->message != NULL);
    *last_reject = reject->line;
}

static uint32_t decimal(struct sluice_cell digits, char ret_text[VALUES_DECIMAL_SIZE])
{
    uint32_t n = digits.len < VALUES_DECIMAL_SIZE ? digits.len : 0;
    memcpy(ret_text, digits.ptr, n);
    return n;
}

/* Whether the bytes are an answer to their end; `grid`: in the form with grid data. */
static bool decode(const char *text, size_t size, bool grid)
{
    const struct merge ranges[] = {{1, 2, 1, 2}, {2, 3, 3, 4}, {4, 9, 1, 1}};
    const struct row_range hidden[] = {{2, 3}};
    struct merges *merges = merges_new(ranges, 3);
    uint64_t last_line = 0, last_reject = 0;
    const struct values_options options = {.merges = merges,
                                           .decimal = grid ? decimal : NULL,
                                           .hidden = hidden,
                                           .n_hidden = 1,
                                           .reject = check_reject,
                                           .reject_context = &last_reject};
    struct values_reader *reader = NULL;
    struct sluice_error error;
    const struct sluice_batch *batch;
    enum sluice_status status = values_open(text, size, NULL, &options, &reader, &error);
    while (status == SLUICE_OK) {
        status = values_next(reader, &batch, &error);
        if (status != SLUICE_OK)
            break;
        check_batch(batch, &last_line);
        batch->release(batch);
    }
    values_close(reader);
    merges_free(merges);
    return status == SLUICE_END;
}

static void describe(const char *text, size_t size)
{
    struct metadata metadata;
    struct sluice_error error;
    if (metadata_read(text, size, &metadata, &error) != SLUICE_OK)
        return;
    for (size_t i = 0; i < metadata.n_tabs; i++) {
        const struct tab *tab = &metadata.tabs[i];
        require(tab->title != NULL);
        for (size_t j = 0; j < tab->n_merges; j++)
            require(tab->merges[j].last_row >= tab->merges[j].first_row && tab->merges[j].first_column > 0);
    }
    metadata_free(&metadata);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    bool plain = decode(text, size, false), grid = decode(text, size, true);
    if (plain || grid) {
        json_error_t error;
        json_t *value = json_loadb(text, size, JSON_ALLOW_NUL, &error);
        /* jansson goes no deeper than 2,048, reads no number beyond a double or 64 bits, and no lone
         * surrogate */
        enum json_error_code code = value == NULL ? json_error_code(&error) : json_error_unknown;
        require(value != NULL || code == json_error_numeric_overflow || code == json_error_invalid_syntax ||
                code == json_error_stack_overflow);
        json_decref(value);
    }
    describe(text, size);
    return 0;
}
