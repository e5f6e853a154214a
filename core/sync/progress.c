/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What observers see. Counts are read inside the monitor that serialises the observers, so nobody sees
 * progress go back. The state backend gets a mirror; the truth is in the store.
 */
#include "base/log.h"
#include "sync/run.h"

#include <string.h>

static void count_outcome(struct run_counts *counts, enum sluice_outcome outcome)
{
    counts->jobs++;
    switch (outcome) {
    case SLUICE_OUTCOME_SUCCESS:
        counts->succeeded++;
        break;
    case SLUICE_OUTCOME_UNCHANGED:
        counts->unchanged++;
        break;
    case SLUICE_OUTCOME_HELD:
        counts->held++;
        break;
    case SLUICE_OUTCOME_CANCELLED:
        counts->cancelled++;
        break;
    default:
        counts->failed++;
    }
}

static void hand_over(struct run *run, struct sync_event *event)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    const struct sync_request *request = run->session->request;
    event->run_id = run->id;
    event->epoch = run->epoch;
    tasks->enter(run->monitor);
    event->current = run->current;
    event->total = run->total;
    tasks->leave(run->monitor);
    if (request->observe != NULL)
        request->observe(request->context, event);
}

void progress_event(struct run *run, struct sync_event *event)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->observing);
    hand_over(run, event);
    tasks->leave(run->observing);
}

void progress_job_ended(struct run *run, struct sync_event *event)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->observing);
    tasks->enter(run->monitor);
    count_outcome(&run->counts, event->outcome);
    if (run->current < run->total && event->outcome != SLUICE_OUTCOME_CANCELLED)
        run->current++;
    run->jobs_ended++;
    run->moved = true;
    tasks->wake_all(run->monitor);
    tasks->leave(run->monitor);
    hand_over(run, event);
    tasks->leave(run->observing);
}

void progress_waits(struct run *run, int64_t wait_ms)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    struct sync_event event = {.kind = SYNC_EVENT_WAITING};
    int64_t until_us = run->services.clock->wall_us(run->services.clock) + wait_ms * US_PER_MS;
    tasks->enter(run->monitor);
    bool later = until_us > run->waiting_until_us;
    if (later)
        run->waiting_until_us = until_us;
    run->moved = true;
    tasks->leave(run->monitor);
    event.waiting_until_us = until_us;
    if (later)
        progress_event(run, &event);
}

static enum sluice_status publish(struct instance *state, const struct sluice_progress *progress,
                                  struct sluice_error *err)
{
    return state->plugin->state->publish(state->self, progress, err);
}

/* Another process may have told of more finished jobs already; what is shown never goes back. */
static uint32_t progress_of_others(const struct run *run, struct instance *state)
{
    const struct sluice_progress *there = NULL;
    struct sluice_error ignored = {0};
    if (state->plugin->state->observe(state->self, &there, &ignored) != SLUICE_OK ||
        there->epoch != run->epoch || there->run_id == NULL || strcmp(there->run_id, run->id) != 0)
        return 0;
    return there->current;
}

enum sluice_status progress_publish(struct run *run, struct instance *state, struct sluice_error *err)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    struct sluice_progress progress = {
        .struct_size = sizeof progress,
        .epoch = run->epoch,
        .run_id = run->id,
        .started_us = run->started_us,
        .last_run_us = run->session->last_run_us,
    };
    uint32_t published = progress_of_others(run, state);
    tasks->enter(run->monitor);
    progress.status = run->phase;
    progress.current = run->current > published ? run->current : published;
    progress.total = run->total;
    if (run->waiting_until_us > run->services.clock->wall_us(run->services.clock)) {
        progress.waiting_for = "quota";
        progress.waiting_until_us = run->waiting_until_us;
    }
    run->moved = false;
    tasks->leave(run->monitor);
    return publish(state, &progress, err);
}

void progress_publish_end(struct run *run, enum sluice_outcome outcome)
{
    struct session *session = run->session;
    if (outcome == SLUICE_OUTCOME_SUCCESS || outcome == SLUICE_OUTCOME_PARTIAL)
        session->last_run_us = run->services.clock->wall_us(run->services.clock);
    if (session->state == NULL)
        return;
    struct sluice_progress progress = {
        .struct_size = sizeof progress,
        .epoch = run->epoch,
        .status = "idle",
        .last_run_us = session->last_run_us,
    };
    struct sluice_error err = {0};
    if (publish(session->state, &progress, &err) != SLUICE_OK)
        log_line(run->services.log, SLUICE_WARNING, "state", "%s", err.message);
}
