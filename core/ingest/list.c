/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a list_reader: rows are kept until the header is found among them, then each is read as it
 * comes. */
#include "ingest/list_reader.h"

#include "base/cleanup.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static bool text_copy(const char *text, char **ret_copy)
{
    *ret_copy = text == NULL ? NULL : strdup(text);
    return text == NULL || *ret_copy != NULL;
}

static void reader_clear(struct list_reader **reader)
{
    list_reader_free(*reader);
}

enum sluice_status list_reader_new(const struct ingest_options *options, const char *name,
                                   const struct sluice_description *description, const struct list_sink *sink,
                                   struct list_reader **ret_reader, struct sluice_error *err)
{
    static const struct sluice_description unknown = {.struct_size = sizeof unknown};
    const struct sluice_description *about = description == NULL ? &unknown : description;
    _cleanup_(reader_clear) struct list_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL || !text_copy(name, &reader->name) ||
        !text_copy(about->link_template, &reader->link_template) ||
        !text_copy(about->notice, &reader->notice))
        return error_no_memory(err);
    reader->options = options;
    reader->sink = sink;
    reader->report_memory = (struct arena)ARENA_INIT(LIST_REPORT_CEILING);
    struct mapping_request request = mapping_request_list(options);
    header_search_begin(&reader->search, &request, options->header_row, options->header_search_rows);
    convention_begin(&reader->convention, options, about->locale);
    item_batch_begin(&reader->items, sink);
    rejects_begin(&reader->rejects, reader->name, reader->link_template);
    waiting_begin(&reader->waiting);
    enum sluice_status status = row_end_begin(&reader->end, options, err);
    if (status != SLUICE_OK)
        return status;
    *ret_reader = reader;
    reader = NULL;
    return SLUICE_OK;
}

/* ---- Rows ------------------------------------------------------------------------------------------------
 */

/* One row below the header. */
static enum sluice_status body_row(struct list_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err)
{
    reader->report.figures.rows_read++;
    bool hidden = (row->flags & SLUICE_ROW_HIDDEN) != 0;
    if (hidden && reader->options->hidden_rows.index == HIDDEN_ROWS_SKIP) {
        reader->hidden_skipped++;
        reader->report.figures.skipped++;
        return SLUICE_OK;
    }
    reader->hidden_read += hidden;
    bool blank = (row->flags & SLUICE_ROW_BLANK) != 0 || sheet_row_is_blank(row);
    if (row_end_is_here(&reader->end, row, blank)) {
        reader->ended = true;
        reader->report.figures.skipped++;
        return SLUICE_END;
    }
    if (!blank)
        return sheet_row_has_covered(row) ? list_row_merged(reader, row, err)
                                          : list_row_read(reader, row, err);
    reader->report.figures.skipped++;
    return SLUICE_OK;
}

/* What repeats these cells further down is no item. */
static void header_remember(struct list_reader *reader, size_t after)
{
    for (size_t i = 0; i < after && reader->n_header_rows < LIST_HEADER_ROWS_MAX; i++) {
        const struct sheet_row *row = &reader->search.rows[i];
        if (row->line < reader->mapping->header_first_line)
            continue;
        for (int field = 0; field < LIST_KEY_FIELDS; field++)
            reader->header_cells[reader->n_header_rows][field] =
                text_trim(sheet_row_cell(row, reader->mapping->field_column[field]));
        reader->n_header_rows++;
    }
}

/* The currency of prices that name none: of the price's header, else of the options. */
static enum sluice_status currency_begin(struct list_reader *reader, struct sluice_error *err)
{
    memcpy(reader->currency, reader->mapping->currency, CURRENCY_SIZE);
    if (reader->currency[0] != '\0' || reader->options->currency == NULL ||
        reader->options->currency[0] == '\0')
        return SLUICE_OK;
    if (currency_find(text_of(reader->options->currency), reader->currency))
        return SLUICE_OK;
    return error_set(err, SLUICE_CONFIG, "the option currency is no ISO 4217 code: \"%.32s\"",
                     reader->options->currency);
}

/* Finds the header among the rows kept, and reads those below it. */
static enum sluice_status header_decide(struct list_reader *reader, struct sluice_error *err)
{
    size_t after;
    enum sluice_status status =
        header_search_end(&reader->search, reader->name, &reader->mapping, &after, err);
    if (status != SLUICE_OK)
        return status;
    reader->mapping_json = mapping_json(reader->mapping);
    if (reader->mapping_json == NULL || !characteristics_begin(&reader->characteristics, reader->mapping))
        return error_no_memory(err);
    status = currency_begin(reader, err);
    if (status != SLUICE_OK)
        return status;
    header_remember(reader, after);
    reader->report.figures.rows_read += after;
    reader->report.figures.skipped += after;
    for (size_t i = after; i < reader->search.n_rows && status == SLUICE_OK; i++)
        status = body_row(reader, &reader->search.rows[i], err);
    return status;
}

static enum sluice_status row_take(struct list_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err)
{
    if (reader->mapping != NULL)
        return body_row(reader, row, err);
    if (row->line < reader->search.fixed_line) {
        reader->report.figures.rows_read++;
        reader->report.figures.skipped++;
        return SLUICE_OK;
    }
    switch (header_search_add(&reader->search, row)) {
    case HEADER_WANTS_MORE:
        return SLUICE_OK;
    case HEADER_READY:
        return header_decide(reader, err);
    default:
        return error_no_memory(err);
    }
}

enum sluice_status list_reader_batch(struct list_reader *reader, const struct sluice_batch *batch,
                                     struct sluice_error *err)
{
    if (reader->ended)
        return SLUICE_END;
    enum sluice_status status = SLUICE_OK;
    for (uint32_t i = 0; i < batch->n_rows && status == SLUICE_OK; i++) {
        struct sheet_row row = sheet_row_of(batch, i);
        status = row_take(reader, &row, err);
    }
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    /* The items' cells live in the batch, which the caller releases now. */
    enum sluice_status flushed = item_batch_flush(&reader->items, err);
    return flushed != SLUICE_OK ? flushed : status;
}

enum sluice_status list_reader_reject(struct list_reader *reader, const struct sluice_source_reject *reject,
                                      struct sluice_error *err)
{
    if (!rejects_add_source(&reader->rejects, reject))
        return error_no_memory(err);
    reader->report.figures.rows_read++;
    reader->report.figures.rejected++;
    return list_rejects_flush(reader, LIST_REJECTS_AT_ONCE, err);
}

enum sluice_status list_reader_finish(struct list_reader *reader, const struct list_report **ret_report,
                                      struct sluice_error *err)
{
    if (reader->mapping == NULL) {
        enum sluice_status status = header_decide(reader, err);
        if (status != SLUICE_OK && status != SLUICE_END)
            return status;
    }
    convention_decide(&reader->convention);
    enum sluice_status status = list_waiting_release(reader, err);
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
    free(reader->name);
    free(reader->link_template);
    free(reader->notice);
    free(reader->mapping_json);
    free(reader->notices);
    header_search_free(&reader->search);
    mapping_free(reader->mapping);
    characteristics_free(&reader->characteristics);
    item_batch_free(&reader->items);
    rejects_free(&reader->rejects);
    waiting_clear(&reader->waiting);
    row_end_free(&reader->end);
    merged_view_free(&reader->merged);
    arena_free(&reader->report_memory);
    free(reader);
}
