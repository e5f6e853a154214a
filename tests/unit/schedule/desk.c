/* SPDX-License-Identifier: Apache-2.0 */
/* Built on the embedded store in a folder of its own, removed with it. */
#include "desk.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "config/config.h"
#include "host/plugin.h"

#include <check.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static struct desk *the_desk;

static int64_t desk_wall(const struct clock *clock)
{
    return ((const struct desk *)clock->context)->now_us;
}

/* splitmix64: any seed gives a good sequence, and the same one again. */
static void desk_random(const struct random_source *random, void *bytes, size_t n)
{
    struct desk *desk = random->context;
    for (size_t i = 0; i < n; i++) {
        uint64_t z = desk->seed += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        ((uint8_t *)bytes)[i] = (uint8_t)(z ^ (z >> 31));
    }
}

static enum sluice_status scripted_ticks_put(void *instance, const struct sluice_ticks *ticks,
                                             const struct sluice_run **ret_run, struct sluice_error *err)
{
    struct desk *desk = the_desk;
    enum desk_fault fault = desk->fault;
    void (*meanwhile)(struct desk *) = desk->meanwhile;
    desk->fault = DESK_WORKS;
    desk->meanwhile = NULL;
    if (meanwhile != NULL)
        meanwhile(desk);
    if (fault == DESK_REFUSES)
        return error_set(err, SLUICE_RETRY, "the database is away");
    if (fault == DESK_LOSES_CALL)
        return error_set(err, SLUICE_UNKNOWN, "the reply was lost");
    enum sluice_status status = desk->plugin->store->ticks_put(instance, ticks, ret_run, err);
    return fault == DESK_LOSES_REPLY ? error_set(err, SLUICE_UNKNOWN, "the reply was lost") : status;
}

static void good(const struct desk *desk, enum sluice_status status)
{
    ck_assert_msg(status == SLUICE_OK, "status %s: %s", status_name(status), desk->err.message);
}

static void load_store(struct desk *desk)
{
    char path[128];
    snprintf(path, sizeof path, "store.path=%s/sluice.db", desk->folder);
    const char *const defaults[] = {path};
    const struct config_input input = {.defaults = defaults, .n_defaults = 1};
    good(desk, config_load(&input, &desk->config, &desk->err));
    good(desk, plugin_load(SLUICE_PLUGIN_DIR "/store-sqlite.so", SLUICE_STORE, &desk->plugin, &desk->err));
    desk->options = calloc(1, desk->plugin->config_size);
    good(desk, config_fill(desk->config, "store", desk->plugin->options, desk->plugin->n_options,
                           desk->options, &desk->err));
    desk->calls = *desk->plugin->store;
    desk->calls.ticks_put = scripted_ticks_put;
}

void desk_restart(struct desk *desk, size_t worker)
{
    instance_destroy(desk->instances[worker]);
    good(desk, instance_create(&desk->services, desk->plugin, desk->options, "test", &desk->instances[worker],
                               &desk->err));
    desk->books[worker] = (struct schedule_book){
        .calls = &desk->calls, .self = desk->instances[worker]->self, .random = &desk->random};
}

struct desk *desk_new(const char *now, size_t n_workers)
{
    struct desk *desk = calloc(1, sizeof *desk);
    const struct sluice_schema *schema = NULL;
    ck_assert_ptr_nonnull(desk);
    snprintf(desk->folder, sizeof desk->folder, "/tmp/sluice-desk-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(desk->folder));
    desk->clock = (struct clock){.wall_us = desk_wall, .monotonic_us = desk_wall, .context = desk};
    desk->random = (struct random_source){.bytes = desk_random, .context = desk};
    desk->services = (struct host_services){.clock = &desk->clock, .random = &desk->random};
    desk_at(desk, now);
    load_store(desk);
    for (size_t i = 0; i < n_workers; i++)
        desk_restart(desk, i);
    desk->n_workers = n_workers;
    good(desk, desk->calls.schema(desk->books[0].self, SLUICE_SCHEMA_MIGRATE, &schema, &desk->err));
    the_desk = desk;
    return desk;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void desk_free(struct desk *desk)
{
    for (size_t i = 0; i < desk->n_workers; i++)
        instance_destroy(desk->instances[i]);
    nftw(desk->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(desk->options);
    config_free(desk->config);
    free(desk);
}

void desk_at(struct desk *desk, const char *now)
{
    ck_assert_msg(time_parse(now, &desk->now_us), "%s is no time", now);
}

struct schedule *desk_schedule(const struct schedule_options *options)
{
    struct schedule *schedule = NULL;
    const char *option = NULL;
    struct sluice_error err = {0};
    ck_assert_msg(schedule_parse(options, &schedule, &option, &err) == SLUICE_OK, "%s: %s", option,
                  err.message);
    return schedule;
}

struct schedule_look desk_look(struct desk *desk, struct schedule *schedule, size_t worker)
{
    struct schedule_look look = {0};
    good(desk, schedule_look(schedule, &desk->books[worker], &look, &desk->err));
    return look;
}

/* ---- What is in the store --------------------------------------------------------------------------- */

/* Rows of one text column, joined by '|': the store's query shows no nominal times of runs. */
static char *column_of(const struct desk *desk, const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    struct buffer text = BUFFER_INIT(16 << 20);
    snprintf(path, sizeof path, "%s/sluice.db", desk->folder);
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &rows, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    while (sqlite3_step(rows) == SQLITE_ROW)
        buffer_printf(&text, "%s%s", text.size == 0 ? "" : "|", (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return buffer_steal(&text);
}

char *desk_ticks(struct desk *desk)
{
    return column_of(desk,
                     "SELECT substr(nominal_at, 1, 19) || 'Z ' || state || iif(count > 1, ' x' || count, '')"
                     "  FROM sync_ticks ORDER BY nominal_at");
}

char *desk_runs(struct desk *desk)
{
    return column_of(desk, "SELECT coalesce(substr(tick_at, 1, 19) || 'Z', 'start') FROM sync_runs"
                           " WHERE \"trigger\" = 'scheduled' ORDER BY tick_at");
}

void desk_ticks_are(struct desk *desk, const char *expected)
{
    _cleanup_free_ char *ticks = desk_ticks(desk);
    ck_assert_str_eq(ticks, expected);
}

void desk_runs_are(struct desk *desk, const char *expected)
{
    _cleanup_free_ char *runs = desk_runs(desk);
    ck_assert_str_eq(runs, expected);
}

/* ---- Runs ------------------------------------------------------------------------------------------- */

void desk_run_begins(struct desk *desk, char ret_run_id[SLUICE_ID_SIZE])
{
    const struct sluice_run *run = NULL;
    struct sluice_request request = {.struct_size = sizeof request, .trigger = SLUICE_TRIGGER_MANUAL};
    uuid_make(&desk->random, desk->now_us, request.run_id);
    good(desk, desk->calls.request_put(desk->books[0].self, &request, &run, &desk->err));
    memcpy(ret_run_id, request.run_id, SLUICE_ID_SIZE);
}

void desk_run_ends(struct desk *desk)
{
    const struct sluice_run *run = NULL;
    const struct sluice_claim claim = {
        .struct_size = sizeof claim, .previous_is_dead = 1, .holder = "test", .lease_ms = 1000};
    good(desk, desk->calls.run_claim(desk->books[0].self, &claim, &run, &desk->err));
    struct sluice_run ended = *run;
    good(desk, desk->calls.run_finish(desk->books[0].self, ended.run_id, ended.epoch, SLUICE_OUTCOME_SUCCESS,
                                      NULL, &desk->err));
}
