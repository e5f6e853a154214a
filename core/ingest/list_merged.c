/* SPDX-License-Identifier: Apache-2.0 */
/* Rows with merged cells. A row that has nothing of its own belongs to the one above; a heading or total that
 * spans columns is judged by its first cell; the option decides about all others. */
#include "ingest/list_reader.h"

#include "base/error.h"

static enum sluice_status reject(struct list_reader *reader, const struct sheet_row *row,
                                 struct sluice_error *err)
{
    int column = merged_first_covered(row);
    const struct reject_note note = {
        .reason = REASON_MERGED_CELL, .column = column, .excerpt = sheet_row_cell(row, column)};
    if (!rejects_add(&reader->sheet.rejects, row, &note))
        return error_no_memory(err);
    reader->report.figures.rejected++;
    return list_rejects_flush(reader, LIST_REJECTS_AT_ONCE, err);
}

enum sluice_status list_row_merged(struct list_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err)
{
    struct sheet_row own, judged;
    if (!merged_view_make(&reader->sheet.merged, row, WITHOUT_COVERED, &own))
        return error_no_memory(err);
    if (sheet_row_is_blank(&own))
        return sheet_reader_skip(&reader->sheet);
    if (reader->sheet.options->merged.index == MERGED_TOP_LEFT)
        return list_row_read(reader, &own, err);
    if (!merged_view_make(&reader->sheet.merged, row, WITHOUT_RIGHT, &judged))
        return error_no_memory(err);
    if (list_row_is_no_item(reader, &judged))
        return sheet_reader_skip(&reader->sheet);
    if (reader->sheet.options->merged.index == MERGED_REJECT)
        return reject(reader, row, err);
    return list_row_read(reader, row, err);
}
