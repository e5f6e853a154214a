/* SPDX-License-Identifier: Apache-2.0 */
/* db migrate, db status, db check: the store's database, apart from any run. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/compose.h"
#include "cli/stop_signals.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { SKEW_WORTH_A_WORD_MS = 5000 };

/* One use of the configured store. */
struct database {
    struct composition composition;
    struct instance *store;
    const struct sluice_store *calls;
    const struct sluice_schema *schema;
    struct stop_signals *signals;
    bool json;
};

static void database_close(struct database *database)
{
    instance_destroy(database->store);
    stop_signals_end(database->signals);
    compose_close(&database->composition);
}

static enum exit_code database_open(const struct invocation *invocation, struct database *ret_database)
{
    struct sluice_error err = {0};
    enum exit_code code = compose_open(invocation, &ret_database->composition);
    if (code != EXIT_DONE)
        return code;
    ret_database->signals = stop_signals_begin(ret_database->composition.services.cancel);
    ret_database->json = given_flag(invocation, OPTION_JSON);
    if (compose_instance(&ret_database->composition, SLUICE_STORE, &ret_database->store, &err) != SLUICE_OK)
        return output_error(&err);
    ret_database->calls = ret_database->store->plugin->store;
    return EXIT_DONE;
}

static const char *where_of(const struct database *database)
{
    return database->schema->where == NULL ? "the store" : database->schema->where;
}

static enum sluice_status schema_do(struct database *database, enum sluice_schema_action action,
                                    struct sluice_error *err)
{
    return database->calls->schema(database->store->self, action, &database->schema, err);
}

static void print_json(json_t *json)
{
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

enum exit_code verb_db_migrate(const struct invocation *invocation)
{
    _cleanup_(database_close) struct database database = {0};
    struct sluice_error err = {0};
    enum exit_code code = database_open(invocation, &database);
    if (code != EXIT_DONE)
        return code;
    if (schema_do(&database, SLUICE_SCHEMA_MIGRATE, &err) != SLUICE_OK)
        return output_error(&err);
    const struct sluice_schema *schema = database.schema;
    if (database.json) {
        print_json(json_pack("{s:s, s:i, s:i}", "where", where_of(&database), "version", (int)schema->version,
                             "applied", (int)schema->applied));
        return EXIT_DONE;
    }
    output_text(stdout, text_of(where_of(&database)));
    if (schema->applied == 0)
        printf(": version %u, nothing to do\n", schema->version);
    else
        printf(": brought to version %u by %u migration%s\n", schema->version, schema->applied,
               schema->applied == 1 ? "" : "s");
    return EXIT_DONE;
}

enum exit_code verb_db_status(const struct invocation *invocation)
{
    _cleanup_(database_close) struct database database = {0};
    struct sluice_error err = {0};
    enum exit_code code = database_open(invocation, &database);
    if (code != EXIT_DONE)
        return code;
    if (schema_do(&database, SLUICE_SCHEMA_CHECK, &err) != SLUICE_OK)
        return output_error(&err);
    const struct sluice_schema *schema = database.schema;
    if (database.json) {
        print_json(json_pack("{s:s, s:i, s:i, s:s?}", "where", where_of(&database), "version",
                             (int)schema->version, "latest", (int)schema->latest, "advice", schema->advice));
        return EXIT_DONE;
    }
    output_text(stdout, text_of(where_of(&database)));
    if (schema->version == schema->latest)
        printf(": version %u, up to date\n", schema->version);
    else if (schema->version == 0)
        printf(": no tables yet; `sluice db migrate` makes them\n");
    else
        printf(": version %u of %u; `sluice db migrate` brings it up to date\n", schema->version,
               schema->latest);
    if (schema->advice != NULL)
        output_note("%s", schema->advice);
    return EXIT_DONE;
}

/* ---- check ---- */

static enum sluice_status ignore_row(void *context, const struct sluice_column *columns,
                                     const struct sluice_cell *cells, size_t n)
{
    (void)context;
    (void)columns;
    (void)cells;
    (void)n;
    return SLUICE_OK;
}

static enum sluice_status check_schema(struct database *database, struct sluice_error *err)
{
    enum sluice_status status = schema_do(database, SLUICE_SCHEMA_CHECK, err);
    if (status != SLUICE_OK || database->schema->version == database->schema->latest)
        return status;
    return error_set(err, SLUICE_CONFIG,
                     "%s has version %u and this Sluice needs %u; run `sluice db migrate`",
                     where_of(database), database->schema->version, database->schema->latest);
}

/* Every reading query once, so that a table or a right that is missing shows. */
static enum sluice_status check_reading(struct database *database, struct sluice_error *err)
{
    const struct sluice_sink sink = {.row = ignore_row};
    enum sluice_status status = SLUICE_OK;
    for (uint32_t what = SLUICE_QUERY_SUPPLIERS; what <= SLUICE_QUERY_MAPPINGS && status == SLUICE_OK;
         what++) {
        const struct sluice_query query = {.struct_size = sizeof query, .what = what, .key = "", .limit = 1};
        status = database->calls->query(database->store->self, &query, &sink, err);
    }
    return status;
}

/* An audit row is written and is all that it leaves. */
static enum sluice_status check_writing(struct database *database, struct sluice_error *err)
{
    const struct sluice_audit audit = {
        .struct_size = sizeof audit, .who = "sluice db check", .what = "check", .detail = "may write"};
    return database->calls->audit_put(database->store->self, &audit, err);
}

static enum sluice_status check_clock(struct database *database, int64_t *ret_skew_ms,
                                      struct sluice_error *err)
{
    const struct clock *clock = database->composition.services.clock;
    int64_t now_us = 0;
    enum sluice_status status = database->calls->clock(database->store->self, &now_us, err);
    if (status == SLUICE_OK)
        *ret_skew_ms = (now_us - clock->wall_us(clock)) / US_PER_MS;
    return status;
}

enum exit_code verb_db_check(const struct invocation *invocation)
{
    _cleanup_(database_close) struct database database = {0};
    struct sluice_error err = {0};
    int64_t skew_ms = 0;
    enum exit_code code = database_open(invocation, &database);
    if (code != EXIT_DONE)
        return code;
    enum sluice_status status = check_schema(&database, &err);
    const char *advice = status == SLUICE_OK ? database.schema->advice : NULL;
    if (status == SLUICE_OK)
        status = check_reading(&database, &err);
    if (status == SLUICE_OK)
        status = check_writing(&database, &err);
    if (status == SLUICE_OK)
        status = check_clock(&database, &skew_ms, &err);
    if (status == SLUICE_OK)
        status = schema_do(&database, SLUICE_SCHEMA_CHECK, &err);
    if (status != SLUICE_OK)
        return output_error(&err);
    if (database.json) {
        print_json(json_pack("{s:s, s:i, s:I, s:s?}", "where", where_of(&database), "version",
                             (int)database.schema->version, "clock_ahead_ms", (json_int_t)skew_ms, "advice",
                             advice));
        return EXIT_DONE;
    }
    output_text(stdout, text_of(where_of(&database)));
    printf(": version %u, can be read and written\n", database.schema->version);
    if (skew_ms > SKEW_WORTH_A_WORD_MS || skew_ms < -SKEW_WORTH_A_WORD_MS)
        output_note("its clock and this machine's are %lld s apart; the store's is the one that counts",
                    (long long)(skew_ms / 1000));
    if (advice != NULL)
        output_note("%s", advice);
    return EXIT_DONE;
}
