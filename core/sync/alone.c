/* SPDX-License-Identifier: Apache-2.0 */
/* Who may work beside whom in this process. The heartbeat renews a job while it waits here. */
#include "sync/run.h"

static bool is_suspect(const struct sluice_job *job)
{
    return job->deaths > 0;
}

bool job_enter(struct run *run, const struct sluice_job *job)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    bool entered = !run->alone;
    if (entered && is_suspect(job)) {
        run->alone = true;
        while (run->jobs_begun > 0 && !cancel_requested(run->stop) && !run_leaving(run))
            tasks->wait(run->monitor, INT32_MAX);
        entered = run->jobs_begun == 0 && !run_leaving(run);
        run->alone = entered;
    }
    if (entered)
        run->jobs_begun++;
    tasks->wake_all(run->monitor);
    tasks->leave(run->monitor);
    return entered;
}

void job_leave(struct run *run, const struct sluice_job *job)
{
    const struct task_runtime *tasks = run->session->setup->tasks;
    tasks->enter(run->monitor);
    run->jobs_begun--;
    if (is_suspect(job))
        run->alone = false;
    tasks->wake_all(run->monitor);
    tasks->leave(run->monitor);
}
