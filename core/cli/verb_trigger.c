/* SPDX-License-Identifier: Apache-2.0 */
/* trigger and cancel: what others do at work is asked for and ended through the store. */
#include "base/cleanup.h"
#include "base/random.h"
#include "base/text.h"
#include "cli/names.h"
#include "cli/stop_signals.h"
#include "cli/store_reader.h"
#include "cli/supplier_scope.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { LOOK_MS = 500 };

/* A store to write to and, as a hint, who is to be woken. */
struct desk {
    struct composition composition;
    struct instance *store, *state; /* state NULL: it is down */
    char *by;
};

static enum sluice_status desk_open(struct desk *desk, struct sluice_error *err)
{
    const struct sluice_schema *schema = NULL;
    struct sluice_error ignored = {0};
    desk->by = user_name();
    if (desk->by == NULL)
        return error_no_memory(err);
    enum sluice_status status = compose_instance(&desk->composition, SLUICE_STORE, &desk->store, err);
    if (status != SLUICE_OK)
        return status;
    const struct sluice_store *calls = desk->store->plugin->store;
    status = calls->schema(desk->store->self, SLUICE_SCHEMA_CHECK, &schema, err);
    if (status == SLUICE_OK && schema->version < schema->latest)
        status = calls->schema(desk->store->self, SLUICE_SCHEMA_MIGRATE, &schema, err);
    if (status == SLUICE_OK &&
        compose_instance(&desk->composition, SLUICE_STATE, &desk->state, &ignored) != SLUICE_OK)
        desk->state = NULL;
    return status;
}

static void desk_close(struct desk *desk)
{
    instance_destroy(desk->state);
    instance_destroy(desk->store);
    compose_close(&desk->composition);
    free(desk->by);
}

static void wake_others(struct desk *desk)
{
    struct sluice_error ignored = {0}; /* they look by themselves, only later */
    if (desk->state != NULL)
        desk->state->plugin->state->wake(desk->state->self, &ignored);
}

static void leave_trace(struct desk *desk, const char *what, const char *run_id)
{
    struct sluice_error err = {0};
    const struct sluice_audit audit = {
        .struct_size = sizeof audit, .who = desk->by, .what = what, .detail = run_id};
    if (desk->store->plugin->store->audit_put(desk->store->self, &audit, &err) != SLUICE_OK)
        output_note("%s", err.message);
}

/* ---- How a run stands ---- */

struct standing {
    char run_id[SLUICE_ID_SIZE];
    char outcome[16]; /* "" until it has ended */
    char message[512];
    bool found, done;
};

static void cell_text(struct sluice_cell cell, char *ret_text, size_t size)
{
    snprintf(ret_text, size, "%.*s", (int)cell.len, cell.ptr == NULL ? "" : cell.ptr);
}

static enum sluice_status take_run(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct standing *standing = context;
    standing->found = true;
    standing->done = text_is(column_cell(columns, cells, n, "state"), "done");
    cell_text(column_cell(columns, cells, n, "id"), standing->run_id, sizeof standing->run_id);
    cell_text(column_cell(columns, cells, n, "outcome"), standing->outcome, sizeof standing->outcome);
    cell_text(column_cell(columns, cells, n, "message"), standing->message, sizeof standing->message);
    return SLUICE_OK;
}

/* Of that run, or of the newest. */
static enum sluice_status find_standing(struct desk *desk, const char *run_id, struct standing *ret_standing,
                                        struct sluice_error *err)
{
    struct standing standing = {.found = false};
    const struct sluice_query query = {
        .struct_size = sizeof query, .what = SLUICE_QUERY_RUNS, .run_id = run_id, .limit = 1};
    const struct sluice_sink sink = {&standing, take_run};
    enum sluice_status status = desk->store->plugin->store->query(desk->store->self, &query, &sink, err);
    if (status == SLUICE_OK || status == SLUICE_END)
        *ret_standing = standing;
    return status == SLUICE_END ? SLUICE_OK : status;
}

static enum sluice_outcome outcome_of(const char *name)
{
    for (int i = SLUICE_OUTCOME_NONE; i <= SLUICE_OUTCOME_CANCELLED; i++)
        if (strcmp(outcome_name((enum sluice_outcome)i), name) == 0)
            return (enum sluice_outcome)i;
    return SLUICE_OUTCOME_NONE;
}

static enum sluice_status wait_for_end(struct desk *desk, const char *run_id, struct standing *ret_standing,
                                       struct sluice_error *err)
{
    const struct sluice_host *host = desk->store->host;
    for (;;) {
        enum sluice_status status = find_standing(desk, run_id, ret_standing, err);
        if (status != SLUICE_OK)
            return status;
        if (ret_standing->done || !ret_standing->found)
            return SLUICE_OK;
        status = host->sleep(host, err, LOOK_MS);
        if (status == SLUICE_CANCELLED)
            return error_set(err, SLUICE_CANCELLED,
                             "no longer waiting; run %s goes on, `sluice cancel` ends it", run_id);
        if (status != SLUICE_OK)
            return status;
    }
}

/* ---- trigger ---- */

static void print_run(const struct invocation *invocation, const char *run_id, const char *status,
                      const char *message)
{
    if (!given_flag(invocation, OPTION_JSON)) {
        printf("%s %s%s", run_id, status, message[0] != '\0' ? ": " : "\n");
        if (message[0] != '\0') {
            output_text(stdout, text_of(message));
            putchar('\n');
        }
        return;
    }
    json_t *json = json_pack("{s:s, s:s, s:s?}", "run_id", run_id, "status", status, "message",
                             message[0] != '\0' ? message : NULL);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

static enum sluice_status put_request(const struct invocation *invocation, struct desk *desk,
                                      char ret_run_id[SLUICE_ID_SIZE], struct sluice_error *err)
{
    _cleanup_(supplier_scope_free) struct supplier_scope scope = {0};
    const struct host_services *services = &desk->composition.services;
    const struct sluice_run *there = NULL;
    struct sluice_request request = {
        .struct_size = sizeof request,
        .flags = given_flag(invocation, OPTION_FORCE) ? SLUICE_REQUEST_FULL : 0,
        .trigger = SLUICE_TRIGGER_MANUAL,
        .by = desk->by,
    };
    enum sluice_status status = supplier_scope_begin(&scope, invocation->n_arguments, err);
    if (status == SLUICE_OK)
        status = supplier_scope_names(&scope, invocation->arguments, invocation->n_arguments, err);
    if (status != SLUICE_OK)
        return status;
    request.scope = (const char *const *)scope.keys;
    request.n_scope = scope.n;
    uuid_make(services->random, services->clock->wall_us(services->clock), request.run_id);
    memcpy(ret_run_id, request.run_id, SLUICE_ID_SIZE);
    const struct sluice_store *calls = desk->store->plugin->store;
    status = calls->request_put(desk->store->self, &request, &there, err);
    if (status == SLUICE_UNKNOWN) /* the id is ours: asking again finds it or puts it */
        status = calls->request_put(desk->store->self, &request, &there, err);
    if (status != SLUICE_BUSY)
        return status;
    return error_set(err, SLUICE_BUSY, "run %s is %s already; `sluice status` shows it", there->run_id,
                     there->state == SLUICE_RUN_QUEUED ? "queued" : "in progress");
}

static enum sluice_status trigger(const struct invocation *invocation, struct desk *desk,
                                  enum exit_code *ret_code, struct sluice_error *err)
{
    char run_id[SLUICE_ID_SIZE];
    struct standing standing;
    bool waits = given_flag(invocation, OPTION_WAIT);
    enum sluice_status status = desk_open(desk, err);
    if (status == SLUICE_OK)
        status = put_request(invocation, desk, run_id, err);
    if (status != SLUICE_OK)
        return status;
    leave_trace(desk, "trigger", run_id);
    wake_others(desk);
    *ret_code = EXIT_DONE;
    if (!waits || !given_flag(invocation, OPTION_JSON))
        print_run(invocation, run_id, "queued", "");
    if (!waits)
        return SLUICE_OK;
    fflush(stdout);
    status = wait_for_end(desk, run_id, &standing, err);
    if (status != SLUICE_OK)
        return status;
    print_run(invocation, run_id, standing.outcome, standing.message);
    *ret_code = exit_of_outcome(outcome_of(standing.outcome));
    return SLUICE_OK;
}

/* ---- cancel ---- */

static enum sluice_status cancel(const struct invocation *invocation, struct desk *desk,
                                 struct sluice_error *err)
{
    struct standing standing;
    const char *named = invocation->n_arguments > 0 ? invocation->arguments[0] : NULL;
    enum sluice_status status = desk_open(desk, err);
    if (status == SLUICE_OK)
        status = find_standing(desk, named, &standing, err);
    if (status != SLUICE_OK)
        return status;
    if (!standing.found || standing.done)
        return error_set(err, SLUICE_CONFIG, "there is no such run in progress; `sluice runs` lists them");
    status = desk->store->plugin->store->request_cancel(desk->store->self, standing.run_id, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    leave_trace(desk, "cancel", standing.run_id);
    wake_others(desk);
    print_run(invocation, standing.run_id, status == SLUICE_END ? "done" : "cancelling", "");
    return SLUICE_OK;
}

/* ---- The verbs ---- */

enum exit_code verb_trigger(const struct invocation *invocation)
{
    _cleanup_(desk_close) struct desk desk = {.store = NULL};
    struct sluice_error err = {0};
    enum exit_code code = compose_open(invocation, &desk.composition);
    if (code != EXIT_DONE)
        return code;
    struct stop_signals *signals =
        given_flag(invocation, OPTION_WAIT) ? stop_signals_begin(desk.composition.services.cancel) : NULL;
    if (trigger(invocation, &desk, &code, &err) != SLUICE_OK)
        code = output_error(&err);
    stop_signals_end(signals);
    return code;
}

enum exit_code verb_cancel(const struct invocation *invocation)
{
    _cleanup_(desk_close) struct desk desk = {.store = NULL};
    struct sluice_error err = {0};
    enum exit_code code = compose_open(invocation, &desk.composition);
    if (code != EXIT_DONE)
        return code;
    return cancel(invocation, &desk, &err) == SLUICE_OK ? EXIT_DONE : output_error(&err);
}
