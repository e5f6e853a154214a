/* SPDX-License-Identifier: Apache-2.0 */
/* The master sheet becomes suppliers. A row that names a supplier but is otherwise unusable is still present.
 */
#ifndef INGEST_MASTER_H
#define INGEST_MASTER_H

#include "ingest/options.h"

#include <sluice/store_types.h>

struct master_reader;

/* Lives as long as the reader. */
struct master_report {
    const struct sluice_supplier *suppliers; /* none twice: of two rows with one key the first counts */
    size_t n_suppliers;
    size_t n_valid;
    const struct sluice_reject *rejects; /* invalid rows, duplicates, rows without a name */
    size_t n_rejects;
    uint64_t rows_read, skipped;
    const char *header_signature; /* tab and folded header, for the guard on a changed master */
    const char *mapping_json;
};

/* `formats` are the values of the Format column that have a source (the keys of `sources`). */
enum sluice_status master_reader_new(const struct ingest_options *options, const char *name,
                                     const struct sluice_description *description, const char *const *formats,
                                     size_t n_formats, struct master_reader **ret_reader,
                                     struct sluice_error *err);
enum sluice_status master_reader_batch(struct master_reader *reader, const struct sluice_batch *batch,
                                       struct sluice_error *err);
enum sluice_status master_reader_reject(struct master_reader *reader,
                                        const struct sluice_source_reject *reject, struct sluice_error *err);
enum sluice_status master_reader_finish(struct master_reader *reader, const struct master_report **ret_report,
                                        struct sluice_error *err);
void master_reader_free(struct master_reader *reader);

/* A supplier's identity: NFKC, case folded, white space collapsed, zero-width dropped. The caller frees it.
 */
char *supplier_key(struct sluice_cell name);

#endif
