/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What outlives one run: the main task's instances and the lock. A session is opened for one request
 * (sync_run
 * ()) or for a process's share in everyone's runs (sync_open ()). The state backend is opened as a hint:
 * without it the session goes on.
 */
#include "base/log.h"
#include "sync/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WORKERS_MAX  64
#define LEASE_MIN_MS 100

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

void session_find_state(struct session *session)
{
    const struct sync_setup *setup = session->setup;
    struct sluice_error err = {0};
    if (session->state != NULL)
        return;
    enum sluice_status status = instance_create(setup->services, setup->state.plugin, setup->state.options,
                                                "run", &session->state, &err);
    if (status != SLUICE_OK && !session->state_ails)
        log_line(setup->services->log, SLUICE_WARNING, "state", "%s; runs go on without", err.message);
    session->state_ails = status != SLUICE_OK;
    recall_last_run(session);
}

void session_wake(struct session *session)
{
    struct sluice_error err = {0};
    if (session->state != NULL &&
        session->state->plugin->state->wake(session->state->self, &err) != SLUICE_OK)
        log_line(session->setup->services->log, SLUICE_INFO, "state", "%s", err.message);
}

enum sluice_status session_open(struct session *session, struct sluice_error *err)
{
    const struct sync_setup *setup = session->setup;
    enum sluice_status status = check_options(setup->options, err);
    if (status != SLUICE_OK)
        return status;
    session->started_us = setup->services->clock->monotonic_us(setup->services->clock);
    session->closing = cancel_new();
    if (session->closing == NULL)
        return cancel_fail(err);
    if (session->request->run_id != NULL)
        snprintf(session->run_id, sizeof session->run_id, "%s", session->request->run_id);
    else
        uuid_make(setup->services->random, setup->services->clock->wall_us(setup->services->clock),
                  session->run_id);
    status = instance_create(setup->services, setup->store.plugin, setup->store.options, "run",
                             &session->store, err);
    if (status == SLUICE_OK)
        status = bring_schema_up(session, err);
    if (status != SLUICE_OK || session->request->dry)
        return status;
    session_find_state(session);
    return SLUICE_OK;
}

void session_close(struct session *session)
{
    run_unlock(session);
    instance_destroy(session->state);
    instance_destroy(session->store);
    cancel_free(session->closing);
}
