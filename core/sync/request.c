/* SPDX-License-Identifier: Apache-2.0 */
/* One request: one run after another until it has its answer. */
#include "base/cleanup.h"
#include "sync/run.h"

#include <string.h>

static enum sluice_status begin_dry(struct run *run, bool *ret_answers, bool *ret_resumed)
{
    const struct session *session = run->session;
    memcpy(run->id, session->run_id, SLUICE_ID_SIZE);
    run->flags = session->request->flags;
    run->scope = session->request->scope;
    run->n_scope = session->request->n_scope;
    *ret_answers = true;
    *ret_resumed = false;
    return SLUICE_OK;
}

/* One run, ours or the one that has to be ended first. */
static enum sluice_status one_run(struct session *session, bool *ret_answers, struct sync_report *report,
                                  struct sluice_error *err)
{
    _cleanup_(run_free) struct run run = {0};
    bool resumed = false;
    enum sluice_status status = run_init(&run, session, err);
    if (status != SLUICE_OK)
        return status;
    status = session->request->dry ? begin_dry(&run, ret_answers, &resumed)
                                   : run_obtain(&run, ret_answers, &resumed, err);
    if (status != SLUICE_OK)
        return status;
    return run_go_through(&run, resumed, report, err);
}

enum sluice_status sync_run(const struct sync_setup *setup, const struct sync_request *request,
                            struct sync_report *ret_report, struct sluice_error *err)
{
    struct session session = {.setup = setup, .request = request};
    struct sync_report report = {0};
    bool answers = false;
    enum sluice_status status = session_open(&session, err);
    while (status == SLUICE_OK && !answers && !cancel_requested(setup->services->cancel)) {
        report = (struct sync_report){0};
        status = one_run(&session, &answers, &report, err);
        if (!answers && report.outcome != SLUICE_OUTCOME_NONE)
            status = SLUICE_OK; /* the other run has its outcome, whatever it was; now for ours */
    }
    if (status == SLUICE_OK && report.outcome == SLUICE_OUTCOME_NONE)
        status = error_set(err, SLUICE_CANCELLED, "cancelled before the run began");
    session_close(&session);
    if (status == SLUICE_OK)
        *ret_report = report;
    return status;
}
