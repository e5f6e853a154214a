/* SPDX-License-Identifier: Apache-2.0 */
/* The times are walked in order, the newest one held back: only it may run. */
#include "schedule/plan.h"

#include <stdlib.h>
#include <string.h>

void plan_free(struct plan *plan)
{
    free(plan->ticks);
}

int64_t plan_accounted(const struct sluice_schedule *kept)
{
    return kept->accounted_us > kept->anchor_us ? kept->accounted_us : kept->anchor_us;
}

/* Neighbours of one state become one row. */
static void rows_merge(struct plan *plan)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < plan->n_ticks; i++) {
        if (n > 0 && plan->ticks[n - 1].state == plan->ticks[i].state)
            plan->ticks[n - 1].count += plan->ticks[i].count;
        else
            plan->ticks[n++] = plan->ticks[i];
    }
    plan->n_ticks = n;
}

static bool rows_reserve(struct plan *plan)
{
    if (plan->n_ticks < plan->capacity)
        return true;
    uint32_t capacity = plan->capacity == 0 ? 8 : plan->capacity * 2;
    struct sluice_tick *ticks = realloc(plan->ticks, capacity * sizeof *ticks);
    if (ticks == NULL)
        return false;
    plan->ticks = ticks;
    plan->capacity = capacity;
    return true;
}

enum sluice_status plan_add(struct plan *plan, enum sluice_tick_state state, int64_t nominal_us,
                            const char *run_id, struct sluice_error *err)
{
    struct sluice_tick *last = plan->n_ticks == 0 ? NULL : &plan->ticks[plan->n_ticks - 1];
    if (last != NULL && last->count > 1 && last->state == state) {
        last->count++;
        return SLUICE_OK;
    }
    if (!rows_reserve(plan))
        return error_no_memory(err);
    plan->ticks[plan->n_ticks++] = (struct sluice_tick){.struct_size = sizeof(struct sluice_tick),
                                                        .state = state,
                                                        .run_id = run_id,
                                                        .nominal_us = nominal_us,
                                                        .count = 1};
    if (plan->n_ticks > PLAN_ROWS)
        rows_merge(plan);
    return SLUICE_OK;
}

/* How a time ends that does not run. */
static enum sluice_tick_state end_of(const struct sluice_schedule *kept, const struct schedule_time *time)
{
    bool waited = kept->waiting_us != 0 && time->nominal_us >= kept->waiting_us;
    if (kept->paused && (waited || time->fire_us + PLAN_LATE_US > kept->paused_us))
        return SLUICE_TICK_PAUSED;
    return waited ? SLUICE_TICK_SKIPPED : SLUICE_TICK_MISSED; /* skipped: a later one takes its place */
}

static bool may_run(const struct schedule *schedule, const struct sluice_schedule *kept,
                    const struct schedule_time *time, int64_t now_us)
{
    if (kept->paused)
        return false;
    return now_us - time->fire_us < PLAN_LATE_US || kept->waiting_us != 0 ||
           schedule_rules(schedule).catch_up == SCHEDULE_CATCH_UP_ONCE;
}

/* All times that are due; every one but the newest becomes a tick. */
static enum sluice_status walk(struct schedule *schedule, const struct sluice_schedule *kept, int64_t now_us,
                               struct plan *plan, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    bool there = schedule_next(schedule, kept->anchor_us, plan->until_us, &plan->next);
    while (there && plan->next.fire_us <= now_us && status == SLUICE_OK) {
        if (plan->has_newest)
            status = plan_add(plan, end_of(kept, &plan->newest), plan->newest.nominal_us, NULL, err);
        plan->has_newest = true;
        plan->newest = plan->next;
        plan->until_us = plan->next.nominal_us;
        there = schedule_next(schedule, kept->anchor_us, plan->until_us, &plan->next);
        if (++plan->n_due == PLAN_DUE_MOST) {
            plan->is_more = there && plan->next.fire_us <= now_us;
            break;
        }
    }
    if (status == SLUICE_OK && !there)
        return error_set(err, SLUICE_CONFIG, "the schedule has no time before the year 10000");
    return status;
}

enum sluice_status plan_make(struct schedule *schedule, const struct sluice_schedule *kept, int64_t now_us,
                             struct plan *ret_plan, struct sluice_error *err)
{
    struct sluice_schedule as = *kept;
    int64_t accounted_us = plan_accounted(kept);
    *ret_plan = (struct plan){.from_us = kept->accounted_us, .until_us = accounted_us};
    if (kept->definition == NULL || strcmp(kept->definition, schedule_definition(schedule)) != 0) {
        /* The times of the former definition are none of this one's: begin where nothing can be late. */
        ret_plan->is_new_definition = true;
        if (ret_plan->until_us < now_us - PLAN_LATE_US)
            ret_plan->until_us = now_us - PLAN_LATE_US;
        as.waiting_us = 0;
    }
    enum sluice_status status = walk(schedule, &as, now_us, ret_plan, err);
    if (status != SLUICE_OK || !ret_plan->has_newest)
        return status;
    const struct schedule_time *newest = &ret_plan->newest;
    if (ret_plan->is_more || !may_run(schedule, &as, newest, now_us)) {
        ret_plan->has_newest = false;
        return plan_add(ret_plan, end_of(&as, newest), newest->nominal_us, NULL, err);
    }
    return SLUICE_OK;
}
