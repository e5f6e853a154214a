/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration and the option tables look like to people and editors; no secret among it. */
#include "config_fixture.h"
#include "option_fixture.h"

#include <jansson.h>

static struct fixture fixture;

static void setup(void)
{
    fixture_open(&fixture);
}

static void teardown(void)
{
    fixture_close(&fixture);
}

static const char yaml[] = "store: {plugin: small, url: 'postgresql://u:canary@h/d?sslpassword=canary'}\n"
                           "log: {secret: canary, number: 3, list: [a b, c], path: /x}\n"
                           "suppliers: {A B: {currency: USD}}\n";

static char *shown(enum config_show_style style)
{
    const char *const set[] = {"log.size=1MiB"};
    const char *const environment[] = {"SLUICE__LOG__TEXT=say \"x\"", NULL};
    char *text = NULL;
    fixture_load_bytes(&fixture, yaml, strlen(yaml),
                       (struct config_input){.set = set, .n_set = 1, .environment = environment});
    ck_assert_int_eq(fixture.status, SLUICE_OK);
    ck_assert_msg(config_show(fixture.config, every_section, N_SECTIONS, style, &text, &fixture.err) ==
                      SLUICE_OK,
                  "%s", fixture.err.message);
    return text;
}

START_TEST(show_gives_the_effective_values)
{
    _cleanup_free_ char *text = shown(CONFIG_SHOW_PLAIN);
    ck_assert_str_eq(text, "log:\n"
                           "  text: \"say \\\"x\\\"\"\n"
                           "  path: /x\n"
                           "  # bare: not set\n"
                           "  secret: \"***\"\n"
                           "  number: 3\n"
                           "  truth: yes\n"
                           "  duration: 5m\n"
                           "  size: 1MiB\n"
                           "  choice: green\n"
                           "  list: [\"a b\", c]\n"
                           "  # paths: not set\n"
                           "store:\n"
                           "  plugin: small\n"
                           "  url: \"postgresql://u:***@h/d?sslpassword=***\"\n"
                           "  currency: EUR\n"
                           "sources: {}\n"
                           "suppliers:\n"
                           "  \"A B\":\n"
                           "    currency: USD\n");
}
END_TEST

START_TEST(show_says_where_each_value_comes_from)
{
    char wanted[256];
    _cleanup_free_ char *text = shown(CONFIG_SHOW_ORIGIN);
    snprintf(wanted, sizeof wanted, "  number: 3  # %s:2:31\n", fixture.file);
    ck_assert_ptr_nonnull(strstr(text, wanted));
    ck_assert_ptr_nonnull(strstr(text, "  duration: 5m  # default\n"));
    ck_assert_ptr_nonnull(strstr(text, "  size: 1MiB  # --set\n"));
    ck_assert_ptr_nonnull(strstr(text, "  # environment SLUICE__LOG__TEXT\n"));
    ck_assert_ptr_null(strstr(text, "canary"));
}
END_TEST

START_TEST(what_show_prints_is_a_configuration)
{
    _cleanup_free_ char *first = shown(CONFIG_SHOW_PLAIN);
    _cleanup_free_ char *second = NULL;
    ck_assert_msg(fixture_load(&fixture, first) == SLUICE_OK, "%s\n%s", first, fixture.err.message);
    ck_assert_int_eq(
        config_show(fixture.config, every_section, N_SECTIONS, CONFIG_SHOW_PLAIN, &second, &fixture.err),
        SLUICE_OK);
    ck_assert_str_eq(first, second);
}
END_TEST

static const struct {
    const char *text, *shown;
} texts[] = {
    {"redis://:canary@h", "\"redis://:***@h\""},
    {"postgresql://u:can/ary@h/d", "\"postgresql://u:***@h/d\""},
    {"postgresql://u:can@ary@h/d", "\"postgresql://u:***@h/d\""},
    {"host=h password=canary user=u", "\"host=h password=*** user=u\""},
    {"host=h password='canary \\' canary' user=u", "\"host=h password=*** user=u\""},
    {"https://h/d?a=1&token=canary&b=2", "\"https://h/d?a=1&token=***&b=2\""},
    {"https://h:8443/@scope/x", "https://h:8443/@scope/x"},
    {"https://u@h/x", "https://u@h/x"},
    {"${env:HOME}", "\"$${env:HOME}\""},
    {"null", "\"null\""},
    {"", "\"\""},
    {"a: b # c", "\"a: b # c\""},
};

START_TEST(a_text_is_shown_so_that_it_reads_back_without_its_secrets)
{
    char set[128], wanted[128];
    const char *const assignment = set;
    _cleanup_free_ char *text = NULL;
    snprintf(set, sizeof set, "log.bare=%s", texts[_i].text);
    fixture_load_bytes(&fixture, "", 0, (struct config_input){.set = &assignment, .n_set = 1});
    ck_assert_int_eq(
        config_show(fixture.config, every_section, N_SECTIONS, CONFIG_SHOW_PLAIN, &text, &fixture.err),
        SLUICE_OK);
    snprintf(wanted, sizeof wanted, "  bare: %s\n", texts[_i].shown);
    ck_assert_msg(strstr(text, wanted) != NULL, "%s gave\n%s", texts[_i].text, text);
}
END_TEST

static json_t *schema_at(json_t *schema, const char *section)
{
    return json_object_get(json_object_get(schema, "properties"), section);
}

START_TEST(the_schema_knows_every_section_and_option)
{
    _cleanup_free_ char *text = NULL;
    ck_assert_int_eq(config_schema(every_section, N_SECTIONS, &text, &fixture.err), SLUICE_OK);
    json_t *schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(schema);
    ck_assert_str_eq(json_string_value(json_object_get(schema, "$schema")),
                     "https://json-schema.org/draft/2020-12/schema");
    ck_assert(json_is_false(json_object_get(schema, "additionalProperties")));
    json_t *log = schema_at(schema, "log");
    ck_assert(json_is_false(json_object_get(log, "additionalProperties")));
    ck_assert_uint_eq(json_object_size(json_object_get(log, "properties")), N_EVERY);
    for (size_t i = 0; i < N_EVERY; i++) {
        json_t *option = schema_at(log, every_option[i].name);
        ck_assert_msg(option != NULL, "%s is missing", every_option[i].name);
        ck_assert_str_eq(json_string_value(json_object_get(option, "description")), every_option[i].help);
    }
    ck_assert_int_eq(json_integer_value(json_object_get(schema_at(log, "number"), "default")), 7);
    ck_assert(json_is_true(json_object_get(schema_at(log, "secret"), "writeOnly")));
    json_t *plugins = json_object_get(schema_at(schema, "store"), "anyOf");
    ck_assert_uint_eq(json_array_size(plugins), 2);
    ck_assert_str_eq(
        json_string_value(json_object_get(schema_at(json_array_get(plugins, 1), "plugin"), "const")),
        "small");
    json_t *entry = json_object_get(schema_at(schema, "suppliers"), "additionalProperties");
    ck_assert_uint_eq(json_object_size(json_object_get(entry, "properties")), N_EVERY + N_SMALL);
    json_decref(schema);
}
END_TEST

START_TEST(the_readme_table_has_a_row_per_option)
{
    _cleanup_free_ char *text = NULL;
    ck_assert_int_eq(config_option_table_markdown(small_option, N_SMALL, &text, &fixture.err), SLUICE_OK);
    ck_assert_str_eq(text, "| option | type | default | what it does |\n|---|---|---|---|\n"
                           "| `url` | string | required | Its address. |\n"
                           "| `currency` | string | `EUR` | Of its prices. |\n");
    free(text);
    ck_assert_int_eq(config_option_table_markdown(&every_option[8], 1, &text, &fixture.err), SLUICE_OK);
    ck_assert_ptr_nonnull(
        strstr(text, "| `choice` | choice: red, green, blue | `green` | Which \\| one. |\n"));
}
END_TEST

START_TEST(the_help_has_two_lines_per_option)
{
    _cleanup_free_ char *text = NULL;
    ck_assert_int_eq(config_option_help(small_option, N_SMALL, &text, &fixture.err), SLUICE_OK);
    ck_assert_str_eq(text, "  url (string, required)\n      Its address.\n"
                           "  currency (string, default EUR)\n      Of its prices.\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config describe");
    TCase *test = tcase_create("describe");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, show_gives_the_effective_values);
    tcase_add_test(test, show_says_where_each_value_comes_from);
    tcase_add_test(test, what_show_prints_is_a_configuration);
    tcase_add_loop_test(test, a_text_is_shown_so_that_it_reads_back_without_its_secrets, 0, ELEMENTS(texts));
    tcase_add_test(test, the_schema_knows_every_section_and_option);
    tcase_add_test(test, the_readme_table_has_a_row_per_option);
    tcase_add_test(test, the_help_has_two_lines_per_option);
    suite_add_tcase(suite, test);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
