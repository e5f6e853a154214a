/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts for the schedule's times. Any number of processes may do so: the store lets each time count once.
 * What is due is the store's to say; here it is only decided when to ask it again.
 */
#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/approvals.h"
#include "daemon/part_task.h"
#include "daemon/retention.h"

#include <inttypes.h>
#include <stdlib.h>

#define PATIENCE_MS      120000
#define LOOK_AT_LEAST_MS 30000 /* a paused schedule, or the store's clock, may have changed meanwhile */

struct scheduler {
    const struct daemon_floor *floor;
    struct schedule *schedule;
    struct instance *store, *state; /* NULL: to be opened; the state is a hint */
    struct part_ailment ailment;
    struct retention retention;
    bool started; /* run_on_start had its chance */
    struct task *task;
};

/* ---- Instances ---- */

static void close_instances(struct scheduler *self)
{
    instance_destroy(self->store);
    instance_destroy(self->state);
    self->store = NULL;
    self->state = NULL;
}

static enum sluice_status open_store(struct scheduler *self, struct sluice_error *err)
{
    const struct sync_setup *sync = self->floor->house->sync;
    const struct sluice_schema *schema = NULL;
    if (self->store != NULL)
        return SLUICE_OK;
    enum sluice_status status = instance_create(sync->services, sync->store.plugin, sync->store.options,
                                                "scheduler", &self->store, err);
    if (status != SLUICE_OK)
        return status;
    instance_cancel(self->store, self->floor->leave);
    const struct sluice_store *calls = self->store->plugin->store;
    status = calls->schema(self->store->self, SLUICE_SCHEMA_CHECK, &schema, err);
    if (status == SLUICE_OK && schema->version < schema->latest)
        status = calls->schema(self->store->self, SLUICE_SCHEMA_MIGRATE, &schema, err);
    return status;
}

static void open_state(struct scheduler *self)
{
    const struct sync_setup *sync = self->floor->house->sync;
    struct sluice_error ignored = {0}; /* the workers complain of it */
    if (self->state != NULL || instance_create(sync->services, sync->state.plugin, sync->state.options,
                                               "scheduler", &self->state, &ignored) != SLUICE_OK)
        return;
    instance_cancel(self->state, self->floor->leave);
}

static void wake_workers(struct scheduler *self)
{
    struct sluice_error ignored = {0}; /* they look by themselves, only later */
    open_state(self);
    if (self->state != NULL)
        self->state->plugin->state->wake(self->state->self, &ignored);
}

/* A wake may mean the end of the run that a time waits for. */
static void wait_for_next(struct scheduler *self, int64_t ms)
{
    struct sluice_error err = {0};
    if (ms > LOOK_AT_LEAST_MS)
        ms = LOOK_AT_LEAST_MS;
    open_state(self);
    enum sluice_status status =
        self->state == NULL ? SLUICE_RETRY : self->state->plugin->state->wait(self->state->self, ms, &err);
    if (status != SLUICE_OK && status != SLUICE_END)
        part_pause(self->floor, ms);
}

/* ---- Looking ---- */

static void tell(struct scheduler *self, const struct schedule_look *look)
{
    const struct log *log = self->floor->house->sync->services->log;
    if (look->ran)
        log_line(log, SLUICE_INFO, "schedule", "run %s is queued for its time", look->run_id);
    if (look->skipped > 0)
        log_line(log, SLUICE_WARNING, "schedule", "a sync was due and skipped: run %s was still at work",
                 look->run_id);
    if (look->n_paused > 0)
        log_line(log, SLUICE_INFO, "schedule", "%" PRIu64 " times passed while the schedule was paused",
                 look->n_paused);
    if (look->missed == 0)
        return;
    log_line(log, SLUICE_WARNING, "schedule", "%" PRIu64 " times were missed: nothing ran then",
             look->missed);
    notifier_missed(self->floor->notifier, SCHEDULE_NAME, look->missed, look->next.fire_us);
}

static enum sluice_status start_once(struct scheduler *self, const struct schedule_book *book,
                                     struct sluice_error *err)
{
    char run_id[SLUICE_ID_SIZE];
    if (self->started || !self->floor->first)
        return SLUICE_OK;
    enum sluice_status status = schedule_start(self->schedule, book, run_id, err);
    if (status != SLUICE_OK)
        return status;
    self->started = true;
    if (run_id[0] != '\0')
        wake_workers(self);
    return SLUICE_OK;
}

static enum sluice_status look(struct scheduler *self, int64_t *ret_wait_ms, struct sluice_error *err)
{
    struct schedule_look found;
    enum sluice_status status = open_store(self, err);
    if (status != SLUICE_OK)
        return status;
    const struct schedule_book book = {.calls = self->store->plugin->store,
                                       .self = self->store->self,
                                       .random = self->floor->house->sync->services->random};
    status = start_once(self, &book, err);
    if (status == SLUICE_OK)
        status = schedule_look(self->schedule, &book, &found, err);
    if (status != SLUICE_OK)
        return status;
    bool queued = false;
    status = approvals_queue(self->store, self->floor->house->sync->services, &queued, err);
    if (status != SLUICE_OK)
        return status;
    if (found.ran || queued)
        wake_workers(self);
    tell(self, &found);
    *ret_wait_ms = found.wait_ms;
    return retention_prune(&self->retention, self->store, err);
}

static void scheduler_main(void *argument)
{
    struct scheduler *self = argument;
    const struct daemon_floor *floor = self->floor;
    while (!part_leaving(floor)) {
        struct sluice_error err = {0};
        int64_t wait_ms = 0;
        if (look(self, &wait_ms, &err) == SLUICE_OK) {
            part_is_well(floor, &self->ailment);
            pulse_beat(floor->pulse);
            if (floor->once)
                break;
            wait_for_next(self, wait_ms);
        } else {
            pulse_beat(floor->pulse);
            close_instances(self);
            part_ails(floor, &self->ailment, &err);
        }
    }
    close_instances(self);
    floor->ended(floor->context);
}

/* ---- The part ---- */

static void scheduler_free(struct scheduler *self)
{
    schedule_free(self->schedule);
    free(self);
}

static enum sluice_status scheduler_start(const struct daemon_floor *floor, void **ret_self,
                                          struct sluice_error *err)
{
    const struct daemon_house *house = floor->house;
    const char *option = NULL;
    struct scheduler *self = calloc(1, sizeof *self);
    if (self == NULL)
        return error_no_memory(err);
    self->floor = floor;
    self->ailment.who = "schedule";
    floor->pulse->patience_ms = PATIENCE_MS;
    retention_begin(&self->retention, house->retention, house->sync->services);
    enum sluice_status status = schedule_parse(house->schedule, &self->schedule, &option, err);
    if (status == SLUICE_OK)
        self->task = house->sync->tasks->spawn(house->sync->tasks, scheduler_main, self);
    if (status == SLUICE_OK && self->task == NULL)
        status = error_no_task(err);
    if (status != SLUICE_OK) {
        scheduler_free(self);
        return status;
    }
    *ret_self = self;
    return SLUICE_OK;
}

static void scheduler_stop(void *argument)
{
    struct scheduler *self = argument;
    self->floor->house->sync->tasks->join(self->task);
    scheduler_free(self);
}

const struct daemon_part scheduler_part = {
    .name = "scheduler",
    .role = DAEMON_SCHEDULER,
    .start = scheduler_start,
    .stop = scheduler_stop,
};
