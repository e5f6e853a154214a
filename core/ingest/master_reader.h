/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a master_reader, shared by master.c (its life) and master_row.c (one row). */
#ifndef INGEST_MASTER_READER_H
#define INGEST_MASTER_READER_H

#include "ingest/master.h"
#include "ingest/sheet_reader.h"
#include "ingest/supplier_set.h"

struct master_reader {
    struct sheet_reader sheet;
    char *tab; /* NULL where the source names none */
    const char *const *formats;
    size_t n_formats;
    char *formats_text; /* "csv, excel" */
    char *signature;
    struct supplier_set suppliers;
    struct arena arena; /* the suppliers' texts */
    struct master_report report;
};

/* One row below the header that is not blank. */
enum sluice_status master_row_read(struct master_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err);

#endif
