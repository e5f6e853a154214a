/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/supplier_scope.h"

#include "base/text.h"
#include "ingest/master.h"

#include <stdlib.h>
#include <string.h>

void supplier_scope_free(struct supplier_scope *scope)
{
    for (size_t i = 0; i < scope->n; i++)
        free(scope->keys[i]);
    free(scope->keys);
}

enum sluice_status supplier_scope_begin(struct supplier_scope *ret_scope, size_t n, struct sluice_error *err)
{
    *ret_scope = (struct supplier_scope){.keys = calloc(n + 1, sizeof *ret_scope->keys)};
    return ret_scope->keys == NULL ? error_no_memory(err) : SLUICE_OK;
}

enum sluice_status supplier_scope_add(struct supplier_scope *scope, char *key, struct sluice_error *err)
{
    if (key == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < scope->n; i++)
        if (strcmp(scope->keys[i], key) == 0) {
            free(key);
            return SLUICE_OK;
        }
    scope->keys[scope->n++] = key;
    return SLUICE_OK;
}

enum sluice_status supplier_scope_names(struct supplier_scope *scope, const char *const *names, size_t n,
                                        struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < n && status == SLUICE_OK; i++)
        status = supplier_scope_add(scope, supplier_key(text_of(names[i])), err);
    return status;
}
