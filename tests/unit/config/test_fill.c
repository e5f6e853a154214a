/* SPDX-License-Identifier: Apache-2.0 */
/* From text to an options struct: each type, its defaults, its limits and its refusals. */
#include "config_fixture.h"
#include "option_fixture.h"

static struct fixture fixture;
static struct every_type options;

static void setup(void)
{
    fixture_open(&fixture);
    memset(&options, 0xee, sizeof options);
}

static void teardown(void)
{
    fixture_close(&fixture);
}

static enum sluice_status fill(const char *yaml)
{
    fixture_load(&fixture, yaml);
    ck_assert_msg(fixture.status == SLUICE_OK, "%s: %s", yaml, fixture.err.message);
    return config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err);
}

static void fill_ok(const char *yaml)
{
    ck_assert_msg(fill(yaml) == SLUICE_OK, "%s: %s", yaml, fixture.err.message);
}

START_TEST(an_absent_section_gives_the_defaults)
{
    fill_ok("");
    ck_assert_str_eq(options.text, "hello");
    ck_assert_ptr_null(options.bare);
    ck_assert_ptr_null(options.secret.text);
    ck_assert_int_eq(options.number, 7);
    ck_assert(options.truth);
    ck_assert_int_eq(options.duration.ms, 300000);
    ck_assert_uint_eq(options.size.bytes, 65536);
    ck_assert_uint_eq(options.choice.index, 1);
    ck_assert_uint_eq(options.list.n_items, 2);
    ck_assert_str_eq(options.list.items[0], "a");
    ck_assert_str_eq(options.list.items[1], "b");
    ck_assert_uint_eq(options.paths.n_items, 0);
}
END_TEST

START_TEST(every_type_is_read_from_the_file)
{
    fill_ok("log:\n  text: 12\n  bare: ''\n  secret: s\n  number: -3\n  truth: off\n  duration: 500ms\n  "
            "size: 1GB\n"
            "  choice: blue\n  list: [x, 'y, z']\n");
    ck_assert_str_eq(options.text, "12");
    ck_assert_str_eq(options.bare, "");
    ck_assert_str_eq(options.secret.text, "s");
    ck_assert_int_eq(options.number, -3);
    ck_assert(!options.truth);
    ck_assert_int_eq(options.duration.ms, 500);
    ck_assert_uint_eq(options.size.bytes, 1000000000);
    ck_assert_uint_eq(options.choice.index, 2);
    ck_assert_uint_eq(options.list.n_items, 2);
    ck_assert_str_eq(options.list.items[1], "y, z");
}
END_TEST

START_TEST(one_value_of_the_file_is_a_list_of_one)
{
    fill_ok("log: {list: \"a, b\"}\n");
    ck_assert_uint_eq(options.list.n_items, 1);
    ck_assert_str_eq(options.list.items[0], "a, b");
    fill_ok("log: {list: []}\n");
    ck_assert_uint_eq(options.list.n_items, 0);
}
END_TEST

START_TEST(commas_separate_a_list_from_set)
{
    const char *const set[] = {"log.list= a ,b,c"};
    fixture_load_bytes(&fixture, "", 0, (struct config_input){.set = set, .n_set = 1});
    ck_assert_int_eq(config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_OK);
    ck_assert_uint_eq(options.list.n_items, 3);
    ck_assert_str_eq(options.list.items[0], "a");
    ck_assert_str_eq(options.list.items[2], "c");
}
END_TEST

static const struct {
    const char *yaml, *message;
} refused[] = {
    {"log: {number: x}\n", "sluice.yaml:1:15: log.number: \"x\" is no integer; write a whole number"},
    {"log: {number: 1.5}\n", "sluice.yaml:1:15: log.number: \"1.5\" is no integer"},
    {"log: {number: 9223372036854775808}\n",
     "sluice.yaml:1:15: log.number: \"9223372036854775808\" is no integer"},
    {"log: {number: ' 1'}\n", "sluice.yaml:1:15: log.number: \" 1\" is no integer"},
    {"log: {number: 0x10}\n", "sluice.yaml:1:15: log.number: \"0x10\" is no integer"},
    {"log: {truth: 1}\n", "sluice.yaml:1:14: log.truth: \"1\" is no bool; write true or false"},
    {"log:\n  duration: 8\n",
     "sluice.yaml:2:13: log.duration: \"8\" is no duration; write a number and its unit"},
    {"log: {duration: -5m}\n", "sluice.yaml:1:17: log.duration: \"-5m\""},
    {"log: {duration: 5 m}\n", "sluice.yaml:1:17: log.duration: \"5 m\""},
    {"log: {duration: 99999999999999999999d}\n", "sluice.yaml:1:17: log.duration: "},
    {"log: {duration: 9999999999999999d}\n", "sluice.yaml:1:17: log.duration: "},
    {"log: {size: 64}\n", "sluice.yaml:1:13: log.size: \"64\" is no size; write a number and its unit"},
    {"log: {size: 64k}\n", "sluice.yaml:1:13: log.size: "},
    {"log: {size: 99999999TiB}\n", "sluice.yaml:1:13: log.size: "},
    {"log: {choice: gren}\n", "sluice.yaml:1:15: log.choice: \"gren\" is not possible here; did you mean "
                              "\"green\"? write red, green or blue"},
    {"log: {choice: GREEN}\n",
     "sluice.yaml:1:15: log.choice: \"GREEN\" is not possible here; write red, green or blue"},
    {"log: {text: {a: b}}\n", "sluice.yaml:1:13: log.text: this is a section"},
    {"log: {text: [a]}\n", "sluice.yaml:1:13: log.text: this is a list"},
    {"log: {text: }\n", "sluice.yaml:1:"},
    {"log:\n  text: ~\n", "sluice.yaml:2:9: log.text: there is no value"},
    {"log: {list: [a, {b: c}]}\n", "sluice.yaml:1:17: log.list: an element of this list is no text"},
    {"log: {list: {a: b}}\n", "sluice.yaml:1:13: log.list: this is a section"},
    {"log: {secret: [canary]}\n", "sluice.yaml:1:7: log.secret: this is a list"},
    {"log: 3\n", "sluice.yaml:1:6: log: this must be a section"},
    {"log: [a]\n", "sluice.yaml:1:6: log: this must be a section"},
};

START_TEST(a_wrong_value_is_refused_with_what_to_write)
{
    ck_assert_msg(fill(refused[_i].yaml) == SLUICE_CONFIG, "%s was taken", refused[_i].yaml);
    const char *message = fixture_message(&fixture);
    ck_assert_msg(strncmp(message, refused[_i].message, strlen(refused[_i].message)) == 0,
                  "%s\ngave: %s\nwanted: %s…", refused[_i].yaml, message, refused[_i].message);
}
END_TEST

START_TEST(a_wrong_value_of_the_environment_names_the_variable)
{
    const char *const environment[] = {"SLUICE__LOG__NUMBER=x", NULL};
    const char *const set[] = {"log.size=y"};
    fixture_load_bytes(&fixture, "", 0, (struct config_input){.environment = environment});
    config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err);
    ck_assert_str_eq(
        fixture.err.message,
        "environment SLUICE__LOG__NUMBER: log.number: \"x\" is no integer; write a whole number");
    fixture_load_bytes(&fixture, "", 0, (struct config_input){.set = set, .n_set = 1});
    config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err);
    ck_assert_msg(strncmp(fixture.err.message, "--set log.size: \"y\" is no size", 30) == 0, "%s",
                  fixture.err.message);
}
END_TEST

START_TEST(a_relative_path_starts_at_the_folder_of_its_file)
{
    char wanted[128];
    fill_ok("log: {path: ./a/b.db, paths: [c, /d, 'https://e/f', 'file:g']}\n");
    snprintf(wanted, sizeof wanted, "%s/a/b.db", fixture.folder);
    ck_assert_str_eq(options.path, wanted);
    snprintf(wanted, sizeof wanted, "%s/c", fixture.folder);
    ck_assert_str_eq(options.paths.items[0], wanted);
    ck_assert_str_eq(options.paths.items[1], "/d");
    ck_assert_str_eq(options.paths.items[2], "https://e/f");
    ck_assert_str_eq(options.paths.items[3], "file:g");
    fill_ok("");
    snprintf(wanted, sizeof wanted, "%s/sluice.db", fixture.folder);
    ck_assert_str_eq(options.path, wanted);
}
END_TEST

START_TEST(a_relative_path_of_set_starts_at_the_working_folder)
{
    const char *const set[] = {"log.path=a.db"};
    fixture_load_bytes(&fixture, "", 0, (struct config_input){.set = set, .n_set = 1});
    ck_assert_int_eq(config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_OK);
    ck_assert_str_eq(options.path, "a.db");
}
END_TEST

START_TEST(an_override_keeps_what_it_does_not_name)
{
    fill_ok("log: {number: 1, text: base}\nsuppliers: {Acme: {number: 2}}\n");
    ck_assert_int_eq(
        config_override(fixture.config, "suppliers.Acme", every_option, N_EVERY, &options, &fixture.err),
        SLUICE_OK);
    ck_assert_int_eq(options.number, 2);
    ck_assert_str_eq(options.text, "base");
}
END_TEST

START_TEST(a_required_option_is_missed_where_its_section_stands)
{
    struct small small;
    fixture_load(&fixture, "a: 1\nmaster: {currency: USD}\n");
    ck_assert_int_eq(config_fill(fixture.config, "master", small_option, N_SMALL, &small, &fixture.err),
                     SLUICE_CONFIG);
    ck_assert_str_eq(fixture_message(&fixture),
                     "sluice.yaml:2:1: master.url: this is required (Its address.)");
}
END_TEST

START_TEST(a_section_names_its_plugin)
{
    const char *name = "kept";
    fixture_load(&fixture, "store: {plugin: sqlite}\nstate: {path: x}\n");
    ck_assert_int_eq(config_plugin(fixture.config, "state", &name, &fixture.err), SLUICE_CONFIG);
    ck_assert_msg(strncmp(fixture_message(&fixture),
                          "sluice.yaml:2:1: state.plugin: this section needs a plugin", 58) == 0,
                  "%s", fixture.err.message);
    ck_assert_str_eq(name, "kept");
    ck_assert_int_eq(config_plugin(fixture.config, "store", &name, &fixture.err), SLUICE_OK);
    ck_assert_str_eq(name, "sqlite");
}
END_TEST

START_TEST(the_user_of_a_value_can_refuse_it_at_its_place)
{
    fill_ok("log:\n  number: 70000\n");
    ck_assert_int_eq(config_value_error(fixture.config, "log.number", &fixture.err, "%d is no port", 70000),
                     SLUICE_CONFIG);
    ck_assert_str_eq(fixture_message(&fixture), "sluice.yaml:2:11: log.number: 70000 is no port");
}
END_TEST

START_TEST(an_option_of_the_command_line_is_assigned)
{
    fill_ok("");
    ck_assert_int_eq(config_assign(fixture.config, "text=a=b", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_OK);
    ck_assert_str_eq(options.text, "a=b");
    ck_assert_int_eq(config_assign(fixture.config, "number=b", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_CONFIG);
    ck_assert_str_eq(fixture.err.message, "-o number: \"b\" is no integer; write a whole number");
    ck_assert_int_eq(config_assign(fixture.config, "numbr=1", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_CONFIG);
    ck_assert_int_eq(config_assign(fixture.config, "number", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_CONFIG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config fill");
    TCase *test = tcase_create("fill");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, an_absent_section_gives_the_defaults);
    tcase_add_test(test, every_type_is_read_from_the_file);
    tcase_add_test(test, one_value_of_the_file_is_a_list_of_one);
    tcase_add_test(test, commas_separate_a_list_from_set);
    tcase_add_loop_test(test, a_wrong_value_is_refused_with_what_to_write, 0, ELEMENTS(refused));
    tcase_add_test(test, a_wrong_value_of_the_environment_names_the_variable);
    tcase_add_test(test, a_relative_path_starts_at_the_folder_of_its_file);
    tcase_add_test(test, a_relative_path_of_set_starts_at_the_working_folder);
    tcase_add_test(test, an_override_keeps_what_it_does_not_name);
    tcase_add_test(test, a_required_option_is_missed_where_its_section_stands);
    tcase_add_test(test, a_section_names_its_plugin);
    tcase_add_test(test, the_user_of_a_value_can_refuse_it_at_its_place);
    tcase_add_test(test, an_option_of_the_command_line_is_assigned);
    suite_add_tcase(suite, test);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
