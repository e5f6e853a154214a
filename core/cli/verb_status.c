/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status: what is true comes from the store, what is moving from the state backend. Either may be missing or
 * broken; then the rest is shown and what is missing is named.
 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/store_reader.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { DEGRADED_LIMIT = 4 };

struct status_facts {
    struct arena arena;
    const char *degraded[DEGRADED_LIMIT]; /* one sentence each */
    size_t n_degraded;
    const char *notice; /* there is no store yet */
    /* the state backend's */
    const char *holder, *holder_run, *state;
    bool holder_dead;
    uint32_t current, total;
    const char *waiting_for, *waiting_until; /* or NULL */
    /* the store's */
    const char *run_id, *run_state, *run_outcome, *run_started, *run_finished, *run_message;
    uint64_t suppliers, suppliers_error, items, holds;
};

static void degrade(struct status_facts *facts, const char *what, const struct sluice_error *err)
{
    if (facts->n_degraded < DEGRADED_LIMIT)
        facts->degraded[facts->n_degraded++] = arena_printf(&facts->arena, "%s: %s", what, err->message);
}

/* ---- What is moving
 * ---------------------------------------------------------------------------------------- */

/* A wait that is over may still stand there. */
static void read_waiting(struct status_facts *facts, const struct sluice_progress *progress)
{
    char until[TIME_TEXT_SIZE];
    if (progress->waiting_for == NULL ||
        progress->waiting_until_us <= clock_system()->wall_us(clock_system()))
        return;
    time_format(progress->waiting_until_us, until);
    facts->waiting_for = arena_text(&facts->arena, progress->waiting_for);
    facts->waiting_until = arena_text(&facts->arena, until);
}

static enum sluice_status read_state(struct instance *instance, struct status_facts *facts,
                                     struct sluice_error *err)
{
    const struct sluice_state *calls = instance->plugin->state;
    const struct sluice_lock_holder *holder = NULL;
    const struct sluice_progress *progress = NULL;
    enum sluice_status status = calls->holder(instance->self, &holder, err);
    if (status == SLUICE_OK && holder != NULL) {
        facts->holder = arena_text(&facts->arena, holder->who == NULL ? "unknown" : holder->who);
        facts->holder_run = arena_text(&facts->arena, holder->run_id);
        facts->holder_dead = holder->provably_dead != 0;
    }
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    status = calls->observe(instance->self, &progress, err);
    if (status == SLUICE_OK && progress != NULL) {
        facts->state = arena_text(&facts->arena, progress->status);
        facts->current = progress->current;
        facts->total = progress->total;
        read_waiting(facts, progress);
    }
    return status == SLUICE_END ? SLUICE_OK : status;
}

static void ask_state(struct composition *composition, struct status_facts *facts)
{
    struct sluice_error err = {0};
    struct instance *instance = NULL;
    enum sluice_status status = compose_instance(composition, SLUICE_STATE, &instance, &err);
    if (status == SLUICE_OK)
        status = read_state(instance, facts, &err);
    if (status != SLUICE_OK)
        degrade(facts, "state", &err);
    instance_destroy(instance);
}

/* ---- What is true
 * ------------------------------------------------------------------------------------------ */

static const char *kept(struct status_facts *facts, const struct sluice_column *columns,
                        const struct sluice_cell *cells, size_t n, const char *name)
{
    struct sluice_cell cell = column_cell(columns, cells, n, name);
    return cell.ptr == NULL || cell.len == 0 ? NULL : arena_copy(&facts->arena, cell.ptr, cell.len);
}

static enum sluice_status take_run(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct status_facts *facts = context;
    facts->run_id = kept(facts, columns, cells, n, "id");
    facts->run_state = kept(facts, columns, cells, n, "state");
    facts->run_outcome = kept(facts, columns, cells, n, "outcome");
    facts->run_started = kept(facts, columns, cells, n, "started_at");
    facts->run_finished = kept(facts, columns, cells, n, "finished_at");
    facts->run_message = kept(facts, columns, cells, n, "message");
    return SLUICE_OK;
}

static enum sluice_status take_supplier(void *context, const struct sluice_column *columns,
                                        const struct sluice_cell *cells, size_t n)
{
    struct status_facts *facts = context;
    char count[24];
    facts->suppliers++;
    facts->suppliers_error += text_is(column_cell(columns, cells, n, "status"), "error");
    struct sluice_cell items = column_cell(columns, cells, n, "items_count");
    snprintf(count, sizeof count, "%.*s", (int)items.len, items.ptr == NULL ? "" : items.ptr);
    facts->items += strtoull(count, NULL, 10);
    return SLUICE_OK;
}

static enum sluice_status take_hold(void *context, const struct sluice_column *columns,
                                    const struct sluice_cell *cells, size_t n)
{
    struct sluice_cell decision = column_cell(columns, cells, n, "decision");
    ((struct status_facts *)context)->holds += decision.len == 0 || text_is(decision, "undecided");
    return SLUICE_OK;
}

static void ask_store(struct composition *composition, struct status_facts *facts)
{
    _cleanup_(store_reader_close) struct store_reader reader = {0};
    struct sluice_error err = {0};
    const struct {
        struct sluice_query query;
        struct sluice_sink sink;
    } questions[] = {
        {{.struct_size = sizeof(struct sluice_query), .what = SLUICE_QUERY_RUNS, .limit = 1},
         {facts, take_run}},
        {{.struct_size = sizeof(struct sluice_query), .what = SLUICE_QUERY_SUPPLIERS},
         {facts, take_supplier}},
        {{.struct_size = sizeof(struct sluice_query), .what = SLUICE_QUERY_HOLDS}, {facts, take_hold}},
    };
    enum sluice_status status = store_reader_open(composition, &reader, &err);
    if (status == SLUICE_END)
        facts->notice = arena_text(&facts->arena, err.message);
    for (size_t i = 0; i < ELEMENTS(questions) && status == SLUICE_OK; i++)
        status = store_reader_query(&reader, &questions[i].query, &questions[i].sink, &err);
    if (status != SLUICE_OK && status != SLUICE_END)
        degrade(facts, "store", &err);
}

/* ---- Showing
 * ------------------------------------------------------------------------------------------------ */

static void line(const char *title, const char *text)
{
    if (text == NULL)
        return;
    printf("%-10s", title);
    output_text(stdout, text_of(text));
    putchar('\n');
}

static void print_moving(const struct status_facts *facts)
{
    if (facts->holder == NULL) {
        line("Now", "idle");
        return;
    }
    printf("Now       ");
    output_text(stdout, text_of(facts->holder));
    if (facts->holder_dead) {
        puts(" is gone; the next `sluice sync` takes its run over at once");
        return;
    }
    printf(" syncs (%s)", facts->state == NULL ? "unknown" : facts->state);
    if (facts->total > 0)
        printf(", %" PRIu32 " of %" PRIu32 " suppliers done", facts->current, facts->total);
    if (facts->waiting_for != NULL)
        printf(", waiting for %s until %s", facts->waiting_for, facts->waiting_until);
    putchar('\n');
}

static void print_text(const struct status_facts *facts)
{
    print_moving(facts);
    line("Store", facts->notice);
    if (facts->run_id != NULL)
        printf("Last run  %s, begun %s%s%s%s%s\n",
               facts->run_outcome == NULL ? facts->run_state : facts->run_outcome,
               facts->run_started == NULL ? "never" : facts->run_started,
               facts->run_finished == NULL ? "" : ", ended ",
               facts->run_finished == NULL ? "" : facts->run_finished, facts->run_message == NULL ? "" : ": ",
               facts->run_message == NULL ? "" : facts->run_message);
    if (facts->notice == NULL && facts->n_degraded == 0)
        printf("Suppliers %" PRIu64 ", of which %" PRIu64 " ended with an error; %" PRIu64
               " items\nHolds     %" PRIu64 "%s\n",
               facts->suppliers, facts->suppliers_error, facts->items, facts->holds,
               facts->holds > 0 ? "; `sluice holds` shows them" : "");
    for (size_t i = 0; i < facts->n_degraded; i++)
        line("Degraded", facts->degraded[i]);
}

static void print_json(const struct status_facts *facts)
{
    json_t *degraded = json_array();
    for (size_t i = 0; i < facts->n_degraded; i++)
        json_array_append_new(degraded, json_string(facts->degraded[i]));
    json_t *holder = facts->holder == NULL ? json_null()
                                           : json_pack("{s:s, s:s?, s:b}", "who", facts->holder, "run_id",
                                                       facts->holder_run, "dead", (int)facts->holder_dead);
    json_t *progress = facts->holder == NULL || facts->total == 0
                           ? json_null()
                           : json_pack("{s:I, s:I}", "current", (json_int_t)facts->current, "total",
                                       (json_int_t)facts->total);
    json_t *waiting = facts->holder == NULL || facts->waiting_for == NULL
                          ? json_null()
                          : json_pack("{s:s, s:s}", "for", facts->waiting_for, "until", facts->waiting_until);
    json_t *run =
        facts->run_id == NULL
            ? json_null()
            : json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s?}", "id", facts->run_id, "state", facts->run_state,
                        "outcome", facts->run_outcome, "started_at", facts->run_started, "finished_at",
                        facts->run_finished, "message", facts->run_message);
    json_t *json = json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s?, s:o}", "state",
                             facts->holder == NULL || facts->state == NULL ? "idle" : facts->state, "holder",
                             holder, "progress", progress, "waiting", waiting, "last_run", run, "suppliers",
                             (json_int_t)facts->suppliers, "suppliers_with_error",
                             (json_int_t)facts->suppliers_error, "items", (json_int_t)facts->items, "holds",
                             (json_int_t)facts->holds, "notice", facts->notice, "degraded", degraded);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

enum exit_code verb_status(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct status_facts facts = {.arena = ARENA_INIT((size_t)1 << 20)};
    enum exit_code code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    ask_state(&composition, &facts);
    ask_store(&composition, &facts);
    if (given_flag(invocation, OPTION_JSON))
        print_json(&facts);
    else
        print_text(&facts);
    code = facts.n_degraded == 0 ? EXIT_DONE : EXIT_UNAVAILABLE;
    arena_free(&facts.arena);
    return code;
}
