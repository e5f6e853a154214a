/* SPDX-License-Identifier: Apache-2.0 */
/* The run's outcome is counted from its jobs in the store: some may have been another process's, or of a life
 * before this one. */
#include "base/text.h"
#include "sync/retry.h"

#include <stdio.h>
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

static enum sluice_status outcome_count(struct run *run, struct run_counts *ret_counts,
                                        struct sluice_error *err)
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

static enum sluice_outcome outcome_of_run(const struct run_counts *counts)
{
    uint32_t well = counts->succeeded + counts->unchanged;
    if (counts->cancelled > 0)
        return SLUICE_OUTCOME_CANCELLED;
    if (counts->failed > 0)
        return well + counts->held > 0 ? SLUICE_OUTCOME_PARTIAL : SLUICE_OUTCOME_FAILED;
    return counts->held > 0 ? SLUICE_OUTCOME_HELD : SLUICE_OUTCOME_SUCCESS;
}

static enum sluice_outcome outcome_of(const struct run *run, enum sluice_status status, bool held,
                                      const struct run_counts *counts)
{
    if (run->stop_reason == STOP_CANCELLED)
        return SLUICE_OUTCOME_CANCELLED;
    if (run->stop_reason != STOP_NONE || status != SLUICE_OK)
        return SLUICE_OUTCOME_FAILED;
    return held ? SLUICE_OUTCOME_HELD : outcome_of_run(counts);
}

static void report_counts(struct sync_report *report, const struct run_counts *counts)
{
    report->jobs = counts->jobs;
    report->succeeded = counts->succeeded;
    report->unchanged = counts->unchanged;
    report->failed = counts->failed;
    report->held = counts->held;
    report->cancelled = counts->cancelled;
}

static void say_outcome(struct sync_report *report, const struct run *run, bool held, const char *why)
{
    if (run->stop_reason == STOP_CANCELLED)
        snprintf(report->message, sizeof report->message, "The run was cancelled.");
    else if (run->stop_reason == STOP_TIMEOUT)
        snprintf(report->message, sizeof report->message,
                 "The run took longer than sync.run_timeout allows.");
    else if (held)
        snprintf(report->message, sizeof report->message,
                 "The master sheet is held; approve or discard the hold, see `sluice holds`.");
    else if (why[0] != '\0')
        snprintf(report->message, sizeof report->message, "%.*s", (int)sizeof report->message - 1, why);
    else if (report->failed + report->held > 0)
        snprintf(report->message, sizeof report->message, "%u of %u suppliers failed, %u held.",
                 report->failed, report->jobs, report->held);
}

struct ending {
    struct run *run;
    const struct sync_report *report;
};

static enum sluice_status finish_once(void *context, struct sluice_error *err)
{
    const struct ending *ending = context;
    const struct run *run = ending->run;
    const struct sync_report *report = ending->report;
    struct instance *store = run->session->store;
    const char *message = report->message[0] != '\0' ? report->message : NULL;
    return store->plugin->store->run_finish(store->self, run->id, run->epoch, report->outcome, message, err);
}

/* Writes the outcome, unless another process was sooner: *ret_sooner. */
static enum sluice_status finish_run(struct run *run, const struct sync_report *report, bool *ret_sooner,
                                     struct sluice_error *err)
{
    struct ending ending = {.run = run, .report = report};
    struct retry retry = {.run = run, .deadline_us = INT64_MAX, .repeatable = true};
    enum sluice_status status = retry_call(&retry, finish_once, &ending, err);
    *ret_sooner = status == SLUICE_END;
    return status == SLUICE_END ? SLUICE_OK : status;
}

/* The first error is the answer; what fails after it follows from it. */
static enum sluice_status first_error(enum sluice_status former, enum sluice_status status,
                                      const struct sluice_error *status_err, struct sluice_error *err)
{
    if (former != SLUICE_OK || status == SLUICE_OK)
        return former;
    *err = *status_err;
    return status;
}

enum sluice_status outcome_write(struct run *run, enum sluice_status status, bool held,
                                 struct sync_report *report, struct sluice_error *err)
{
    struct run_counts counts = {0};
    struct sluice_error end_err = {0};
    enum sluice_status ended = outcome_count(run, &counts, &end_err);
    status = first_error(status, ended, &end_err, err);
    memcpy(report->run_id, run->id, SLUICE_ID_SIZE);
    report->epoch = run->epoch;
    report->throttled = status != SLUICE_OK && err->quota;
    report->outcome = outcome_of(run, status, held, &counts);
    report_counts(report, &counts);
    say_outcome(report, run, held, status != SLUICE_OK ? err->message : "");
    if (run_is_dry(run))
        return status;
    bool sooner = false;
    ended = finish_run(run, report, &sooner, &end_err);
    report->ended = ended == SLUICE_OK && !sooner;
    if (ended != SLUICE_OK)
        report->outcome = SLUICE_OUTCOME_NONE;
    return first_error(status, ended, &end_err, err);
}
