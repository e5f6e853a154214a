/* SPDX-License-Identifier: Apache-2.0 */
/* Runs, and what they did with each supplier. */
#include "base/cleanup.h"
#include "http/handlers.h"
#include "http/job_fields.h"

static const struct row_field run_fields[] = {
    {"id", "id", ROW_TEXT},
    {"state", "state", ROW_TEXT},
    {"outcome", "outcome", ROW_TEXT},
    {"trigger", "trigger", ROW_TEXT},
    {"requested_by", "requested_by", ROW_TEXT},
    {"scope", "scope", ROW_JSON},
    {"epoch", "epoch", ROW_NUMBER},
    {"created_at", "created_at", ROW_TEXT},
    {"started_at", "started_at", ROW_TEXT},
    {"finished_at", "finished_at", ROW_TEXT},
    {"cancel_requested", "cancel_requested", ROW_BOOL},
    {"holder", "holder", ROW_TEXT},
    {"orphaned", "lease_until", ROW_ORPHANED},
    {"jobs_total", "jobs_total", ROW_NUMBER},
    {"jobs_done", "jobs_done", ROW_NUMBER},
    {"jobs_failed", "jobs_failed", ROW_NUMBER},
    {"jobs_held", "jobs_held", ROW_NUMBER},
    {"rows_read", "rows_read", ROW_NUMBER},
    {"changed", "changed", ROW_NUMBER},
    {"rejected", "rejected", ROW_NUMBER},
    {"message", "message", ROW_TEXT},
};

const struct row_field job_fields[] = {
    {"run_id", "run_id", ROW_TEXT},
    {"supplier_id", "supplier_id", ROW_TEXT},
    {"supplier", "supplier", ROW_TEXT},
    {"state", "state", ROW_TEXT},
    {"outcome", "outcome", ROW_TEXT},
    {"error_type", "error_type", ROW_TEXT},
    {"message", "message", ROW_TEXT},
    {"attempt", "attempt", ROW_NUMBER},
    {"started_at", "started_at", ROW_TEXT},
    {"finished_at", "finished_at", ROW_TEXT},
    {"elapsed_ms", "elapsed_ms", ROW_NUMBER},
    {"rows_read", "rows_read", ROW_NUMBER},
    {"skipped", "skipped", ROW_NUMBER},
    {"inserted", "inserted", ROW_NUMBER},
    {"updated", "updated", ROW_NUMBER},
    {"unchanged", "unchanged", ROW_NUMBER},
    {"gone", "gone", ROW_NUMBER},
    {"rejected", "rejected", ROW_NUMBER},
    {"duplicates", "duplicates", ROW_NUMBER},
};
const size_t job_field_count = ELEMENTS(job_fields);

void handle_runs(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *key = NULL;
    if (supplier_filter(call, desk, &key))
        page_answer(call, desk, (struct sluice_query){.what = SLUICE_QUERY_RUNS, .key = key}, run_fields,
                    ELEMENTS(run_fields));
}

void handle_run(struct call *call, struct desk *desk)
{
    one_answer(call, desk, (struct sluice_query){.what = SLUICE_QUERY_RUNS, .run_id = call->id}, run_fields,
               ELEMENTS(run_fields), "run");
}

void handle_run_suppliers(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *id = NULL;
    struct sluice_error err = {0};
    const struct sluice_query run = {.what = SLUICE_QUERY_RUNS, .run_id = call->id};
    if (one_text(desk, run, "id", &id, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else if (id == NULL)
        call_fail(call, API_NOT_FOUND, "there is no run %s", call->id);
    else
        page_answer(call, desk, (struct sluice_query){.what = SLUICE_QUERY_JOBS, .run_id = call->id},
                    job_fields, job_field_count);
}
