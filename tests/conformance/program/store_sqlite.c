/* SPDX-License-Identifier: Apache-2.0 */
/* What only the SQLite store promises: foreign columns, files that are not its own, a full disk, a busy
 * writer. It looks into the file from outside, as another program would. Prints TAP: store_sqlite PLUGIN.so.
 */
#include "base/cleanup.h"
#include "conformance.h"
#include "store_scene.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>

static const char *database(struct scene *scene)
{
    return arena_printf(scene_arena(scene), "%s/sluice.db", scene_folder(scene));
}

static sqlite3 *outside(struct scene *scene)
{
    sqlite3 *db = NULL;
    expect_equal(scene, "sqlite3_open", SQLITE_OK, sqlite3_open(database(scene), &db));
    return db;
}

static void run_sql(struct scene *scene, const char *sql)
{
    sqlite3 *db = outside(scene);
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    expect(scene, rc == SQLITE_OK, "%s: SQLite %d", sql, rc);
}

/* The first column of the first row as text. */
static const char *value_of(struct scene *scene, const char *sql)
{
    sqlite3 *db = outside(scene);
    sqlite3_stmt *statement = NULL;
    const char *text = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        text = arena_text(scene_arena(scene), (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}

static void expect_message(struct scene *scene, const char *what, const char *part)
{
    const char *message = scene_last_message(scene);
    expect(scene, strstr(message, part) != NULL, "%s: \"%s\" does not say \"%s\"", what, message, part);
}

static const struct line anvil[] = {{2, "A", "Anvil", 10000}};

static void foreign_columns_stay(struct scene *scene)
{
    struct work work = work_begun(scene);
    list_is(scene, &work, anvil, 1);
    work_finished(scene, &work);
    run_sql(scene, "ALTER TABLE supplier_items ADD COLUMN shelf TEXT; UPDATE supplier_items SET shelf = 's',"
                   "product_id = 'p'; UPDATE suppliers SET contact_email = 'a@b', metadata = '{}'");
    work = work_again(scene, &work);
    const struct line dearer[] = {{2, "A", "Anvil", 20000}};
    list_is(scene, &work, dearer, 1);
    suppliers_are(scene, work.store, work.run_id, work.epoch, NULL, 0);
    expect_text(
        scene, "the item", "2.0000 s p",
        value_of(scene, "SELECT current_price || ' ' || shelf || ' ' || product_id FROM supplier_items"));
    expect_text(
        scene, "the supplier", "0 a@b {}",
        value_of(scene, "SELECT is_active || ' ' || contact_email || ' ' || metadata FROM suppliers"));
}

static void an_equal_list_writes_no_item_price_or_supplier(struct scene *scene)
{
    struct work work = work_begun(scene);
    list_is(scene, &work, anvil, 1);
    work_finished(scene, &work);
    run_sql(scene,
            "CREATE TABLE writes (what TEXT);"
            "CREATE TRIGGER a AFTER UPDATE ON supplier_items BEGIN INSERT INTO writes VALUES ('item'); END;"
            "CREATE TRIGGER b AFTER INSERT ON price_history BEGIN INSERT INTO writes VALUES ('price'); END;"
            "CREATE TRIGGER c AFTER UPDATE ON suppliers BEGIN INSERT INTO writes VALUES ('supplier'); END;");
    work.epoch = run_begun(scene, work.store, work.run_id);
    suppliers_are(scene, work.store, work.run_id, work.epoch, (const char *const[]){"acme"}, 1);
    uint32_t total = 0;
    const struct sluice_job *job = NULL;
    scene_store(scene)->jobs_enqueue(work.store, work.run_id, work.epoch, &total, scene_error(scene));
    expect_status(scene, "job_claim", SLUICE_OK,
                  scene_store(scene)->job_claim(work.store, NULL, "w", LEASE_MS, &job, scene_error(scene)));
    work.job = job_kept(scene, job);
    list_is(scene, &work, anvil, 1);
    expect_text(scene, "writes", "0", value_of(scene, "SELECT count(*) FROM writes"));
}

static void each_price_is_in_the_history_once(struct scene *scene)
{
    struct work work = work_begun(scene);
    for (int64_t price = 10000; price <= 30000; price += 10000) {
        const struct line now[] = {{2, "A", "Anvil", price}};
        list_is(scene, &work, now, 1);
        work_finished(scene, &work);
        scene_pass(scene, 10);
        work = work_again(scene, &work);
        list_is(scene, &work, now, 1);
        work_finished(scene, &work);
        scene_pass(scene, 10);
        work = work_again(scene, &work);
    }
    expect_text(scene, "prices", "1.0000,2.0000,3.0000",
                value_of(scene, "SELECT group_concat(price) FROM price_history ORDER BY recorded_at"));
}

static void a_full_comparison_finds_what_a_hand_changed(struct scene *scene)
{
    struct work work = work_begun(scene);
    list_is(scene, &work, anvil, 1);
    work_finished(scene, &work);
    run_sql(scene, "UPDATE supplier_items SET current_price = '9.0000'");
    work = work_again(scene, &work);
    struct sluice_snapshot_open open = {.struct_size = sizeof open, .job = &work.job, .full = 1};
    void *snapshot = NULL;
    expect_status(scene, "snapshot_open", SLUICE_OK,
                  scene_store(scene)->snapshot_open(work.store, &open, &snapshot, scene_error(scene)));
    snapshot_lines(scene, work.store, snapshot, anvil, 1);
    expect_status(scene, "snapshot_commit", SLUICE_OK, snapshot_committed(scene, work.store, snapshot));
    expect_text(scene, "items", "A=1.0000", items_of(scene, work.store, "acme"));
}

static void a_newer_database_is_refused(struct scene *scene)
{
    store_ready(scene);
    run_sql(scene, "INSERT INTO schema_version VALUES (99, 'later')");
    void *store = scene_instance(scene);
    const struct sluice_schema *schema = NULL;
    expect_status(scene, "schema", SLUICE_CONFIG,
                  scene_store(scene)->schema(store, SLUICE_SCHEMA_MIGRATE, &schema, scene_error(scene)));
    expect_message(scene, "schema", "newer Sluice");
}

static void a_file_that_is_no_database_is_refused(struct scene *scene)
{
    _cleanup_fclose_ FILE *file = fopen(database(scene), "w");
    for (int i = 0; i < 1000; i++)
        fputs("price lists are not databases\n", file);
    fflush(file);
    void *store = scene_instance(scene);
    const struct sluice_schema *schema = NULL;
    expect_status(scene, "schema", SLUICE_CONFIG,
                  scene_store(scene)->schema(store, SLUICE_SCHEMA_MIGRATE, &schema, scene_error(scene)));
    expect_message(scene, "schema", "no SQLite database");
}

static void a_missing_database_reads_as_empty_and_is_not_created(struct scene *scene)
{
    void *store = scene_instance(scene);
    expect_equal(scene, "suppliers", 0, (int64_t)count_of(scene, store, SLUICE_QUERY_SUPPLIERS, NULL));
    expect(scene, access(database(scene), F_OK) != 0, "reading created the database");
    struct sluice_audit audit = {.struct_size = sizeof audit, .who = "a", .what = "b"};
    expect_status(scene, "a write", SLUICE_CONFIG,
                  scene_store(scene)->audit_put(store, &audit, scene_error(scene)));
    const struct sluice_schema *schema = NULL;
    expect_status(scene, "schema", SLUICE_OK,
                  scene_store(scene)->schema(store, SLUICE_SCHEMA_CHECK, &schema, scene_error(scene)));
    expect_equal(scene, "version", 0, schema->version);
}

static void a_busy_writer_is_named(struct scene *scene)
{
    struct work work = work_begun(scene);
    sqlite3 *db = outside(scene);
    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    struct sluice_audit audit = {.struct_size = sizeof audit, .who = "a", .what = "b"};
    enum sluice_status status = scene_store(scene)->audit_put(work.store, &audit, scene_error(scene));
    sqlite3_close(db);
    expect_status(scene, "a write", SLUICE_RETRY, status);
    expect_message(scene, "a write", "store busy: host, pid 1 has been writing");
}

static void a_busy_store_gives_up_when_cancelled(struct scene *scene)
{
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    snapshot_lines(scene, work.store, snapshot, anvil, 1);
    snapshot_stated(scene, work.store, snapshot);
    sqlite3 *db = outside(scene);
    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    cancel_request(scene_cancel(scene));
    enum sluice_status status = snapshot_committed(scene, work.store, snapshot);
    sqlite3_close(db);
    expect_status(scene, "snapshot_commit", SLUICE_CANCELLED, status);
}

/* A limit on the size of files stands in for a full disk. */
static void a_full_disk_keeps_the_old_snapshot(struct scene *scene)
{
    struct work work = work_begun(scene);
    list_is(scene, &work, anvil, 1);
    work_finished(scene, &work);
    work = work_again(scene, &work);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    for (uint64_t i = 0; i < 20000; i++) {
        struct line line = {i + 2, arena_printf(scene_arena(scene), "S%05llu", (unsigned long long)i), "n",
                            10000};
        snapshot_lines(scene, work.store, snapshot, &line, 1);
    }
    snapshot_stated(scene, work.store, snapshot);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, tight;
    getrlimit(RLIMIT_FSIZE, &before);
    tight = before;
    tight.rlim_cur = 256 << 10;
    setrlimit(RLIMIT_FSIZE, &tight);
    enum sluice_status status = snapshot_committed(scene, work.store, snapshot);
    setrlimit(RLIMIT_FSIZE, &before);
    expect_status(scene, "snapshot_commit", SLUICE_IO, status);
    expect_text(scene, "items", "A=1.0000", items_of(scene, work.store, "acme"));
    list_is(scene, &work, NULL, 0);
    expect_text(scene, "items once there is room again", "", items_of(scene, work.store, "acme"));
}

static void a_stage_leaves_no_file_behind(struct scene *scene)
{
    struct work work = work_begun(scene);
    void *snapshot = snapshot_begun(scene, work.store, &work.job);
    snapshot_lines(scene, work.store, snapshot, anvil, 1);
    const char *command =
        arena_printf(scene_arena(scene), "test -z \"$(ls -A %s | grep stage)\"", scene_folder(scene));
    expect_equal(scene, command, 0, system(command));
    expect_status(scene, "snapshot_commit", SLUICE_OK, snapshot_committed(scene, work.store, snapshot));
}

static void print(void *context, const char *name, enum conformance_verdict verdict, const char *message)
{
    size_t *n = context;
    ++*n;
    if (verdict == CONFORMANCE_FAILED)
        printf("not ok %zu - %s\n  # %s\n", *n, name, message);
    else
        printf("ok %zu - %s\n", *n, name);
    fflush(stdout);
}

#define CASE(name)     \
    {                  \
#name, name, 0 \
    }

int main(int argc, char **argv)
{
    static const struct conformance_case cases[] = {
        CASE(foreign_columns_stay),
        CASE(an_equal_list_writes_no_item_price_or_supplier),
        CASE(each_price_is_in_the_history_once),
        CASE(a_full_comparison_finds_what_a_hand_changed),
        CASE(a_newer_database_is_refused),
        CASE(a_file_that_is_no_database_is_refused),
        CASE(a_missing_database_reads_as_empty_and_is_not_created),
        CASE(a_busy_writer_is_named),
        CASE(a_busy_store_gives_up_when_cancelled),
        CASE(a_full_disk_keeps_the_old_snapshot),
        CASE(a_stage_leaves_no_file_behind),
    };
    const char *const assignments[] = {"path={dir}/sluice.db", "busy_timeout=50ms"};
    char scratch[] = "/tmp/sluice-store-XXXXXX";
    size_t played = 0;
    struct conformance conformance = {.assignments = assignments,
                                      .n_assignments = ELEMENTS(assignments),
                                      .scratch = scratch,
                                      .report = print,
                                      .context = &played};
    struct sluice_error err = {.message = "usage: store_sqlite PLUGIN.so"};
    if (argc != 2 || plugin_load(argv[1], SLUICE_STORE, &conformance.plugin, &err) != SLUICE_OK ||
        mkdtemp(scratch) == NULL) {
        fprintf(stderr, "%s\n", err.message);
        return EXIT_FAILURE;
    }
    size_t failed = conformance_play(&conformance, cases, ELEMENTS(cases));
    printf("1..%zu\n", played);
    rmdir(scratch);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
