/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the master sheet and a list have in common: rows are kept until the header is found among them, then each
 * is handed over as it comes. Every row is accounted for once: skipped here, rejected by the source, or handed over.
 */
#ifndef INGEST_SHEET_READER_H
#define INGEST_SHEET_READER_H

#include "ingest/header.h"
#include "ingest/merged.h"
#include "ingest/options.h"
#include "ingest/rejects.h"
#include "ingest/row_end.h"

/* Whose sheet it is. END from either ends the sheet. */
struct sheet_calls {
    /* The header was found: mapping and mapping_json are there. The first `n_header` kept rows are up to its last. */
    enum sluice_status (*header)(void *context, size_t n_header, struct sluice_error *err);
    /* A row below the header that is neither blank nor left out. */
    enum sluice_status (*row)(void *context, const struct sheet_row *row, struct sluice_error *err);
};

struct sheet_reader {
    const struct ingest_options *options;
    const struct sheet_calls *calls;
    void *context;
    char *name, *link_template;  /* copies; NULL where the source gives none */
    struct header_search search; /* its rows live as long as the reader: the header's are compared with later ones */
    struct mapping *mapping;     /* NULL until the header is found */
    char *mapping_json;
    struct row_end end;
    struct rejects rejects;
    struct merged_view merged;
    bool ended;
    uint64_t rows_read, skipped, hidden_read, hidden_skipped;
};

/* A zeroed reader begins; options and calls outlive it. After a failure, too, sheet_reader_free () frees it. */
enum sluice_status sheet_reader_begin(struct sheet_reader *sheet, const struct ingest_options *options,
                                      const struct mapping_request *request, const char *name,
                                      const char *link_template, struct sluice_error *err);
/* END when the sheet has ended before the source's end. */
enum sluice_status sheet_reader_batch(struct sheet_reader *sheet, const struct sluice_batch *batch,
                                      struct sluice_error *err);
enum sluice_status sheet_reader_reject(struct sheet_reader *sheet, const struct sluice_source_reject *reject,
                                       struct sluice_error *err);
/* After the last batch: looks for the header of a sheet that is shorter than the search. */
enum sluice_status sheet_reader_finish(struct sheet_reader *sheet, struct sluice_error *err);
void sheet_reader_free(struct sheet_reader *sheet);

/* Counts a row that is nobody's. */
enum sluice_status sheet_reader_skip(struct sheet_reader *sheet);

#endif
