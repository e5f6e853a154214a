/* SPDX-License-Identifier: Apache-2.0 */
/* What a spreadsheet is, as spreadsheets.get tells it under METADATA_FIELDS: titles, tabs, merged cells, hidden
 * rows. Read in place: a large sheet has an entry for each row. */
#ifndef GSHEETS_METADATA_H
#define GSHEETS_METADATA_H

#include "formats/values.h"

#define METADATA_FIELDS                                                                                    \
    "properties(title,locale,timeZone),"                                                                   \
    "sheets(properties(sheetId,title,sheetType,hidden,gridProperties(rowCount,columnCount)),merges,"       \
    "data(startRow,rowMetadata(hiddenByFilter,hiddenByUser)))"

struct tab {
    const char *title;
    int64_t gid;
    bool hidden, is_grid; /* a chart's tab is no grid */
    uint64_t n_rows, n_columns;
    struct merge *merges;
    size_t n_merges;
    struct row_range *hidden_rows; /* sorted */
    size_t n_hidden_rows;
};

struct metadata {
    struct arena arena;
    const char *title, *locale, *time_zone; /* or NULL */
    struct tab *tabs;
    size_t n_tabs;
};

/* DATA when it is no such answer or beyond a limit; `err` may be NULL, as everywhere. [run] */
enum sluice_status metadata_read(const char *text, uint64_t size, struct metadata *ret_metadata,
                                 struct sluice_error *err);
void metadata_free(struct metadata *metadata); /* [cleanup] accepts a zeroed one */

#endif
