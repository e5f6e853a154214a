/* SPDX-License-Identifier: Apache-2.0 */
/* The engine believes no plugin: sizes, pointers, line numbers and UTF-8 of each batch are checked once,
 * here. */
#include "sync/batch.h"

#include "base/error.h"

#include <inttypes.h>

#define COLUMNS_MAX 16384 /* of a worksheet, ECMA-376; far more than any list has */

static const char *shape_fault(const struct sluice_batch *batch)
{
    if (batch == NULL)
        return "it answered OK without a batch";
    if (batch->struct_size < sizeof *batch)
        return "its batch has no size";
    if (batch->release == NULL)
        return "its batch cannot be released";
    if (batch->n_rows == 0)
        return "its batch has no row";
    if (batch->n_columns == 0 || batch->n_columns > COLUMNS_MAX)
        return "its batch has no column, or too many";
    if (batch->cells == NULL || batch->lines == NULL || batch->row_flags == NULL)
        return "its batch lacks cells, lines or row flags";
    return NULL;
}

/* What the bytes are is ingest's to check, row by row: a bad text is a reject and no broken contract. */
static enum sluice_status check_cells(const char *plugin, const struct sluice_batch *batch,
                                      const struct sluice_cell *cells, struct sluice_error *err)
{
    size_t n = (size_t)batch->n_rows * batch->n_columns;
    for (size_t i = 0; i < n; i++)
        if (cells[i].ptr == NULL && cells[i].len != 0)
            return error_set(err, SLUICE_DATA,
                             "plugin %s broke the contract: the cell in line %" PRIu64
                             ", column %zu, has a length but no text; report it to the plugin's author",
                             plugin, batch->lines[i / batch->n_columns], i % batch->n_columns + 1);
    return SLUICE_OK;
}

static enum sluice_status check_lines(const char *plugin, const struct sluice_batch *batch,
                                      uint64_t *last_line, struct sluice_error *err)
{
    uint64_t last = *last_line;
    for (uint32_t i = 0; i < batch->n_rows; i++) {
        if (batch->lines[i] <= last)
            return error_set(err, SLUICE_DATA,
                             "plugin %s broke the contract: line %" PRIu64 " follows line %" PRIu64
                             "; report it to the plugin's author",
                             plugin, batch->lines[i], last);
        last = batch->lines[i];
    }
    *last_line = last;
    return SLUICE_OK;
}

enum sluice_status batch_check(const char *plugin, const struct sluice_batch *batch, uint64_t *last_line,
                               struct sluice_error *err)
{
    const char *fault = shape_fault(batch);
    if (fault != NULL)
        return error_set(err, SLUICE_DATA,
                         "plugin %s broke the contract: %s; report it to the plugin's author", plugin, fault);
    enum sluice_status status = check_lines(plugin, batch, last_line, err);
    if (status == SLUICE_OK)
        status = check_cells(plugin, batch, batch->cells, err);
    if (status == SLUICE_OK && batch->raw != NULL)
        status = check_cells(plugin, batch, batch->raw, err);
    return status;
}

void batch_release(const struct sluice_batch *batch)
{
    if (batch != NULL && batch->struct_size >= sizeof *batch && batch->release != NULL)
        batch->release(batch);
}
