/* SPDX-License-Identifier: Apache-2.0 */
/* The process's share in everyone's runs, and what its log says of them. */
#include "base/log.h"
#include "daemon/part_task.h"
#include "daemon/run_log.h"
#include "daemon/systemd.h"

#include <malloc.h>
#include <stdlib.h>

/* A list that makes no progress is ended by its own deadline; the part hangs when that does not happen. */
#define GRACE_MS 60000
#define LOOK_MS  2000 /* at least that often, whoever forgot to wake us */

struct workers {
    const struct daemon_floor *floor;
    struct sync_share share;
    struct session *session; /* NULL: to be opened */
    struct part_ailment ailment;
    struct task *task;
};

/* A quota is waited for, which may take longer than any list. */
static void excuse(struct workers *self, const struct sync_event *event)
{
    const struct clock *clock = self->floor->house->sync->services->clock;
    int64_t wait_us = event->waiting_until_us - clock->wall_us(clock);
    if (wait_us > 0)
        pulse_excuse(self->floor->pulse, wait_us / US_PER_MS);
}

static void tell_status(const struct sync_event *event)
{
    if (event->kind == SYNC_EVENT_FINISHED || event->kind == SYNC_EVENT_MASTER)
        systemd_notify("STATUS=run %s: %u of %u lists done", event->run_id, event->current, event->total);
}

static void observe(void *context, const struct sync_event *event)
{
    struct workers *self = context;
    pulse_beat(self->floor->pulse);
    if (event->kind == SYNC_EVENT_WAITING)
        excuse(self, event);
    tell_status(event);
    run_log_event(self->floor->house->sync->services->log, event);
}

static enum sluice_status work(struct workers *self, struct sluice_error *err)
{
    const struct daemon_floor *floor = self->floor;
    const struct sync_setup *sync = floor->house->sync;
    struct sync_report report = {0};
    enum sluice_status status = SLUICE_OK;
    if (self->session == NULL)
        status = sync_open(sync, &self->share, &self->session, err);
    if (status == SLUICE_OK)
        status = sync_work(self->session, &report, err);
    if (status != SLUICE_OK || report.outcome == SLUICE_OUTCOME_NONE)
        return status;
    malloc_trim(
        0); /* what the run's tasks have freed goes back to the system, or it would pile up in pieces */
    run_log_end(sync->services->log, &report);
    systemd_notify("STATUS=at work; the last run ended %s", report.ended ? "here" : "elsewhere");
    floor->run_ended(floor->context, report.outcome);
    if (report.ended)
        notifier_run_ended(floor->notifier, &report);
    return SLUICE_OK;
}

static void workers_main(void *argument)
{
    struct workers *self = argument;
    const struct daemon_floor *floor = self->floor;
    while (!part_leaving(floor)) {
        struct sluice_error err = {0};
        enum sluice_status status = work(self, &err);
        pulse_beat(floor->pulse);
        if (status == SLUICE_OK || status == SLUICE_END)
            part_is_well(floor, &self->ailment);
        if (status == SLUICE_END && floor->once)
            break;
        if (status == SLUICE_END) {
            sync_wait(self->session, LOOK_MS);
        } else if (status != SLUICE_OK) {
            sync_close(self->session);
            self->session = NULL;
            part_ails(floor, &self->ailment, &err);
        }
    }
    sync_close(self->session);
    floor->ended(floor->context);
}

static enum sluice_status workers_start(const struct daemon_floor *floor, void **ret_self,
                                        struct sluice_error *err)
{
    const struct task_runtime *tasks = floor->house->sync->tasks;
    struct workers *self = calloc(1, sizeof *self);
    if (self == NULL)
        return error_no_memory(err);
    self->floor = floor;
    self->ailment.who = "workers";
    floor->pulse->patience_ms = floor->house->sync->options->supplier_timeout.ms + GRACE_MS;
    self->share = (struct sync_share){.leave = floor->leave, .observe = observe, .context = self};
    self->task = tasks->spawn(tasks, workers_main, self);
    if (self->task == NULL) {
        free(self);
        return error_no_task(err);
    }
    *ret_self = self;
    return SLUICE_OK;
}

static void workers_stop(void *argument)
{
    struct workers *self = argument;
    self->floor->house->sync->tasks->join(self->task);
    free(self);
}

const struct daemon_part workers_part = {
    .name = "workers",
    .role = DAEMON_WORKER,
    .start = workers_start,
    .stop = workers_stop,
};
