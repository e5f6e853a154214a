/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that stop a suspicious mass change before anything shared is written (FAULTS I-7). Pure functions.
 */
#ifndef INGEST_GUARD_H
#define INGEST_GUARD_H

#include "ingest/options.h"

#include <sluice/store_types.h>

struct guard_verdict {
    const char *guard;           /* NULL: nothing tripped */
    double figure, limit;        /* shares of 1 */
    char message[256];           /* one sentence with the numbers */
    const char *const *examples; /* those of the change or stat that was given */
    size_t n_examples;
};

/* The master: what it would change, how many rows are valid, its header against the last accepted one's
 * (NULL: none). An approval lets the same content pass, or the same guard with a figure no worse. */
void guard_master(const struct guard_options *options, const struct sluice_suppliers_change *change,
                  size_t n_valid, const char *former_signature, const char *signature,
                  const char *content_hash, const struct sluice_approval *approval,
                  struct guard_verdict *ret_verdict);
/* One list: figures are the whole of it, stat is the store's. */
void guard_list(const struct guard_options *options, const struct sluice_figures *figures,
                const struct sluice_snapshot_stat *stat, const char *content_hash,
                const struct sluice_approval *approval, struct guard_verdict *ret_verdict);

#endif
