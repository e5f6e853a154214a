/* SPDX-License-Identifier: Apache-2.0 */
/* What a file, the environment and --set become: values with exact places, in the order of precedence. */
#include "config_fixture.h"

static struct fixture fixture;

static void setup(void)
{
    fixture_open(&fixture);
}

static void teardown(void)
{
    fixture_close(&fixture);
}

static void load_ok(const char *yaml, struct config_input input)
{
    fixture_load_bytes(&fixture, yaml, strlen(yaml), input);
    ck_assert_msg(fixture.status == SLUICE_OK, "%s\nwas refused: %s", yaml, fixture.err.message);
}

START_TEST(block_and_flow_style_mean_the_same)
{
    load_ok("store:\n  plugin: sqlite\n  path: ./a.db\n", (struct config_input){0});
    ck_assert_str_eq(config_text(fixture.config, "store.plugin"), "sqlite");
    load_ok("store: {plugin: sqlite, path: ./a.db}\n", (struct config_input){0});
    ck_assert_str_eq(config_text(fixture.config, "store.plugin"), "sqlite");
    ck_assert_str_eq(config_text(fixture.config, "store.path"), "./a.db");
}
END_TEST

START_TEST(an_empty_file_is_an_empty_configuration)
{
    load_ok("", (struct config_input){0});
    load_ok("# nothing\n", (struct config_input){0});
    load_ok("---\n", (struct config_input){0});
    load_ok("\xef\xbb\xbf"
            "a: {b: c}\n",
            (struct config_input){0});
    ck_assert_str_eq(config_text(fixture.config, "a.b"), "c");
}
END_TEST

START_TEST(without_a_file_defaults_and_environment_are_enough)
{
    const char *const defaults[] = {"store.plugin=sqlite"};
    const char *const environment[] = {"SLUICE__STORE__PATH=/x.db", NULL};
    const struct config_input input = {.defaults = defaults, .n_defaults = 1, .environment = environment};
    ck_assert_int_eq(config_load(&input, &fixture.config, &fixture.err), SLUICE_OK);
    ck_assert_str_eq(config_text(fixture.config, "store.plugin"), "sqlite");
    ck_assert_str_eq(config_text(fixture.config, "store.path"), "/x.db");
}
END_TEST

START_TEST(the_later_of_default_file_environment_and_set_wins)
{
    const char *const defaults[] = {"a.w=default", "a.x=default", "a.y=default", "a.z=default"};
    const char *const environment[] = {"SLUICE__A__Y=environment", "SLUICE__A__Z=environment", NULL};
    const char *const set[] = {"a.z=set"};
    load_ok("a: {x: file, y: file, z: file}\n",
            (struct config_input){
                .defaults = defaults, .n_defaults = 4, .environment = environment, .set = set, .n_set = 1});
    ck_assert_str_eq(config_text(fixture.config, "a.w"), "default");
    ck_assert_str_eq(config_text(fixture.config, "a.x"), "file");
    ck_assert_str_eq(config_text(fixture.config, "a.y"), "environment");
    ck_assert_str_eq(config_text(fixture.config, "a.z"), "set");
}
END_TEST

START_TEST(well_known_variables_reach_their_sections)
{
    const char *const environment[] = {"SYNC_INTERVAL_HOURS=0.5",
                                       "MASTER_SHEET_URL=https://example.com/m.csv",
                                       "DATABASE_URL=postgresql://db/x",
                                       "REDIS_URL=redis://r",
                                       "GOOGLE_APPLICATION_CREDENTIALS=/key.json",
                                       "JWT_SECRET=j",
                                       NULL};
    load_ok("sources: {google_sheets: {plugin: gsheets}}\n",
            (struct config_input){.environment = environment});
    ck_assert_str_eq(config_text(fixture.config, "schedule.every"), "30m");
    ck_assert_str_eq(config_text(fixture.config, "master.url"), "https://example.com/m.csv");
    ck_assert_str_eq(config_text(fixture.config, "store.url"), "postgresql://db/x");
    ck_assert_str_eq(config_text(fixture.config, "state.url"), "redis://r");
    ck_assert_str_eq(config_text(fixture.config, "sources.google_sheets.credentials"), "/key.json");
    ck_assert_str_eq(config_text(fixture.config, "http.jwt_secret"), "j");
}
END_TEST

START_TEST(the_google_credentials_serve_a_master_that_is_a_google_sheet)
{
    const char *const environment[] = {"GOOGLE_APPLICATION_CREDENTIALS=/key.json", NULL};
    load_ok("master: {plugin: gsheets}\n", (struct config_input){.environment = environment});
    ck_assert_str_eq(config_text(fixture.config, "master.credentials"), "/key.json");
    load_ok("master: {plugin: csv-stub}\n", (struct config_input){.environment = environment});
    ck_assert_ptr_null(config_text(fixture.config, "master.credentials"));
}
END_TEST

START_TEST(a_well_known_variable_invents_no_source)
{
    const char *const environment[] = {"GOOGLE_APPLICATION_CREDENTIALS=/key.json", NULL};
    load_ok("sources: {csv: {plugin: csv-stub}}\n", (struct config_input){.environment = environment});
    ck_assert_ptr_null(config_text(fixture.config, "sources.google_sheets.credentials"));
}
END_TEST

static const struct {
    const char *hours, *every; /* every NULL: refused */
} intervals[] = {{"8", "8h"}, {"0.5", "30m"}, {"0.0001", "360ms"}, {"24", "24h"}, {"1.25", "75m"},
                 {"0", NULL}, {"-1", NULL},   {"8h", NULL},        {"x", NULL},   {"1e9999", NULL}};

START_TEST(interval_hours_are_a_positive_decimal)
{
    char variable[64];
    snprintf(variable, sizeof variable, "SYNC_INTERVAL_HOURS=%s", intervals[_i].hours);
    const char *const environment[] = {variable, NULL};
    fixture_load_bytes(&fixture, "", 0, (struct config_input){.environment = environment});
    if (intervals[_i].every == NULL) {
        ck_assert_msg(fixture.status == SLUICE_CONFIG, "%s was taken", variable);
        ck_assert_msg(strstr(fixture.err.message, "environment SYNC_INTERVAL_HOURS: ") == fixture.err.message,
                      "%s", fixture.err.message);
        return;
    }
    ck_assert_msg(fixture.status == SLUICE_OK, "%s: %s", variable, fixture.err.message);
    ck_assert_str_eq(config_text(fixture.config, "schedule.every"), intervals[_i].every);
}
END_TEST

START_TEST(a_key_with_a_dot_is_reached_in_quotes)
{
    const char *const set[] = {"suppliers.\"Acme \\\"A\\\" Inc. = x\".currency=EUR"};
    const struct config_key *keys = NULL;
    size_t n = 0;
    load_ok("suppliers: {\"B. Ltd\": {currency: USD}}\n", (struct config_input){.set = set, .n_set = 1});
    ck_assert_int_eq(config_keys(fixture.config, "suppliers", &keys, &n, &fixture.err), SLUICE_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(keys[0].key, "B. Ltd");
    ck_assert_str_eq(keys[0].path, "suppliers.\"B. Ltd\"");
    ck_assert_str_eq(keys[1].key, "Acme \"A\" Inc. = x");
    ck_assert_str_eq(config_text(fixture.config, "suppliers.\"Acme \\\"A\\\" Inc. = x\".currency"), "EUR");
}
END_TEST

static const char *const bad_sets[] = {"",     "=",      "a",     "a.b",      ".a=1",
                                       "a.=1", "a..b=1", "\"a=1", "\"a\"b=1", "a\"b=1"};

START_TEST(an_assignment_without_a_path_is_refused)
{
    fixture_load_bytes(&fixture, "", 0, (struct config_input){.set = &bad_sets[_i], .n_set = 1});
    ck_assert_msg(fixture.status == SLUICE_CONFIG, "--set '%s' was taken", bad_sets[_i]);
    ck_assert_msg(strncmp(fixture.err.message, "--set", 5) == 0, "%s", fixture.err.message);
}
END_TEST

START_TEST(nothing_can_be_set_below_a_value)
{
    const char *const set[] = {"a.b.c=1"};
    fixture_load_bytes(&fixture, "a: {b: 1}\n", 10, (struct config_input){.set = set, .n_set = 1});
    ck_assert_int_eq(fixture.status, SLUICE_CONFIG);
    ck_assert_str_eq(fixture.err.message, "--set: a.b.c: \"b\" is a value, so nothing can be set below it");
}
END_TEST

START_TEST(a_missing_file_says_how_to_name_one)
{
    const struct config_input input = {.file = "/nowhere/sluice.yaml"};
    ck_assert_int_eq(config_load(&input, &fixture.config, &fixture.err), SLUICE_CONFIG);
    ck_assert_str_eq(fixture.err.message,
                     "/nowhere/sluice.yaml: there is no such file; name the configuration with -c FILE");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config load");
    TCase *test = tcase_create("load");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, block_and_flow_style_mean_the_same);
    tcase_add_test(test, an_empty_file_is_an_empty_configuration);
    tcase_add_test(test, without_a_file_defaults_and_environment_are_enough);
    tcase_add_test(test, the_later_of_default_file_environment_and_set_wins);
    tcase_add_test(test, well_known_variables_reach_their_sections);
    tcase_add_test(test, the_google_credentials_serve_a_master_that_is_a_google_sheet);
    tcase_add_test(test, a_well_known_variable_invents_no_source);
    tcase_add_loop_test(test, interval_hours_are_a_positive_decimal, 0, ELEMENTS(intervals));
    tcase_add_test(test, a_key_with_a_dot_is_reached_in_quotes);
    tcase_add_loop_test(test, an_assignment_without_a_path_is_refused, 0, ELEMENTS(bad_sets));
    tcase_add_test(test, nothing_can_be_set_below_a_value);
    tcase_add_test(test, a_missing_file_says_how_to_name_one);
    suite_add_tcase(suite, test);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
