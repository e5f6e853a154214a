/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are no configuration: each is refused with the exact place, and hostile ones cost nothing. */
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

static const struct {
    const char *yaml, *message; /* how it begins */
} refused[] = {
    {"a: 1\nb: 2\na: 3\n", "sluice.yaml:3:1: \"a\" stands here twice, first in line 1"},
    {"a: {x: 1, y: 2, x: 3}\n", "sluice.yaml:1:17: \"x\" stands here twice"},
    {"a: &x 1\nb: *x\n", "sluice.yaml:1:7: anchors"},
    {"a: 1\nb: *x\n", "sluice.yaml:2:"},
    {"a: !!binary aGk=\n", "sluice.yaml:1:13: tags"},
    {"a: 1\n---\nb: 2\n", "sluice.yaml:2:1: a second document"},
    {"- a\n- b\n", "sluice.yaml:1:1: a configuration is made of sections"},
    {"hello\n", "sluice.yaml:1:1: a configuration is made of sections"},
    {"? {a: b}\n: c\n", "sluice.yaml:1:3: a key must be plain text"},
    {"a:\n\tb: 1\n", "sluice.yaml:2:"},
    {"a: {b: 1\nc: 2\n", "sluice.yaml:"},
    {"a: \"open\n", "sluice.yaml:"},
    {"a: b: c\n", "sluice.yaml:1:"},
    {"a:\n   b: 1\n  c: 2\n", "sluice.yaml:3:"},
    {"\xd1\x82: 1\nb: \xff\n", "sluice.yaml:2:4: byte 0xff at offset 9 is no UTF-8 text"},
    {"a: \"x\\0y\"\n", "sluice.yaml:1:"},
    {"%YAML 1.1\n---\na: 1\n", "sluice.yaml:1:1: directives"},
    {"a: 1\n%%%%%%%%%%%%\n", "sluice.yaml:2:1: directives"},
};

START_TEST(a_wrong_file_is_refused_at_its_place)
{
    fixture_load(&fixture, refused[_i].yaml);
    ck_assert_msg(fixture.status == SLUICE_CONFIG, "%s\nwas taken", refused[_i].yaml);
    const char *message = fixture_message(&fixture);
    ck_assert_msg(strncmp(message, refused[_i].message, strlen(refused[_i].message)) == 0,
                  "%s\ngave: %s\nwanted: %s…", refused[_i].yaml, message, refused[_i].message);
}
END_TEST

START_TEST(a_nul_byte_is_refused_at_its_place)
{
    fixture_load_bytes(&fixture, "a: 1\nb: \0\n", 11, (struct config_input){0});
    ck_assert_int_eq(fixture.status, SLUICE_CONFIG);
    ck_assert_msg(strncmp(fixture_message(&fixture), "sluice.yaml:2:4: byte 0x00", 26) == 0, "%s",
                  fixture.err.message);
}
END_TEST

START_TEST(a_bomb_of_aliases_is_refused_at_its_first_anchor)
{
    fixture_load(&fixture, "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n");
    ck_assert_int_eq(fixture.status, SLUICE_CONFIG);
    ck_assert_msg(strstr(fixture.err.message, ":1:") != NULL, "%s", fixture.err.message);
}
END_TEST

static const struct {
    int levels;
    enum sluice_status status;
} depths[] = {{15, SLUICE_OK}, {16, SLUICE_CONFIG}, {5000, SLUICE_CONFIG}, {200000, SLUICE_CONFIG}};

START_TEST(sixteen_levels_are_enough)
{
    size_t n = (size_t)depths[_i].levels;
    char *yaml = malloc(2 * n + 4);
    ck_assert_ptr_nonnull(yaml);
    memcpy(yaml, "a: ", 3);
    memset(yaml + 3, '[', n);
    memset(yaml + 3 + n, ']', n);
    fixture_load_bytes(&fixture, yaml, 2 * n + 3, (struct config_input){0});
    free(yaml);
    ck_assert_msg(fixture.status == depths[_i].status, "%d levels: %s", depths[_i].levels,
                  fixture.err.message);
}
END_TEST

START_TEST(too_many_values_are_refused)
{
    enum { N = 10001 };
    char *yaml = malloc(N * 2 + 8);
    ck_assert_ptr_nonnull(yaml);
    memcpy(yaml, "a: [", 4);
    for (size_t i = 0; i < N; i++)
        memcpy(yaml + 4 + 2 * i, "x,", 2);
    yaml[4 + 2 * N] = ']';
    fixture_load_bytes(&fixture, yaml, 5 + 2 * N, (struct config_input){0});
    free(yaml);
    ck_assert_int_eq(fixture.status, SLUICE_CONFIG);
    ck_assert_msg(strstr(fixture.err.message, "more than 10000 values") != NULL, "%s", fixture.err.message);
}
END_TEST

static const struct {
    size_t size;
    enum sluice_status status;
} sizes[] = {{(1 << 20) - 1, SLUICE_OK}, {1 << 20, SLUICE_OK}, {(1 << 20) + 1, SLUICE_CONFIG}};

START_TEST(a_file_of_more_than_a_mebibyte_is_refused)
{
    char *yaml = malloc(sizes[_i].size);
    ck_assert_ptr_nonnull(yaml);
    memset(yaml, '#', sizes[_i].size);
    fixture_load_bytes(&fixture, yaml, sizes[_i].size, (struct config_input){0});
    free(yaml);
    ck_assert_msg(fixture.status == sizes[_i].status, "%zu bytes: %s", sizes[_i].size, fixture.err.message);
}
END_TEST

START_TEST(every_prefix_of_a_file_ends_in_an_answer)
{
    static const char yaml[] =
        "# c\nstore: {plugin: sqlite, path: \"a\\u00e9\"}\nlog:\n  level: 'x'\n  list:\n  - a\n"
        "  - [b, {c: d}]\ntext: |\n  one\n  two\nfolded: >-\n  three\n  four\n";
    for (size_t n = 0; n < sizeof yaml; n++) {
        fixture_load_bytes(&fixture, yaml, n, (struct config_input){0});
        ck_assert_msg(fixture.status == SLUICE_OK || fixture.status == SLUICE_CONFIG, "%zu bytes: %s", n,
                      fixture.err.message);
    }
}
END_TEST

static const struct {
    const char *yaml, *context;
} contexts[] = {
    {"a: 1\nstore: {path: x, path: y}\n", "store: {path: x, path: \xe2\x80\xa6\n                 ^\n"},
    {"\xd0\xb6: {x: 1, x: 2}\n", "\xd0\xb6: {x: 1, x: \xe2\x80\xa6\n          ^\n"},
    {"http: {jwt_secret: canary, port: 1, port: 2}\n",
     "http: {jwt_secret: \xe2\x80\xa6\n                  ^\n"},
    {"a: {u: 'redis://:canary@h', u: 2}\n", "a: {u: 'redis:// \xe2\x80\xa6\n                ^\n"},
};

START_TEST(the_line_is_shown_with_a_caret_and_without_secrets)
{
    char text[512] = "";
    fixture_load(&fixture, contexts[_i].yaml);
    ck_assert_int_eq(fixture.status, SLUICE_CONFIG);
    ck_assert_msg(config_error_context(fixture.err.message, text, sizeof text), "%s", fixture.err.message);
    ck_assert_str_eq(text, contexts[_i].context);
    ck_assert_ptr_null(strstr(text, "canary"));
}
END_TEST

START_TEST(a_message_without_a_place_has_no_line)
{
    char text[16] = "kept";
    ck_assert(!config_error_context("environment A: b", text, sizeof text));
    ck_assert(!config_error_context("/nowhere:1:2: b", text, sizeof text));
    ck_assert(!config_error_context(":1:2: b", text, sizeof text));
    ck_assert_str_eq(text, "kept");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config syntax");
    TCase *test = tcase_create("syntax");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_loop_test(test, a_wrong_file_is_refused_at_its_place, 0, ELEMENTS(refused));
    tcase_add_test(test, a_nul_byte_is_refused_at_its_place);
    tcase_add_test(test, a_bomb_of_aliases_is_refused_at_its_first_anchor);
    tcase_add_loop_test(test, sixteen_levels_are_enough, 0, ELEMENTS(depths));
    tcase_add_test(test, too_many_values_are_refused);
    tcase_add_loop_test(test, a_file_of_more_than_a_mebibyte_is_refused, 0, ELEMENTS(sizes));
    tcase_add_test(test, every_prefix_of_a_file_ends_in_an_answer);
    tcase_add_loop_test(test, the_line_is_shown_with_a_caret_and_without_secrets, 0, ELEMENTS(contexts));
    tcase_add_test(test, a_message_without_a_place_has_no_line);
    suite_add_tcase(suite, test);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
