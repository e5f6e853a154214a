/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of sync_run (): the main task's instances, and one run after another until the request has its
 * answer. The state backend is opened as a hint: without it the session goes on.
 */
#include "sync/run.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WORKERS_MAX  64
#define LEASE_MIN_MS 100

static void recall_last_run(struct session *session)
{
    const struct sluice_progress *progress = NULL;
    struct sluice_error err = {0};
    if (session->state == NULL)
        return;
    if (session->state->plugin->state->observe(session->state->self, &progress, &err) == SLUICE_OK)
        session->last_run_us = progress->last_run_us;
}

static enum sluice_status bring_schema_up(struct session *session, struct sluice_error *err)
{
    const struct sluice_schema *schema = NULL;
    const struct sluice_store *store = session->store->plugin->store;
    enum sluice_status status = store->schema(session->store->self, SLUICE_SCHEMA_CHECK, &schema, err);
    if (status != SLUICE_OK || schema->version == schema->latest)
        return status;
    session->blank = session->request->dry && schema->version == 0;
    if (session->blank)
        return SLUICE_OK;
    if (session->request->dry)
        return error_set(err, SLUICE_CONFIG,
                         "the store has schema %u of %u and a dry run changes nothing; sync once without it",
                         schema->version, schema->latest);
    return store->schema(session->store->self, SLUICE_SCHEMA_MIGRATE, &schema, err);
}

static enum sluice_status session_open(struct session *session, struct sluice_error *err)
{
    const struct sync_setup *setup = session->setup;
    session->started_us = setup->services->clock->monotonic_us(setup->services->clock);
    session->closing = cancel_new();
    if (session->closing == NULL)
        return error_set(err, SLUICE_IO, "no file descriptor is left; raise the limit of open files");
    if (session->request->run_id != NULL)
        snprintf(session->run_id, sizeof session->run_id, "%s", session->request->run_id);
    else
        uuid_make(setup->services->random, setup->services->clock->wall_us(setup->services->clock),
                  session->run_id);
    enum sluice_status status = instance_create(setup->services, setup->store.plugin, setup->store.options,
                                                "run", &session->store, err);
    if (status == SLUICE_OK)
        status = bring_schema_up(session, err);
    if (status != SLUICE_OK || session->request->dry)
        return status;
    struct sluice_error state_err = {0};
    if (instance_create(setup->services, setup->state.plugin, setup->state.options, "run", &session->state,
                        &state_err) != SLUICE_OK)
        log_line(setup->services->log, SLUICE_WARNING, "state", "%s; the run goes on without",
                 state_err.message);
    recall_last_run(session);
    return SLUICE_OK;
}

static void session_close(struct session *session)
{
    run_unlock(session);
    instance_destroy(session->state);
    instance_destroy(session->store);
    cancel_free(session->closing);
}

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

static enum sluice_status check_options(const struct sync_options *options, struct sluice_error *err)
{
    if (options->workers < 1 || options->workers > WORKERS_MAX)
        return error_set(err, SLUICE_CONFIG, "sync.workers is %" PRId64 "; choose 1 to %d", options->workers,
                         WORKERS_MAX);
    if (options->lease.ms < LEASE_MIN_MS || options->supplier_timeout.ms <= 0 || options->run_timeout.ms <= 0)
        return error_set(
            err, SLUICE_CONFIG,
            "sync.lease must be at least %dms, sync.supplier_timeout and sync.run_timeout above zero",
            LEASE_MIN_MS);
    return SLUICE_OK;
}

enum sluice_status sync_run(const struct sync_setup *setup, const struct sync_request *request,
                            struct sync_report *ret_report, struct sluice_error *err)
{
    struct session session = {.setup = setup, .request = request};
    struct sync_report report = {0};
    bool answers = false;
    enum sluice_status status = check_options(setup->options, err);
    if (status == SLUICE_OK)
        status = session_open(&session, err);
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
