/* SPDX-License-Identifier: Apache-2.0 */
/* suppliers, runs, items, rejects, holds: one query each, shown as a table, JSON or CSV. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/rows_out.h"
#include "cli/store_reader.h"
#include "ingest/master.h"

#include <stdio.h>
#include <stdlib.h>

struct list_verb {
    enum sluice_query_what what;
    const struct rows_column *columns;
    size_t n_columns;
    const char *nothing; /* what to say when there is no row */
};

static const struct rows_column supplier_columns[] = {
    {"name", "SUPPLIER"},         {"status", "STATUS"},         {"source_type", "FORMAT"},
    {"items_count", "ITEMS"},     {"rejects_count", "REJECTS"}, {"last_sync_at", "LAST SYNC"},
    {"last_error", "LAST ERROR"},
};
static const struct rows_column run_columns[] = {
    {"id", "RUN"},          {"state", "STATE"},      {"outcome", "OUTCOME"},   {"trigger", "TRIGGER"},
    {"epoch", "EPOCH"},     {"started_at", "BEGUN"}, {"finished_at", "ENDED"}, {"jobs_done", "DONE"},
    {"jobs_total", "JOBS"}, {"message", "MESSAGE"},
};
static const struct rows_column item_columns[] = {
    {"sku", "SKU"},
    {"name", "NAME"},
    {"price", "PRICE"},
    {"currency", "CURRENCY"},
    {"updated_at", "UPDATED"},
    {"gone_at", "GONE"},
    {"characteristics", "CHARACTERISTICS"},
};
static const struct rows_column reject_columns[] = {
    {"supplier", "SUPPLIER"}, {"address", "WHERE"},      {"code", "CODE"},
    {"raw", "RAW"},           {"message", "WHAT TO DO"},
};
static const struct rows_column hold_columns[] = {
    {"id", "HOLD"},           {"supplier", "SUPPLIER"}, {"guard", "GUARD"},
    {"decision", "DECISION"}, {"expires_at", "UNTIL"},  {"message", "WHY"},
};

#define VERB(what, columns, nothing)              \
    {                                             \
        what, columns, ELEMENTS(columns), nothing \
    }
static const struct list_verb suppliers_verb =
    VERB(SLUICE_QUERY_SUPPLIERS, supplier_columns, "There are no suppliers; the master sheet lists none.");
static const struct list_verb runs_verb = VERB(SLUICE_QUERY_RUNS, run_columns, "There was no run yet.");
static const struct list_verb items_verb =
    VERB(SLUICE_QUERY_ITEMS, item_columns, "This supplier has no items.");
static const struct list_verb rejects_verb =
    VERB(SLUICE_QUERY_REJECTS, reject_columns, "No row was rejected by the last read of each list.");
static const struct list_verb holds_verb = VERB(SLUICE_QUERY_HOLDS, hold_columns, "Nothing is held.");

static enum rows_form form_of(const struct invocation *invocation)
{
    if (given_flag(invocation, OPTION_CSV))
        return ROWS_CSV;
    return given_flag(invocation, OPTION_JSON) ? ROWS_JSON : ROWS_TABLE;
}

/* The key of the supplier that the command line names, or NULL when it names none; the caller frees it. */
static enum sluice_status read_key(const struct invocation *invocation, const struct store_reader *reader,
                                   char **ret_key, struct sluice_error *err)
{
    if (invocation->n_arguments == 0)
        return SLUICE_OK;
    _cleanup_free_ char *key = supplier_key(text_of(invocation->arguments[0]));
    bool there = false;
    if (key == NULL)
        return error_no_memory(err);
    enum sluice_status status = store_reader_has(reader, key, &there, err);
    if (status != SLUICE_OK)
        return status;
    if (!there)
        return error_set(err, SLUICE_CONFIG, "there is no supplier '%s'; `sluice suppliers` lists them",
                         invocation->arguments[0]);
    *ret_key = key;
    key = NULL;
    return SLUICE_OK;
}

static enum sluice_status list(const struct invocation *invocation, const struct list_verb *verb,
                               const struct store_reader *reader, uint32_t limit, struct sluice_error *err)
{
    _cleanup_free_ char *key = NULL;
    enum sluice_status status = read_key(invocation, reader, &key, err);
    if (status != SLUICE_OK)
        return status;
    enum rows_form form = form_of(invocation);
    struct terminal terminal =
        terminal_of(stdout, given_flag(invocation, OPTION_NO_COLOR) ? COLOUR_NEVER : COLOUR_AUTO);
    struct rows_out *out = rows_out_new(form, verb->columns, verb->n_columns, &terminal);
    if (out == NULL)
        return error_no_memory(err);
    const struct sluice_query query = {
        .struct_size = sizeof query, .what = verb->what, .key = key, .limit = limit};
    const struct sluice_sink sink = rows_out_sink(out);
    status = store_reader_query(reader, &query, &sink, err);
    size_t n = rows_out_end(out);
    if (status == SLUICE_OK && n == 0 && form == ROWS_TABLE)
        fprintf(stderr, "%s\n", verb->nothing);
    return ferror(stdout) ? SLUICE_OK : status; /* output_end () has the last word on that */
}

static enum exit_code run(const struct invocation *invocation, const struct list_verb *verb)
{
    _cleanup_(compose_close) struct composition composition = {0};
    _cleanup_(store_reader_close) struct store_reader reader = {0};
    struct sluice_error err = {0};
    uint32_t limit = 0;
    enum exit_code code = given_limit(invocation, &limit);
    if (code == EXIT_DONE)
        code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    enum sluice_status status = store_reader_open(&composition, &reader, &err);
    if (status == SLUICE_OK)
        status = list(invocation, verb, &reader, limit, &err);
    code = status == SLUICE_OK ? EXIT_DONE : output_error(&err);
    return code;
}

enum exit_code verb_suppliers(const struct invocation *invocation)
{
    return run(invocation, &suppliers_verb);
}

enum exit_code verb_runs(const struct invocation *invocation)
{
    return run(invocation, &runs_verb);
}

enum exit_code verb_items(const struct invocation *invocation)
{
    return run(invocation, &items_verb);
}

enum exit_code verb_rejects(const struct invocation *invocation)
{
    return run(invocation, &rejects_verb);
}

enum exit_code verb_holds(const struct invocation *invocation)
{
    return run(invocation, &holds_verb);
}
