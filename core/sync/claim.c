/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a process gets a run: request, lock, claim. The lock is only a hint: it never refuses by itself, and
 * what it gives is a proof that the former holder is dead, which lets the store void that holder's leases at
 * once. It is taken before the claim, so that a process killed between the two leaves that proof behind.
 */
#include "base/log.h"
#include "sync/run.h"

#include <string.h>

static const char *who(const struct session *session)
{
    return session->setup->who != NULL ? session->setup->who : "a process that gave no name";
}

/* ---- The lock ---- */

static void lose_state(struct session *session, const struct sluice_error *err)
{
    log_line(session->setup->services->log, SLUICE_WARNING, "state",
             "%s; the run is claimed in the store alone and goes on", err->message);
    instance_destroy(session->state);
    session->state = NULL;
}

void run_unlock(struct session *session)
{
    struct sluice_error err = {0};
    if (session->state == NULL || session->locked[0] == '\0')
        return;
    instance_cancel(session->state, session->closing);
    enum sluice_status status =
        session->state->plugin->state->release(session->state->self, session->locked, &err);
    if (status != SLUICE_OK && status != SLUICE_LOST) /* what was lost need not be given back */
        log_line(session->setup->services->log, SLUICE_WARNING, "state", "%s", err.message);
    session->locked[0] = '\0';
}

static bool names_run(const struct sluice_lock_holder *holder, const char *run_id)
{
    return holder != NULL && holder->run_id != NULL && strcmp(holder->run_id, run_id) == 0;
}

/* A living holder keeps the lock of a run that it may be working on. */
static bool holder_lives(struct session *session, struct sluice_error *err)
{
    const struct sluice_lock_holder *holder = NULL;
    enum sluice_status status = session->state->plugin->state->holder(session->state->self, &holder, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        lose_state(session, err);
    return status == SLUICE_OK && !holder->provably_dead;
}

/* Takes the run's lock if it is free. True when the run's former holder is provably dead. */
static bool lock_run(struct session *session, const char *run_id)
{
    struct sluice_error err = {0};
    const struct sluice_lock_holder *holder = NULL;
    if (session->state == NULL || holder_lives(session, &err) || session->state == NULL)
        return false;
    enum sluice_status status = session->state->plugin->state->lock(
        session->state->self, run_id, session->setup->options->lease.ms, &holder, &err);
    if (status == SLUICE_BUSY)
        return false;
    if (status != SLUICE_OK) {
        lose_state(session, &err);
        return false;
    }
    memcpy(session->locked, run_id, SLUICE_ID_SIZE);
    return names_run(holder, run_id);
}

/* ---- The request ---- */

static bool scope_has(const struct sluice_run *there, const char *key)
{
    for (size_t i = 0; i < there->n_scope; i++)
        if (strcmp(there->scope[i], key) == 0)
            return true;
    return false;
}

/* A queued run will read everything after this moment: it can stand for ours when it asks for at least as
 * much. */
static bool can_stand_for(const struct sluice_run *there, const struct sync_request *request)
{
    if (there->state != SLUICE_RUN_QUEUED || (request->flags & ~there->flags) != 0 || there->cancel_requested)
        return false;
    if (there->n_scope == 0)
        return true;
    for (size_t i = 0; i < request->n_scope; i++)
        if (!scope_has(there, request->scope[i]))
            return false;
    return request->n_scope > 0;
}

/* The run to work on: ours, now queued, or the unfinished one that is there. */
static enum sluice_status request_run(struct session *session, char ret_run_id[SLUICE_ID_SIZE],
                                      bool *ret_answers, bool *ret_begun, struct sluice_error *err)
{
    const struct sync_request *request = session->request;
    const struct sluice_run *there = NULL;
    struct sluice_request put = {
        .struct_size = sizeof put,
        .flags = request->flags,
        .trigger = request->trigger,
        .scope = request->scope,
        .n_scope = request->n_scope,
        .by = request->by,
    };
    memcpy(put.run_id, session->run_id, SLUICE_ID_SIZE);
    enum sluice_status status =
        session->store->plugin->store->request_put(session->store->self, &put, &there, err);
    if (status == SLUICE_UNKNOWN) /* the id is ours: asking again finds it or puts it */
        status = session->store->plugin->store->request_put(session->store->self, &put, &there, err);
    if (status != SLUICE_OK && status != SLUICE_BUSY)
        return status;
    bool ours = status == SLUICE_OK;
    memcpy(ret_run_id, ours ? session->run_id : there->run_id, SLUICE_ID_SIZE);
    *ret_answers = ours || can_stand_for(there, request);
    *ret_begun = !ours && there->state != SLUICE_RUN_QUEUED;
    return SLUICE_OK;
}

/* ---- The claim ---- */

static bool copy_run(struct run *run, const struct sluice_run *claimed)
{
    struct arena *arena = &run->arena;
    memcpy(run->id, claimed->run_id, SLUICE_ID_SIZE);
    run->epoch = claimed->epoch;
    run->flags = claimed->flags;
    run->phase = claimed->state == SLUICE_RUN_SUPPLIERS ? "processing_suppliers" : "syncing_master";
    run->current = claimed->jobs_done;
    run->total = claimed->jobs_total;
    run->started_us =
        claimed->started_us != 0 ? claimed->started_us : run->services.clock->wall_us(run->services.clock);
    run->master_version = arena_text(arena, claimed->master_version);
    run->master_fingerprint = arena_text(arena, claimed->master_fingerprint);
    run->master_signature = arena_text(arena, claimed->master_signature);
    const char **scope = arena_alloc(arena, (claimed->n_scope + 1) * sizeof *scope);
    if (scope == NULL)
        return false;
    run->scope = scope;
    run->n_scope = claimed->n_scope;
    for (size_t i = 0; i < claimed->n_scope; i++)
        scope[i] = arena_text(arena, claimed->scope[i]);
    return !arena->failed;
}

/* Our queued request must not be left for someone to find when another run goes on. */
static void withdraw(struct session *session)
{
    struct sluice_error err = {0};
    enum sluice_status status =
        session->store->plugin->store->request_cancel(session->store->self, session->run_id, &err);
    if (status != SLUICE_OK && status != SLUICE_END)
        log_line(session->setup->services->log, SLUICE_WARNING, "store", "%s", err.message);
}

static enum sluice_status busy(struct session *session, const struct sluice_run *there,
                               struct sluice_error *err)
{
    bool other = strcmp(there->run_id, session->run_id) != 0;
    enum sluice_status status =
        error_set(err, SLUICE_BUSY, "run %s is in progress, held by %s; wait for its end or try again later",
                  there->run_id, there->holder != NULL ? there->holder : "another process");
    if (other)
        withdraw(session);
    return status;
}

/* What is left of sync.run_timeout, whoever began the run; the store's clock knows. */
static enum sluice_status find_deadline(struct run *run, struct sluice_error *err)
{
    int64_t now_us = 0;
    struct instance *store = run->session->store;
    enum sluice_status status = store->plugin->store->clock(store->self, &now_us, err);
    if (status == SLUICE_OK && now_us > run->started_us)
        run->deadline_us -= now_us - run->started_us;
    return status;
}

/* `there` is the store's until its next call. */
static enum sluice_status take_run(struct run *run, const struct sluice_run *there, struct sluice_error *err)
{
    if (there->cancel_requested)
        run_stop(run, STOP_CANCELLED, NULL);
    return copy_run(run, there) ? find_deadline(run, err) : error_no_memory(err);
}

static enum sluice_status claim_in_store(struct session *session, const char *run_id, bool previous_is_dead,
                                         const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct sluice_claim claim = {
        .struct_size = sizeof claim,
        .previous_is_dead = previous_is_dead,
        .run_id = run_id,
        .holder = who(session),
        .lease_ms = session->setup->options->lease.ms,
    };
    return session->store->plugin->store->run_claim(session->store->self, &claim, ret_run, err);
}

static enum sluice_status claim_run(struct run *run, const char *run_id, bool previous_is_dead,
                                    struct sluice_error *err)
{
    struct session *session = run->session;
    const struct sluice_run *claimed = NULL;
    enum sluice_status status = claim_in_store(session, run_id, previous_is_dead, &claimed, err);
    if (status == SLUICE_BUSY)
        return busy(session, claimed, err);
    if (status == SLUICE_END)
        return error_set(err, SLUICE_BUSY, "run %s was ended by another process meanwhile; try again",
                         run_id);
    if (status != SLUICE_OK)
        return status;
    return take_run(run, claimed, err);
}

/* A store that could not be asked in time, while a living run holds the lock, is at work and not broken. */
static enum sluice_status name_worker(struct session *session, enum sluice_status status,
                                      struct sluice_error *err)
{
    const struct sluice_lock_holder *holder = NULL;
    struct sluice_error ignored = {0};
    if (status != SLUICE_RETRY || session->state == NULL ||
        session->state->plugin->state->holder(session->state->self, &holder, &ignored) != SLUICE_OK ||
        holder->provably_dead)
        return status;
    struct sluice_error why = *err;
    return error_set(err, SLUICE_BUSY, "run %s is in progress: %s", holder->run_id, why.message);
}

enum sluice_status run_obtain(struct run *run, bool *ret_answers, bool *ret_resumed, struct sluice_error *err)
{
    struct session *session = run->session;
    char run_id[SLUICE_ID_SIZE];
    enum sluice_status status = request_run(session, run_id, ret_answers, ret_resumed, err);
    if (status != SLUICE_OK)
        return name_worker(session, status, err);
    bool dead = lock_run(session, run_id);
    status = claim_run(run, run_id, dead, err);
    if (status != SLUICE_OK) {
        run_unlock(session);
        return status;
    }
    if (session->locked[0] == '\0') /* claimed past a holder of a lock that meant nothing */
        lock_run(session, run_id);
    return SLUICE_OK;
}

/* ---- A share in everyone's runs ---- */

static bool holder_died(struct session *session, const char *run_id)
{
    const struct sluice_lock_holder *holder = NULL;
    struct sluice_error ignored = {0};
    return session->state != NULL &&
           session->state->plugin->state->holder(session->state->self, &holder, &ignored) == SLUICE_OK &&
           holder->provably_dead && names_run(holder, run_id);
}

/* A run in progress: claimed when its holder is proved dead, else joined once it has jobs. */
static enum sluice_status take_from_others(struct run *run, const struct sluice_run **there,
                                           struct sluice_error *err)
{
    struct session *session = run->session;
    enum sluice_status status = SLUICE_BUSY;
    char run_id[SLUICE_ID_SIZE];
    memcpy(run_id, (*there)->run_id, sizeof run_id);
    if (holder_died(session, run_id) && lock_run(session, run_id))
        status = claim_in_store(session, run_id, true, there, err);
    if (status != SLUICE_OK)
        run_unlock(session);
    if (status != SLUICE_BUSY)
        return status;
    run->joined = true;
    return (*there)->state == SLUICE_RUN_SUPPLIERS ? SLUICE_OK : SLUICE_END;
}

enum sluice_status run_take(struct run *run, bool *ret_resumed, struct sluice_error *err)
{
    struct session *session = run->session;
    const struct sluice_run *there = NULL;
    enum sluice_status status = claim_in_store(session, NULL, false, &there, err);
    if (status == SLUICE_BUSY)
        status = take_from_others(run, &there, err);
    if (status != SLUICE_OK)
        return status;
    int64_t claimed_us = there->lease_until_us - session->setup->options->lease.ms * US_PER_MS;
    *ret_resumed = !run->joined && there->started_us < claimed_us;
    status = take_run(run, there, err);
    if (status == SLUICE_OK && session->locked[0] == '\0')
        lock_run(session, run->id);
    if (status != SLUICE_OK)
        run_unlock(session);
    return status;
}
