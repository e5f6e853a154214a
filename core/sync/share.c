/* SPDX-License-Identifier: Apache-2.0 */
/* A process's share in everyone's runs: one run after another, whoever asked for it. */
#include "base/cleanup.h"
#include "base/log.h"
#include "sync/run.h"

#include <stdlib.h>

/* The session and the request that it stands on: one for nothing of its own. */
struct share {
    struct session session;
    struct sync_request request;
};

enum sluice_status sync_open(const struct sync_setup *setup, const struct sync_share *share,
                             struct session **ret_session, struct sluice_error *err)
{
    struct share *self = calloc(1, sizeof *self);
    if (self == NULL)
        return error_no_memory(err);
    self->request = (struct sync_request){.observe = share->observe, .context = share->context};
    self->session =
        (struct session){.setup = setup, .request = &self->request, .leave = share->leave, .shares = true};
    enum sluice_status status = session_open(&self->session, err);
    if (status != SLUICE_OK) {
        sync_close(&self->session);
        return status;
    }
    *ret_session = &self->session;
    return SLUICE_OK;
}

void sync_close(struct session *session)
{
    if (session == NULL)
        return;
    session_close(session);
    free(session); /* the first member of its share */
}

enum sluice_status sync_work(struct session *session, struct sync_report *ret_report,
                             struct sluice_error *err)
{
    const struct host_services *services = session->setup->services;
    _cleanup_(run_free) struct run run = {0};
    struct sync_report report = {0};
    bool resumed = false;
    if (cancel_requested(session->leave) || cancel_requested(services->cancel))
        return SLUICE_END;
    session->started_us = services->clock->monotonic_us(services->clock);
    session_find_state(session);
    enum sluice_status status = run_init(&run, session, err);
    if (status == SLUICE_OK)
        status = run_take(&run, &resumed, err);
    if (status == SLUICE_OK)
        status = run_go_through(&run, resumed, &report, err);
    if (status == SLUICE_BUSY) {
        log_line(services->log, SLUICE_INFO, "run", "%s", err->message);
        status = SLUICE_OK; /* another process took it over */
    }
    if (status != SLUICE_OK && report.outcome == SLUICE_OUTCOME_NONE)
        return status;
    *ret_report = report; /* what the run failed of is its outcome, not an error of this process */
    return SLUICE_OK;
}

/* How a wait without a state backend ends is of no matter: the next look will tell. */
void sync_wait(struct session *session, int64_t ms)
{
    struct sluice_error err = {0};
    struct instance *state = session->state;
    struct instance *store = session->store;
    enum sluice_status status = SLUICE_RETRY;
    if (state != NULL) {
        instance_cancel(state, session->leave);
        status = state->plugin->state->wait(state->self, ms, &err);
        instance_cancel(state, NULL);
    }
    if (status == SLUICE_OK || status == SLUICE_END || cancel_requested(session->leave))
        return;
    instance_cancel(store, session->leave);
    store->host->sleep(store->host, &err, ms);
    instance_cancel(store, NULL);
}
