/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at the clock and the account of the store. All that a look decides is written by one ticks_put,
 * which holds only while the account is where the look began: a tick and its run come together or not at all,
 * and of two that look at once one has to look again.
 */
#include "base/cleanup.h"
#include "base/clock.h"
#include "schedule/book.h"
#include "schedule/plan.h"

#include <string.h>

enum {
    ATTEMPTS = 4,           /* lost races in one look before it is left to the next one */
    WAIT_MOST_MS = 60000,   /* a pause and a store's clock that jumps are noticed within that */
    WAIT_FOR_RUN_MS = 2000, /* while a time waits for a run's end */
};

struct step {
    struct schedule *schedule;
    const struct schedule_book *book;
    struct plan plan;
    int64_t waiting_us; /* as the store has it */
    struct schedule_look look;
};

static void step_end(struct step *step)
{
    plan_free(&step->plan);
}

/* ---- Writing --------------------------------------------------------------------------------------- */

/* All ticks of the plan, up to `until_us`. */
static enum sluice_status put(struct step *step, int64_t until_us, int64_t waiting_us,
                              const struct sluice_request *request, const struct sluice_run **ret_run,
                              struct sluice_error *err)
{
    const struct sluice_ticks ticks = {.struct_size = sizeof ticks,
                                       .n_ticks = step->plan.n_ticks,
                                       .schedule = SCHEDULE_NAME,
                                       .definition = schedule_definition(step->schedule),
                                       .from_us = step->plan.from_us,
                                       .until_us = until_us,
                                       .waiting_us = waiting_us,
                                       .ticks = step->plan.ticks,
                                       .request = request};
    return step->book->calls->ticks_put(step->book->self, &ticks, ret_run, err);
}

/* The newest time stays unaccounted, and is marked, so that it is not late when the run has ended. */
static enum sluice_status put_waiting(struct step *step, struct sluice_error *err)
{
    const struct plan *plan = &step->plan;
    const struct sluice_run *unused = NULL;
    step->look.waiting = true;
    if (plan->n_ticks == 0 && step->waiting_us == plan->newest.nominal_us && !plan->is_new_definition)
        return SLUICE_OK;
    int64_t before_us = plan->newest.nominal_us - US_PER_MS; /* a store keeps milliseconds */
    return put(step, before_us > plan->from_us ? before_us : plan->from_us, plan->newest.nominal_us, NULL,
               &unused, err);
}

static enum sluice_status put_overlapped(struct step *step, struct sluice_error *err)
{
    struct plan *plan = &step->plan;
    const struct sluice_run *unused = NULL;
    if (schedule_rules(step->schedule).overlap == SCHEDULE_OVERLAP_QUEUE_ONE)
        return put_waiting(step, err);
    enum sluice_status status =
        plan_add(plan, SLUICE_TICK_SKIPPED, plan->newest.nominal_us, step->look.run_id, err);
    return status == SLUICE_OK ? put(step, plan->until_us, 0, NULL, &unused, err) : status;
}

static enum sluice_status put_run(struct step *step, struct sluice_error *err)
{
    struct plan *plan = &step->plan;
    const struct sluice_run *run = NULL;
    struct sluice_request request = {.struct_size = sizeof request,
                                     .trigger = SLUICE_TRIGGER_SCHEDULED,
                                     .by = "schedule",
                                     .tick_us = plan->newest.nominal_us};
    uuid_make(step->book->random, step->look.now_us, request.run_id);
    enum sluice_status status = plan_add(plan, SLUICE_TICK_RAN, plan->newest.nominal_us, request.run_id, err);
    if (status != SLUICE_OK)
        return status;
    status = put(step, plan->until_us, 0, &request, &run, err);
    if (run != NULL)
        memcpy(step->look.run_id, run->run_id, SLUICE_ID_SIZE);
    plan->n_ticks--; /* the request's id ends here */
    step->look.ran = status == SLUICE_OK;
    return status == SLUICE_BUSY && run != NULL ? put_overlapped(step, err) : status;
}

static enum sluice_status put_plan(struct step *step, struct sluice_error *err)
{
    const struct plan *plan = &step->plan;
    const struct sluice_run *unused = NULL;
    if (plan->has_newest)
        return put_run(step, err);
    if (plan->n_ticks == 0 && !plan->is_new_definition)
        return SLUICE_OK;
    return put(step, plan->until_us, 0, NULL, &unused, err);
}

/* ---- Telling --------------------------------------------------------------------------------------- */

static void count_ticks(const struct plan *plan, struct schedule_look *look)
{
    for (uint32_t i = 0; i < plan->n_ticks; i++) {
        const struct sluice_tick *tick = &plan->ticks[i];
        look->skipped += tick->state == SLUICE_TICK_SKIPPED ? tick->count : 0;
        look->missed += tick->state == SLUICE_TICK_MISSED ? tick->count : 0;
        look->n_paused += tick->state == SLUICE_TICK_PAUSED ? tick->count : 0;
    }
}

/* When to look again; and a paused schedule keeps its nominal time, since nothing fires. */
static void tell(struct schedule_look *look)
{
    int64_t wait_ms = (look->next.fire_us - look->now_us + US_PER_MS - 1) / US_PER_MS;
    int64_t most_ms = look->waiting ? WAIT_FOR_RUN_MS : WAIT_MOST_MS;
    look->wait_ms = wait_ms < 0 ? 0 : wait_ms < most_ms ? wait_ms : most_ms;
    if (look->paused)
        look->next.fire_us = look->next.nominal_us;
}

/* LOST: someone else accounted for it meanwhile. UNKNOWN: perhaps we did. */
static enum sluice_status look_once(struct schedule *schedule, const struct schedule_book *book,
                                    struct schedule_look *ret_look, struct sluice_error *err)
{
    _cleanup_(step_end) struct step step = {.schedule = schedule, .book = book};
    const struct sluice_schedule *kept = NULL;
    enum sluice_status status = book->calls->clock(book->self, &step.look.now_us, err);
    if (status == SLUICE_OK)
        status = book_begin(book, schedule, step.look.now_us, &kept, err);
    if (status == SLUICE_OK)
        status = plan_make(schedule, kept, step.look.now_us, &step.plan, err);
    if (status != SLUICE_OK)
        return status;
    step.look.anchor_us = kept->anchor_us;
    step.look.paused = kept->paused != 0;
    step.look.next = step.plan.next;
    step.waiting_us = kept->waiting_us;
    status = put_plan(&step, err);
    if (status != SLUICE_OK)
        return status;
    count_ticks(&step.plan, &step.look);
    tell(&step.look);
    *ret_look = step.look;
    return SLUICE_OK;
}

enum sluice_status schedule_look(struct schedule *schedule, const struct schedule_book *book,
                                 struct schedule_look *ret_look, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_LOST;
    for (int i = 0; i < ATTEMPTS && (status == SLUICE_LOST || status == SLUICE_UNKNOWN); i++)
        status = look_once(schedule, book, ret_look, err);
    return status;
}

/* ---- Reading only ---------------------------------------------------------------------------------- */

enum sluice_status schedule_peek(struct schedule *schedule, const struct schedule_book *book,
                                 struct schedule_look *ret_look, struct sluice_error *err)
{
    struct schedule_look look = {0};
    struct sluice_schedule kept = {0};
    const struct sluice_schedule *found = NULL;
    enum sluice_status status = book->calls->clock(book->self, &look.now_us, err);
    if (status == SLUICE_OK)
        status = book->calls->schedule_get(book->self, SCHEDULE_NAME, &found, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    if (found != NULL)
        kept = *found;
    else
        kept.anchor_us = kept.accounted_us = book_anchor(look.now_us);
    /* What is due is not waited for: from the earliest time whose jitter may still lie ahead. */
    int64_t after_us = look.now_us - schedule_rules(schedule).jitter_us;
    if (after_us < plan_accounted(&kept))
        after_us = plan_accounted(&kept);
    do {
        if (!schedule_next(schedule, kept.anchor_us, after_us, &look.next))
            return error_set(err, SLUICE_CONFIG, "the schedule has no time before the year 10000");
        after_us = look.next.nominal_us;
    } while (look.next.fire_us <= look.now_us);
    look.anchor_us = kept.anchor_us;
    look.paused = kept.paused != 0;
    look.waiting = kept.waiting_us != 0;
    tell(&look);
    *ret_look = look;
    return SLUICE_OK;
}
