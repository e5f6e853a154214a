/* SPDX-License-Identifier: Apache-2.0 */
/* Built from the real store, mock sources and the scripted state; taken down with its folder. */
#include "house_inner.h"

#include "base/buffer.h"
#include "config/config.h"
#include "host/plugin.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const formats[] = {"mock"};

/* ---- Making ---- */

static void *fill(struct house *house, const char *section, const struct sluice_option *table, size_t n,
                  size_t size)
{
    struct sluice_error err = {0};
    void *options = calloc(1, size > 0 ? size : 1);
    ck_assert_ptr_nonnull(options);
    enum sluice_status status = config_fill(house->config, section, table, n, options, &err);
    ck_assert_msg(status == SLUICE_OK, "%s", err.message);
    return options;
}

static void fill_into(struct house *house, const char *section, const struct sluice_option *table, size_t n,
                      void *options)
{
    struct sluice_error err = {0};
    ck_assert_msg(config_fill(house->config, section, table, n, options, &err) == SLUICE_OK, "%s",
                  err.message);
}

static const struct sluice_plugin *load(const char *path, uint32_t kind)
{
    const struct sluice_plugin *plugin = NULL;
    struct sluice_error err = {0};
    ck_assert_msg(plugin_load(path, kind, &plugin, &err) == SLUICE_OK, "%s", err.message);
    return plugin;
}

static void load_config(struct house *house)
{
    char path[128];
    struct sluice_error err = {0};
    snprintf(path, sizeof path, "store.path=%s/sluice.db", house->folder);
    char state_path[128];
    snprintf(state_path, sizeof state_path, "state.path=%s/state", house->folder);
    const char *const defaults[] = {path, state_path};
    struct config_input input = {.defaults = defaults, .n_defaults = 2};
    ck_assert_msg(config_load(&input, &house->config, &err) == SLUICE_OK, "%s", err.message);
}

static enum sluice_status find_source(void *context, const char *name, const char *format,
                                      struct sync_source *ret_source, struct sluice_error *err)
{
    struct house *house = context;
    (void)format;
    for (size_t i = 0; i < house->n_lists; i++) {
        if (strcmp(house->lists[i].name, name) != 0)
            continue;
        *ret_source = house->setup.master;
        ret_source->plugin.options = &house->lists[i].script;
        return SLUICE_OK;
    }
    return error_set(err, SLUICE_CONFIG, "no source serves '%s'", name);
}

static void make_setup(struct house *house)
{
    const struct sluice_plugin *source = load(SLUICE_TEST_BINARY_DIR "/mocks/source-mock.so", SLUICE_SOURCE);
    const struct sluice_plugin *store = load(SLUICE_PLUGIN_DIR "/store-sqlite.so", SLUICE_STORE);
    static struct house_state_options state_options;
    fill_into(house, "sync", sync_option_table, sync_option_count, &house->options);
    fill_into(house, "guards", guard_option_table, guard_option_count, &house->guards);
    fill_into(house, "ingest", ingest_option_table, ingest_option_count, &house->ingest);
    fill_into(house, "mock", source->options, source->n_options, &house->master_script);
    house->store_options = fill(house, "store", store->options, store->n_options, store->config_size);
    house_intercept(house, store);
    house->state_plugin = house_state_plugin;
    state_options.script = &house->state;
    house->setup = (struct sync_setup){
        .services = &house->services,
        .tasks = task_system(),
        .who = "the test",
        .options = &house->options,
        .guards = &house->guards,
        .store = {.plugin = &house->store_plugin, .options = house->store_options},
        .state = {.plugin = &house->state_plugin, .options = &state_options},
        .master = {.plugin = {.plugin = source, .options = &house->master_script}, .ingest = &house->ingest},
        .master_location = "mock:master",
        .formats = formats,
        .n_formats = 1,
        .context = house,
        .source = find_source,
    };
}

void house_master(struct house *house, const char *const *names, size_t n)
{
    struct buffer text = BUFFER_INIT(1 << 16);
    buffer_text(&text, "Name|Source URL|Format|Active\n");
    for (size_t i = 0; i < n; i++)
        buffer_printf(&text, "%s|mock:%s|mock|yes\n", names[i], names[i]);
    free((char *)(uintptr_t)house->master_script.text);
    house->master_script.text = buffer_steal(&text);
    ck_assert_ptr_nonnull(house->master_script.text);
}

struct house *house_new(const char *const *names, size_t n)
{
    struct house *house = calloc(1, sizeof *house);
    ck_assert_ptr_nonnull(house);
    snprintf(house->folder, sizeof house->folder, "/tmp/sluice-house-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(house->folder));
    house->log = (struct log){.level = SLUICE_WARNING, .clock = clock_system(), .write = log_to_stderr};
    house->cancel = cancel_new();
    house->state.monitor = task_system()->monitor_new(task_system());
    house->services = (struct host_services){
        .clock = clock_system(), .random = random_system(), .log = &house->log, .cancel = house->cancel};
    load_config(house);
    make_setup(house);
    house_master(house, names, n);
    for (size_t i = 0; i < n; i++) {
        house->lists[i] = (struct house_list){.name = names[i]};
        const struct sluice_plugin *source = house->setup.master.plugin.plugin;
        fill_into(house, "mock", source->options, source->n_options, &house->lists[i].script);
        house->lists[i].script.seed = (int64_t)i + 1;
    }
    house->n_lists = n;
    return house;
}

void house_use_state_local(struct house *house)
{
    const struct sluice_plugin *state = load(SLUICE_PLUGIN_DIR "/state-local.so", SLUICE_STATE);
    free(house->state_options);
    house->state_options = fill(house, "state", state->options, state->n_options, state->config_size);
    house->setup.state = (struct sync_plugin){.plugin = state, .options = house->state_options};
}

struct source_mock_options *house_script(struct house *house, const char *name)
{
    for (size_t i = 0; i < house->n_lists; i++)
        if (strcmp(house->lists[i].name, name) == 0)
            return &house->lists[i].script;
    ck_abort_msg("no list is called %s", name);
    return NULL;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void house_free(struct house *house)
{
    nftw(house->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free((char *)(uintptr_t)house->master_script.text);
    free(house->store_options);
    free(house->state_options);
    config_free(house->config);
    task_system()->monitor_free(house->state.monitor);
    cancel_free(house->cancel);
    free(house);
}

/* ---- Syncing ---- */

static void copy_text(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from == NULL ? "" : from);
}

static void cancel_in_store(struct house *house, const char *run_id)
{
    struct sluice_error err = {0};
    struct instance *store = NULL;
    enum sluice_status status =
        instance_create(&house->services, &house->store_plugin, house->store_options, "test", &store, &err);
    if (status == SLUICE_OK)
        status = store->plugin->store->request_cancel(store->self, run_id, &err);
    instance_destroy(store);
    ck_assert_msg(status == SLUICE_OK, "%s", err.message);
}

static void observe(void *context, const struct sync_event *event)
{
    struct house *house = context;
    if (house->n_events == sizeof house->events / sizeof house->events[0])
        return;
    struct house_event *kept = &house->events[house->n_events++];
    *kept = (struct house_event){
        .kind = event->kind,
        .outcome = event->outcome,
        .rows = event->rows,
        .current = event->current,
        .total = event->total,
        .resumed = event->resumed,
        .epoch = event->epoch,
    };
    copy_text(kept->supplier, sizeof kept->supplier, event->supplier);
    copy_text(kept->error_type, sizeof kept->error_type, event->error_type);
    copy_text(kept->message, sizeof kept->message, event->message);
    copy_text(kept->hold_id, sizeof kept->hold_id, event->hold_id);
    copy_text(kept->run_id, sizeof kept->run_id, event->run_id);
    if (event->figures != NULL)
        kept->figures = *event->figures;
    if (house->n_events == house->cancel_at_event)
        cancel_request(house->cancel);
    if (house->n_events == house->cancel_run_at_event)
        cancel_in_store(house, event->run_id);
}

enum sluice_status house_request(struct house *house, const struct sync_request *request,
                                 struct sync_report *ret_report, struct sluice_error *err)
{
    struct sync_request own = *request;
    own.by = "the test";
    own.observe = observe;
    own.context = house;
    house->n_events = 0;
    return sync_run(&house->setup, &own, ret_report, err);
}

enum sluice_status house_sync(struct house *house, struct sync_report *ret_report, struct sluice_error *err)
{
    return house_request(house, &(struct sync_request){0}, ret_report, err);
}

struct sync_report house_expect(struct house *house, enum sluice_outcome outcome)
{
    struct sync_report report = {0};
    struct sluice_error err = {0};
    enum sluice_status status = house_sync(house, &report, &err);
    ck_assert_msg(status == SLUICE_OK, "status %s: %s", status_name(status), err.message);
    ck_assert_msg(report.outcome == outcome, "outcome %d instead of %d: %s", (int)report.outcome,
                  (int)outcome, report.message);
    return report;
}

const struct house_event *house_event(const struct house *house, enum sync_event_kind kind,
                                      const char *supplier)
{
    for (size_t i = house->n_events; i > 0; i--) {
        const struct house_event *event = &house->events[i - 1];
        if (event->kind == kind && (supplier == NULL || strcmp(event->supplier, supplier) == 0))
            return event;
    }
    return NULL;
}
