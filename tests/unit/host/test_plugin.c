/* SPDX-License-Identifier: Apache-2.0 */
#include "services.h"

#include <unistd.h>

static const struct {
    const char *file, *says;
} hostile[] = {
    {"wrong-abi", "ABI 77"},
    {"missing-symbol", "does not export 'sluice_plugin'"},
    {"null-slot", "next ()"},
    {"short-vtable", "close ()"},
    {"two-vtables", "2 of the vtables"},
    {"no-vtable", "0 of the vtables"},
    {"wrong-kind", "calls itself a store"},
    {"no-create", "create ()"},
    {"bad-name", "its name"},
    {"tiny-struct", "struct_size of 8"},
    {"lying-size", "struct_size of 1048576"},
    {"not-a-struct", "no plugin description"},
    {"undefined-symbol", "fixture_nowhere"},
    {"option-offset", "'far'"},
    {"option-edge", "'edge'"},
    {"option-type", "unknown type 99"},
    {"option-twice", "'same' twice"},
    {"option-shared", "'two' and 'one'"},
    {"option-choices", "choice among nothing"},
    {"option-default", "default 'c'"},
    {"option-table", "3 options and has no table"},
};

START_TEST(a_hostile_plugin_is_refused_by_name_and_reason)
{
    for (size_t i = 0; i < ELEMENTS(hostile); i++) {
        const struct sluice_plugin *plugin = NULL;
        struct sluice_error err = {0};
        char path[512];
        snprintf(path, sizeof path, FIXTURES "%s.so", hostile[i].file);
        enum sluice_status status = plugin_load(path, 0, &plugin, &err);
        ck_assert_msg(status == SLUICE_CONFIG && plugin == NULL, "%s: %s", path, status_name(status));
        ck_assert_msg(strstr(err.message, hostile[i].says) != NULL && strstr(err.message, path) != NULL,
                      "%s: \"%s\" does not say \"%s\"", path, err.message, hostile[i].says);
    }
}
END_TEST

START_TEST(an_older_plugin_has_null_where_its_structs_end)
{
    const struct sluice_plugin *plugin = NULL;
    struct sluice_error err = {0};
    ck_assert_msg(plugin_load(FIXTURES "small.so", SLUICE_SOURCE, &plugin, &err) == SLUICE_OK, "%s",
                  err.message);
    ck_assert_str_eq(plugin->name, "small");
    ck_assert(plugin->source->next != NULL);
    ck_assert(plugin->source->discover == NULL);
    ck_assert(plugin->extension == NULL);
    static const struct sluice_plugin *kept; /* it lives as long as the process, also for leak checkers */
    kept = plugin;
    ck_assert_ptr_eq(kept, plugin);
}
END_TEST

START_TEST(another_kind_than_asked_for_is_refused)
{
    const struct sluice_plugin *plugin;
    struct sluice_error err = {0};
    ck_assert_int_eq(plugin_load(FIXTURES "good.so", SLUICE_STORE, &plugin, &err), SLUICE_CONFIG);
    ck_assert_msg(strstr(err.message, "a store is needed") != NULL, "%s", err.message);
}
END_TEST

START_TEST(what_is_no_shared_object_is_refused)
{
    const struct sluice_plugin *plugin;
    struct sluice_error err = {0};
    ck_assert_int_eq(plugin_load(SLUICE_SOURCE_DIR "/CMakeLists.txt", 0, &plugin, &err), SLUICE_CONFIG);
    ck_assert_msg(strstr(err.message, "cannot be loaded") != NULL, "%s", err.message);
    ck_assert_int_eq(plugin_load(FIXTURES "nowhere.so", 0, &plugin, &err), SLUICE_CONFIG);
}
END_TEST

START_TEST(a_folder_that_everyone_may_write_to_gives_no_plugin)
{
    struct bench bench;
    const struct sluice_plugin *plugin;
    char path[512];
    bench_open(&bench);
    snprintf(path, sizeof path, "%s/good.so", bench.folder);
    ck_assert_int_eq(link(FIXTURES "good.so", path) == 0 || symlink(FIXTURES "good.so", path) == 0, 1);
    ck_assert_int_eq(chmod(bench.folder, 0777), 0);
    assert_status(&bench, plugin_load(path, 0, &plugin, &bench.err), SLUICE_CONFIG);
    assert_says(&bench, "everyone may write");
    bench_close(&bench);
}
END_TEST

static struct plugin_dirs fixture_dirs(char **item)
{
    static char folder[] = FIXTURES;
    *item = folder;
    return (struct plugin_dirs){.items = item, .n = 1};
}

START_TEST(a_name_is_found_in_the_folders_and_a_path_as_it_is)
{
    char *item;
    struct plugin_dirs dirs = fixture_dirs(&item);
    const struct sluice_plugin *by_name = NULL, *by_path = NULL;
    struct sluice_error err = {0};
    ck_assert_msg(plugin_find(&dirs, "good", 0, &by_name, &err) == SLUICE_OK, "%s", err.message);
    ck_assert_msg(plugin_find(&dirs, FIXTURES "good.so", 0, &by_path, &err) == SLUICE_OK, "%s", err.message);
    ck_assert_ptr_eq(by_name, by_path);
}
END_TEST

START_TEST(a_mistyped_name_is_answered_with_the_likely_one)
{
    char *item;
    struct plugin_dirs dirs = fixture_dirs(&item);
    const struct sluice_plugin *plugin;
    struct sluice_error err = {0};
    ck_assert_int_eq(plugin_find(&dirs, "goood", 0, &plugin, &err), SLUICE_CONFIG);
    ck_assert_msg(strstr(err.message, "did you mean 'good'?") != NULL, "%s", err.message);
    ck_assert_int_eq(plugin_find(&dirs, "nothing-like-it", 0, &plugin, &err), SLUICE_CONFIG);
    ck_assert_msg(strstr(err.message, "SLUICE_PLUGIN_PATH") != NULL, "%s", err.message);
}
END_TEST

struct census {
    unsigned loaded, refused;
    const struct sluice_plugin *plugins[64]; /* they live as long as the process, also for leak checkers */
};

static void census_take(void *context, const char *path, const struct sluice_plugin *plugin,
                        const struct sluice_error *refusal)
{
    struct census *census = context;
    ck_assert_ptr_nonnull(path);
    ck_assert_msg((plugin == NULL) != (refusal == NULL), "%s is both or neither", path);
    if (plugin != NULL)
        census->plugins[census->loaded++] = plugin;
    census->refused += refusal != NULL;
}

START_TEST(each_lists_the_refused_ones_too)
{
    char *items[2];
    struct plugin_dirs dirs = fixture_dirs(items);
    char missing[] = "/nonexistent/plugins";
    static struct census census;
    struct sluice_error err = {0};
    items[1] = missing;
    dirs.n = 2;
    ck_assert_msg(plugin_each(&dirs, census_take, &census, &err) == SLUICE_OK, "%s", err.message);
    ck_assert_uint_eq(census.refused, ELEMENTS(hostile));
    ck_assert_uint_eq(census.loaded, 2); /* good, small */
}
END_TEST

START_TEST(the_folders_come_from_the_environment_or_the_executable)
{
    struct plugin_dirs dirs = {0};
    setenv("SLUICE_PLUGIN_PATH", "/a::/b/c:", 1);
    ck_assert_int_eq(plugin_dirs_default(&dirs, NULL), SLUICE_OK);
    ck_assert_uint_eq(dirs.n, 2);
    ck_assert_str_eq(dirs.items[0], "/a");
    ck_assert_str_eq(dirs.items[1], "/b/c");
    plugin_dirs_free(&dirs);
    unsetenv("SLUICE_PLUGIN_PATH");
    ck_assert_int_eq(plugin_dirs_default(&dirs, NULL), SLUICE_OK);
    for (size_t i = 0; i < dirs.n; i++)
        ck_assert_msg(strstr(dirs.items[i], "plugins") != NULL, "%s", dirs.items[i]);
    plugin_dirs_free(&dirs);
}
END_TEST

START_TEST(the_option_table_of_fetch_is_right)
{
    struct sluice_error err = {0};
    ck_assert_msg(option_table_check(fetch_option_table, fetch_option_count, sizeof(struct fetch_options),
                                     "fetch", &err) == SLUICE_OK,
                  "%s", err.message);
}
END_TEST

START_TEST(fetch_options_beyond_their_range_are_named)
{
    struct bench bench;
    static const char *const bad_host[] = {"https://example.com/"};
    static const char *const bad_port[] = {"80x"};
    bench_open(&bench);
    assert_status(&bench, fetch_options_check(&bench.fetch, &bench.err), SLUICE_OK);
    bench.fetch.attempts = 0;
    assert_status(&bench, fetch_options_check(&bench.fetch, &bench.err), SLUICE_CONFIG);
    assert_says(&bench, "fetch.attempts");
    bench.fetch.attempts = 1;
    bench.fetch.allow_http = (struct sluice_list){bad_host, 1};
    assert_status(&bench, fetch_options_check(&bench.fetch, &bench.err), SLUICE_CONFIG);
    assert_says(&bench, "fetch.allow_http");
    bench.fetch.allow_http = (struct sluice_list){0};
    bench.fetch.ports = (struct sluice_list){bad_port, 1};
    assert_status(&bench, fetch_options_check(&bench.fetch, &bench.err), SLUICE_CONFIG);
    assert_says(&bench, "fetch.ports");
    bench_close(&bench);
}
END_TEST

CHECK_MAIN("host.plugin", a_hostile_plugin_is_refused_by_name_and_reason,
           an_older_plugin_has_null_where_its_structs_end, another_kind_than_asked_for_is_refused,
           what_is_no_shared_object_is_refused, a_folder_that_everyone_may_write_to_gives_no_plugin,
           a_name_is_found_in_the_folders_and_a_path_as_it_is,
           a_mistyped_name_is_answered_with_the_likely_one, each_lists_the_refused_ones_too,
           the_folders_come_from_the_environment_or_the_executable, the_option_table_of_fetch_is_right,
           fetch_options_beyond_their_range_are_named)
