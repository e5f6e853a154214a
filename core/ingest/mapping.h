/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which column is which field, and why. Exact synonyms first, fuzzy only above a high score and a clear margin; a
 * column serves one field. Everything that is mapped to none becomes a characteristic.
 */
#ifndef INGEST_MAPPING_H
#define INGEST_MAPPING_H

#include <sluice/plugin.h>

struct ingest_options;

enum field { FIELD_SKU, FIELD_NAME, FIELD_PRICE, FIELD_CURRENCY, FIELD_COUNT };

struct mapping_column {
    const char *header; /* as displayed, header rows joined; a duplicate carries its cell: "Price (E3)" */
    const char *key;    /* of the characteristic, or NULL when the column becomes none */
    int field;          /* enum field, or -1 */
    int best_field;     /* of `score`, or -1 */
    double score;       /* 0 to 1 for best_field, also when it was not chosen */
    const char *reason; /* "synonym «Артикул»", "not a price: old price", "too close to column C", … */
};

struct mapping {
    uint64_t header_first_line, header_last_line; /* 1-based rows */
    uint32_t n_columns;
    struct mapping_column *columns;
    int field_column[FIELD_COUNT]; /* index, or -1; sku, name and price are always there */
};

/* The mapping of n_header rows taken as the header. OK, or DATA saying what is missing and which columns came nearest.
 * The result belongs to the caller: mapping_free (). */
enum sluice_status mapping_find(const struct sluice_cell *const *rows, const uint32_t *widths, uint32_t n_header,
                                const struct ingest_options *options, struct mapping **ret_mapping,
                                struct sluice_error *err);
void mapping_free(struct mapping *mapping);

/* {"header": [3, 4], "columns": [{"header", "field", "score", "reason"}, …]}; the caller frees it. */
char *mapping_json(const struct mapping *mapping);

const char *field_name(enum field field);

#endif
