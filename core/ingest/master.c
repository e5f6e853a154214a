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

static char *formats_join(const char *const *formats, size_t n_formats)
{
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(TEXT_CEILING);
    for (size_t i = 0; i < n_formats; i++)
        buffer_printf(&text, "%s%s", i == 0 ? "" : ", ", formats[i]);
    return buffer_steal(&text);
}

/* Tab and folded header: "suppliers\nname\nurl\nformat". */
static char *signature_make(const struct master_reader *reader)
{
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(TEXT_CEILING);
    buffer_text(&text, reader->tab == NULL ? "" : reader->tab);
    for (uint32_t i = 0; i < reader->sheet.mapping->n_columns; i++) {
        _cleanup_free_ char *folded = fold_text(text_of(reader->sheet.mapping->columns[i].header));
        if (folded == NULL)
            return NULL;
        buffer_byte(&text, '\n');
        buffer_text(&text, folded);
    }
    while (text.size > 0 && text.data[text.size - 1] == '\n')
        text.data[--text.size] = '\0';
    return buffer_steal(&text);
}

/* What a merged cell holds counts for the rows that it reaches down to, and not for the columns to its right:
 * a heading that spans the sheet is no address. A row with nothing of its own belongs to the one above. */
static enum sluice_status merged_row(struct master_reader *reader, const struct sheet_row *row,
                                     struct sluice_error *err)
{
    struct sheet_row view;
    if (!merged_view_make(&reader->sheet.merged, row, WITHOUT_COVERED, &view))
        return error_no_memory(err);
    if (sheet_row_is_blank(&view))
        return sheet_reader_skip(&reader->sheet);
    if (!merged_view_make(&reader->sheet.merged, row, WITHOUT_RIGHT, &view))
        return error_no_memory(err);
    return master_row_read(reader, &view, err);
}

static enum sluice_status header_found(void *context, size_t n_header, struct sluice_error *err)
{
    struct master_reader *reader = context;
    (void)n_header;
    reader->signature = signature_make(reader);
    return reader->signature == NULL ? error_no_memory(err) : SLUICE_OK;
}

static enum sluice_status row_take(void *context, const struct sheet_row *row, struct sluice_error *err)
{
    return sheet_row_has_covered(row) ? merged_row(context, row, err) : master_row_read(context, row, err);
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
    static const struct sheet_calls calls = {.header = header_found, .row = row_take};
    const struct sluice_description *about = description == NULL ? &unknown : description;
    _cleanup_(reader_clear) struct master_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL || !text_copy(about->sheet, &reader->tab))
        return error_no_memory(err);
    reader->sheet.calls = &calls;
    reader->sheet.context = reader;
    reader->formats = formats;
    reader->n_formats = n_formats;
    reader->formats_text = formats_join(formats, n_formats);
    reader->arena = (struct arena)ARENA_INIT(SUPPLIERS_CEILING);
    if (reader->formats_text == NULL)
        return error_no_memory(err);
    struct mapping_request request = mapping_request_master();
    enum sluice_status status =
        sheet_reader_begin(&reader->sheet, options, &request, name, about->link_template, err);
    if (status != SLUICE_OK)
        return status;
    *ret_reader = reader;
    reader = NULL;
    return SLUICE_OK;
}

enum sluice_status master_reader_batch(struct master_reader *reader, const struct sluice_batch *batch,
                                       struct sluice_error *err)
{
    return sheet_reader_batch(&reader->sheet, batch, err);
}

enum sluice_status master_reader_reject(struct master_reader *reader,
                                        const struct sluice_source_reject *reject, struct sluice_error *err)
{
    return sheet_reader_reject(&reader->sheet, reject, err);
}

enum sluice_status master_reader_finish(struct master_reader *reader, const struct master_report **ret_report,
                                        struct sluice_error *err)
{
    const struct sheet_reader *sheet = &reader->sheet;
    enum sluice_status status = sheet_reader_finish(&reader->sheet, err);
    if (status != SLUICE_OK)
        return status;
    struct master_report *report = &reader->report;
    report->suppliers = reader->suppliers.suppliers;
    report->n_suppliers = reader->suppliers.n;
    report->rejects = sheet->rejects.items;
    report->n_rejects = sheet->rejects.n;
    report->rows_read = sheet->rows_read;
    report->skipped = sheet->skipped;
    report->header_signature = reader->signature;
    report->mapping_json = sheet->mapping_json;
    *ret_report = report;
    return SLUICE_OK;
}

void master_reader_free(struct master_reader *reader)
{
    if (reader == NULL)
        return;
    sheet_reader_free(&reader->sheet);
    free(reader->tab);
    free(reader->formats_text);
    free(reader->signature);
    supplier_set_free(&reader->suppliers);
    arena_free(&reader->arena);
    free(reader);
}
