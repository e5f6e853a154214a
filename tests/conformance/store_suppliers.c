/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "store_scene.h"
#include "store_suite.h"

#include <string.h>

struct master {
    void *store;
    char run_id[SLUICE_ID_SIZE];
    int64_t epoch;
};

static struct master master_begun(struct scene *scene)
{
    struct master master = {.store = store_ready(scene)};
    master.epoch = run_begun(scene, master.store, master.run_id);
    return master;
}

static const struct sluice_supplier acme = {.struct_size = sizeof acme,
                                            .flags = SLUICE_SUPPLIER_ACTIVE,
                                            .key = "acme",
                                            .name = "Acme",
                                            .source_type = "csv",
                                            .source_url = "acme.csv",
                                            .line = 2};
static const struct sluice_supplier bolt = {.struct_size = sizeof bolt,
                                            .flags = SLUICE_SUPPLIER_ACTIVE,
                                            .key = "bolt",
                                            .name = "Bolt",
                                            .source_type = "csv",
                                            .source_url = "bolt.csv",
                                            .line = 3};

enum dryness { WET, DRY };

static struct sluice_suppliers_change master_read(struct scene *scene, const struct master *master,
                                                  enum dryness dryness,
                                                  const struct sluice_supplier *suppliers, size_t n)
{
    struct sluice_suppliers_sync sync = {.struct_size = sizeof sync,
                                         .dry = dryness == DRY,
                                         .run_id = dryness == DRY ? NULL : master->run_id,
                                         .epoch = dryness == DRY ? 0 : master->epoch,
                                         .suppliers = suppliers,
                                         .n_suppliers = n,
                                         .version = "m1",
                                         .fingerprint = "f",
                                         .signature = "s"};
    const struct sluice_suppliers_change *change = NULL;
    expect_status(scene, "suppliers_sync", SLUICE_OK,
                  scene_store(scene)->suppliers_sync(master->store, &sync, &change, scene_error(scene)));
    return *change;
}

static const char *table_of(struct scene *scene, void *store)
{
    static const char *const columns[] = {"name", "source_url", "is_active"};
    return rows_of(scene, store, SLUICE_QUERY_SUPPLIERS, NULL, columns, ELEMENTS(columns));
}

static void suppliers_are_created_and_then_unchanged(struct scene *scene)
{
    struct master master = master_begun(scene);
    const struct sluice_supplier both[] = {bolt, acme};
    struct sluice_suppliers_change change = master_read(scene, &master, WET, both, 2);
    expect_equal(scene, "created", 2, change.created);
    expect_equal(scene, "present before", 0, change.present_before);
    expect_text(scene, "suppliers", "Acme|acme.csv|1\nBolt|bolt.csv|1\n", table_of(scene, master.store));
    change = master_read(scene, &master, WET, both, 2);
    expect_equal(scene, "unchanged", 2, change.unchanged);
    expect_equal(scene, "created", 0, change.created);
    expect_equal(scene, "present before", 2, change.present_before);
    expect_equal(scene, "active before", 2, change.active_before);
}

static void an_absent_supplier_is_deactivated_and_comes_back(struct scene *scene)
{
    struct master master = master_begun(scene);
    const struct sluice_supplier both[] = {acme, bolt};
    master_read(scene, &master, WET, both, 2);
    struct sluice_suppliers_change change = master_read(scene, &master, WET, both, 1);
    expect_equal(scene, "deactivated", 1, change.deactivated);
    expect_equal(scene, "examples", 1, (int64_t)change.n_examples);
    expect_text(scene, "suppliers", "Acme|acme.csv|1\nBolt|bolt.csv|0\n", table_of(scene, master.store));
    change = master_read(scene, &master, WET, both, 1);
    expect_equal(scene, "deactivated again", 0, change.deactivated);
    change = master_read(scene, &master, WET, both, 2);
    expect_equal(scene, "updated", 1, change.updated);
    expect_text(scene, "suppliers", "Acme|acme.csv|1\nBolt|bolt.csv|1\n", table_of(scene, master.store));
}

static void an_invalid_row_counts_as_present(struct scene *scene)
{
    struct master master = master_begun(scene);
    master_read(scene, &master, WET, &acme, 1);
    struct sluice_supplier invalid[] = {acme, bolt};
    invalid[0].flags = invalid[1].flags = SLUICE_SUPPLIER_INVALID;
    invalid[0].source_url = "";
    struct sluice_suppliers_change change = master_read(scene, &master, WET, invalid, 2);
    expect_equal(scene, "invalid", 2, change.invalid);
    expect_equal(scene, "deactivated", 0, change.deactivated);
    expect_text(scene, "suppliers", "Acme|acme.csv|1\n", table_of(scene, master.store));
}

static void a_renamed_supplier_keeps_its_identity(struct scene *scene)
{
    static const char *const id[] = {"id"};
    struct master master = master_begun(scene);
    master_read(scene, &master, WET, &acme, 1);
    const char *before = rows_of(scene, master.store, SLUICE_QUERY_SUPPLIERS, NULL, id, 1);
    struct sluice_supplier renamed = acme;
    renamed.name = "ACME";
    struct sluice_suppliers_change change = master_read(scene, &master, WET, &renamed, 1);
    expect_equal(scene, "updated", 1, change.updated);
    expect_text(scene, "id", before, rows_of(scene, master.store, SLUICE_QUERY_SUPPLIERS, NULL, id, 1));
    expect_text(scene, "suppliers", "ACME|acme.csv|1\n", table_of(scene, master.store));
}

static void a_dry_sync_counts_and_leaves_nothing(struct scene *scene)
{
    struct master master = master_begun(scene);
    master_read(scene, &master, WET, &acme, 1);
    struct sluice_suppliers_change change = master_read(scene, &master, DRY, &bolt, 1);
    expect_equal(scene, "created", 1, change.created);
    expect_equal(scene, "deactivated", 1, change.deactivated);
    expect_equal(scene, "present before", 1, change.present_before);
    expect_text(scene, "suppliers", "Acme|acme.csv|1\n", table_of(scene, master.store));
}

static void the_rejects_of_the_master_are_kept_once(struct scene *scene)
{
    static const char *const columns[] = {"supplier", "row_number", "code"};
    struct master master = master_begun(scene);
    const struct sluice_reject reject = {
        .line = 5, .code = "url_missing", .message = "no address", .address = "master:5", .excerpt = "x"};
    struct sluice_suppliers_sync sync = {.struct_size = sizeof sync,
                                         .run_id = master.run_id,
                                         .epoch = master.epoch,
                                         .rejects = &reject,
                                         .n_rejects = 1,
                                         .version = "m1"};
    const struct sluice_suppliers_change *change = NULL;
    for (int i = 0; i < 2; i++)
        expect_status(scene, "suppliers_sync", SLUICE_OK,
                      scene_store(scene)->suppliers_sync(master.store, &sync, &change, scene_error(scene)));
    expect_text(scene, "rejects", "|5|url_missing\n",
                rows_of(scene, master.store, SLUICE_QUERY_REJECTS, NULL, columns, ELEMENTS(columns)));
    expect_equal(scene, "logs", 1, (int64_t)count_of(scene, master.store, SLUICE_QUERY_LOGS, NULL));
}

/* ---- Holds ----------------------------------------------------------------------------------------- */

static const char *hold(struct scene *scene, const struct work *work, const char *supplier_id)
{
    struct sluice_hold hold = {.struct_size = sizeof hold,
                               .guard = "items_gone",
                               .content_hash = "abc",
                               .figure = 0.75,
                               .limit = 0.5,
                               .message = "3 of 4 items are gone",
                               .examples = (const char *const[]){"A \"Anvil\""},
                               .n_examples = 1};
    id_make(scene, hold.hold_id);
    expect_status(scene, "hold_put", SLUICE_OK,
                  scene_store(scene)->hold_put(work->store, work->run_id, supplier_id, work->epoch, &hold,
                                               scene_error(scene)));
    return arena_text(scene_arena(scene), hold.hold_id);
}

static enum sluice_status decide(struct scene *scene, void *store, const char *hold_id,
                                 enum sluice_hold_decision decision, const char **ret_key)
{
    return scene_store(scene)->hold_decide(store, hold_id, decision, "ann", ret_key, scene_error(scene));
}

static void an_approval_waits_for_one_commit(struct scene *scene)
{
    struct work work = work_begun(scene);
    const char *id = hold(scene, &work, work.job.supplier_id);
    const char *key = NULL;
    work_finished(scene, &work);
    expect_status(scene, "hold_decide", SLUICE_OK, decide(scene, work.store, id, SLUICE_HOLD_APPROVE, &key));
    expect_text(scene, "the supplier", "acme", key);
    expect_status(scene, "hold_decide again", SLUICE_END,
                  decide(scene, work.store, id, SLUICE_HOLD_DISCARD, &key));
    work.epoch = run_begun(scene, work.store, work.run_id);
    uint32_t total = 0;
    scene_store(scene)->jobs_enqueue(work.store, work.run_id, work.epoch, &total, scene_error(scene));
    const struct sluice_job *job = NULL;
    expect_status(scene, "job_claim", SLUICE_OK,
                  scene_store(scene)->job_claim(work.store, NULL, "w", LEASE_MS, &job, scene_error(scene)));
    expect(scene, job->approval != NULL, "the job brings no approval");
    expect_text(scene, "the approved hold", id, job->approval->hold_id);
    expect_text(scene, "its content", "abc", job->approval->content_hash);
    expect(scene, job->approval->figure == 0.75, "its figure is %f", job->approval->figure);
    work.job = job_kept(scene, job);
    list_is(scene, &work, NULL, 0);
    work_finished(scene, &work);
    work.epoch = run_begun(scene, work.store, work.run_id);
    scene_store(scene)->jobs_enqueue(work.store, work.run_id, work.epoch, &total, scene_error(scene));
    scene_store(scene)->job_claim(work.store, NULL, "w", LEASE_MS, &job, scene_error(scene));
    expect(scene, job->approval == NULL, "the approval was not used up");
}

static void a_hold_replaces_an_undecided_one_of_its_guard(struct scene *scene)
{
    static const char *const columns[] = {"id", "supplier", "guard", "examples", "decision"};
    struct work work = work_begun(scene);
    const char *first = hold(scene, &work, work.job.supplier_id);
    const char *second = hold(scene, &work, work.job.supplier_id);
    const char *key = NULL;
    expect_status(scene, "hold_decide", SLUICE_END,
                  decide(scene, work.store, first, SLUICE_HOLD_APPROVE, &key));
    expect_text(scene, "holds",
                arena_printf(scene_arena(scene), "%s|acme|items_gone|[\"A \\\"Anvil\\\"\"]|\n", second),
                rows_of(scene, work.store, SLUICE_QUERY_HOLDS, NULL, columns, ELEMENTS(columns)));
}

static void a_hold_expires_after_seven_days(struct scene *scene)
{
    struct work work = work_begun(scene);
    const char *id = hold(scene, &work, work.job.supplier_id);
    scene_pass(scene, INT64_C(7) * 24 * 3600 * 1000 + 1000);
    const char *key = NULL;
    expect_status(scene, "hold_decide", SLUICE_END, decide(scene, work.store, id, SLUICE_HOLD_APPROVE, &key));
}

static void an_approval_of_the_master_is_used_by_its_sync(struct scene *scene)
{
    struct work work = work_begun(scene);
    const struct sluice_approval *approval = NULL;
    const struct sluice_store *calls = scene_store(scene);
    expect_status(scene, "master_approval", SLUICE_END,
                  calls->master_approval(work.store, &approval, scene_error(scene)));
    const char *key = "";
    const char *id = hold(scene, &work, NULL);
    expect_status(scene, "hold_decide", SLUICE_OK, decide(scene, work.store, id, SLUICE_HOLD_APPROVE, &key));
    expect_text(scene, "the master has no key", NULL, key);
    expect_status(scene, "master_approval", SLUICE_OK,
                  calls->master_approval(work.store, &approval, scene_error(scene)));
    expect_text(scene, "the hold", id, approval->hold_id);
    suppliers_are(scene, work.store, work.run_id, work.epoch, (const char *const[]){"acme"}, 1);
    expect_status(scene, "master_approval", SLUICE_END,
                  calls->master_approval(work.store, &approval, scene_error(scene)));
}

/* ---- Reading back ---------------------------------------------------------------------------------- */

static void a_suppliers_status_is_that_of_its_newest_outcome(struct scene *scene)
{
    static const char *const columns[] = {"status", "items_count", "last_error"};
    struct work work = work_begun(scene);
    expect_text(scene, "before", "pending|0|\n",
                rows_of(scene, work.store, SLUICE_QUERY_SUPPLIERS, NULL, columns, 3));
    const struct line lines[] = {{2, "A", "Anvil", 10000}};
    list_is(scene, &work, lines, 1);
    work_finished(scene, &work);
    expect_text(scene, "after a success", "success|1|\n",
                rows_of(scene, work.store, SLUICE_QUERY_SUPPLIERS, NULL, columns, 3));
    work = work_again(scene, &work);
    struct sluice_job_outcome failed = {.struct_size = sizeof failed,
                                        .outcome = SLUICE_OUTCOME_FAILED,
                                        .error_type = "auth",
                                        .message = "share the sheet"};
    expect_status(scene, "job_finish", SLUICE_OK,
                  scene_store(scene)->job_finish(work.store, &work.job, &failed, scene_error(scene)));
    expect_text(scene, "after a failure", "error|1|share the sheet\n",
                rows_of(scene, work.store, SLUICE_QUERY_SUPPLIERS, NULL, columns, 3));
}

static void pruning_keeps_each_suppliers_last_run(struct scene *scene)
{
    struct work work = work_begun(scene);
    list_is(scene, &work, NULL, 0);
    work_finished(scene, &work);
    for (int i = 0; i < 2; i++) {
        scene_pass(scene, 1000);
        work = work_again(scene, &work);
        list_is(scene, &work, NULL, 0);
        work_finished(scene, &work);
    }
    scene_pass(scene, 10000);
    struct sluice_retention retention = {
        .struct_size = sizeof retention, .logs_us = 1, .ticks_us = 1, .holds_us = 1};
    expect_status(scene, "prune", SLUICE_OK,
                  scene_store(scene)->prune(work.store, &retention, scene_error(scene)));
    expect_equal(scene, "logs", 1, (int64_t)count_of(scene, work.store, SLUICE_QUERY_LOGS, "acme"));
    expect_text(scene, "status", "success\n",
                rows_of(scene, work.store, SLUICE_QUERY_SUPPLIERS, NULL, (const char *const[]){"status"}, 1));
}

static void an_audit_row_comes_back(struct scene *scene)
{
    void *store = store_ready(scene);
    const struct sluice_audit audit = {
        .struct_size = sizeof audit, .who = "ann", .what = "approve", .detail = "hold 1", .from = "::1"};
    expect_status(scene, "audit_put", SLUICE_OK,
                  scene_store(scene)->audit_put(store, &audit, scene_error(scene)));
    static const char *const columns[] = {"who", "what", "detail", "from"};
    expect_text(scene, "audit", "ann|approve|hold 1|::1\n",
                rows_of(scene, store, SLUICE_QUERY_AUDIT, NULL, columns, ELEMENTS(columns)));
}

#define CASE(name)     \
    {                  \
#name, name, 0 \
    }

const struct conformance_case store_supplier_cases[] = {
    CASE(suppliers_are_created_and_then_unchanged),
    CASE(an_absent_supplier_is_deactivated_and_comes_back),
    CASE(an_invalid_row_counts_as_present),
    CASE(a_renamed_supplier_keeps_its_identity),
    CASE(a_dry_sync_counts_and_leaves_nothing),
    CASE(the_rejects_of_the_master_are_kept_once),
    CASE(an_approval_waits_for_one_commit),
    CASE(a_hold_replaces_an_undecided_one_of_its_guard),
    CASE(a_hold_expires_after_seven_days),
    CASE(an_approval_of_the_master_is_used_by_its_sync),
    CASE(a_suppliers_status_is_that_of_its_newest_outcome),
    CASE(pruning_keeps_each_suppliers_last_run),
    CASE(an_audit_row_comes_back),
    {.name = NULL},
};
