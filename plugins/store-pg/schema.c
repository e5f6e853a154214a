/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each migration and the row that records it are one transaction, under an advisory lock, so that of programs
 * that migrate at once one does it and the others find it done.
 */
#define MIGRATION_TEXTS
#include "schema.h"

#include "plugins/stores/calls.h"
#include "query.h"

#include <string.h>

enum { LATEST = ELEMENTS(migration_text) };

/* 0 for a schema without our tables. */
static enum sluice_status version_read(struct store *store, uint32_t *ret_version, struct sluice_error *err)
{
    _cleanup_(query_end) struct query exists = query_begin(store, SQL_schema_exists);
    bind_text(&exists, store->options->schema);
    enum sluice_status status = query_run(&exists, err);
    if (status != SLUICE_OK)
        return status;
    *ret_version = 0;
    if (!query_next(&exists) || column_text(&exists, 0)[0] != 't')
        return SLUICE_OK;
    _cleanup_(query_end) struct query query = query_begin(store, SQL_schema_version);
    status = query_run(&query, err);
    if (status == SLUICE_OK && query_next(&query))
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
        store->where, version, (unsigned)LATEST);
}

enum sluice_status schema_require(struct store *store, struct sluice_error *err)
{
    uint32_t version = 0;
    enum sluice_status status = version_read(store, &version, err);
    if (status == SLUICE_OK)
        status = refuse_newer(store, version, err);
    if (status == SLUICE_OK && version == 0)
        return store->host->fail(
            store->host, err, SLUICE_CONFIG,
            "there are no tables of Sluice in schema %s of %s yet; run `sluice db migrate`",
            store->options->schema, store->where);
    if (status == SLUICE_OK && version < LATEST)
        return store->host->fail(store->host, err, SLUICE_CONFIG,
                                 "the tables of %s are of an older version (%u, this program needs %u); "
                                 "run `sluice db migrate`",
                                 store->where, version, (unsigned)LATEST);
    store->schema_known = status == SLUICE_OK;
    return status;
}

/* PostgreSQL refuses CREATE SCHEMA to who may not create one, even when it is there. */
static enum sluice_status schema_create(struct store *store, struct sluice_error *err)
{
    _cleanup_(query_end) struct query exists = query_begin(store, SQL_schema_is_there);
    bind_text(&exists, store->options->schema);
    enum sluice_status status = query_run(&exists, err);
    if (status != SLUICE_OK || query_next(&exists))
        return status;
    char *name = PQescapeIdentifier(store->link, store->options->schema, strlen(store->options->schema));
    if (name == NULL)
        return store_no_memory(store, err);
    char *sql = arena_printf(&store->result, "CREATE SCHEMA IF NOT EXISTS %s", name);
    PQfreemem(name);
    return sql == NULL ? store_no_memory(store, err) : store_execute(store, sql, err);
}

/* In the transaction: another program may have migrated since we looked. */
static enum sluice_status migrate_one(struct store *store, uint32_t *version, uint32_t *applied,
                                      struct sluice_error *err)
{
    struct query lock = query_begin(store, SQL_schema_lock),
                 patience = query_begin(store, SQL_schema_patience);
    transaction_begin(store);
    query_send(&patience);
    bind_text(&lock, store->options->schema);
    query_send(&lock);
    enum sluice_status status = store_exchange(store, err);
    if (status == SLUICE_OK)
        status = schema_create(store, err);
    if (status == SLUICE_OK)
        status = version_read(store, version, err);
    if (status == SLUICE_OK && *version < LATEST) {
        status = store_execute(store, migration_text[*version], err);
        struct query put = query_begin(store, SQL_schema_version_put);
        bind_int(&put, *version + 1);
        if (status == SLUICE_OK)
            query_send(&put);
        if (status == SLUICE_OK)
            status = transaction_commit(store, err);
        *version += status == SLUICE_OK;
        *applied += status == SLUICE_OK;
    }
    transaction_rollback(store);
    return status;
}

static enum sluice_status migrate(struct store *store, struct sluice_schema *schema, struct sluice_error *err)
{
    enum sluice_status status = version_read(store, &schema->version, err);
    if (status == SLUICE_OK)
        status = refuse_newer(store, schema->version, err);
    while (status == SLUICE_OK && schema->version < LATEST)
        status = migrate_one(store, &schema->version, &schema->applied, err);
    return status;
}

static enum sluice_status check(struct store *store, struct sluice_schema *schema, struct sluice_error *err)
{
    enum sluice_status status = version_read(store, &schema->version, err);
    return status == SLUICE_OK ? refuse_newer(store, schema->version, err) : status;
}

enum sluice_status store_schema(void *instance, enum sluice_schema_action action,
                                const struct sluice_schema **ret_schema, struct sluice_error *err)
{
    struct store *store = instance;
    enum sluice_status status = store_connect(store, STORE_LONG, err);
    if (status != SLUICE_OK)
        return status;
    store->schema_known = false;
    struct sluice_schema *schema = arena_alloc(&store->result, sizeof *schema);
    if (schema == NULL)
        return store_no_memory(store, err);
    *schema = (struct sluice_schema){
        .struct_size = sizeof *schema, .latest = LATEST, .where = store->where, .advice = store->advice};
    status = action == SLUICE_SCHEMA_MIGRATE ? migrate(store, schema, err) : check(store, schema, err);
    store->schema_known = status == SLUICE_OK && schema->version == LATEST;
    if (status == SLUICE_OK)
        *ret_schema = schema;
    return status;
}
