/* SPDX-License-Identifier: Apache-2.0 */
/* Rows with merged cells, seen without some of those that a source filled because they lie under another one. */
#ifndef INGEST_MERGED_H
#define INGEST_MERGED_H

#include "ingest/sheet_row.h"

enum merged_without {
    WITHOUT_COVERED, /* what the row has of its own */
    WITHOUT_RIGHT,   /* its own, and what reaches down into it: a text that spans columns stands in its first one */
};

struct merged_view {
    struct sluice_cell *cells;
    uint32_t capacity;
};

/* *ret_row has cells that live until the next call or merged_view_free (). False without memory. */
bool merged_view_make(struct merged_view *view, const struct sheet_row *row, enum merged_without without,
                      struct sheet_row *ret_row);
void merged_view_free(struct merged_view *view); /* accepts a zeroed one */

/* The first covered cell's column, or -1. */
int merged_first_covered(const struct sheet_row *row);

#endif
