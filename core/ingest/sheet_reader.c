/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/sheet_reader.h"

#include "base/error.h"
#include "base/text.h"

#include <stdlib.h>

enum sluice_status sheet_reader_begin(struct sheet_reader *sheet, const struct ingest_options *options,
                                      const struct mapping_request *request, const char *name,
                                      const char *link_template, struct sluice_error *err)
{
    sheet->options = options;
    header_search_begin(&sheet->search, request, options->header_row, options->header_search_rows);
    if (!text_copy(name, &sheet->name) || !text_copy(link_template, &sheet->link_template))
        return error_no_memory(err);
    rejects_begin(&sheet->rejects, sheet->name, sheet->link_template);
    return row_end_begin(&sheet->end, options, err);
}

enum sluice_status sheet_reader_skip(struct sheet_reader *sheet)
{
    sheet->skipped++;
    return SLUICE_OK;
}

/* One row below the header. */
static enum sluice_status body_row(struct sheet_reader *sheet, const struct sheet_row *row,
                                   struct sluice_error *err)
{
    sheet->rows_read++;
    bool hidden = (row->flags & SLUICE_ROW_HIDDEN) != 0;
    if (hidden && sheet->options->hidden_rows.index == HIDDEN_ROWS_SKIP) {
        sheet->hidden_skipped++;
        return sheet_reader_skip(sheet);
    }
    sheet->hidden_read += hidden;
    bool blank = (row->flags & SLUICE_ROW_BLANK) != 0 || sheet_row_is_blank(row);
    if (row_end_is_here(&sheet->end, row, blank)) {
        sheet->ended = true;
        sheet->skipped++;
        return SLUICE_END;
    }
    return blank ? sheet_reader_skip(sheet) : sheet->calls->row(sheet->context, row, err);
}

/* Finds the header among the rows kept, and reads those below it. */
static enum sluice_status header_decide(struct sheet_reader *sheet, struct sluice_error *err)
{
    size_t n_header;
    enum sluice_status status =
        header_search_end(&sheet->search, sheet->name, &sheet->mapping, &n_header, err);
    if (status != SLUICE_OK)
        return status;
    sheet->mapping_json = mapping_json(sheet->mapping);
    if (sheet->mapping_json == NULL)
        return error_no_memory(err);
    sheet->rows_read += n_header;
    sheet->skipped += n_header;
    status = sheet->calls->header(sheet->context, n_header, err);
    for (size_t i = n_header; i < sheet->search.n_rows && status == SLUICE_OK; i++)
        status = body_row(sheet, &sheet->search.rows[i], err);
    return status;
}

static enum sluice_status row_take(struct sheet_reader *sheet, const struct sheet_row *row,
                                   struct sluice_error *err)
{
    if (sheet->mapping != NULL)
        return body_row(sheet, row, err);
    if (row->line < sheet->search.fixed_line) {
        sheet->rows_read++;
        return sheet_reader_skip(sheet);
    }
    switch (header_search_add(&sheet->search, row)) {
    case HEADER_WANTS_MORE:
        return SLUICE_OK;
    case HEADER_READY:
        return header_decide(sheet, err);
    default:
        return error_no_memory(err);
    }
}

enum sluice_status sheet_reader_batch(struct sheet_reader *sheet, const struct sluice_batch *batch,
                                      struct sluice_error *err)
{
    enum sluice_status status = sheet->ended ? SLUICE_END : SLUICE_OK;
    for (uint32_t i = 0; i < batch->n_rows && status == SLUICE_OK; i++) {
        struct sheet_row row = sheet_row_of(batch, i);
        status = row_take(sheet, &row, err);
    }
    return status;
}

enum sluice_status sheet_reader_reject(struct sheet_reader *sheet, const struct sluice_source_reject *reject,
                                       struct sluice_error *err)
{
    sheet->rows_read++;
    return rejects_add_source(&sheet->rejects, reject) ? SLUICE_OK : error_no_memory(err);
}

enum sluice_status sheet_reader_finish(struct sheet_reader *sheet, struct sluice_error *err)
{
    if (sheet->mapping != NULL)
        return SLUICE_OK;
    enum sluice_status status = header_decide(sheet, err);
    return status == SLUICE_END ? SLUICE_OK : status;
}

void sheet_reader_free(struct sheet_reader *sheet)
{
    free(sheet->name);
    free(sheet->link_template);
    free(sheet->mapping_json);
    header_search_free(&sheet->search);
    mapping_free(sheet->mapping);
    row_end_free(&sheet->end);
    rejects_free(&sheet->rejects);
    merged_view_free(&sheet->merged);
}
