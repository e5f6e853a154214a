/* SPDX-License-Identifier: Apache-2.0 */
#include "base/task.h"
#include "processes.h"
#include "store_scene.h"
#include "store_suite.h"

#include <stdio.h>
#include <string.h>

enum { THREADS = 8, PROCESSES = 8, ACQUISITIONS = 20, SNAPSHOTS = 40, ITEMS = 200 };

/* ---- Two claims at once ---------------------------------------------------------------------------- */

struct claimer {
    const struct sluice_store *calls;
    void *store;
    enum sluice_status status;
};

static void claim_job(void *argument)
{
    struct claimer *claimer = argument;
    const struct sluice_job *job = NULL;
    claimer->status = claimer->calls->job_claim(claimer->store, NULL, "thread", LEASE_MS * 60, &job, NULL);
}

static void of_two_claims_at_once_one_gets_the_job(struct scene *scene)
{
    void *store = store_ready(scene);
    char run_id[SLUICE_ID_SIZE];
    int64_t epoch = run_begun(scene, store, run_id);
    suppliers_are(scene, store, run_id, epoch, (const char *const[]){"acme"}, 1);
    uint32_t total = 0;
    expect_status(scene, "jobs_enqueue", SLUICE_OK,
                  scene_store(scene)->jobs_enqueue(store, run_id, epoch, &total, scene_error(scene)));
    struct claimer claimers[THREADS];
    struct task *tasks[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        claimers[i] = (struct claimer){.calls = scene_store(scene), .store = scene_instance(scene)};
    for (size_t i = 0; i < THREADS; i++)
        tasks[i] = task_system()->spawn(task_system(), claim_job, &claimers[i]);
    for (size_t i = 0; i < THREADS; i++)
        task_system()->join(tasks[i]);
    int got = 0, busy = 0;
    for (size_t i = 0; i < THREADS; i++) {
        got += claimers[i].status == SLUICE_OK;
        busy += claimers[i].status == SLUICE_BUSY;
    }
    expect_equal(scene, "claims that got the one job", 1, got);
    expect_equal(scene, "claims that were told it is busy", THREADS - 1, busy);
}

/* ---- A reader beside a writer ---------------------------------------------------------------------- */

struct reader {
    const struct sluice_store *calls;
    void *store;
    atomic_int stop, reads, torn;
};

struct glimpse {
    size_t rows;
    char first[32];
    int torn;
};

/* Every item of one snapshot has the same price. */
static enum sluice_status look(void *context, const struct sluice_column *columns,
                               const struct sluice_cell *cells, size_t n)
{
    struct glimpse *glimpse = context;
    size_t price = 0;
    while (price < n && strcmp(columns[price].name, "price") != 0)
        price++;
    char text[32];
    snprintf(text, sizeof text, "%.*s", (int)cells[price].len, cells[price].ptr);
    if (glimpse->rows++ == 0)
        memcpy(glimpse->first, text, sizeof text);
    glimpse->torn |= strcmp(glimpse->first, text) != 0;
    return SLUICE_OK;
}

static void read_on(void *argument)
{
    struct reader *reader = argument;
    while (!atomic_load(&reader->stop)) {
        struct glimpse glimpse = {.rows = 0};
        const struct sluice_query query = {
            .struct_size = sizeof query, .what = SLUICE_QUERY_ITEMS, .key = "acme"};
        const struct sluice_sink sink = {.context = &glimpse, .row = look};
        enum sluice_status status = reader->calls->query(reader->store, &query, &sink, NULL);
        bool whole = status == SLUICE_OK && !glimpse.torn && (glimpse.rows == 0 || glimpse.rows == ITEMS);
        atomic_fetch_add(whole ? &reader->reads : &reader->torn, 1);
    }
}

static void write_on(struct scene *scene, struct shared *shared, size_t unused)
{
    (void)shared;
    (void)unused;
    struct work work = work_begun(scene);
    struct line *lines = arena_alloc(scene_arena(scene), ITEMS * sizeof *lines);
    for (int64_t round = 1; round <= SNAPSHOTS; round++) {
        for (size_t i = 0; i < ITEMS; i++)
            lines[i] =
                (struct line){i + 2, arena_printf(scene_arena(scene), "S%03zu", i), "n", round * 10000};
        list_is(scene, &work, lines, ITEMS);
        work_finished(scene, &work);
        work = work_again(scene, &work);
    }
}

static void a_reader_always_sees_a_whole_snapshot(struct scene *scene)
{
    store_ready(scene);
    struct reader reader = {.calls = scene_store(scene), .store = scene_instance(scene)};
    struct task *task = task_system()->spawn(task_system(), read_on, &reader);
    scene_try(scene, write_on, NULL, 0); /* a failure ends the case after the reader has gone */
    atomic_store(&reader.stop, 1);
    task_system()->join(task);
    expect_equal(scene, "reads that were torn or failed", 0, atomic_load(&reader.torn));
    expect(scene, atomic_load(&reader.reads) > 0, "the reader read nothing");
}

/* ---- Many processes -------------------------------------------------------------------------------- */

/* Queues a run and claims it; false while another one is unfinished. */
static bool acquire(struct scene *scene, void *store, char *ret_run_id, int64_t *ret_epoch)
{
    const struct sluice_store *calls = scene_store(scene);
    struct sluice_request request = {.struct_size = sizeof request};
    id_make(scene, request.run_id);
    const struct sluice_run *run = NULL;
    enum sluice_status status = calls->request_put(store, &request, &run, scene_error(scene));
    if (status == SLUICE_BUSY)
        return false;
    expect_status(scene, "request_put", SLUICE_OK, status);
    struct sluice_claim claim = {
        .struct_size = sizeof claim, .run_id = request.run_id, .holder = "p", .lease_ms = LEASE_MS * 60};
    expect_status(scene, "run_claim", SLUICE_OK, calls->run_claim(store, &claim, &run, scene_error(scene)));
    memcpy(ret_run_id, request.run_id, SLUICE_ID_SIZE);
    *ret_epoch = run->epoch;
    return true;
}

static void acquire_many(struct scene *scene, struct shared *shared, size_t i)
{
    (void)i;
    void *store = scene_instance(scene);
    for (int n = 0; n < ACQUISITIONS;) {
        char run_id[SLUICE_ID_SIZE];
        int64_t epoch = 0;
        if (!acquire(scene, store, run_id, &epoch))
            continue;
        expect_equal(scene, "others inside", 0, atomic_fetch_add(&shared->inside, 1));
        long long at = atomic_fetch_add(&shared->count, 1);
        atomic_store(&shared->values[at], epoch);
        atomic_fetch_sub(&shared->inside, 1);
        expect_status(scene, "run_finish", SLUICE_OK,
                      scene_store(scene)->run_finish(store, run_id, epoch, SLUICE_OUTCOME_SUCCESS, NULL,
                                                     scene_error(scene)));
        n++;
    }
}

static void processes_acquire_runs_one_at_a_time_with_rising_epochs(struct scene *scene)
{
    store_ready(scene);
    struct shared *shared = processes_run(scene, PROCESSES, acquire_many);
    expect_equal(scene, "acquisitions", PROCESSES * ACQUISITIONS, atomic_load(&shared->count));
    for (int i = 1; i < PROCESSES * ACQUISITIONS; i++)
        expect(scene, atomic_load(&shared->values[i]) > atomic_load(&shared->values[i - 1]),
               "epoch %lld follows %lld", (long long)atomic_load(&shared->values[i]),
               (long long)atomic_load(&shared->values[i - 1]));
}

static void claim_and_die(struct scene *scene, struct shared *shared, size_t i)
{
    (void)shared;
    (void)i;
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    const struct line lines[] = {{2, "A", "Anvil", 10000}};
    snapshot_lines(scene, work.store, snapshot, lines, 1);
    snapshot_stated(scene, work.store, snapshot);
    process_die();
}

static void a_killed_worker_leaves_nothing_half_done(struct scene *scene)
{
    processes_run(scene, 1, claim_and_die);
    void *store = store_ready(scene);
    expect_text(scene, "items", "", items_of(scene, store, "acme"));
    struct sluice_claim claim = {
        .struct_size = sizeof claim, .previous_is_dead = 1, .holder = "next", .lease_ms = LEASE_MS};
    const struct sluice_run *run = NULL;
    expect_status(scene, "run_claim", SLUICE_OK,
                  scene_store(scene)->run_claim(store, &claim, &run, scene_error(scene)));
    const struct sluice_job *job = NULL;
    expect_status(scene, "job_claim", SLUICE_OK,
                  scene_store(scene)->job_claim(store, NULL, "next", LEASE_MS, &job, scene_error(scene)));
    struct work work = {.store = store, .job = job_kept(scene, job)};
    const struct line lines[] = {{2, "A", "Anvil", 10000}};
    list_is(scene, &work, lines, 1);
    expect_text(scene, "items", "A=1.0000", items_of(scene, store, "acme"));
}

#define CASE(name)     \
    {                  \
#name, name, 0 \
    }
#define CASE_OF_MANY(name)                   \
    {                                        \
#name, name, CONFORMANCE_ONE_PROCESS \
    }

const struct conformance_case store_race_cases[] = {
    CASE(of_two_claims_at_once_one_gets_the_job),
    CASE(a_reader_always_sees_a_whole_snapshot),
    CASE_OF_MANY(processes_acquire_runs_one_at_a_time_with_rising_epochs),
    CASE_OF_MANY(a_killed_worker_leaves_nothing_half_done),
    {.name = NULL},
};
