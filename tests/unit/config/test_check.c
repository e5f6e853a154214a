/* SPDX-License-Identifier: Apache-2.0 */
/* The check of the whole file: every error at its place with the nearest known word, and nothing else. */
#include "config_fixture.h"
#include "option_fixture.h"

#include "base/buffer.h"

static struct fixture fixture;
static struct buffer said = BUFFER_INIT(65536);

static void setup(void)
{
    fixture_open(&fixture);
}

static void teardown(void)
{
    fixture_close(&fixture);
    buffer_free(&said);
    said.ceiling = 65536;
}

static void note(void *context, enum config_severity severity, const char *message)
{
    const char *place = strstr(message, "sluice.yaml:");
    buffer_printf(context, "%s%s\n", severity == CONFIG_NOTE ? "note: " : "",
                  place == NULL ? message : place);
}

/* Everything that is said about a file, a line each. */
static const char *check(const char *yaml, struct config_input input)
{
    const struct config_report report = {.say = note, .context = &said};
    fixture_load_bytes(&fixture, yaml, strlen(yaml), input);
    ck_assert_msg(fixture.status == SLUICE_OK, "%s: %s", yaml, fixture.err.message);
    buffer_clear(&said);
    size_t n = config_check(fixture.config, every_section, N_SECTIONS, &report);
    size_t lines = 0;
    for (size_t i = 0; i < said.size; i++)
        lines += said.data[i] == '\n';
    ck_assert_uint_le(n, lines);
    return said.size == 0 ? "" : said.data;
}

#define STORE "store: {plugin: every}\n"

static const struct {
    const char *yaml, *wanted;
} cases[] = {
    {STORE, ""},
    {STORE "log: {number: 1}\nsources: {csv: {plugin: small, url: x}}\nsuppliers: {A: {currency: USD, "
           "number: 2}}\n",
     ""},
    {STORE "log:\nsources:\nsuppliers:\n", ""},
    {STORE "lgo: {}\n", "sluice.yaml:2:1: there is no section \"lgo\"; did you mean \"log\"?\n"},
    {STORE "whatever: 1\n",
     "sluice.yaml:2:1: there is no section \"whatever\"; `sluice config schema` lists them\n"},
    {STORE "log: {nubmer: 1}\n",
     "sluice.yaml:2:7: there is no option of log \"nubmer\"; did you mean \"number\"?\n"},
    {STORE "log: {plugin: every}\n", "sluice.yaml:2:7: there is no option of log \"plugin\"; `sluice config "
                                     "schema` lists what log may hold\n"},
    {"store:\n  plugin: evry\n",
     "sluice.yaml:2:11: store.plugin: there is no plugin \"evry\"; did you mean \"every\"?\n"},
    {"store:\n  plugin: oracle\n",
     "sluice.yaml:2:11: store.plugin: there is no plugin \"oracle\"; `sluice plugin list` shows them\n"},
    {"store: {plugin: every, currency: EUR}\n", "sluice.yaml:1:24: there is no option of plugin every "
                                                "\"currency\"; `sluice config schema` lists what store may "
                                                "hold\n"},
    {"store: {plugin: small}\n", "sluice.yaml:1:1: store.url: this is required (Its address.)\n"},
    {"store: {plugin: small, url: ''}\n", "sluice.yaml:1:29: store.url: this is required and must not be "
                                          "empty; write one value behind the colon\n"},
    {STORE "sources: {csv: {plugin: small}, x: {}}\n",
     "sluice.yaml:2:11: sources.csv.url: this is required (Its address.)\n"
     "sluice.yaml:2:33: sources.x.plugin: this section needs a plugin; write `plugin: NAME` (`sluice plugin "
     "list` "
     "shows them)\n"},
    {STORE "suppliers: {\"A. B\": {curency: EUR}}\n",
     "sluice.yaml:2:22: there is no option of suppliers.\"A. B\" \"curency\"; did you mean \"currency\"?\n"},
    {STORE "suppliers: {A: 3}\n",
     "sluice.yaml:2:16: suppliers.A: this must be a section; write keys and values below it\n"},
    {STORE "sources: [csv]\n",
     "sluice.yaml:2:10: sources: this must be a section; write keys and values below it\n"},
    {STORE "log: {number: x, size: 1}\nlgo: 1\n",
     "sluice.yaml:3:1: there is no section \"lgo\"; did you mean \"log\"?\n"
     "sluice.yaml:2:15: log.number: \"x\" is no integer; write a whole number\n"
     "sluice.yaml:2:24: log.size: \"1\" is no size; write a number and its unit, like 512B, 64KiB, 256MiB or "
     "1GB\n"},
};

START_TEST(every_error_is_said_at_its_place)
{
    ck_assert_str_eq(check(cases[_i].yaml, (struct config_input){0}), cases[_i].wanted);
}
END_TEST

START_TEST(an_unused_well_known_variable_is_a_note)
{
    const char *const environment[] = {"JWT_SECRET=canary", "DATABASE_URL=postgresql://u:canary@h", NULL};
    ck_assert_str_eq(check(STORE, (struct config_input){.environment = environment}),
                     "note: environment JWT_SECRET: nothing that is configured here uses it\n"
                     "note: environment DATABASE_URL: nothing that is configured here uses it\n");
}
END_TEST

START_TEST(an_unknown_variable_of_our_own_is_an_error)
{
    const char *const environment[] = {"SLUICE__LOG__NUMBR=1", "SLUICE__LGO__X=1", NULL};
    ck_assert_str_eq(
        check(STORE, (struct config_input){.environment = environment}),
        "environment SLUICE__LGO__X: there is no section \"lgo\"; did you mean \"log\"?\n"
        "environment SLUICE__LOG__NUMBR: there is no option of log \"numbr\"; did you mean \"number\"?\n");
}
END_TEST

START_TEST(an_unknown_path_of_set_is_an_error)
{
    const char *const set[] = {"lgo.x=1", "log.numbr=1", "log.number=z"};
    ck_assert_str_eq(check(STORE, (struct config_input){.set = set, .n_set = 3}),
                     "--set: there is no section \"lgo\"; did you mean \"log\"?\n"
                     "--set: there is no option of log \"numbr\"; did you mean \"number\"?\n"
                     "--set log.number: \"z\" is no integer; write a whole number\n");
}
END_TEST

START_TEST(a_key_with_control_characters_stays_on_one_line)
{
    const char *text =
        check(STORE "suppliers: {\"a\\nb\": {x: 1}, \"\\e[31m\": 3}\n", (struct config_input){0});
    ck_assert_str_eq(
        text, "sluice.yaml:2:22: there is no option of suppliers.a b \"x\"; `sluice config schema` lists "
              "what suppliers.a b may hold\n"
              "sluice.yaml:2:39: suppliers. [31m: this must be a section; write keys and values below it\n");
}
END_TEST

START_TEST(a_secret_in_a_file_that_others_may_read_is_a_note)
{
    const struct config_report report = {.say = note, .context = &said};
    const char yaml[] = STORE "log: {secret: canary}\n";
    fixture_load(&fixture, yaml);
    fixture_file(&fixture, "sluice.yaml", yaml, strlen(yaml), 0644);
    config_free(fixture.config);
    fixture.config = NULL;
    ck_assert_int_eq(config_load(&(struct config_input){.file = fixture.file}, &fixture.config, &fixture.err),
                     SLUICE_OK);
    ck_assert_uint_eq(config_check(fixture.config, every_section, N_SECTIONS, &report), 0);
    ck_assert_str_eq(said.data,
                     "note: sluice.yaml:2:7: log.secret: others may read this file (mode 0644) and the "
                     "secret in it; chmod 600 it, or write ${file:PATH} or ${env:NAME}\n");
}
END_TEST

START_TEST(a_default_may_name_the_plugin)
{
    const char *const defaults[] = {"store.plugin=every", "sources.csv.plugin=every"};
    ck_assert_str_eq(check("", (struct config_input){.defaults = defaults, .n_defaults = 2}), "");
    ck_assert_str_eq(
        check("sources: {csv: {numbr: 1}}\n", (struct config_input){.defaults = defaults, .n_defaults = 2}),
        "sluice.yaml:1:17: there is no option of plugin every \"numbr\"; did you mean \"number\"?\n");
}
END_TEST

START_TEST(an_unknown_key_does_not_show_its_value)
{
    char text[256] = "";
    check(STORE "log: {seecret: canary}\n", (struct config_input){0});
    ck_assert_ptr_null(strstr(said.data, "canary"));
    char message[512];
    snprintf(message, sizeof message, "%s:2:7: x", fixture.file);
    ck_assert(config_error_context(message, text, sizeof text));
    ck_assert_str_eq(text, "log: {seecret: \xe2\x80\xa6\n      ^\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config check");
    TCase *test = tcase_create("check");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_loop_test(test, every_error_is_said_at_its_place, 0, ELEMENTS(cases));
    tcase_add_test(test, an_unused_well_known_variable_is_a_note);
    tcase_add_test(test, an_unknown_variable_of_our_own_is_an_error);
    tcase_add_test(test, an_unknown_path_of_set_is_an_error);
    tcase_add_test(test, a_key_with_control_characters_stays_on_one_line);
    tcase_add_test(test, a_secret_in_a_file_that_others_may_read_is_a_note);
    tcase_add_test(test, a_default_may_name_the_plugin);
    tcase_add_test(test, an_unknown_key_does_not_show_its_value);
    suite_add_tcase(suite, test);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
