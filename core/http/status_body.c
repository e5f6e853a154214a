/* SPDX-License-Identifier: Apache-2.0 */
#include "http/status_body.h"

#include "base/json.h"
#include "base/text.h"
#include "http/rows.h"

#include <inttypes.h>
#include <string.h>

static const struct run_facts no_run;

static void text(struct buffer *out, const char *name, const char *value)
{
    buffer_printf(out, "\"%s\": ", name);
    json_text(out, text_of(value == NULL || value[0] == '\0' ? NULL : value));
    buffer_text(out, ",\n");
}

static void number(struct buffer *out, const char *name, int64_t value)
{
    buffer_printf(out, "\"%s\": %" PRId64 ",\n", name, value);
}

static void moment(struct buffer *out, const char *name, int64_t us)
{
    char time[TIME_TEXT_SIZE];
    time_format(us, time);
    text(out, name, time);
}

/* ---- The contract ------------------------------------------------------------------------------- */

static const struct run_facts *current_run(const struct status_view *view)
{
    return view->store == NULL ? &no_run : &view->store->current;
}

/* The store's word; while it is silent, the state backend's. */
static const char *sync_state(const struct status_view *view)
{
    const struct run_facts *run = current_run(view);
    if (view->store_health.health != HEALTH_GOOD && view->state_health.health == HEALTH_GOOD &&
        view->state != NULL && view->state->status[0] != '\0')
        return view->state->status;
    if (strcmp(run->state, "suppliers") == 0)
        return "processing_suppliers";
    return strcmp(run->state, "master") == 0 ? "syncing_master" : "idle";
}

static void write_progress(struct buffer *out, const struct status_view *view)
{
    const struct run_facts *run = current_run(view);
    int64_t current = run->jobs_done, total = run->jobs_total;
    if (view->store_health.health != HEALTH_GOOD && view->state != NULL) {
        current = view->state->current;
        total = view->state->total;
    }
    if (strcmp(sync_state(view), "processing_suppliers") != 0)
        buffer_text(out, "\"progress\": null,\n");
    else
        buffer_printf(out, "\"progress\": {\"current\": %" PRId64 ", \"total\": %" PRId64 "},\n", current,
                      total);
}

static void write_contract(struct buffer *out, const struct status_view *view)
{
    const struct store_facts *store = view->store;
    text(out, "sync_state", sync_state(view));
    write_progress(out, view);
    if (store != NULL && store->last_sync_at[0] != '\0')
        text(out, "last_sync_at", store->last_sync_at);
    else
        moment(out, "last_sync_at", view->state == NULL ? 0 : view->state->last_run_us);
    bool known = store != NULL && store->schedule.n_next > 0;
    moment(out, "next_scheduled_at", known ? store->schedule.next_us[0] : view->fallback_next_us);
    buffer_text(out, "\"suppliers\": [");
    if (store != NULL)
        buffer_append(out, store->suppliers.data, store->suppliers.size);
    buffer_text(out, "],\n");
}

/* ---- What was added ----------------------------------------------------------------------------- */

static const char *run_state(const struct status_view *view)
{
    const struct run_facts *run = current_run(view);
    if (run_is_orphaned(text_of(run->state), text_of(run->lease_until), view->now_us))
        return "orphaned";
    return run->cancel_requested ? "cancelling" : run->state;
}

static const char *phase_started(const struct status_view *view)
{
    const struct run_facts *run = current_run(view);
    if (strcmp(run->state, "suppliers") == 0)
        return view->store->first_job_at[0] == '\0' ? run->started_at : view->store->first_job_at;
    return strcmp(run->state, "master") == 0 ? run->started_at : run->created_at;
}

static void write_run(struct buffer *out, const struct status_view *view)
{
    const struct run_facts *run = current_run(view);
    bool there = run->id[0] != '\0';
    text(out, "run_id", run->id);
    text(out, "run_state", there ? run_state(view) : NULL);
    text(out, "run_started_at", run->started_at);
    text(out, "phase_started_at", there ? phase_started(view) : NULL);
    text(out, "holder", run->holder);
    number(out, "rows_read", run->rows_read);
    number(out, "rows_written", run->changed);
    number(out, "rows_rejected", run->rejected);
    buffer_text(out, "\"current_suppliers\": [");
    if (there)
        buffer_append(out, view->store->current_jobs.data, view->store->current_jobs.size);
    buffer_text(out, "],\n");
}

static void write_last_run(struct buffer *out, const struct status_view *view)
{
    const struct run_facts *run = view->store == NULL ? &no_run : &view->store->last;
    if (run->id[0] == '\0') {
        buffer_text(out, "\"last_run\": null,\n");
        return;
    }
    bool well = strcmp(run->outcome, "success") == 0;
    buffer_text(out, "\"last_run\": {");
    text(out, "id", run->id);
    text(out, "outcome", run->outcome);
    text(out, "error", well ? NULL : run->message);
    text(out, "started_at", run->started_at);
    text(out, "finished_at", run->finished_at);
    number(out, "rows_read", run->rows_read);
    number(out, "changed", run->changed);
    buffer_printf(out, "\"rejected\": %" PRId64 "},\n", run->rejected);
}

static void write_schedule(struct buffer *out, const struct status_view *view)
{
    static const struct schedule_view unknown;
    buffer_text(out, "\"schedule\": ");
    schedule_view_json(out, view->store == NULL ? &unknown : &view->store->schedule);
    buffer_text(out, "},\n");
}

static void write_waiting(struct buffer *out, const struct status_view *view)
{
    const struct run_facts *run = current_run(view);
    const struct state_facts *state = view->state;
    if (state == NULL || state->waiting_for[0] == '\0' || strcmp(state->run_id, run->id) != 0) {
        buffer_text(out, "\"waiting_for\": null,\n");
        return;
    }
    char until[TIME_TEXT_SIZE];
    time_format(state->waiting_until_us, until);
    buffer_text(out, "\"waiting_for\": {");
    text(out, "what", state->waiting_for);
    buffer_text(out, "\"until\": ");
    json_text(out, text_of(until[0] == '\0' ? NULL : until));
    buffer_text(out, "},\n");
}

static void write_degraded(struct buffer *out, const struct status_view *view)
{
    const struct {
        const char *what;
        const struct dependency_view *dependency;
    } all[] = {{"store", &view->store_health}, {"state", &view->state_health}};
    const char *comma = "";
    buffer_text(out, "\"degraded\": [");
    for (size_t i = 0; i < 2; i++) {
        const struct dependency_view *dependency = all[i].dependency;
        if (dependency->health == HEALTH_GOOD)
            continue;
        buffer_printf(out, "%s{", comma);
        text(out, "what", all[i].what);
        text(out, "state", dependency->health == HEALTH_HUNG ? "hung" : "down");
        moment(out, "since", dependency->since_us);
        buffer_text(out, "\"message\": ");
        json_text(out, text_of(dependency->message));
        buffer_byte(out, '}');
        comma = ", ";
    }
    buffer_text(out, "],\n");
}

void status_head(struct buffer *out, const struct status_view *view)
{
    buffer_byte(out, '{');
    write_contract(out, view);
    write_run(out, view);
    write_last_run(out, view);
    number(out, "holds", view->store == NULL ? 0 : view->store->holds);
    write_schedule(out, view);
    write_waiting(out, view);
    write_degraded(out, view);
    number(out, "data_age_ms", view->data_age_ms);
    text(out, "version", view->version);
    buffer_text(out, "\"recent_logs\": [");
}

void status_tail(struct buffer *out, const struct status_view *view)
{
    char now[TIME_TEXT_SIZE];
    time_format_ms(view->now_us, now);
    buffer_printf(out, "],\n\"server_time\": \"%s\"}\n", now);
}
