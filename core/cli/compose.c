/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/compose.h"

#include "base/cleanup.h"
#include "base/task.h"
#include "base/text.h"
#include "cli/http_section.h"
#include "cli/schedule_section.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COMPOSITION_CEILING ((size_t)64 << 20)
#define DEFAULT_CONFIG_FILE "sluice.yaml"

/* What holds when the configuration says nothing else. */
static const char *const defaults[] = {
    "store.plugin=store-sqlite",   "state.plugin=state-local",  "sources.google_sheets.plugin=gsheets",
    "sources.csv.plugin=csv-stub", "sources.excel.plugin=xlsx",
};

static const char *config_file(const struct invocation *invocation)
{
    const char *named = given_text(invocation, OPTION_CONFIG);
    if (named != NULL)
        return named;
    return access(DEFAULT_CONFIG_FILE, F_OK) == 0 ? DEFAULT_CONFIG_FILE : NULL;
}

/* `master` is one more default, or NULL. */
static enum sluice_status load_config(const struct invocation *invocation, const char *master,
                                      struct config **ret_config, struct sluice_error *err)
{
    const char *all[ELEMENTS(defaults) + 1];
    memcpy(all, defaults, sizeof defaults);
    all[ELEMENTS(defaults)] = master;
    size_t n_set = 0;
    _cleanup_free_ const char **set = given_all(invocation, OPTION_SET, &n_set);
    const struct config_input input = {
        .file = config_file(invocation),
        .defaults = all,
        .n_defaults = ELEMENTS(defaults) + (master != NULL),
        .set = set,
        .n_set = n_set,
        .environment = (const char *const *)environ,
    };
    return config_load(&input, ret_config, err);
}

/* A master sheet without a plugin gets the one that serves what its address looks like. */
static enum sluice_status load_with_master(const struct invocation *invocation,
                                           struct composition *composition, struct sluice_error *err)
{
    enum sluice_status status = load_config(invocation, NULL, &composition->config, err);
    if (status != SLUICE_OK || config_text(composition->config, "master.plugin") != NULL)
        return status;
    char path[64];
    const char *url = config_text(composition->config, "master.url");
    snprintf(path, sizeof path, "sources.%s.plugin", source_format_of(url == NULL ? "" : url));
    const char *plugin = config_text(composition->config, path);
    const char *assignment =
        arena_printf(&composition->arena, "master.plugin=%s", plugin == NULL ? "csv-stub" : plugin);
    if (assignment == NULL)
        return error_no_memory(err);
    config_free(composition->config);
    composition->config = NULL;
    return load_config(invocation, assignment, &composition->config, err);
}

/* A store or state that cannot be loaded is an error; a source only for the list that needs it, unless this
 * machine failed. */
static enum sluice_status load_named(struct composition *composition, struct sluice_error *err)
{
    static const struct {
        const char *section;
        uint32_t kind;
    } single[] = {{"store", SLUICE_STORE}, {"state", SLUICE_STATE}, {"master", SLUICE_SOURCE}};
    const struct sluice_plugin *plugin;
    const char *name;
    for (size_t i = 0; i < ELEMENTS(single); i++) {
        enum sluice_status status = config_plugin(composition->config, single[i].section, &name, err);
        if (status == SLUICE_OK)
            status = catalog_find(&composition->catalog, name, single[i].kind, &plugin, err);
        if (status == SLUICE_IO || (status != SLUICE_OK && single[i].kind != SLUICE_SOURCE))
            return status;
    }
    const struct config_key *keys = NULL;
    size_t n = 0;
    enum sluice_status status = config_keys(composition->config, "sources", &keys, &n, err);
    for (size_t i = 0; i < n && status == SLUICE_OK; i++) {
        struct sluice_error why; /* the catalog keeps it for the list that needs that source */
        enum sluice_status found = config_plugin(composition->config, keys[i].path, &name, &why);
        if (found == SLUICE_OK)
            found = catalog_find(&composition->catalog, name, SLUICE_SOURCE, &plugin, &why);
        if (found == SLUICE_IO)
            status = error_set(err, SLUICE_IO, "%s", why.message);
    }
    return status;
}

enum sluice_status compose_load(const struct invocation *invocation, enum compose_scope scope,
                                struct composition *ret_composition, struct sluice_error *err)
{
    *ret_composition = (struct composition){.arena = ARENA_INIT(COMPOSITION_CEILING)};
    enum sluice_status status = load_with_master(invocation, ret_composition, err);
    if (status == SLUICE_OK)
        status = catalog_open(&ret_composition->catalog, &ret_composition->arena, err);
    if (status == SLUICE_OK)
        status = load_named(ret_composition, err);
    if (status == SLUICE_OK && scope == COMPOSE_INSTALLED)
        status = catalog_load_all(&ret_composition->catalog, err);
    if (status == SLUICE_OK)
        status = sections_make(&ret_composition->catalog, &ret_composition->sections, err);
    return status;
}

static void say(void *context, enum config_severity severity, const char *message)
{
    enum config_severity least = *(enum config_severity *)context;
    struct sluice_error err;
    if (severity < least)
        return;
    error_set(&err, SLUICE_CONFIG, "%s%s", severity == CONFIG_NOTE ? "note: " : "", message);
    output_error(&err);
}

/* The first error, and how many there are. */
struct first_error {
    struct sluice_error *err;
    size_t n;
};

static void keep_first(void *context, enum config_severity severity, const char *message)
{
    struct first_error *first = context;
    if (severity == CONFIG_ERROR && first->n++ == 0)
        error_set(first->err, SLUICE_CONFIG, "%s", message);
}

static enum sluice_status check_quietly(struct composition *composition, struct sluice_error *err)
{
    struct first_error first = {.err = err};
    const struct config_report report = {keep_first, &first};
    config_check(composition->config, composition->sections.items, SECTION_COUNT, &report);
    return first.n == 0 ? SLUICE_OK : SLUICE_CONFIG;
}

size_t compose_check(struct composition *composition, enum config_severity least)
{
    const struct config_report report = {say, &least};
    return config_check(composition->config, composition->sections.items, SECTION_COUNT, &report);
}

static enum sluice_status open_log(const struct invocation *invocation, struct composition *composition,
                                   struct sluice_error *err)
{
    struct log_options options;
    enum sluice_status status =
        config_fill(composition->config, "log", log_option_table, log_option_count, &options, err);
    if (status != SLUICE_OK)
        return status;
    size_t verbose = 0;
    free(given_all(invocation, OPTION_VERBOSE, &verbose));
    enum sluice_level level = (enum sluice_level)options.level.index;
    if (verbose > 0)
        level = verbose > 1 ? SLUICE_DEBUG : SLUICE_INFO;
    if (given_flag(invocation, OPTION_QUIET))
        level = SLUICE_ERROR;
    composition->log = (struct log){.level = level,
                                    .format = (enum log_format)options.format.index,
                                    .clock = clock_system(),
                                    .write = log_to_stderr};
    return SLUICE_OK;
}

/* The folder of a file, as an absolute path; NULL without memory. */
static const char *folder_of(struct arena *arena, const char *file)
{
    const char *slash = file == NULL ? NULL : strrchr(file, '/');
    _cleanup_free_ char *folder = slash == NULL ? strdup(".") : strndup(file, (size_t)(slash - file) + 1);
    _cleanup_free_ char *absolute = folder == NULL ? NULL : realpath(folder, NULL);
    return arena_text(arena, absolute != NULL ? absolute : folder);
}

static bool is_file(const char *location)
{
    return strstr(location, "://") == NULL || strncmp(location, "file://", 7) == 0;
}

/* Files come from the master sheet's folder and the configuration's, unless fetch.roots says otherwise; the
 * master sheet itself may always be read. */
static enum sluice_status add_roots(struct composition *composition, const char *config_path,
                                    struct sluice_error *err)
{
    struct sluice_list *roots = &composition->fetch.roots;
    const char *url = composition->master.url;
    const char *master = url != NULL && is_file(url) ? url + (strncmp(url, "file://", 7) == 0 ? 7 : 0) : NULL;
    composition->folder = folder_of(&composition->arena, master != NULL ? master : config_path);
    const char **items = arena_alloc(&composition->arena, (roots->n_items + 2) * sizeof *items);
    if (items == NULL || composition->folder == NULL)
        return error_no_memory(err);
    size_t n = 0;
    if (roots->n_items == 0) {
        items[n++] = composition->folder;
        items[n++] = folder_of(&composition->arena, config_path);
    }
    for (size_t i = 0; i < roots->n_items; i++)
        items[n++] = roots->items[i];
    if (roots->n_items > 0 && master != NULL)
        items[n++] = master;
    *roots = (struct sluice_list){items, n};
    return SLUICE_OK;
}

static enum sluice_status open_services(const struct invocation *invocation, struct composition *composition,
                                        struct sluice_error *err)
{
    struct config *config = composition->config;
    enum sluice_status status = open_log(invocation, composition, err);
    if (status == SLUICE_OK)
        status = config_fill(config, "master", master_option_table, master_option_count, &composition->master,
                             err);
    if (status == SLUICE_OK)
        status =
            config_fill(config, "fetch", fetch_option_table, fetch_option_count, &composition->fetch, err);
    if (status == SLUICE_OK)
        status = fetch_options_check(&composition->fetch, err);
    if (status == SLUICE_OK)
        status = add_roots(composition, config_file(invocation), err);
    if (status == SLUICE_OK)
        status = source_book_new(config, &composition->catalog, &composition->arena, &composition->book, err);
    if (status != SLUICE_OK)
        return status;
    composition->services = (struct host_services){
        .clock = clock_system(),
        .random = random_system(),
        .log = &composition->log,
        .cancel = cancel_new(),
        .fetch = &composition->fetch,
        .slots = fetch_slots_new(composition->fetch.per_host),
        .memo = memo_new(clock_system()),
        .buckets = buckets_new(clock_system()),
    };
    const struct host_services *services = &composition->services;
    return services->cancel == NULL || services->slots == NULL || services->memo == NULL ||
                   services->buckets == NULL
               ? error_no_memory(err)
               : SLUICE_OK;
}

enum exit_code compose_open(const struct invocation *invocation, struct composition *ret_composition)
{
    struct sluice_error err;
    if (compose_load(invocation, COMPOSE_NAMED, ret_composition, &err) != SLUICE_OK)
        return output_error(&err);
    if (compose_check(ret_composition, CONFIG_ERROR) > 0)
        return EXIT_CONFIG;
    if (open_services(invocation, ret_composition, &err) != SLUICE_OK ||
        schedule_section_read(ret_composition->config, &ret_composition->schedule, &err) != SLUICE_OK)
        return output_error(&err);
    return EXIT_DONE;
}

enum sluice_status compose_reload(const struct invocation *invocation, struct composition *ret_composition,
                                  struct sluice_error *err)
{
    enum sluice_status status = compose_load(invocation, COMPOSE_NAMED, ret_composition, err);
    if (status == SLUICE_OK)
        status = check_quietly(ret_composition, err);
    return status == SLUICE_OK ? open_services(invocation, ret_composition, err) : status;
}

void compose_close(struct composition *composition)
{
    schedule_free(composition->schedule);
    source_book_free(composition->book);
    buckets_free(composition->services.buckets);
    memo_free(composition->services.memo);
    fetch_slots_free(composition->services.slots);
    cancel_free(composition->services.cancel);
    config_free(composition->config);
    catalog_close(&composition->catalog);
    arena_free(&composition->arena);
}

enum sluice_status compose_allow_file(struct composition *composition, const char *path,
                                      struct sluice_error *err)
{
    struct sluice_list *roots = &composition->fetch.roots;
    _cleanup_free_ char *root = NULL;
    enum sluice_status status = fetch_file_root(path, &root, err);
    if (status != SLUICE_OK)
        return status;
    const char **items = arena_alloc(&composition->arena, (roots->n_items + 1) * sizeof *items);
    const char *copy = arena_text(&composition->arena, root);
    if (items == NULL || copy == NULL)
        return error_no_memory(err);
    memcpy(items, roots->items, roots->n_items * sizeof *items);
    items[roots->n_items] = copy;
    *roots = (struct sluice_list){items, roots->n_items + 1};
    return SLUICE_OK;
}

/* The plugin that a section names, with its options. */
static enum sluice_status section_plugin(struct composition *composition, const char *section, uint32_t kind,
                                         struct sync_plugin *ret_plugin, struct sluice_error *err)
{
    const char *name;
    const struct sluice_plugin *plugin = NULL;
    enum sluice_status status = config_plugin(composition->config, section, &name, err);
    if (status == SLUICE_OK)
        status = catalog_find(&composition->catalog, name, kind, &plugin, err);
    if (status != SLUICE_OK)
        return status;
    void *options = arena_alloc(&composition->arena, plugin->config_size + 1);
    if (options == NULL)
        return error_no_memory(err);
    status = config_fill(composition->config, section, plugin->options, plugin->n_options, options, err);
    if (status == SLUICE_OK)
        *ret_plugin = (struct sync_plugin){plugin, options};
    return status;
}

enum sluice_status compose_instance(struct composition *composition, uint32_t kind,
                                    struct instance **ret_instance, struct sluice_error *err)
{
    struct sync_plugin plugin = {0};
    const char *section = kind_name(kind);
    enum sluice_status status = section_plugin(composition, section, kind, &plugin, err);
    if (status != SLUICE_OK)
        return status;
    return instance_create(&composition->services, plugin.plugin, plugin.options, section, ret_instance, err);
}

/* This process for people, in the lock and in the list of runs. */
static const char *who(struct arena *arena)
{
    char host[HOST_NAME_MAX + 1] = "";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    return arena_printf(arena, "%s, process %ld", host[0] == '\0' ? "this machine" : host, (long)getpid());
}

/* Numbers that only this room can judge; shares of guards are percents. */
static enum sluice_status check_ranges(const struct config *config, const struct sync_options *sync,
                                       const struct guard_options *guards, struct sluice_error *err)
{
    const struct {
        const char *path;
        int64_t value, least, most;
    } ranges[] = {
        {"sync.workers", sync->workers, 1, 64},
        {"sync.full_every", sync->full_every, 0, INT32_MAX},
        {"sync.lease", sync->lease.ms, 1000, INT64_C(86400000)},
        {"guards.suppliers_gone", guards->suppliers_gone, 0, 100},
        {"guards.suppliers_shrunk", guards->suppliers_shrunk, 0, 100},
        {"guards.items_gone", guards->items_gone, 0, 100},
        {"guards.prices_jumped", guards->prices_jumped, 0, 100},
        {"guards.rows_rejected", guards->rows_rejected, 0, 100},
        {"guards.price_jump_factor", guards->price_jump_factor, 2, 1000},
    };
    for (size_t i = 0; i < ELEMENTS(ranges); i++)
        if (ranges[i].value < ranges[i].least || ranges[i].value > ranges[i].most)
            return config_value_error(config, ranges[i].path, err, "%lld is out of range; write %lld to %lld",
                                      (long long)ranges[i].value, (long long)ranges[i].least,
                                      (long long)ranges[i].most);
    return SLUICE_OK;
}

/* The options of the sections `sync` and `guards`. */
static enum sluice_status run_options(struct composition *composition, struct sync_options *ret_sync,
                                      struct guard_options *ret_guards, struct sluice_error *err)
{
    struct config *config = composition->config;
    enum sluice_status status =
        config_fill(config, "sync", sync_option_table, sync_option_count, ret_sync, err);
    if (status == SLUICE_OK)
        status = config_fill(config, "guards", guard_option_table, guard_option_count, ret_guards, err);
    return status == SLUICE_OK ? check_ranges(config, ret_sync, ret_guards, err) : status;
}

enum sluice_status compose_ranges(struct composition *composition, struct sluice_error *err)
{
    struct sync_options sync;
    struct guard_options guards;
    struct fetch_options fetch;
    struct http_section http;
    enum sluice_status status = run_options(composition, &sync, &guards, err);
    if (status == SLUICE_OK)
        status =
            config_fill(composition->config, "fetch", fetch_option_table, fetch_option_count, &fetch, err);
    if (status == SLUICE_OK)
        status = fetch_options_check(&fetch, err);
    if (status == SLUICE_OK)
        status = http_section_read(composition->config, &composition->arena, &http, err);
    if (status != SLUICE_OK || composition->schedule != NULL)
        return status;
    return schedule_section_read(composition->config, &composition->schedule, err);
}

enum sluice_status compose_setup(struct composition *composition, struct sync_setup *ret_setup,
                                 struct sluice_error *err)
{
    struct sync_setup setup = {
        .services = &composition->services,
        .tasks = task_system(),
        .who = who(&composition->arena),
        .master_location = composition->master.url,
        .context = composition->book,
        .source = source_book_find,
    };
    if (setup.master_location == NULL)
        return error_set(err, SLUICE_CONFIG,
                         "no master sheet is named; set master.url in the configuration or MASTER_SHEET_URL");
    struct sync_options *sync = arena_alloc(&composition->arena, sizeof *sync);
    struct guard_options *guards = arena_alloc(&composition->arena, sizeof *guards);
    if (sync == NULL || guards == NULL)
        return error_no_memory(err);
    enum sluice_status status = run_options(composition, sync, guards, err);
    if (status == SLUICE_OK)
        status = section_plugin(composition, "store", SLUICE_STORE, &setup.store, err);
    if (status == SLUICE_OK)
        status = section_plugin(composition, "state", SLUICE_STATE, &setup.state, err);
    if (status == SLUICE_OK)
        status = source_book_master(composition->book, &setup.master, err);
    if (status != SLUICE_OK)
        return status;
    setup.options = sync;
    setup.guards = guards;
    setup.formats = source_book_formats(composition->book, &setup.n_formats);
    *ret_setup = setup;
    return SLUICE_OK;
}
