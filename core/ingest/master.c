/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a master_reader. The whole sheet is kept: a master has thousands of rows, not millions. */
#include "ingest/master_reader.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "ingest/fold.h"

#include <stdlib.h>
#include <string.h>

enum { SUPPLIERS_CEILING = 64 << 20, TEXT_CEILING = 1 << 20 };

char *supplier_key(struct sluice_cell name)
{
    return fold_text(name);
}

static bool text_copy(const char *text, char **ret_copy)
{
    *ret_copy = text == NULL ? NULL : strdup(text);
    return text == NULL || *ret_copy != NULL;
}

static char *formats_join(const char *const *formats, size_t n_formats)
{
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(TEXT_CEILING);
    for (size_t i = 0; i < n_formats; i++)
        buffer_printf(&text, "%s%s", i == 0 ? "" : ", ", formats[i]);
    return buffer_steal(&text);
}

static void reader_clear(struct master_reader **reader)
{
    master_reader_free(*reader);
}

enum sluice_status master_reader_new(const struct ingest_options *options, const char *name,
                                     const struct sluice_description *description, const char *const *formats,
                                     size_t n_formats, struct master_reader **ret_reader,
                                     struct sluice_error *err)
{
    static const struct sluice_description unknown = {.struct_size = sizeof unknown};
    const struct sluice_description *about = description == NULL ? &unknown : description;
    _cleanup_(reader_clear) struct master_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL || !text_copy(name, &reader->name) || !text_copy(about->sheet, &reader->sheet) ||
        !text_copy(about->link_template, &reader->link_template))
        return error_no_memory(err);
    reader->options = options;
    reader->formats = formats;
    reader->n_formats = n_formats;
    reader->formats_text = formats_join(formats, n_formats);
    reader->arena = (struct arena)ARENA_INIT(SUPPLIERS_CEILING);
    struct mapping_request request = mapping_request_master();
    header_search_begin(&reader->search, &request, options->header_row, options->header_search_rows);
    rejects_begin(&reader->rejects, reader->name, reader->link_template);
    if (reader->formats_text == NULL)
        return error_no_memory(err);
    enum sluice_status status = row_end_begin(&reader->end, options, err);
    if (status != SLUICE_OK)
        return status;
    *ret_reader = reader;
    reader = NULL;
    return SLUICE_OK;
}

/* Tab and folded header: "suppliers\nname\nurl\nformat". */
static char *signature_make(const struct master_reader *reader)
{
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(TEXT_CEILING);
    buffer_text(&text, reader->sheet == NULL ? "" : reader->sheet);
    for (uint32_t i = 0; i < reader->mapping->n_columns; i++) {
        _cleanup_free_ char *folded = fold_text(text_of(reader->mapping->columns[i].header));
        if (folded == NULL)
            return NULL;
        buffer_byte(&text, '\n');
        buffer_text(&text, folded);
    }
    while (text.size > 0 && text.data[text.size - 1] == '\n')
        text.data[--text.size] = '\0';
    return buffer_steal(&text);
}

static enum sluice_status row_skip(struct master_reader *reader)
{
    reader->report.skipped++;
    return SLUICE_OK;
}

/* What a merged cell holds counts for the rows that it reaches down to, and not for the columns to its right:
 * a heading that spans the sheet is no address. A row with nothing of its own belongs to the one above. */
static enum sluice_status merged_row(struct master_reader *reader, const struct sheet_row *row,
                                     struct sluice_error *err)
{
    struct sheet_row view;
    if (!merged_view_make(&reader->merged, row, WITHOUT_COVERED, &view))
        return error_no_memory(err);
    if (sheet_row_is_blank(&view))
        return row_skip(reader);
    if (!merged_view_make(&reader->merged, row, WITHOUT_RIGHT, &view))
        return error_no_memory(err);
    return master_row_read(reader, &view, err);
}

static enum sluice_status body_row(struct master_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err)
{
    reader->report.rows_read++;
    bool hidden =
        (row->flags & SLUICE_ROW_HIDDEN) != 0 && reader->options->hidden_rows.index == HIDDEN_ROWS_SKIP;
    bool blank = sheet_row_is_blank(row);
    if (!hidden && row_end_is_here(&reader->end, row, blank)) {
        reader->ended = true;
        reader->report.skipped++;
        return SLUICE_END;
    }
    if (hidden || blank)
        return row_skip(reader);
    return sheet_row_has_covered(row) ? merged_row(reader, row, err) : master_row_read(reader, row, err);
}

static enum sluice_status header_decide(struct master_reader *reader, struct sluice_error *err)
{
    size_t after;
    enum sluice_status status =
        header_search_end(&reader->search, reader->name, &reader->mapping, &after, err);
    if (status != SLUICE_OK)
        return status;
    reader->mapping_json = mapping_json(reader->mapping);
    reader->signature = signature_make(reader);
    if (reader->mapping_json == NULL || reader->signature == NULL)
        return error_no_memory(err);
    reader->report.rows_read += after;
    reader->report.skipped += after;
    for (size_t i = after; i < reader->search.n_rows && status == SLUICE_OK; i++)
        status = body_row(reader, &reader->search.rows[i], err);
    return status;
}

static enum sluice_status row_take(struct master_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err)
{
    if (reader->mapping != NULL)
        return body_row(reader, row, err);
    if (row->line < reader->search.fixed_line) {
        reader->report.rows_read++;
        reader->report.skipped++;
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

enum sluice_status master_reader_batch(struct master_reader *reader, const struct sluice_batch *batch,
                                       struct sluice_error *err)
{
    enum sluice_status status = reader->ended ? SLUICE_END : SLUICE_OK;
    for (uint32_t i = 0; i < batch->n_rows && status == SLUICE_OK; i++) {
        struct sheet_row row = sheet_row_of(batch, i);
        status = row_take(reader, &row, err);
    }
    return status;
}

enum sluice_status master_reader_reject(struct master_reader *reader,
                                        const struct sluice_source_reject *reject, struct sluice_error *err)
{
    reader->report.rows_read++;
    return rejects_add_source(&reader->rejects, reject) ? SLUICE_OK : error_no_memory(err);
}

enum sluice_status master_reader_finish(struct master_reader *reader, const struct master_report **ret_report,
                                        struct sluice_error *err)
{
    if (reader->mapping == NULL) {
        enum sluice_status status = header_decide(reader, err);
        if (status != SLUICE_OK && status != SLUICE_END)
            return status;
    }
    reader->report.suppliers = reader->suppliers.suppliers;
    reader->report.n_suppliers = reader->suppliers.n;
    reader->report.rejects = reader->rejects.items;
    reader->report.n_rejects = reader->rejects.n;
    reader->report.header_signature = reader->signature;
    reader->report.mapping_json = reader->mapping_json;
    *ret_report = &reader->report;
    return SLUICE_OK;
}

void master_reader_free(struct master_reader *reader)
{
    if (reader == NULL)
        return;
    free(reader->name);
    free(reader->sheet);
    free(reader->link_template);
    free(reader->formats_text);
    free(reader->mapping_json);
    free(reader->signature);
    header_search_free(&reader->search);
    mapping_free(reader->mapping);
    row_end_free(&reader->end);
    merged_view_free(&reader->merged);
    rejects_free(&reader->rejects);
    supplier_set_free(&reader->suppliers);
    arena_free(&reader->arena);
    free(reader);
}
