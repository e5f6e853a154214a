/* SPDX-License-Identifier: Apache-2.0 */
/* Each migration and the row that records it are one transaction, so two programs that migrate at once meet
 * in it. */
#define MIGRATION_TEXTS
#include "schema.h"

#include "plugins/stores/calls.h"
#include "query.h"

enum { LATEST = ELEMENTS(migration_text) };

/* 0 for a database without our tables. */
static enum sluice_status version_read(struct store *store, uint32_t *ret_version, struct sluice_error *err)
{
    _cleanup_(query_end) struct query exists = query_begin(store, SQL_schema_exists);
    enum sluice_status status = query_step(&exists, err);
    if (status == SLUICE_END) {
        *ret_version = 0;
        return SLUICE_OK;
    }
    if (status != SLUICE_OK)
        return status;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_schema_version);
    status = query_step(&query, err);
    if (status == SLUICE_OK)
        *ret_version = (uint32_t)column_int(&query, 0);
    return status;
}

static enum sluice_status refuse_newer(struct store *store, uint32_t version, struct sluice_error *err)
{
    if (version <= LATEST)
        return SLUICE_OK;
    return store->host->fail(
        store->host, err, SLUICE_CONFIG,
        "%s was made by a newer Sluice (its schema is %u, this program knows %u); upgrade Sluice",
        store->options->path, version, (unsigned)LATEST);
}

/* In the transaction: another program may have migrated since we looked. */
static enum sluice_status migrate_one(struct store *store, uint32_t *version, struct sluice_error *err)
{
    _cleanup_(transaction_end) struct transaction transaction = {.store = store};
    enum sluice_status status = transaction_begin(&transaction, err);
    if (status == SLUICE_OK)
        status = version_read(store, version, err);
    if (status != SLUICE_OK || *version >= LATEST)
        return status;
    status = store_execute(store, migration_text[*version], err);
    if (status != SLUICE_OK)
        return status;
    struct query put = query_begin(store, SQL_schema_version_put);
    bind_int(&put, *version + 1);
    bind_time(&put, store_now_us(store));
    status = query_run(&put, err);
    if (status == SLUICE_OK)
        status = transaction_commit(&transaction, err);
    if (status == SLUICE_OK)
        ++*version;
    return status;
}

/* The tables of a stand-in, which is in memory and ours alone. */
static enum sluice_status fill_absent(struct store *store, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < LATEST && status == SLUICE_OK; i++)
        status = store_execute(store, migration_text[i], err);
    return status;
}

enum sluice_status schema_require(struct store *store, struct sluice_error *err)
{
    if (store->absent)
        return fill_absent(store, err);
    uint32_t version = 0;
    enum sluice_status status = version_read(store, &version, err);
    if (status == SLUICE_OK)
        status = refuse_newer(store, version, err);
    if (status == SLUICE_OK && version < LATEST)
        return store->host->fail(store->host, err, SLUICE_CONFIG,
                                 "the tables of %s are of an older version (%u, this program needs %u); "
                                 "a sync brings them up to date",
                                 store->options->path, version, (unsigned)LATEST);
    return status;
}

static enum sluice_status check(struct store *store, struct sluice_schema *schema, struct sluice_error *err)
{
    if (store->absent)
        return SLUICE_OK;
    enum sluice_status status = version_read(store, &schema->version, err);
    return status == SLUICE_OK ? refuse_newer(store, schema->version, err) : status;
}

static enum sluice_status migrate(struct store *store, struct sluice_schema *schema, struct sluice_error *err)
{
    enum sluice_status status = version_read(store, &schema->version, err);
    if (status == SLUICE_OK)
        status = refuse_newer(store, schema->version, err);
    while (status == SLUICE_OK && schema->version < LATEST) {
        uint32_t before = schema->version;
        status = migrate_one(store, &schema->version, err);
        schema->applied += schema->version == before + 1;
    }
    return status;
}

enum sluice_status store_schema(void *instance, enum sluice_schema_action action,
                                const struct sluice_schema **ret_schema, struct sluice_error *err)
{
    struct store *store = instance;
    store_close(store);
    arena_reset(&store->result);
    enum store_open how = action == SLUICE_SCHEMA_MIGRATE ? STORE_OPEN_CREATE : STORE_OPEN_EXISTING;
    enum sluice_status status = store_open(store, how, err);
    if (status != SLUICE_OK)
        return status;
    struct sluice_schema *schema = arena_alloc(&store->result, sizeof *schema);
    if (schema == NULL)
        return store_no_memory(store, err);
    *schema = (struct sluice_schema){
        .struct_size = sizeof *schema, .latest = LATEST, .where = store->options->path};
    status = action == SLUICE_SCHEMA_MIGRATE ? migrate(store, schema, err) : check(store, schema, err);
    store->lists_changed |= schema->applied > 0;
    if (status != SLUICE_OK || schema->version != LATEST)
        store_close(store);
    if (status == SLUICE_OK)
        *ret_schema = schema;
    return status;
}
