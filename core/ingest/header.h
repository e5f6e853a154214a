/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps a sheet's first rows and finds the header among them. Bounded: when the rows kept grow beyond a
 * ceiling, the search is made with those that are there.
 */
#ifndef INGEST_HEADER_H
#define INGEST_HEADER_H

#include "ingest/mapping.h"
#include "ingest/sheet_row.h"

struct header_search {
    struct mapping_request request; /* rules and the operator's headers */
    uint64_t fixed_line;            /* the header begins there; 0: search */
    size_t wanted;                  /* rows to keep before searching */
    struct sheet_row *rows;         /* kept, in arena */
    size_t n_rows;
    struct arena arena;
};

enum header_step { HEADER_WANTS_MORE, HEADER_READY, HEADER_NO_MEMORY };

/* 0 for fixed_line searches the first `rows` rows. */
void header_search_begin(struct header_search *search, const struct mapping_request *request,
                         int64_t fixed_line, int64_t rows);
/* Keeps a copy of the row. READY: no more can be kept or is needed; call header_search_end (). */
enum header_step header_search_add(struct header_search *search, const struct sheet_row *row);
/* The first row kept that comes after the header is *ret_after. `name` is the sheet for messages. */
enum sluice_status header_search_end(const struct header_search *search, const char *name,
                                     struct mapping **ret_mapping, size_t *ret_after,
                                     struct sluice_error *err);
void header_search_free(struct header_search *search);

#endif
