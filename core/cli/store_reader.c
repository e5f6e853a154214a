/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/store_reader.h"

#include "base/text.h"

enum sluice_status store_reader_open(struct composition *composition, struct store_reader *ret_reader,
                                     struct sluice_error *err)
{
    struct instance *instance = NULL;
    enum sluice_status status = compose_instance(composition, SLUICE_STORE, &instance, err);
    if (status != SLUICE_OK)
        return status;
    const struct sluice_store *calls = instance->plugin->store;
    const struct sluice_schema *schema = NULL;
    status = calls->schema(instance->self, SLUICE_SCHEMA_CHECK, &schema, err);
    if (status == SLUICE_OK && schema->version == 0)
        status = error_set(err, SLUICE_END, "there is nothing in %s yet; run `sluice sync`",
                           schema->where == NULL ? "the store" : schema->where);
    else if (status == SLUICE_OK && schema->version < schema->latest)
        status =
            error_set(err, SLUICE_CONFIG,
                      "%s has schema %u and this Sluice wants %u; run `sluice sync` to bring it up to date",
                      schema->where == NULL ? "the store" : schema->where, schema->version, schema->latest);
    if (status != SLUICE_OK) {
        instance_destroy(instance);
        return status;
    }
    *ret_reader = (struct store_reader){instance, calls, schema->advice};
    return SLUICE_OK;
}

void store_reader_close(struct store_reader *reader)
{
    instance_destroy(reader->instance);
}

enum sluice_status store_reader_query(const struct store_reader *reader, const struct sluice_query *query,
                                      const struct sluice_sink *sink, struct sluice_error *err)
{
    enum sluice_status status = reader->calls->query(reader->instance->self, query, sink, err);
    return status == SLUICE_END ? SLUICE_OK : status;
}

static enum sluice_status count_row(void *context, const struct sluice_column *columns,
                                    const struct sluice_cell *cells, size_t n)
{
    (void)columns;
    (void)cells;
    (void)n;
    *(bool *)context = true;
    return SLUICE_OK;
}

enum sluice_status store_reader_has(const struct store_reader *reader, const char *key, bool *ret_there,
                                    struct sluice_error *err)
{
    bool there = false;
    const struct sluice_query query = {
        .struct_size = sizeof query, .what = SLUICE_QUERY_SUPPLIERS, .key = key, .limit = 1};
    const struct sluice_sink sink = {&there, count_row};
    enum sluice_status status = store_reader_query(reader, &query, &sink, err);
    if (status == SLUICE_OK)
        *ret_there = there;
    return status;
}
