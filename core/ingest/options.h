/* SPDX-License-Identifier: Apache-2.0 */
/* How lists are read, and when a change is too large to be believed. */
#ifndef INGEST_OPTIONS_H
#define INGEST_OPTIONS_H

#include <sluice/plugin.h>

enum decimal_mark { DECIMAL_MARK_AUTO, DECIMAL_MARK_POINT, DECIMAL_MARK_COMMA };
enum merged_cells { MERGED_FILL, MERGED_TOP_LEFT, MERGED_REJECT };
enum hidden_rows { HIDDEN_ROWS_INCLUDE, HIDDEN_ROWS_SKIP };

/* Section `ingest`; each option can be overridden for one supplier under `suppliers`. */
struct ingest_options {
    struct sluice_choice decimal;     /* enum decimal_mark */
    struct sluice_choice hidden_rows; /* enum hidden_rows */
    struct sluice_choice merged;      /* enum merged_cells */
    const char *currency;             /* of prices that name none; ISO 4217, or NULL */
    const char *locale;               /* of the list when its source knows none, or NULL */
    int64_t header_row;               /* 1-based line of the header's first row; 0: search */
    int64_t header_search_rows;       /* how many rows the search looks at */
    int64_t stop_after_blank;         /* that many blank rows end the list; 0: never */
    const char *until; /* ICU regular expression: a first filled cell that ends the list, or NULL */
    struct sluice_list sku, name, price, currency_column; /* further synonyms, or the exact header */
    struct sluice_list ignore;                            /* headers that become no characteristic */
};
extern const struct sluice_option ingest_option_table[];
extern const size_t ingest_option_count;

/* Section `guards`. Shares in percent; 100 switches that guard off. */
struct guard_options {
    int64_t suppliers_gone;   /* of active suppliers that one master may deactivate: 20, but always up to 3 */
    int64_t suppliers_shrunk; /* of valid rows that a master may lose against the last accepted one: 50 */
    bool master_empty;        /* hold a master without a valid row */
    bool master_changed;      /* hold a master whose tab or header is another one */
    int64_t items_gone;       /* 50 */
    int64_t prices_jumped;    /* 30 */
    int64_t price_jump_factor; /* 3 */
    int64_t rows_rejected;     /* 20 */
};
extern const struct sluice_option guard_option_table[];
extern const size_t guard_option_count;

#endif
