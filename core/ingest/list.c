/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a list_reader. */
#include "ingest/list_reader.h"

#include "base/cleanup.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/* ---- Rows ------------------------------------------------------------------------------------------------
 */

/* What repeats these cells further down is no item. */
static void header_remember(struct list_reader *reader, size_t n_header)
{
    for (size_t i = 0; i < n_header && reader->n_header_rows < LIST_HEADER_ROWS_MAX; i++) {
        const struct sheet_row *row = &reader->sheet.search.rows[i];
        if (row->line < reader->sheet.mapping->header_first_line)
            continue;
        for (int field = 0; field < LIST_KEY_FIELDS; field++)
            reader->header_cells[reader->n_header_rows][field] =
                text_trim(sheet_row_cell(row, reader->sheet.mapping->field_column[field]));
        reader->n_header_rows++;
    }
}

/* The currency of prices that name none: of the price's header, else of the options. */
static enum sluice_status currency_begin(struct list_reader *reader, struct sluice_error *err)
{
    memcpy(reader->currency, reader->sheet.mapping->currency, CURRENCY_SIZE);
    if (reader->currency[0] != '\0' || reader->sheet.options->currency == NULL ||
        reader->sheet.options->currency[0] == '\0')
        return SLUICE_OK;
    if (currency_find(text_of(reader->sheet.options->currency), reader->currency))
        return SLUICE_OK;
    return error_set(err, SLUICE_CONFIG, "the option currency is no ISO 4217 code: \"%.32s\"",
                     reader->sheet.options->currency);
}

static enum sluice_status header_found(void *context, size_t n_header, struct sluice_error *err)
{
    struct list_reader *reader = context;
    if (!characteristics_begin(&reader->characteristics, reader->sheet.mapping))
        return error_no_memory(err);
    header_remember(reader, n_header);
    return currency_begin(reader, err);
}

static enum sluice_status row_take(void *context, const struct sheet_row *row, struct sluice_error *err)
{
    return sheet_row_has_covered(row) ? list_row_merged(context, row, err) : list_row_read(context, row, err);
}

/* ---- The reader ------------------------------------------------------------------------------------------
 */

static void reader_clear(struct list_reader **reader)
{
    list_reader_free(*reader);
}

enum sluice_status list_reader_new(const struct ingest_options *options, const char *name,
                                   const struct sluice_description *description, const struct list_sink *sink,
                                   struct list_reader **ret_reader, struct sluice_error *err)
{
    static const struct sluice_description unknown = {.struct_size = sizeof unknown};
    static const struct sheet_calls calls = {.header = header_found, .row = row_take};
    const struct sluice_description *about = description == NULL ? &unknown : description;
    _cleanup_(reader_clear) struct list_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL || !text_copy(about->notice, &reader->notice))
        return error_no_memory(err);
    reader->sheet.calls = &calls;
    reader->sheet.context = reader;
    reader->sink = sink;
    reader->report_memory = (struct arena)ARENA_INIT(LIST_REPORT_CEILING);
    convention_begin(&reader->convention, options, about->locale);
    item_batch_begin(&reader->items, sink);
    waiting_begin(&reader->waiting);
    struct mapping_request request = mapping_request_list(options);
    enum sluice_status status =
        sheet_reader_begin(&reader->sheet, options, &request, name, about->link_template, err);
    if (status != SLUICE_OK)
        return status;
    *ret_reader = reader;
    reader = NULL;
    return SLUICE_OK;
}

enum sluice_status list_reader_batch(struct list_reader *reader, const struct sluice_batch *batch,
                                     struct sluice_error *err)
{
    enum sluice_status status = sheet_reader_batch(&reader->sheet, batch, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    /* The items' cells live in the batch, which the caller releases now. */
    enum sluice_status flushed = item_batch_flush(&reader->items, err);
    return flushed != SLUICE_OK ? flushed : status;
}

enum sluice_status list_reader_reject(struct list_reader *reader, const struct sluice_source_reject *reject,
                                      struct sluice_error *err)
{
    enum sluice_status status = sheet_reader_reject(&reader->sheet, reject, err);
    if (status != SLUICE_OK)
        return status;
    reader->report.figures.rejected++;
    return list_rejects_flush(reader, LIST_REJECTS_AT_ONCE, err);
}

enum sluice_status list_reader_finish(struct list_reader *reader, const struct list_report **ret_report,
                                      struct sluice_error *err)
{
    enum sluice_status status = sheet_reader_finish(&reader->sheet, err);
    if (status != SLUICE_OK)
        return status;
    convention_decide(&reader->convention);
    status = list_waiting_release(reader, err);
    if (status == SLUICE_OK)
        status = list_rejects_flush(reader, 1, err);
    if (status != SLUICE_OK)
        return status;
    if (!list_report_fill(reader))
        return error_no_memory(err);
    *ret_report = &reader->report;
    return SLUICE_OK;
}

void list_reader_free(struct list_reader *reader)
{
    if (reader == NULL)
        return;
    sheet_reader_free(&reader->sheet);
    free(reader->notice);
    free(reader->notices);
    characteristics_free(&reader->characteristics);
    item_batch_free(&reader->items);
    waiting_clear(&reader->waiting);
    arena_free(&reader->report_memory);
    free(reader);
}
