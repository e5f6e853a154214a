/* SPDX-License-Identifier: Apache-2.0 */
/* A dry run's jobs come from the sheet itself: nothing is enqueued, and a supplier that the store does not
 * know yet is read as well. */
#include "sync/run.h"

#include <string.h>

static bool in_scope(const struct run *run, const char *key)
{
    for (size_t i = 0; i < run->n_scope; i++)
        if (strcmp(run->scope[i], key) == 0)
            return true;
    return run->n_scope == 0;
}

static bool wanted(const struct run *run, const struct sluice_supplier *supplier)
{
    return (supplier->flags & SLUICE_SUPPLIER_ACTIVE) != 0 &&
           (supplier->flags & SLUICE_SUPPLIER_INVALID) == 0 && in_scope(run, supplier->key);
}

static bool make_job(struct run *run, const struct sluice_supplier *supplier, struct sluice_job *ret_job)
{
    struct sluice_job job = {
        .struct_size = sizeof job,
        .attempt = 1,
        .key = arena_text(&run->arena, supplier->key),
        .name = arena_text(&run->arena, supplier->name),
        .source_type = arena_text(&run->arena, supplier->source_type),
        .source_url = arena_text(&run->arena, supplier->source_url),
        .flags = run->flags,
    };
    *ret_job = job;
    return job.key != NULL && job.name != NULL && job.source_type != NULL && job.source_url != NULL;
}

enum sluice_status dry_jobs(struct run *run, const struct master_report *report, struct sluice_error *err)
{
    enum sluice_status status = scope_check_sheet(run, report, err);
    if (status != SLUICE_OK)
        return status;
    struct sluice_job *jobs = arena_alloc(&run->arena, (report->n_suppliers + 1) * sizeof *jobs);
    if (jobs == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < report->n_suppliers; i++) {
        if (!wanted(run, &report->suppliers[i]))
            continue;
        if (!make_job(run, &report->suppliers[i], &jobs[run->n_dry_jobs++]))
            return error_no_memory(err);
    }
    run->dry_jobs = jobs;
    run->total = run->n_dry_jobs;
    return SLUICE_OK;
}
