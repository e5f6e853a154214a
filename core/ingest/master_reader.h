/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a master_reader, shared by master.c (its life) and master_row.c (one row). */
#ifndef INGEST_MASTER_READER_H
#define INGEST_MASTER_READER_H

#include "ingest/merged.h"
#include "ingest/header.h"
#include "ingest/master.h"
#include "ingest/rejects.h"
#include "ingest/row_end.h"
#include "ingest/supplier_set.h"

struct master_reader {
    const struct ingest_options *options;
    char *name, *sheet, *link_template; /* copies; NULL where the source gives none */
    const char *const *formats;
    size_t n_formats;
    char *formats_text; /* "csv, excel" */
    struct header_search search;
    struct mapping *mapping; /* NULL until the header is found */
    char *mapping_json;
    char *signature;
    struct row_end end;
    struct merged_view merged;
    bool ended;
    struct rejects rejects;
    struct supplier_set suppliers;
    struct arena arena; /* the suppliers' texts */
    struct master_report report;
};

/* One row below the header that is not blank. */
enum sluice_status master_row_read(struct master_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err);

#endif
