/* SPDX-License-Identifier: Apache-2.0 */
/* Where the operator says that a list ends: blank rows in a row, or a first cell that matches an expression.
 */
#ifndef INGEST_ROW_END_H
#define INGEST_ROW_END_H

#include "ingest/options.h"
#include "ingest/sheet_row.h"

struct URegularExpression;

struct row_end {
    struct URegularExpression *until; /* or NULL */
    uint64_t blank_limit;             /* 0: none */
    uint64_t blank_rows;              /* in a row, so far */
};

/* CONFIG for an expression that is none. */
enum sluice_status row_end_begin(struct row_end *end, const struct ingest_options *options,
                                 struct sluice_error *err);
/* Whether the list ends with this row, which is then no item. */
bool row_end_is_here(struct row_end *end, const struct sheet_row *row, uint32_t blank);
void row_end_free(struct row_end *end);

#endif
