/* SPDX-License-Identifier: Apache-2.0 */
#include "store_scene.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/random.h"
#include "base/text.h"

#include <string.h>

void id_make(struct scene *scene, char *ret_id)
{
    (void)scene;
    uuid_make(random_system(), clock_system()->wall_us(clock_system()), ret_id);
}

void *store_ready(struct scene *scene)
{
    void *store = scene_instance(scene);
    const struct sluice_schema *schema = NULL;
    enum sluice_status status =
        scene_store(scene)->schema(store, SLUICE_SCHEMA_MIGRATE, &schema, scene_error(scene));
    expect_status(scene, "schema (MIGRATE)", SLUICE_OK, status);
    return store;
}

int64_t run_begun(struct scene *scene, void *store, char *ret_run_id)
{
    const struct sluice_store *calls = scene_store(scene);
    struct sluice_request request = {.struct_size = sizeof request, .by = "conformance"};
    id_make(scene, request.run_id);
    memcpy(ret_run_id, request.run_id, SLUICE_ID_SIZE);
    const struct sluice_run *run = NULL;
    expect_status(scene, "request_put", SLUICE_OK,
                  calls->request_put(store, &request, &run, scene_error(scene)));
    expect_text(scene, "the queued run", ret_run_id, run->run_id);
    struct sluice_claim claim = {
        .struct_size = sizeof claim, .run_id = ret_run_id, .holder = "host, pid 1", .lease_ms = LEASE_MS};
    expect_status(scene, "run_claim", SLUICE_OK, calls->run_claim(store, &claim, &run, scene_error(scene)));
    expect_equal(scene, "the state of a claimed run", SLUICE_RUN_MASTER, run->state);
    return run->epoch;
}

void suppliers_are(struct scene *scene, void *store, const char *run_id, int64_t epoch,
                   const char *const *keys, size_t n)
{
    struct sluice_supplier *suppliers = arena_alloc(scene_arena(scene), (n + 1) * sizeof *suppliers);
    for (size_t i = 0; i < n; i++)
        suppliers[i] = (struct sluice_supplier){.struct_size = sizeof suppliers[i],
                                                .flags = SLUICE_SUPPLIER_ACTIVE,
                                                .key = keys[i],
                                                .name = keys[i],
                                                .source_type = "csv",
                                                .source_url = "list.csv",
                                                .line = i + 2};
    struct sluice_suppliers_sync sync = {.struct_size = sizeof sync,
                                         .run_id = run_id,
                                         .epoch = epoch,
                                         .suppliers = suppliers,
                                         .n_suppliers = n};
    const struct sluice_suppliers_change *change = NULL;
    enum sluice_status status = scene_store(scene)->suppliers_sync(store, &sync, &change, scene_error(scene));
    expect_status(scene, "suppliers_sync", SLUICE_OK, status);
}

struct sluice_job job_kept(struct scene *scene, const struct sluice_job *job)
{
    struct arena *arena = scene_arena(scene);
    struct sluice_job kept = *job;
    kept.key = arena_text(arena, job->key);
    kept.name = arena_text(arena, job->name);
    kept.source_type = arena_text(arena, job->source_type);
    kept.source_url = arena_text(arena, job->source_url);
    kept.version = arena_text(arena, job->version);
    kept.fingerprint = arena_text(arena, job->fingerprint);
    kept.mapping = arena_text(arena, job->mapping);
    kept.approval = NULL;
    return kept;
}

static struct work job_begun(struct scene *scene, struct work work)
{
    const struct sluice_store *calls = scene_store(scene);
    uint32_t total = 0;
    expect_status(scene, "jobs_enqueue", SLUICE_OK,
                  calls->jobs_enqueue(work.store, work.run_id, work.epoch, &total, scene_error(scene)));
    expect_equal(scene, "jobs of the run", 1, total);
    const struct sluice_job *job = NULL;
    expect_status(scene, "job_claim", SLUICE_OK,
                  calls->job_claim(work.store, work.run_id, "worker", LEASE_MS, &job, scene_error(scene)));
    work.job = job_kept(scene, job);
    return work;
}

struct work work_begun(struct scene *scene)
{
    struct work work = {.store = store_ready(scene)};
    work.epoch = run_begun(scene, work.store, work.run_id);
    suppliers_are(scene, work.store, work.run_id, work.epoch, (const char *const[]){"acme"}, 1);
    return job_begun(scene, work);
}

struct work work_again(struct scene *scene, const struct work *before)
{
    struct work work = {.store = before->store};
    work.epoch = run_begun(scene, work.store, work.run_id);
    return job_begun(scene, work);
}

void work_finished(struct scene *scene, const struct work *work)
{
    enum sluice_status status = scene_store(scene)->run_finish(
        work->store, work->run_id, work->epoch, SLUICE_OUTCOME_SUCCESS, "done", scene_error(scene));
    expect_status(scene, "run_finish", SLUICE_OK, status);
}

struct sluice_item item_of(const struct line *line)
{
    struct sluice_item item = {
        .sku = text_of(line->sku),
        .name = text_of(line->name),
        .currency = text_of("EUR"),
        .characteristics = text_of("{}"),
        .price = line->price,
        .line = line->line,
    };
    uint64_t hash = UINT64_C(1469598103934665603);
    for (uint32_t i = 0; i < item.name.len; i++)
        hash = (hash ^ (unsigned char)item.name.ptr[i]) * UINT64_C(1099511628211);
    memcpy(item.hash.bytes, &hash, sizeof hash);
    memcpy(item.hash.bytes + 8, &item.price, sizeof item.price);
    return item;
}

void *snapshot_begun(struct scene *scene, void *store, const struct sluice_job *job)
{
    struct sluice_snapshot_open open = {.struct_size = sizeof open, .job = job};
    void *snapshot = NULL;
    expect_status(scene, "snapshot_open", SLUICE_OK,
                  scene_store(scene)->snapshot_open(store, &open, &snapshot, scene_error(scene)));
    return snapshot;
}

void snapshot_lines(struct scene *scene, void *store, void *snapshot, const struct line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct sluice_item item = item_of(&lines[i]);
        expect_status(scene, "snapshot_write", SLUICE_OK,
                      scene_store(scene)->snapshot_write(store, snapshot, &item, 1, scene_error(scene)));
    }
}

const struct sluice_snapshot_stat *snapshot_stated(struct scene *scene, void *store, void *snapshot)
{
    const struct sluice_snapshot_stat *stat = NULL;
    expect_status(scene, "snapshot_stat", SLUICE_OK,
                  scene_store(scene)->snapshot_stat(store, snapshot, 3.0, &stat, scene_error(scene)));
    return stat;
}

enum sluice_status snapshot_committed(struct scene *scene, void *store, void *snapshot)
{
    struct sluice_job_outcome outcome = {.struct_size = sizeof outcome,
                                         .outcome = SLUICE_OUTCOME_SUCCESS,
                                         .error_type = "SUCCESS",
                                         .message = "done"};
    struct sluice_snapshot_commit commit = {.struct_size = sizeof commit,
                                            .version = "v1",
                                            .fingerprint = "f1",
                                            .mapping = "{}",
                                            .outcome = &outcome};
    return scene_store(scene)->snapshot_commit(store, snapshot, &commit, scene_error(scene));
}

struct sluice_figures list_is(struct scene *scene, const struct work *work, const struct line *lines,
                              size_t n)
{
    void *snapshot = snapshot_begun(scene, work->store, &work->job);
    snapshot_lines(scene, work->store, snapshot, lines, n);
    struct sluice_figures figures = snapshot_stated(scene, work->store, snapshot)->figures;
    expect_status(scene, "snapshot_commit", SLUICE_OK, snapshot_committed(scene, work->store, snapshot));
    return figures;
}

/* ---- Reading back ---------------------------------------------------------------------------------- */

struct gathering {
    struct scene *scene;
    const char *const *columns;
    size_t n_columns, rows;
    struct buffer text;
};

static size_t column_index(const struct sluice_column *columns, size_t n, const char *name)
{
    size_t i = 0;
    while (i < n && strcmp(columns[i].name, name) != 0)
        i++;
    return i;
}

static enum sluice_status gather(void *context, const struct sluice_column *columns,
                                 const struct sluice_cell *cells, size_t n)
{
    struct gathering *gathering = context;
    gathering->rows++;
    for (size_t i = 0; i < gathering->n_columns; i++) {
        size_t at = column_index(columns, n, gathering->columns[i]);
        if (i > 0)
            buffer_byte(&gathering->text, '|');
        if (at == n)
            buffer_printf(&gathering->text, "(no column %s)", gathering->columns[i]);
        else if (cells[at].ptr != NULL)
            buffer_append(&gathering->text, cells[at].ptr, cells[at].len);
    }
    buffer_byte(&gathering->text, '\n');
    return SLUICE_OK;
}

static void ask(struct gathering *gathering, void *store, const struct sluice_query *query)
{
    struct scene *scene = gathering->scene;
    struct sluice_sink sink = {.context = gathering, .row = gather};
    enum sluice_status status = scene_store(scene)->query(store, query, &sink, scene_error(scene));
    if (status != SLUICE_OK)
        buffer_free(&gathering->text);
    expect_status(scene, "query", SLUICE_OK, status);
}

const char *rows_asked(struct scene *scene, void *store, struct sluice_query query,
                       const char *const *columns, size_t n)
{
    struct gathering gathering = {
        .scene = scene, .columns = columns, .n_columns = n, .text = BUFFER_INIT(64 << 20)};
    query.struct_size = sizeof query;
    ask(&gathering, store, &query);
    buffer_append(&gathering.text, "", 0);
    const char *copy = arena_text(scene_arena(scene), gathering.text.data);
    buffer_free(&gathering.text);
    return copy;
}

const char *rows_of(struct scene *scene, void *store, enum sluice_query_what what, const char *key,
                    const char *const *columns, size_t n)
{
    return rows_asked(scene, store, (struct sluice_query){.what = what, .key = key}, columns, n);
}

static enum sluice_status gather_item(void *context, const struct sluice_column *columns,
                                      const struct sluice_cell *cells, size_t n)
{
    struct gathering *gathering = context;
    size_t sku = column_index(columns, n, "sku"), price = column_index(columns, n, "price");
    size_t gone = column_index(columns, n, "gone_at");
    if (sku == n || price == n || gone == n)
        return SLUICE_DATA;
    if (cells[gone].ptr != NULL)
        return SLUICE_OK;
    buffer_printf(&gathering->text, "%s%.*s=%.*s", gathering->rows++ == 0 ? "" : " ", (int)cells[sku].len,
                  cells[sku].ptr, (int)cells[price].len, cells[price].ptr);
    return SLUICE_OK;
}

const char *items_of(struct scene *scene, void *store, const char *key)
{
    struct gathering gathering = {.scene = scene, .text = BUFFER_INIT(64 << 20)};
    struct sluice_query query = {.struct_size = sizeof query, .what = SLUICE_QUERY_ITEMS, .key = key};
    struct sluice_sink sink = {.context = &gathering, .row = gather_item};
    enum sluice_status status = scene_store(scene)->query(store, &query, &sink, scene_error(scene));
    buffer_append(&gathering.text, "", 0);
    const char *copy = arena_text(scene_arena(scene), gathering.text.data);
    buffer_free(&gathering.text);
    expect_status(scene, "query (ITEMS)", SLUICE_OK, status);
    return copy;
}

size_t count_of(struct scene *scene, void *store, enum sluice_query_what what, const char *key)
{
    struct gathering gathering = {.scene = scene, .text = BUFFER_INIT(64 << 20)};
    struct sluice_query query = {.struct_size = sizeof query, .what = what, .key = key};
    ask(&gathering, store, &query);
    buffer_free(&gathering.text);
    return gathering.rows;
}
