/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/stores/names.h"

#include "base/cleanup.h"

#include <string.h>

/* In the order of the enums of store_types.h and store_query.h. */
static const char *const outcomes[] = {NULL,     "success", "unchanged", "partial",
                                       "failed", "held",    "cancelled"};
static const char *const run_states[] = {"queued", "master", "suppliers", "done"};
static const char *const triggers[] = {"cli", "manual", "scheduled"};
static const char *const tick_states[] = {"ran", "skipped", "missed", "paused"};

static const char *name_at(const char *const *names, size_t n, uint32_t i)
{
    return i < n ? names[i] : NULL;
}

static uint32_t index_of(const char *const *names, size_t n, const char *name)
{
    for (uint32_t i = 0; i < n && name != NULL; i++)
        if (names[i] != NULL && strcmp(names[i], name) == 0)
            return i;
    return 0;
}

const char *outcome_name(uint32_t outcome)
{
    return name_at(outcomes, ELEMENTS(outcomes), outcome);
}

const char *run_state_name(uint32_t state)
{
    return name_at(run_states, ELEMENTS(run_states), state);
}

const char *trigger_name(uint32_t trigger)
{
    return name_at(triggers, ELEMENTS(triggers), trigger);
}

const char *tick_state_name(uint32_t state)
{
    return name_at(tick_states, ELEMENTS(tick_states), state);
}

uint32_t outcome_of(const char *name)
{
    return index_of(outcomes, ELEMENTS(outcomes), name);
}

uint32_t run_state_of(const char *name)
{
    return index_of(run_states, ELEMENTS(run_states), name);
}

uint32_t trigger_of(const char *name)
{
    return index_of(triggers, ELEMENTS(triggers), name);
}

const char *outcome_error_type(const struct sluice_job_outcome *outcome)
{
    if (outcome->error_type != NULL)
        return outcome->error_type;
    switch (outcome->outcome) {
    case SLUICE_OUTCOME_SUCCESS:
    case SLUICE_OUTCOME_UNCHANGED:
        return "SUCCESS";
    case SLUICE_OUTCOME_HELD:
        return "HELD";
    default:
        return outcome_name(outcome->outcome);
    }
}
