/* SPDX-License-Identifier: Apache-2.0 */
#include "http/facts.h"

#include "base/cleanup.h"
#include "base/columns.h"
#include "base/text.h"
#include "http/log_fields.h"
#include "http/rows.h"

#include <string.h>
#include <xxhash.h>

enum {
    FACTS_CEILING = 16 << 20,
    SUPPLIERS_MOST = 10000,
    RUNS_LOOKED_AT = 20,
    JOBS_MOST = 10000,
    HOLDS_MOST = 1000
};

static const struct row_field supplier_fields[] = {
    {"id", "id", ROW_TEXT},
    {"name", "name", ROW_TEXT},
    {"source_type", "source_type", ROW_TEXT},
    {"last_sync_at", "last_sync_at", ROW_TEXT},
    {"status", "status", ROW_TEXT},
    {"items_count", "items_count", ROW_NUMBER},
    {"rejects_count", "rejects_count", ROW_NUMBER},
    {"last_error", "last_error", ROW_TEXT},
};

static const struct row_field current_fields[] = {
    {"id", "supplier_id", ROW_TEXT},
    {"name", "supplier", ROW_TEXT},
    {"started_at", "started_at", ROW_TEXT},
    {"attempt", "attempt", ROW_NUMBER},
};

/* Cuts what is longer, between characters. */
static void keep(char *ret_text, size_t size, const struct row *row, const char *column)
{
    struct sluice_cell cell = row_cell(row, column);
    size_t n = cell.ptr == NULL ? 0 : cell.len;
    if (n >= size)
        n = utf8_cut(cell.ptr, size - 1);
    if (n > 0)
        memcpy(ret_text, cell.ptr, n);
    ret_text[n] = '\0';
}

#define KEEP(field, row, column) keep((field), sizeof(field), (row), (column))

static void run_keep(struct run_facts *run, const struct row *row)
{
    KEEP(run->id, row, "id");
    KEEP(run->state, row, "state");
    KEEP(run->outcome, row, "outcome");
    KEEP(run->created_at, row, "created_at");
    KEEP(run->started_at, row, "started_at");
    KEEP(run->finished_at, row, "finished_at");
    KEEP(run->lease_until, row, "lease_until");
    KEEP(run->holder, row, "holder");
    KEEP(run->message, row, "message");
    struct sluice_cell cancelled = row_cell(row, "cancel_requested");
    run->cancel_requested = cancelled.len > 0 && memchr("1t", cancelled.ptr[0], 2) != NULL;
    run->jobs_total = row_number(row, "jobs_total");
    run->jobs_done = row_number(row, "jobs_done");
    run->rows_read = row_number(row, "rows_read");
    run->changed = row_number(row, "changed");
    run->rejected = row_number(row, "rejected");
}

/* ---- The mark ----------------------------------------------------------------------------------- */

/* A hash of the rows that change whenever anything that the status shows does. */
struct mark {
    uint64_t hash;
    bool lists; /* the newest run reads lists */
};

static void mark_cell(struct mark *mark, struct sluice_cell cell)
{
    mark->hash = XXH3_64bits_withSeed(cell.ptr == NULL ? "" : cell.ptr, cell.len, mark->hash + 1);
}

static enum sluice_status mark_row(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    (void)columns;
    for (size_t i = 0; i < n; i++)
        mark_cell(context, cells[i]);
    return SLUICE_OK;
}

static enum sluice_status mark_run(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct mark *mark = context;
    mark->lists = text_is(column_cell(columns, cells, n, "state"), "suppliers");
    return mark_row(context, columns, cells, n);
}

/* Which lists are being read; what else a job says comes with its end, which its run and the log tell. */
static enum sluice_status mark_job(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    if (text_is(column_cell(columns, cells, n, "state"), "running"))
        mark_cell(context, column_cell(columns, cells, n, "supplier_id"));
    return SLUICE_OK;
}

static enum sluice_status mark_schedule(struct desk *desk, struct mark *mark, struct sluice_error *err)
{
    struct schedule_view view;
    enum sluice_status status = schedule_view_read(desk, 1, &view, err);
    if (status != SLUICE_OK)
        return status;
    mark->hash = XXH3_64bits_withSeed(view.reason, strlen(view.reason), mark->hash + view.paused);
    int64_t minute =
        view.next_us[0] / (60 * US_PER_SECOND); /* of a schedule that was never used it moves with now */
    mark->hash = XXH3_64bits_withSeed(&minute, sizeof minute, mark->hash);
    return SLUICE_OK;
}

enum sluice_status store_facts_mark(struct desk *desk, uint64_t *ret_mark, struct sluice_error *err)
{
    struct mark mark = {0};
    const struct {
        struct sluice_query query;
        struct sluice_sink sink;
    } looks[] = {
        {{.what = SLUICE_QUERY_RUNS, .limit = 1}, {&mark, mark_run}},
        {{.what = SLUICE_QUERY_LOGS, .limit = 1}, {&mark, mark_row}},
        {{.what = SLUICE_QUERY_HOLDS, .limit = HOLDS_MOST, .flags = SLUICE_QUERY_OPEN}, {&mark, mark_row}},
    };
    const struct sluice_query jobs = {.what = SLUICE_QUERY_JOBS, .limit = JOBS_MOST};
    const struct sluice_sink running = {&mark, mark_job};
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < ELEMENTS(looks) && status == SLUICE_OK; i++)
        status = desk_query(desk, looks[i].query, &looks[i].sink, err);
    if (status == SLUICE_OK && mark.lists)
        status = desk_query(desk, jobs, &running, err);
    if (status == SLUICE_OK)
        status = mark_schedule(desk, &mark, err);
    if (status == SLUICE_OK)
        *ret_mark = mark.hash;
    return status;
}

/* ---- The whole look ----------------------------------------------------------------------------- */

static enum sluice_status take_run(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct store_facts *facts = context;
    const struct row row = {columns, cells, n};
    bool done = text_is(row_cell(&row, "state"), "done");
    struct sluice_cell outcome = row_cell(&row, "outcome");
    bool well = done && (text_is(outcome, "success") || text_is(outcome, "partial"));
    struct run_facts *run = done ? &facts->last : &facts->current;
    if (run->id[0] == '\0')
        run_keep(run, &row);
    if (well && facts->last_sync_at[0] == '\0')
        KEEP(facts->last_sync_at, &row, "finished_at");
    return SLUICE_OK;
}

static enum sluice_status take_job(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct store_facts *facts = context;
    const struct row row = {columns, cells, n};
    struct sluice_cell started = row_cell(&row, "started_at");
    size_t length = strlen(facts->first_job_at);
    bool earlier =
        started.len > 0 && (length == 0 || memcmp(started.ptr, facts->first_job_at,
                                                  started.len < length ? started.len : length) < 0);
    if (earlier)
        KEEP(facts->first_job_at, &row, "started_at");
    if (!text_is(row_cell(&row, "state"), "running"))
        return SLUICE_OK;
    if (facts->current_jobs.size > 0)
        buffer_text(&facts->current_jobs, ", ");
    row_json(&facts->current_jobs, &row, current_fields, ELEMENTS(current_fields), 0);
    return SLUICE_OK;
}

static void count_supplier(struct supplier_counts *counts, const struct row *row)
{
    struct sluice_cell status = row_cell(row, "status");
    counts->success += text_is(status, "success");
    counts->error += text_is(status, "error");
    counts->pending += text_is(status, "pending");
    counts->inactive += text_is(status, "inactive");
    counts->items += row_number(row, "items_count");
    counts->rejects += row_number(row, "rejects_count");
}

static enum sluice_status take_supplier(void *context, const struct sluice_column *columns,
                                        const struct sluice_cell *cells, size_t n)
{
    struct store_facts *facts = context;
    const struct row row = {columns, cells, n};
    count_supplier(&facts->counts, &row);
    if (facts->suppliers.size > 0)
        buffer_text(&facts->suppliers, ",\n");
    row_json(&facts->suppliers, &row, supplier_fields, ELEMENTS(supplier_fields), 0);
    return SLUICE_OK;
}

static enum sluice_status take_log(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct store_facts *facts = context;
    const struct row row = {columns, cells, n};
    if (facts->n_logs == FACT_LOGS)
        return SLUICE_END;
    if (facts->logs.size > 0)
        buffer_text(&facts->logs, ",\n");
    row_json(&facts->logs, &row, log_fields, log_field_count, 0);
    facts->log_ends[facts->n_logs++] = facts->logs.size;
    return SLUICE_OK;
}

static enum sluice_status take_hold(void *context, const struct sluice_column *columns,
                                    const struct sluice_cell *cells, size_t n)
{
    struct store_facts *facts = context;
    (void)columns;
    (void)cells;
    (void)n;
    facts->holds++;
    return SLUICE_OK;
}

static enum sluice_status read_all(struct desk *desk, struct store_facts *facts, struct sluice_error *err)
{
    const struct {
        struct sluice_query query;
        struct sluice_sink sink;
    } looks[] = {
        {{.what = SLUICE_QUERY_RUNS, .limit = RUNS_LOOKED_AT}, {facts, take_run}},
        {{.what = SLUICE_QUERY_SUPPLIERS, .limit = SUPPLIERS_MOST}, {facts, take_supplier}},
        {{.what = SLUICE_QUERY_LOGS, .limit = FACT_LOGS}, {facts, take_log}},
        {{.what = SLUICE_QUERY_HOLDS, .limit = HOLDS_MOST, .flags = SLUICE_QUERY_OPEN}, {facts, take_hold}},
    };
    enum sluice_status status = store_facts_mark(desk, &facts->mark, err);
    for (size_t i = 0; i < ELEMENTS(looks) && status == SLUICE_OK; i++)
        status = desk_query(desk, looks[i].query, &looks[i].sink, err);
    const struct sluice_sink jobs = {facts, take_job};
    if (status == SLUICE_OK && strcmp(facts->current.state, "suppliers") == 0)
        status = desk_query(
            desk,
            (struct sluice_query){.what = SLUICE_QUERY_JOBS, .run_id = facts->current.id, .limit = JOBS_MOST},
            &jobs, err);
    return status == SLUICE_OK ? schedule_view_read(desk, 1, &facts->schedule, err) : status;
}

enum sluice_status store_facts_read(struct desk *desk, struct store_facts **ret_facts,
                                    struct sluice_error *err)
{
    struct store_facts *facts = calloc(1, sizeof *facts);
    if (facts == NULL)
        return error_no_memory(err);
    facts->suppliers = (struct buffer)BUFFER_INIT(FACTS_CEILING);
    facts->current_jobs = (struct buffer)BUFFER_INIT(FACTS_CEILING);
    facts->logs = (struct buffer)BUFFER_INIT(FACTS_CEILING);
    enum sluice_status status = read_all(desk, facts, err);
    if (status == SLUICE_OK && (facts->suppliers.failed || facts->current_jobs.failed || facts->logs.failed))
        status = error_no_memory(err);
    if (status != SLUICE_OK) {
        store_facts_free(facts);
        return status;
    }
    *ret_facts = facts;
    return SLUICE_OK;
}

void store_facts_free(struct store_facts *facts)
{
    if (facts == NULL)
        return;
    buffer_free(&facts->suppliers);
    buffer_free(&facts->current_jobs);
    buffer_free(&facts->logs);
    free(facts);
}

/* ---- The state backend -------------------------------------------------------------------------- */

static void copy(char *ret_text, size_t size, const char *text)
{
    size_t n = text == NULL ? 0 : utf8_cut(text, strnlen(text, size - 1));
    if (n > 0)
        memcpy(ret_text, text, n);
    ret_text[n] = '\0';
}

enum sluice_status state_facts_read(struct desk *desk, struct state_facts *ret_facts,
                                    struct sluice_error *err)
{
    struct instance *state = NULL;
    const struct sluice_progress *progress = NULL;
    struct state_facts facts = {0};
    enum sluice_status status = desk_state(desk, &state, err);
    if (status == SLUICE_OK)
        status = state->plugin->state->observe(state->self, &progress, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    if (status == SLUICE_OK) {
        copy(facts.status, sizeof facts.status, progress->status);
        copy(facts.run_id, sizeof facts.run_id, progress->run_id);
        copy(facts.waiting_for, sizeof facts.waiting_for, progress->waiting_for);
        facts.current = progress->current;
        facts.total = progress->total;
        facts.last_run_us = progress->last_run_us;
        facts.waiting_until_us = progress->waiting_until_us;
    }
    *ret_facts = facts;
    return SLUICE_OK;
}

bool state_facts_same(const struct state_facts *a, const struct state_facts *b)
{
    return strcmp(a->status, b->status) == 0 && strcmp(a->run_id, b->run_id) == 0 &&
           a->current == b->current && a->total == b->total && a->last_run_us == b->last_run_us &&
           strcmp(a->waiting_for, b->waiting_for) == 0 && a->waiting_until_us == b->waiting_until_us;
}
