/* SPDX-License-Identifier: Apache-2.0 */
/* A run for some suppliers: each one must be known after the master phase, or the nearest name is suggested.
 */
#include "base/cleanup.h"
#include "base/text.h"
#include "ingest/master.h"
#include "sync/run.h"

#include <string.h>

#define NEAR_ENOUGH 3   /* edits */
#define NAME_SHOWN  120 /* bytes */

struct search {
    const char *key;
    bool found;
    unsigned distance;
    char nearest[NAME_SHOWN + 1]; /* name, "" when none is near */
};

static struct sluice_cell column_named(const char *name, const struct sluice_column *columns,
                                       const struct sluice_cell *cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(columns[i].name, name) == 0)
            return cells[i];
    return (struct sluice_cell){0};
}

static enum sluice_status compare(struct search *search, struct sluice_cell name)
{
    _cleanup_free_ char *key = supplier_key(name);
    if (key == NULL)
        return SLUICE_FATAL;
    if (strcmp(key, search->key) == 0)
        search->found = true;
    unsigned distance = text_distance(key, search->key, NEAR_ENOUGH);
    if (distance >= search->distance)
        return SLUICE_OK;
    search->distance = distance;
    size_t cut = utf8_cut(name.ptr, name.len < NAME_SHOWN ? name.len : NAME_SHOWN);
    memcpy(search->nearest, name.ptr, cut);
    search->nearest[cut] = '\0';
    return SLUICE_OK;
}

static enum sluice_status compare_row(void *context, const struct sluice_column *columns,
                                      const struct sluice_cell *cells, size_t n)
{
    return compare(context, column_named("name", columns, cells, n));
}

static enum sluice_status answer(const struct search *search, struct sluice_error *err)
{
    if (search->found)
        return SLUICE_OK;
    if (search->nearest[0] == '\0')
        return error_set(err, SLUICE_CONFIG, "no supplier is called \"%s\"; `sluice suppliers` lists them",
                         search->key);
    return error_set(err, SLUICE_CONFIG, "no supplier is called \"%s\"; did you mean \"%s\"?", search->key,
                     search->nearest);
}

enum sluice_status scope_check(struct run *run, struct sluice_error *err)
{
    struct instance *store = run->session->store;
    struct sluice_query query = {.struct_size = sizeof query, .what = SLUICE_QUERY_SUPPLIERS};
    for (size_t i = 0; i < run->n_scope; i++) {
        struct search search = {.key = run->scope[i], .distance = NEAR_ENOUGH + 1};
        struct sluice_sink sink = {.context = &search, .row = compare_row};
        enum sluice_status status = store->plugin->store->query(store->self, &query, &sink, err);
        if (status == SLUICE_OK)
            status = answer(&search, err);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}

enum sluice_status scope_check_sheet(const struct run *run, const struct master_report *report,
                                     struct sluice_error *err)
{
    for (size_t i = 0; i < run->n_scope; i++) {
        struct search search = {.key = run->scope[i], .distance = NEAR_ENOUGH + 1};
        enum sluice_status status = SLUICE_OK;
        for (size_t k = 0; k < report->n_suppliers && status == SLUICE_OK; k++)
            status = compare(&search, text_of(report->suppliers[k].name));
        if (status != SLUICE_OK)
            return error_no_memory(err);
        status = answer(&search, err);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}
