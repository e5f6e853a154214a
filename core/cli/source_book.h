/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which plugin reads which list, with which options: by the Format value and, under `suppliers`, by the
 * supplier's name. Equal answers are the same pointers, so that a worker can keep one instance for many
 * lists.
 */
#ifndef CLI_SOURCE_BOOK_H
#define CLI_SOURCE_BOOK_H

#include "base/arena.h"
#include "cli/catalog.h"
#include "sync/sync.h"

struct source_book;

/* Config, catalog and arena outlive the book. CONFIG when two names under `suppliers` mean the same supplier.
 */
enum sluice_status source_book_new(struct config *config, struct catalog *catalog, struct arena *arena,
                                   struct source_book **ret_book, struct sluice_error *err);
void source_book_free(struct source_book *book); /* accepts NULL */

/* The values of the Format column that are served. */
const char *const *source_book_formats(const struct source_book *book, size_t *ret_n);

/* CONFIG when no source serves that format, or its plugin cannot be loaded. `supplier` NULL: nobody's list.
 * Fits sync_setup.source. [any] */
enum sluice_status source_book_find(void *book, const char *supplier, const char *format,
                                    struct sync_source *ret_source, struct sluice_error *err);

/* The master sheet's own. */
enum sluice_status source_book_master(struct source_book *book, struct sync_source *ret_source,
                                      struct sluice_error *err);

/* The same as found, changed by "key=value" assignments of the command line. */
enum sluice_status source_book_assign(struct source_book *book, const struct sync_source *source,
                                      const char *const *assignments, size_t n,
                                      struct sync_source *ret_source, struct sluice_error *err);

/* "csv", "excel" or "google_sheets", by what an address looks like. */
const char *source_format_of(const char *location);

#endif
