/* SPDX-License-Identifier: Apache-2.0 */
/* The run's outcome is counted from its jobs in the store: some may have been another process's, or of a life
 * before this one. */
#include "base/text.h"
#include "sync/run.h"

#include <string.h>

static struct sluice_cell outcome_cell(const struct sluice_column *columns, const struct sluice_cell *cells,
                                       size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(columns[i].name, "outcome") == 0)
            return cells[i];
    return (struct sluice_cell){0};
}

static enum sluice_status count_job(void *context, const struct sluice_column *columns,
                                    const struct sluice_cell *cells, size_t n)
{
    struct run_counts *counts = context;
    struct sluice_cell outcome = outcome_cell(columns, cells, n);
    counts->jobs++;
    if (text_is(outcome, "success"))
        counts->succeeded++;
    else if (text_is(outcome, "unchanged"))
        counts->unchanged++;
    else if (text_is(outcome, "held"))
        counts->held++;
    else if (text_is(outcome, "cancelled"))
        counts->cancelled++;
    else
        counts->failed++;
    return SLUICE_OK;
}

enum sluice_status outcome_count(struct run *run, struct run_counts *ret_counts, struct sluice_error *err)
{
    struct instance *store = run->session->store;
    struct run_counts counts = {0};
    struct sluice_query query = {.struct_size = sizeof query, .what = SLUICE_QUERY_JOBS, .run_id = run->id};
    struct sluice_sink sink = {.context = &counts, .row = count_job};
    if (run_is_dry(run)) {
        *ret_counts = run->counts;
        return SLUICE_OK;
    }
    enum sluice_status status = store->plugin->store->query(store->self, &query, &sink, err);
    if (status == SLUICE_OK)
        *ret_counts = counts;
    return status;
}

enum sluice_outcome outcome_of_run(const struct run_counts *counts)
{
    uint32_t well = counts->succeeded + counts->unchanged;
    if (counts->cancelled > 0)
        return SLUICE_OUTCOME_CANCELLED;
    if (counts->failed > 0)
        return well + counts->held > 0 ? SLUICE_OUTCOME_PARTIAL : SLUICE_OUTCOME_FAILED;
    return counts->held > 0 ? SLUICE_OUTCOME_HELD : SLUICE_OUTCOME_SUCCESS;
}
