/* SPDX-License-Identifier: Apache-2.0 */
/* preview --raw: one line a row, by the hundred thousand, so it is written through one reused buffer. */
#include "cli/preview.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

enum { ROW_CEILING = 16 << 20 };

static void say_reject(void *context, const struct sluice_source_reject *reject)
{
    const char *name = context;
    char excerpt[257];
    text_excerpt(reject->excerpt, excerpt, sizeof excerpt);
    output_note("%s:%" PRIu64 ":%" PRIu32 ": %s: %s: %s", name, reject->line, reject->column, reject->code,
                reject->message, excerpt);
}

/* A row's own cells: padding at its end is left out, and an empty line has none. */
static uint32_t row_width(const struct sluice_cell *cells, uint32_t n)
{
    while (n > 0 && cells[n - 1].ptr == NULL)
        n--;
    return n == 1 && cells[0].len == 0 ? 0 : n;
}

static void row_json(struct buffer *line, uint64_t number, const struct sluice_cell *cells, uint32_t n)
{
    buffer_printf(line, "{\"line\": %" PRIu64 ", \"cells\": [", number);
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            buffer_text(line, ", ");
        json_text(line, cells[i]);
    }
    buffer_text(line, "]}\n");
}

static void row_text(struct buffer *line, uint64_t number, const struct sluice_cell *cells, uint32_t n)
{
    buffer_printf(line, "%6" PRIu64 " ", number);
    for (uint32_t i = 0; i < n; i++) {
        char cell[1024];
        text_excerpt(cells[i], cell, sizeof cell);
        buffer_printf(line, " | %s", cells[i].ptr == NULL ? "" : cell);
    }
    buffer_byte(line, '\n');
}

static enum sluice_status print_batch(const struct preview *preview, const struct sluice_batch *batch,
                                      uint64_t *rows, struct buffer *line, struct sluice_error *err)
{
    bool json = given_flag(preview->invocation, OPTION_JSON);
    for (uint32_t i = 0; i < batch->n_rows && *rows < preview->limit; i++, (*rows)++) {
        const struct sluice_cell *cells = batch->cells + (size_t)i * batch->n_columns;
        uint32_t n = row_width(cells, batch->n_columns);
        buffer_clear(line);
        if (json)
            row_json(line, batch->lines[i], cells, n);
        else
            row_text(line, batch->lines[i], cells, n);
        if (line->failed)
            return error_set(err, SLUICE_DATA, "%s:%" PRIu64 ": the row is too long to be printed",
                             preview->name, batch->lines[i]);
        fwrite(line->data, 1, line->size, stdout);
    }
    return SLUICE_OK;
}

enum sluice_status preview_raw(const struct preview *preview, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer line = BUFFER_INIT(ROW_CEILING);
    _cleanup_(list_source_close) struct list_source list = {0};
    const struct list_rejects rejects = {say_reject, (void *)(uintptr_t)preview->name};
    uint64_t rows = 0;
    enum sluice_status status =
        list_source_open(preview->composition, &preview->source, preview->location, &rejects, &list, err);
    while (status == SLUICE_OK && rows < preview->limit && !ferror(stdout)) {
        const struct sluice_batch *batch = NULL;
        status = list_source_next(&list, &batch, err);
        if (status != SLUICE_OK)
            break;
        status = print_batch(preview, batch, &rows, &line, err);
        batch->release(batch);
    }
    return status == SLUICE_END ? SLUICE_OK : status;
}
