/* SPDX-License-Identifier: Apache-2.0 */
/* ${env:…} and ${file:…}: what they become, what they cannot do, and who may read a secret's file. */
#include "config_fixture.h"
#include "option_fixture.h"

static struct fixture fixture;

static const char *const environment[] = {
    "NAME=value", "EMPTY=", "YAML=x, y: {z: 1}", "REF=${env:NAME}", "BAD=\xff", "SECRET=canary", NULL};

static void setup(void)
{
    fixture_open(&fixture);
    fixture_file(&fixture, "one.txt", "line\n", 5, 0600);
    fixture_file(&fixture, "two.txt", "a\nb\n\n", 5, 0600);
    fixture_file(&fixture, "none.txt", "", 0, 0600);
    fixture_file(&fixture, "nul.txt", "a\0b", 3, 0600);
    fixture_file(&fixture, "open.txt", "canary\n", 7, 0644);
}

static void teardown(void)
{
    fixture_close(&fixture);
}

static void load(const char *yaml)
{
    fixture_load_bytes(&fixture, yaml, strlen(yaml), (struct config_input){.environment = environment});
}

static const struct {
    const char *written, *value;
} replaced[] = {
    {"${env:NAME}", "value"},
    {"a-${env:NAME}-${env:NAME}", "a-value-value"},
    {"${env:EMPTY}", ""},
    {"${env:EMPTY:-other}", "other"},
    {"${env:ABSENT:-}", ""},
    {"${env:ABSENT:-a:-b}", "a:-b"},
    {"${env:YAML}", "x, y: {z: 1}"},
    {"${env:REF}", "${env:NAME}"},
    {"$${env:NAME}", "${env:NAME}"},
    {"$NAME $ {x} $$", "$NAME $ {x} $$"},
    {"${file:one.txt}", "line"},
    {"${file:two.txt}", "a\nb\n"},
    {"${file:none.txt}", ""},
};

START_TEST(a_reference_becomes_its_value)
{
    char yaml[128];
    snprintf(yaml, sizeof yaml, "a: {b: '%s'}\n", replaced[_i].written);
    load(yaml);
    ck_assert_msg(fixture.status == SLUICE_OK, "%s: %s", yaml, fixture.err.message);
    ck_assert_str_eq(config_text(fixture.config, "a.b"), replaced[_i].value);
    ck_assert_ptr_null(config_text(fixture.config, "a.b.y"));
}
END_TEST

static const struct {
    const char *written, *message;
} refused[] = {
    {"${env:ABSENT}", "sluice.yaml:2:6: ABSENT: this environment variable is not set"},
    {"x${env:}", "sluice.yaml:2:6: : names no variable"},
    {"${env:NAME", "sluice.yaml:2:6: ${env:NAME: the closing } is missing"},
    {"${NAME}", "sluice.yaml:2:6: ${NAME}: write ${env:NAME}"},
    {"${env:BAD}", "sluice.yaml:2:6: BAD: this environment variable holds something that is no UTF-8"},
    {"${file:absent.txt}",
     "sluice.yaml:2:6: absent.txt: this file cannot be read (No such file or directory)"},
    {"${file:}", "sluice.yaml:2:6: : names no file"},
    {"${file:.}", "sluice.yaml:2:6: .: this is no plain file"},
    {"${file:/dev/zero}", "sluice.yaml:2:6: /dev/zero: this is no plain file"},
    {"${file:nul.txt}", "sluice.yaml:2:6: nul.txt: this file holds something that is no UTF-8"},
};

START_TEST(a_reference_without_a_value_is_refused_at_its_place)
{
    char yaml[128];
    snprintf(yaml, sizeof yaml, "a:\n  b: '%s'\n", refused[_i].written);
    load(yaml);
    ck_assert_msg(fixture.status == SLUICE_CONFIG, "%s was taken", yaml);
    const char *message = fixture_message(&fixture);
    ck_assert_msg(strncmp(message, refused[_i].message, strlen(refused[_i].message)) == 0,
                  "%s\ngave: %s\nwanted: %s…", yaml, message, refused[_i].message);
}
END_TEST

START_TEST(references_are_replaced_inside_lists)
{
    load("a: {b: [x, {c: '${env:NAME}'}], d: '${env:NAME}'}\n");
    ck_assert_int_eq(fixture.status, SLUICE_OK);
    ck_assert_str_eq(config_text(fixture.config, "a.d"), "value");
}
END_TEST

START_TEST(what_a_reference_brought_in_is_not_quoted)
{
    struct every_type options;
    load("log: {number: '${env:SECRET}'}\n");
    ck_assert_int_eq(config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_CONFIG);
    ck_assert_ptr_null(strstr(fixture.err.message, "canary"));
    ck_assert_ptr_nonnull(strstr(fixture.err.message, "${env:SECRET}"));
}
END_TEST

START_TEST(a_secret_that_others_may_read_is_refused)
{
    struct every_type options;
    load("log:\n  secret: ${file:open.txt}\n");
    ck_assert_int_eq(config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_CONFIG);
    const char *message = fixture_message(&fixture);
    ck_assert_msg(strncmp(message, "sluice.yaml:2:3: log.secret: the file ", 38) == 0, "%s", message);
    ck_assert_ptr_nonnull(strstr(message, "open.txt has mode 0644"));
    ck_assert_ptr_nonnull(strstr(message, "chmod 600"));
    load("log:\n  text: ${file:open.txt}\n");
    ck_assert_int_eq(config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_OK);
    load("log:\n  secret: ${file:one.txt}\n");
    ck_assert_int_eq(config_fill(fixture.config, "log", every_option, N_EVERY, &options, &fixture.err),
                     SLUICE_OK);
    ck_assert_str_eq(options.secret.text, "line");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config reference");
    TCase *test = tcase_create("reference");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_loop_test(test, a_reference_becomes_its_value, 0, ELEMENTS(replaced));
    tcase_add_loop_test(test, a_reference_without_a_value_is_refused_at_its_place, 0, ELEMENTS(refused));
    tcase_add_test(test, references_are_replaced_inside_lists);
    tcase_add_test(test, what_a_reference_brought_in_is_not_quoted);
    tcase_add_test(test, a_secret_that_others_may_read_is_refused);
    suite_add_tcase(suite, test);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
