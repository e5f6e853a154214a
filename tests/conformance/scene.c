/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "base/cleanup.h"
#include "config/config.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { MOST_INSTANCES = 128, WORTH_A_COMMAND_MS = 2000, ARENA_CEILING = 256 << 20 };

struct scene {
    const struct conformance *conformance;
    char folder[512];
    struct clock clock;
    int64_t passed_us; /* what scene_pass () added to the machine's clock */
    struct host_services services;
    struct config *config;
    void *options;
    struct fetch_options fetch;
    const char *hosts[1];
    const char *roots[2]; /* what a source may fetch: its list and the scratch folder */
    struct instance *instances[MOST_INSTANCES];
    size_t n_instances;
    struct arena arena;
    struct sluice_error err;
    jmp_buf end;
    char failure[ERROR_MESSAGE_SIZE + 512];
};

static int64_t scene_wall(const struct clock *clock)
{
    const struct scene *scene = clock->context;
    return clock_system()->wall_us(clock_system()) + scene->passed_us;
}

static int64_t scene_monotonic(const struct clock *clock)
{
    (void)clock;
    return clock_system()->monotonic_us(clock_system());
}

void expect(struct scene *scene, bool truth, const char *format, ...)
{
    if (truth)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(scene->failure, sizeof scene->failure, format, args);
    va_end(args);
    longjmp(scene->end, 1);
}

void expect_equal(struct scene *scene, const char *what, int64_t expected, int64_t got)
{
    expect(scene, expected == got, "%s: expected %lld, got %lld", what, (long long)expected, (long long)got);
}

void expect_text(struct scene *scene, const char *what, const char *expected, const char *got)
{
    bool same = expected == NULL || got == NULL ? expected == got : strcmp(expected, got) == 0;
    expect(scene, same, "%s: expected \"%s\", got \"%s\"", what, expected == NULL ? "(none)" : expected,
           got == NULL ? "(none)" : got);
}

void expect_status(struct scene *scene, const char *what, enum sluice_status expected, enum sluice_status got)
{
    bool failed = got != SLUICE_OK && got != SLUICE_END;
    expect(scene, expected == got, "%s: expected %s, got %s%s%s", what, status_name(expected),
           status_name(got), failed ? ": " : "", failed ? scene->err.message : "");
}

void *scene_instance(struct scene *scene)
{
    expect(scene, scene->n_instances < MOST_INSTANCES, "the case makes too many instances");
    struct instance *instance = NULL;
    enum sluice_status status = instance_create(&scene->services, scene->conformance->plugin, scene->options,
                                                "conformance", &instance, &scene->err);
    expect_status(scene, "create", SLUICE_OK, status);
    scene->instances[scene->n_instances++] = instance;
    return instance->self;
}

const struct sluice_store *scene_store(const struct scene *scene)
{
    return scene->conformance->plugin->store;
}

const struct sluice_state *scene_state(const struct scene *scene)
{
    return scene->conformance->plugin->state;
}

const struct sluice_source *scene_source(const struct scene *scene)
{
    return scene->conformance->plugin->source;
}

const struct sluice_plugin *scene_plugin(const struct scene *scene)
{
    return scene->conformance->plugin;
}

const char *scene_location(const struct scene *scene)
{
    return scene->conformance->location;
}

struct sluice_error *scene_error(struct scene *scene)
{
    scene->err = (struct sluice_error){.status = SLUICE_OK};
    return &scene->err;
}

const char *scene_last_message(const struct scene *scene)
{
    return scene->err.message;
}

const char *scene_folder(const struct scene *scene)
{
    return scene->folder;
}

struct cancel *scene_cancel(struct scene *scene)
{
    return scene->services.cancel;
}

struct arena *scene_arena(struct scene *scene)
{
    return &scene->arena;
}

static int64_t plugin_now(struct scene *scene)
{
    int64_t now_us = scene_wall(&scene->clock);
    const struct sluice_store *store = scene_store(scene);
    if (store != NULL && scene->n_instances > 0)
        store->clock(scene->instances[0]->self, &now_us, &scene->err);
    return now_us;
}

/* Moves what is kept back in time instead of the clock forward. */
static void pass_by_command(struct scene *scene, int64_t ms)
{
    const char *command = arena_printf(&scene->arena, "MS=%lld; %s", (long long)ms, scene->conformance->pass);
    int status = system(command); /* NOLINT(cert-env33-c): the command is the test's own */
    expect(scene, status == 0, "the command that lets time pass ended with status %d: %s", status, command);
}

void scene_pass(struct scene *scene, int64_t ms)
{
    if (scene->conformance->pass != NULL && ms > WORTH_A_COMMAND_MS) {
        pass_by_command(scene, ms);
        return;
    }
    int64_t until_us = plugin_now(scene) + ms * US_PER_MS;
    if ((scene->conformance->flags & CONFORMANCE_OWN_CLOCK) == 0)
        scene->passed_us += ms * US_PER_MS;
    while (plugin_now(scene) < until_us)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

/* The value with {dir} replaced by the scratch folder. */
static const char *assignment_in(struct scene *scene, const char *assignment)
{
    const char *mark = strstr(assignment, "{dir}");
    if (mark == NULL)
        return assignment;
    return arena_printf(&scene->arena, "%.*s%s%s", (int)(mark - assignment), assignment, scene->folder,
                        mark + strlen("{dir}"));
}

/* The assignments stand where a configuration file would: so that options without a default may be required.
 */
static void options_fill(struct scene *scene)
{
    const struct sluice_plugin *plugin = scene->conformance->plugin;
    size_t n = scene->conformance->n_assignments;
    const char **values = arena_alloc(&scene->arena, (n + 1) * sizeof *values);
    scene->options = arena_alloc(&scene->arena, plugin->config_size + 1);
    for (size_t i = 0; i < n; i++)
        values[i] = arena_printf(&scene->arena, "plugin.%s",
                                 assignment_in(scene, scene->conformance->assignments[i]));
    struct config_input input = {.defaults = values, .n_defaults = n};
    enum sluice_status status = config_load(&input, &scene->config, &scene->err);
    expect_status(scene, "the configuration", SLUICE_OK, status);
    status =
        config_fill(scene->config, "plugin", plugin->options, plugin->n_options, scene->options, &scene->err);
    expect_status(scene, "the options", SLUICE_OK, status);
}

/* A list that is a file is its own root; a source speaks to no other host than api_host. */
static void fetch_fill(struct scene *scene)
{
    const char *location = scene->conformance->location;
    enum sluice_status status = config_fill(scene->config, "fetch", fetch_option_table, fetch_option_count,
                                            &scene->fetch, &scene->err);
    expect_status(scene, "the defaults of fetching", SLUICE_OK, status);
    scene->roots[0] = scene->folder;
    scene->roots[1] = location;
    scene->fetch.roots.items = scene->roots;
    scene->fetch.roots.n_items = location != NULL && location[0] == '/' ? 2 : 1;
    scene->services.fetch = &scene->fetch;
    if (scene->conformance->api_host == NULL)
        return;
    scene->hosts[0] = scene->conformance->api_host;
    scene->fetch.allow_http = scene->fetch.allow_private = scene->fetch.api_hosts =
        (struct sluice_list){scene->hosts, 1};
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

static void scene_end(struct scene *scene)
{
    for (size_t i = scene->n_instances; i > 0; i--)
        instance_destroy(scene->instances[i - 1]);
    cancel_free(scene->services.cancel);
    config_free(scene->config);
    arena_free(&scene->arena);
    nftw(scene->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void scene_begin(struct scene *scene, const struct conformance *conformance)
{
    scene->conformance = conformance;
    scene->arena = (struct arena)ARENA_INIT(ARENA_CEILING);
    scene->clock = (struct clock){.wall_us = scene_wall, .monotonic_us = scene_monotonic, .context = scene};
    scene->services =
        (struct host_services){.clock = &scene->clock, .random = random_system(), .cancel = cancel_new()};
    snprintf(scene->folder, sizeof scene->folder, "%s/case-XXXXXX", conformance->scratch);
    if (mkdtemp(scene->folder) == NULL)
        snprintf(scene->failure, sizeof scene->failure, "%s: no scratch folder can be made there",
                 conformance->scratch);
}

/* A case that begins with what another one left would prove nothing. */
static void scene_prepare(struct scene *scene)
{
    const char *command = scene->conformance->before;
    if (command == NULL)
        return;
    int status = system(command); /* NOLINT(cert-env33-c): the command is the test's own */
    expect(scene, status == 0, "the command before the case ended with status %d: %s", status, command);
}

const char *scene_try(struct scene *scene, void (*part)(struct scene *scene, struct shared *shared, size_t i),
                      struct shared *shared, size_t i)
{
    jmp_buf outer;
    memcpy(&outer, &scene->end, sizeof outer);
    if (setjmp(scene->end) == 0)
        part(scene, shared, i);
    memcpy(&scene->end, &outer, sizeof outer);
    return scene->failure[0] == '\0' ? NULL : scene->failure;
}

static enum conformance_verdict play(const struct conformance *conformance,
                                     const struct conformance_case *one, struct scene *scene)
{
    scene_begin(scene, conformance);
    if (scene->failure[0] == '\0' && setjmp(scene->end) == 0) {
        scene_prepare(scene);
        options_fill(scene);
        fetch_fill(scene);
        one->play(scene);
    }
    scene_end(scene);
    return scene->failure[0] == '\0' ? CONFORMANCE_PASSED : CONFORMANCE_FAILED;
}

size_t conformance_play(const struct conformance *conformance, const struct conformance_case *cases, size_t n)
{
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        if (conformance->only != NULL && strcmp(conformance->only, cases[i].name) != 0)
            continue;
        if ((cases[i].not_with & conformance->flags) != 0) {
            conformance->report(conformance->context, cases[i].name, CONFORMANCE_SKIPPED,
                                "this plugin keeps its data in one process");
            continue;
        }
        _cleanup_free_ struct scene *scene = calloc(1, sizeof *scene);
        if (scene == NULL)
            return failed + 1;
        enum conformance_verdict verdict = play(conformance, &cases[i], scene);
        failed += verdict == CONFORMANCE_FAILED;
        conformance->report(conformance->context, cases[i].name, verdict, scene->failure);
    }
    return failed;
}
