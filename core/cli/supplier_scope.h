/* SPDX-License-Identifier: Apache-2.0 */
/* The suppliers that a command line names, as a run's scope. */
#ifndef CLI_SUPPLIER_SCOPE_H
#define CLI_SUPPLIER_SCOPE_H

#include "base/error.h"

/* Keys, none twice; none at all means all suppliers. Owned. */
struct supplier_scope {
    char **keys;
    size_t n;
};

/* With room for n more. */
enum sluice_status supplier_scope_begin(struct supplier_scope *ret_scope, size_t n, struct sluice_error *err);
/* Takes the key over; NULL: there was no memory for it. */
enum sluice_status supplier_scope_add(struct supplier_scope *scope, char *key, struct sluice_error *err);
/* Adds n suppliers by their names, in any case. */
enum sluice_status supplier_scope_names(struct supplier_scope *scope, const char *const *names, size_t n,
                                        struct sluice_error *err);
void supplier_scope_free(struct supplier_scope *scope); /* [cleanup] accepts a zeroed one */

#endif
