/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "check_main.h"
#include "ingest/fingerprint.h"

#include <string.h>

struct fake_options {
    const char *text;
    struct sluice_secret secret;
    int64_t number;
    bool flag;
    struct sluice_duration duration;
    struct sluice_size size;
    struct sluice_choice choice;
    struct sluice_list list;
};

#define FAKE(field) SLUICE_OPTION(struct fake_options, field, #field, NULL, "A field.", .flags = 0)

static const struct sluice_option fake_table[] = {FAKE(text),     FAKE(secret), FAKE(number), FAKE(flag),
                                                  FAKE(duration), FAKE(size),   FAKE(choice), FAKE(list)};

static void make(const char *plugin_version, const struct fake_options *fake,
                 const struct ingest_options *options, char ret_fingerprint[FINGERPRINT_SIZE])
{
    const struct sluice_plugin plugin = {.struct_size = sizeof plugin,
                                         .name = "fake",
                                         .version = plugin_version,
                                         .options = fake_table,
                                         .n_options = ELEMENTS(fake_table)};
    fingerprint_make(&plugin, fake, options, ret_fingerprint);
}

START_TEST(equal_readings_have_equal_fingerprints)
{
    char text[] = "a";
    struct fake_options one = {.text = "a"}, other = {.text = text};
    struct ingest_options options = {.header_search_rows = 25};
    char a[FINGERPRINT_SIZE], b[FINGERPRINT_SIZE];
    make("1", &one, &options, a);
    make("1", &other, &options, b);
    ck_assert_str_eq(a, b);
    ck_assert_uint_eq(strlen(a), FINGERPRINT_SIZE - 1);
}
END_TEST

START_TEST(whatever_shapes_a_reading_changes_the_fingerprint)
{
    const char *const items[] = {"a", "bc"}, *const split[] = {"ab", "c"};
    const struct fake_options variants[] = {
        {.text = NULL},
        {.text = ""},
        {.text = "a"},
        {.number = 1},
        {.flag = true},
        {.duration = {1}},
        {.size = {1}},
        {.choice = {1}},
        {.list = {.items = items, .n_items = 2}},
        {.list = {.items = split, .n_items = 2}},
    };
    struct ingest_options options = {.header_search_rows = 25}, synonym = options;
    synonym.sku = (struct sluice_list){.items = items, .n_items = 1};
    char all[ELEMENTS(variants) + 2][FINGERPRINT_SIZE];
    for (size_t i = 0; i < ELEMENTS(variants); i++)
        make("1", &variants[i], &options, all[i]);
    make("2", &variants[0], &options, all[ELEMENTS(variants)]);
    make("1", &variants[0], &synonym, all[ELEMENTS(variants) + 1]);
    for (size_t i = 0; i < ELEMENTS(all); i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(strcmp(all[i], all[j]) != 0, "variants %zu and %zu", j, i);
}
END_TEST

START_TEST(a_secret_is_no_part_of_the_fingerprint)
{
    struct fake_options one = {.secret = {"hunter2"}}, other = {.secret = {"swordfish"}};
    struct ingest_options options = {.header_search_rows = 25};
    char a[FINGERPRINT_SIZE], b[FINGERPRINT_SIZE];
    make("1", &one, &options, a);
    make("1", &other, &options, b);
    ck_assert_str_eq(a, b);
}
END_TEST

CHECK_MAIN("ingest.fingerprint", equal_readings_have_equal_fingerprints,
           whatever_shapes_a_reading_changes_the_fingerprint, a_secret_is_no_part_of_the_fingerprint)
