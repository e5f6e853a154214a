/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin's options, one of each type, and sections around them. */
#ifndef TEST_OPTION_FIXTURE_H
#define TEST_OPTION_FIXTURE_H

#include "config/config.h"

struct every_type {
    const char *text, *path, *bare;
    struct sluice_secret secret;
    int64_t number;
    bool truth;
    struct sluice_duration duration;
    struct sluice_size size;
    struct sluice_choice choice;
    struct sluice_list list, paths;
};

static const char *const colours[] = {"red", "green", "blue", NULL};

static const struct sluice_option every_option[] = {
    SLUICE_OPTION(struct every_type, text, "text", "hello", "Any text."),
    SLUICE_OPTION(struct every_type, path, "path", "./sluice.db", "The file.", .flags = SLUICE_OPTION_PATH),
    SLUICE_OPTION(struct every_type, bare, "bare", NULL, "Nothing unless given."),
    SLUICE_OPTION(struct every_type, secret, "secret", NULL, "The key."),
    SLUICE_OPTION(struct every_type, number, "number", "7", "How many."),
    SLUICE_OPTION(struct every_type, truth, "truth", "yes", "Whether."),
    SLUICE_OPTION(struct every_type, duration, "duration", "5m", "How long."),
    SLUICE_OPTION(struct every_type, size, "size", "64KiB", "How much."),
    SLUICE_OPTION(struct every_type, choice, "choice", "green", "Which | one.", .choices = colours),
    SLUICE_OPTION(struct every_type, list, "list", "[a, b]", "Some."),
    SLUICE_OPTION(struct every_type, paths, "paths", NULL, "Folders.", .flags = SLUICE_OPTION_PATH),
};
#define N_EVERY (sizeof every_option / sizeof *every_option)

struct small {
    const char *url, *currency;
};

static const struct sluice_option small_option[] = {
    SLUICE_OPTION(struct small, url, "url", NULL, "Its address.", .flags = SLUICE_OPTION_REQUIRED),
    SLUICE_OPTION(struct small, currency, "currency", "EUR", "Of its prices."),
};
#define N_SMALL (sizeof small_option / sizeof *small_option)

static const struct config_table every_table = {every_option, N_EVERY};
static const struct config_table override_tables[] = {{small_option, N_SMALL}, {every_option, N_EVERY}};
static const struct config_plugin every_plugins[] = {
    {"every", "Has one of each", {every_option, N_EVERY}},
    {"small", "Has little", {small_option, N_SMALL}},
};

static const struct config_section every_section[] = {
    {"log", "What is told.", CONFIG_SECTION, &every_table, 1, NULL, 0},
    {"store", "Where items go.", CONFIG_PLUGIN_SECTION, NULL, 0, every_plugins, 2},
    {"sources", "Who reads lists.", CONFIG_PLUGIN_MAP, NULL, 0, every_plugins, 2},
    {"suppliers", "Exceptions.", CONFIG_OVERRIDE_MAP, override_tables, 2, NULL, 0},
};
#define N_SECTIONS (sizeof every_section / sizeof *every_section)

#endif
