/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which column is which field, and why. Exact synonyms first, fuzzy only above a high score and a clear
 * margin; a column serves one field. Everything that is mapped to none becomes a characteristic.
 */
#ifndef INGEST_MAPPING_H
#define INGEST_MAPPING_H

#include "base/arena.h"
#include "ingest/currency.h"
#include "ingest/synonyms.h"

#include <sluice/plugin.h>

struct ingest_options;
struct rule_phrases;

enum field { FIELD_SKU, FIELD_NAME, FIELD_PRICE, FIELD_CURRENCY, FIELD_COUNT };
enum master_field { MASTER_NAME, MASTER_URL, MASTER_FORMAT, MASTER_ACTIVE, MASTER_NOTES, MASTER_FIELD_COUNT };
enum { MAPPING_FIELDS_MAX = 5 };

struct mapping_column {
    const char *header; /* as displayed, header rows joined; a duplicate carries its cell: "Price (E3)" */
    const char *key;    /* of the characteristic, or NULL when the column becomes none */
    int field;          /* enum field, or -1 */
    int best_field;     /* of `score`, or -1 */
    double score;       /* 0 to 1 for best_field, also when it was not chosen */
    const char *reason; /* "synonym «артикул»", "not a price: old", "too close to column C", … */
    const char *notice; /* what the operator should know about this column, or NULL */
};

struct mapping {
    uint64_t header_first_line, header_last_line; /* 1-based rows */
    uint32_t n_columns;
    struct mapping_column *columns;
    const struct field_rule *rules; /* of the n_fields fields, in their order */
    int n_fields;
    int field_column[MAPPING_FIELDS_MAX]; /* index, or -1; of required fields always there */
    char currency[CURRENCY_SIZE];         /* named by the price's header, or "" */
    struct arena arena;                   /* owns the columns and their texts */
};

/* Rows taken as a header, and what they may be. */
struct mapping_request {
    const struct sluice_cell *const *rows; /* n_rows, each of its width */
    const uint32_t *widths;
    const uint64_t *lines;
    uint32_t n_rows;
    const struct field_rule *rules;
    const struct rule_phrases *phrases; /* of the rules, when read already; else NULL */
    int n_fields;
    const struct sluice_list *named[MAPPING_FIELDS_MAX]; /* the operator's headers for a field, or NULL */
    const struct sluice_list *ignore;                    /* or NULL */
    bool exact; /* try no similar headers: for a first look at many rows */
};

/* For a list under these options; the caller sets rows, widths, lines and n_rows. */
struct mapping_request mapping_request_list(const struct ingest_options *options);
/* For a master sheet. */
struct mapping_request mapping_request_master(void);

/* The mapping of the request's rows. OK, or DATA saying what is missing and which columns came nearest; then
 * *ret_found has how many required fields were found, for choosing among rows (it may be NULL). The result
 * belongs to the caller: mapping_free (). */
enum sluice_status mapping_find(const struct mapping_request *request, struct mapping **ret_mapping,
                                int *ret_found, struct sluice_error *err);
void mapping_free(struct mapping *mapping); /* accepts NULL */

/* Sum of the scores of the required fields: the better header of two has more. */
double mapping_score(const struct mapping *mapping);

/* {"header": [3, 4], "columns": [{"column", "header", "field", "score", "reason"}, …]}; the caller frees it.
 */
char *mapping_json(const struct mapping *mapping);

const char *field_name(enum field field);

/* "A", "Z", "AA", … for a 0-based column. */
#define COLUMN_LETTERS_SIZE 8
void column_letters(uint32_t column, char ret_letters[COLUMN_LETTERS_SIZE]);

#endif
