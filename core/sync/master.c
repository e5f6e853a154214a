/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The master phase: the sheet is read, compared with the store (a dry comparison gives the guard its
 * figures), and only then the suppliers change. What the guard stops leaves the suppliers as they are.
 */
#include "ingest/master.h"
#include "base/random.h"
#include "ingest/fingerprint.h"
#include "ingest/guard.h"
#include "sync/content.h"
#include "sync/quota.h"
#include "sync/read.h"
#include "sync/retry.h"

#include <string.h>

#define REJECTS_SHOWN 100
#define ARENA_CEILING (8u << 20)

struct master {
    struct run *run;
    struct quota quota;
    struct instance *source;
    struct master_reader *reader;
    const struct master_report *report;
    char fingerprint[FINGERPRINT_SIZE];
    const struct sluice_approval *approval; /* a copy, or NULL */
    struct arena arena;
    char version[VERSION_SIZE];
    struct retry reading; /* its deadline is that of the reading */
    int64_t deadline_us;
};

/* ---- Reading ---- */

static enum sluice_status opened(void *context, const struct sluice_description *description,
                                 struct sluice_error *err)
{
    struct master *master = context;
    const struct sync_setup *setup = master->run->session->setup;
    master_reader_free(master->reader);
    master->reader = NULL;
    return master_reader_new(setup->master.ingest, read_name(description, "master sheet"), description,
                             setup->formats, setup->n_formats, &master->reader, err);
}

static enum sluice_status take_batch(void *context, const struct sluice_batch *batch,
                                     struct sluice_error *err)
{
    struct master *master = context;
    return master_reader_batch(master->reader, batch, err);
}

static enum sluice_status take_reject(void *context, const struct sluice_source_reject *reject,
                                      struct sluice_error *err)
{
    struct master *master = context;
    return master_reader_reject(master->reader, reject, err);
}

/* The last accepted version, when reading it again would give the same and nothing asks for more. */
static const char *known_version(const struct master *master)
{
    const struct run *run = master->run;
    bool same = run->master_version != NULL && run->master_fingerprint != NULL &&
                strcmp(run->master_fingerprint, master->fingerprint) == 0;
    bool wanted = (run->flags & SLUICE_REQUEST_FULL) != 0 || master->approval != NULL || run_is_dry(run);
    return same && !wanted ? run->master_version : NULL;
}

static enum sluice_status read_once(void *context, struct sluice_error *err)
{
    struct master *master = context;
    struct source_read read = {
        .run = master->run,
        .instance = master->source,
        .location = master->run->session->setup->master_location,
        .version = known_version(master),
        .deadline_us = master->reading.deadline_us,
        .context = master,
        .opened = opened,
        .batch = take_batch,
        .reject = take_reject,
    };
    enum sluice_status status = source_read(&read, err);
    if (status == SLUICE_OK)
        status = master_reader_finish(master->reader, &master->report, err);
    if (status == SLUICE_OK)
        memcpy(master->version, read.read_version, sizeof master->version);
    return status;
}

static enum sluice_status read_master(struct master *master, struct sluice_error *err)
{
    master->reading = (struct retry){.run = master->run, .deadline_us = master->deadline_us};
    enum sluice_status status = retry_call(&master->reading, read_once, master, err);
    if (master->reading.deadline_us > master->deadline_us)
        master->deadline_us = master->reading.deadline_us;
    if (status != SLUICE_OK && status != SLUICE_UNCHANGED)
        error_prefix(err, "master sheet");
    return status;
}

static enum sluice_status find_approval(struct master *master, struct sluice_error *err)
{
    struct instance *store = master->run->session->store;
    const struct sluice_approval *approval = NULL;
    if (run_is_dry(master->run))
        return SLUICE_OK;
    enum sluice_status status = store->plugin->store->master_approval(store->self, &approval, err);
    if (status == SLUICE_END)
        return SLUICE_OK;
    if (status != SLUICE_OK)
        return status;
    master->approval = approval_copy(&master->arena, approval);
    return master->approval != NULL ? SLUICE_OK : error_no_memory(err);
}

/* ---- Comparing and writing ---- */

/* One comparison, or the change itself. */
struct suppliers_call {
    struct master *master;
    struct sluice_suppliers_sync sync;
    struct sluice_suppliers_change change; /* the answer, a copy */
};

static enum sluice_status sync_suppliers(void *context, struct sluice_error *err)
{
    struct suppliers_call *call = context;
    struct master *master = call->master;
    struct instance *store = master->run->session->store;
    const struct sluice_suppliers_change *change = NULL;
    enum sluice_status status = store->plugin->store->suppliers_sync(store->self, &call->sync, &change, err);
    if (status != SLUICE_OK)
        return status;
    call->change = *change;
    call->change.examples = texts_copy(&master->arena, change->examples, change->n_examples);
    return call->change.examples != NULL ? SLUICE_OK : error_no_memory(err);
}

/* What the first run would do to a store that is not there yet. */
static enum sluice_status compare_with_nothing(const struct master_report *report,
                                               struct sluice_suppliers_change *ret_change)
{
    *ret_change = (struct sluice_suppliers_change){
        .struct_size = sizeof *ret_change,
        .created = (uint32_t)report->n_valid,
        .invalid = (uint32_t)(report->n_suppliers - report->n_valid),
    };
    return SLUICE_OK;
}

/* Made twice it changes nothing the second time. */
static enum sluice_status compare_suppliers(struct master *master, bool dry,
                                            struct sluice_suppliers_change *ret_change,
                                            struct sluice_error *err)
{
    const struct master_report *report = master->report;
    if (master->run->session->blank)
        return compare_with_nothing(report, ret_change);
    struct suppliers_call call = {
        .master = master,
        .sync =
            {
                .struct_size = sizeof call.sync,
                .dry = dry,
                .run_id = master->run->id,
                .epoch = master->run->epoch,
                .suppliers = report->suppliers,
                .n_suppliers = report->n_suppliers,
                .rejects = report->rejects,
                .n_rejects = report->n_rejects,
                .version = master->version[0] != '\0' ? master->version : NULL,
                .fingerprint = master->fingerprint,
                .signature = report->header_signature,
            },
    };
    struct retry retry = {.run = master->run, .deadline_us = master->deadline_us, .repeatable = true};
    enum sluice_status status = retry_call(&retry, sync_suppliers, &call, err);
    if (status == SLUICE_OK)
        *ret_change = call.change;
    return status;
}

static void tell(const struct master *master, enum sluice_outcome outcome,
                 const struct sluice_suppliers_change *change, const struct sluice_hold *hold)
{
    const struct master_report *report = master->report;
    struct sync_event event = {.kind = SYNC_EVENT_MASTER, .outcome = outcome, .change = change};
    if (report != NULL) {
        event.rows = report->rows_read;
        event.rejects = report->rejects;
        event.n_rejects = report->n_rejects < REJECTS_SHOWN ? report->n_rejects : REJECTS_SHOWN;
    }
    if (hold != NULL) {
        event.error_type = "HELD";
        event.message = hold->message;
        event.hold_id = run_is_dry(master->run) ? NULL : hold->hold_id;
    }
    progress_event(master->run, &event);
}

static enum sluice_status hold_master(struct master *master, const struct guard_verdict *verdict,
                                      const char *hash, const struct sluice_suppliers_change *change,
                                      struct sluice_error *err)
{
    struct run *run = master->run;
    struct instance *store = run->session->store;
    struct sluice_hold hold = {
        .struct_size = sizeof hold,
        .guard = verdict->guard,
        .content_hash = hash,
        .figure = verdict->figure,
        .limit = verdict->limit,
        .message = verdict->message,
        .examples = verdict->examples,
        .n_examples = verdict->n_examples,
    };
    uuid_make(run->services.random, run->services.clock->wall_us(run->services.clock), hold.hold_id);
    if (!run_is_dry(run)) {
        enum sluice_status status =
            store->plugin->store->hold_put(store->self, run->id, NULL, run->epoch, &hold, err);
        if (status != SLUICE_OK)
            return status;
    }
    tell(master, SLUICE_OUTCOME_HELD, change, &hold);
    return SLUICE_OK;
}

static enum sluice_status bring_in_line(struct master *master, bool *ret_held, struct sluice_error *err)
{
    struct run *run = master->run;
    struct sluice_suppliers_change change;
    struct guard_verdict verdict = {0};
    char hash[CONTENT_HASH_SIZE];
    enum sluice_status status = compare_suppliers(master, true, &change, err);
    if (status != SLUICE_OK)
        return status;
    content_hash(master->version, hash);
    guard_master(run->session->setup->guards, &change, master->report->n_valid, run->master_signature,
                 master->report->header_signature, hash, master->approval, &verdict);
    *ret_held = verdict.guard != NULL;
    if (*ret_held)
        return hold_master(master, &verdict, hash, &change, err);
    if (!run_is_dry(run))
        status = compare_suppliers(master, false, &change, err);
    if (status == SLUICE_OK)
        tell(master, SLUICE_OUTCOME_SUCCESS, &change, NULL);
    return status;
}

/* ---- The phase ---- */

static enum sluice_status make_source(struct master *master, struct sluice_error *err)
{
    struct run *run = master->run;
    const struct sync_source *source = &run->session->setup->master;
    fingerprint_make(source->plugin.plugin, source->plugin.options, source->ingest, master->fingerprint);
    quota_begin(&master->quota, run);
    return instance_create(&master->quota.services, source->plugin.plugin, source->plugin.options, "master",
                           &master->source, err);
}

static enum sluice_status go_through(struct master *master, bool *ret_held, struct sluice_error *err)
{
    enum sluice_status status = make_source(master, err);
    if (status == SLUICE_OK)
        status = find_approval(master, err);
    if (status == SLUICE_OK)
        status = read_master(master, err);
    if (status == SLUICE_UNCHANGED) {
        tell(master, SLUICE_OUTCOME_UNCHANGED, NULL, NULL);
        return SLUICE_OK;
    }
    if (status == SLUICE_OK)
        status = bring_in_line(master, ret_held, err);
    if (status == SLUICE_OK && run_is_dry(master->run) && !*ret_held)
        status = dry_jobs(master->run, master->report, err);
    return status;
}

enum sluice_status master_phase(struct run *run, bool *ret_held, struct sluice_error *err)
{
    struct master master = {
        .run = run,
        .arena = ARENA_INIT(ARENA_CEILING),
        .deadline_us = run_now(run) + run->session->setup->options->supplier_timeout.ms * US_PER_MS,
    };
    *ret_held = false;
    enum sluice_status status = go_through(&master, ret_held, err);
    master_reader_free(master.reader);
    instance_destroy(master.source);
    quota_end(&master.quota);
    arena_free(&master.arena);
    return status;
}
