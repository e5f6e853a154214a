/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole configuration against all sections, every error of it. A key is unknown only when no table that
 * shares its section has it.
 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "config/nearest.h"
#include "config/section.h"

#include <stdio.h>
#include <string.h>

struct check {
    struct config *config;
    const struct config_report *report;
    size_t n_errors;
};

static void say_error(struct check *check, const char *message)
{
    check->n_errors++;
    check->report->say(check->report->context, CONFIG_ERROR, message);
}

/* Whether it is a key or its value that nobody knows. A value is quoted as it was written: what a reference
 * brought in is nobody's business. */
enum place_kind { AT_KEY, AT_VALUE };

static void say_unknown(struct check *check, const struct node *node, const char *path, enum place_kind place,
                        const char *what, const struct nearest *nearest, const char *advice)
{
    char prefix[NODE_PREFIX_SIZE], word[128];
    struct sluice_error err;
    if (place == AT_KEY)
        node_key_prefix(check->config, node, "", prefix);
    else
        node_prefix(check->config, node, path, prefix);
    text_excerpt(text_of(place == AT_KEY ? node->key : node->written), word, sizeof word);
    if (nearest->word != NULL)
        error_set(&err, SLUICE_CONFIG, "%sthere is no %s \"%s\"; did you mean \"%s\"?", prefix, what, word,
                  nearest->word);
    else
        error_set(&err, SLUICE_CONFIG, "%sthere is no %s \"%s\"; %s", prefix, what, word, advice);
    say_error(check, err.message);
}

/* What a well-known variable set and nothing here uses is worth a word, no more. */
static bool is_unused_variable(struct check *check, const struct node *node)
{
    struct sluice_error err;
    if (node->origin != NODE_WELL_KNOWN)
        return false;
    error_set(&err, SLUICE_CONFIG, "environment %s: nothing that is configured here uses it", node->from);
    check->report->say(check->report->context, CONFIG_NOTE, err.message);
    return true;
}

/* ---- One section or entry -------------------------------------------------------------------------- */

static void say_unknown_key(struct check *check, const struct scope *scope, const struct node *node,
                            const char *section)
{
    char what[256], advice[300];
    struct nearest nearest = nearest_to(node->key);
    for (size_t i = 0; i < scope->n_tables; i++)
        for (size_t j = 0; j < scope_table(scope, i)->n_options; j++)
            nearest_offer(&nearest, scope_table(scope, i)->options[j].name);
    if (scope->plugin != NULL)
        snprintf(what, sizeof what, "option of plugin %s", scope->plugin->name);
    else
        snprintf(what, sizeof what, "option of %.*s", TEXT_SHOWN(section, NODE_PATH_SHOWN));
    snprintf(advice, sizeof advice, "`sluice config schema` lists what %.*s may hold",
             TEXT_SHOWN(section, NODE_PATH_SHOWN));
    say_unknown(check, node, section, AT_KEY, what, &nearest, advice);
}

/* A secret that stands in a file which others may read. */
static void secret_note(struct check *check, const struct node *node, const char *path)
{
    char prefix[NODE_PREFIX_SIZE];
    struct sluice_error err;
    unsigned mode = check->config->file_mode;
    if (node->origin != NODE_FILE || (mode & 077) == 0 || node->text != node->written)
        return;
    node_key_prefix(check->config, node, path, prefix);
    error_set(&err, SLUICE_CONFIG,
              "%sothers may read this file (mode %04o) and the secret in it; chmod 600 it, or write "
              "${file:PATH} or "
              "${env:NAME}",
              prefix, mode);
    check->report->say(check->report->context, CONFIG_NOTE, err.message);
}

static void value_check(struct check *check, const struct sluice_option *option, const struct node *node,
                        const char *section)
{
    struct sluice_error err = {.status = SLUICE_OK};
    union value_field field;
    const char *path = path_join(check->config, section, option->name);
    if (path == NULL)
        error_no_memory(&err);
    else
        value_read(check->config, node, path, option, &field, &err);
    if (err.status != SLUICE_OK)
        say_error(check, err.message);
    else if (option->type == SLUICE_OPTION_SECRET)
        secret_note(check, node, path);
}

static void required_check(struct check *check, const struct scope *scope, const struct node *node,
                           const char *section)
{
    for (size_t i = 0; i < scope->n_tables; i++) {
        const struct config_table *table = scope_table(scope, i);
        for (size_t j = 0; j < table->n_options; j++) {
            const struct sluice_option *option = &table->options[j];
            if ((option->flags & SLUICE_OPTION_REQUIRED) == 0 ||
                (node != NULL && node_child(node, option->name) != NULL))
                continue;
            struct sluice_error err;
            const char *path = path_join(check->config, section, option->name);
            config_value_error(check->config, path == NULL ? section : path, &err, "this is required (%s)",
                               option->help);
            say_error(check, err.message);
        }
    }
}

static void keys_check(struct check *check, const struct scope *scope, const struct node *node,
                       const char *section)
{
    for (const struct node *child = node == NULL ? NULL : node->first; child != NULL; child = child->next) {
        const struct sluice_option *option = scope_option(scope, child->key);
        if (scope->has_plugin && strcmp(child->key, "plugin") == 0)
            continue;
        if (option != NULL)
            value_check(check, option, child, section);
        else if (!is_unused_variable(check, child))
            say_unknown_key(check, scope, child, section);
    }
    if (scope->section->kind != CONFIG_OVERRIDE_MAP)
        required_check(check, scope, node, section);
}

/* false after reporting: no plugin is named, or an unknown one, so that no option can be judged. */
static bool plugin_check(struct check *check, const struct config_section *section, const char *path)
{
    struct sluice_error err;
    const char *name = NULL;
    if (config_plugin(check->config, path, &name, &err) != SLUICE_OK) {
        say_error(check, err.message);
        return false;
    }
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < section->n_plugins; i++)
        nearest_offer(&nearest, section->plugins[i].name);
    if (nearest.word != NULL && nearest.distance == 0)
        return true;
    const char *plugin_path = path_join(check->config, path, "plugin");
    const struct node *node = plugin_path == NULL ? NULL : node_find(check->config, plugin_path);
    if (node != NULL)
        say_unknown(check, node, plugin_path, AT_VALUE, "plugin", &nearest,
                    "`sluice plugin list` shows them");
    return false;
}

static void scope_check(struct check *check, const struct config_section *section, const struct node *node,
                        const char *path)
{
    struct scope scope;
    bool named = section->kind == CONFIG_PLUGIN_SECTION || section->kind == CONFIG_PLUGIN_MAP;
    if (named && !plugin_check(check, section, path))
        return;
    scope_open(&scope, check->config, section, path);
    keys_check(check, &scope, node, path);
}

/* ---- All sections ---------------------------------------------------------------------------------- */

/* A mapping, or NULL when nothing is there; says so when it is something else. */
static bool mapping_or_nothing(struct check *check, const struct node *node, const char *path)
{
    struct sluice_error err;
    if (node == NULL || node->kind == NODE_MAPPING || (node->kind == NODE_SCALAR && node->empty))
        return true;
    config_value_error(check->config, path, &err, "this must be a section; write keys and values below it");
    say_error(check, err.message);
    return false;
}

static void map_check(struct check *check, const struct config_section *section, const struct node *map)
{
    for (const struct node *entry = map->first; entry != NULL; entry = entry->next) {
        const char *path = path_join(check->config, section->name, entry->key);
        if (path != NULL && mapping_or_nothing(check, entry, path))
            scope_check(check, section, entry, path);
    }
}

static void section_check(struct check *check, const struct config_section *section)
{
    const struct node *node = node_child(&check->config->root, section->name);
    bool is_map = section->kind == CONFIG_PLUGIN_MAP || section->kind == CONFIG_OVERRIDE_MAP;
    if (!mapping_or_nothing(check, node, section->name))
        return;
    if (!is_map)
        scope_check(check, section, node, section->name);
    else if (node != NULL)
        map_check(check, section, node);
}

/* A section that only well-known variables made holds nothing that anyone wrote. */
static bool is_all_unused(struct check *check, const struct node *node)
{
    if (node->kind != NODE_MAPPING || node->origin != NODE_WELL_KNOWN)
        return false;
    bool all = true;
    for (const struct node *child = node->first; child != NULL; child = child->next)
        all = is_unused_variable(check, child) && all;
    return all;
}

static void unknown_sections_check(struct check *check, const struct config_section *sections,
                                   size_t n_sections)
{
    const struct node *root = &check->config->root;
    for (const struct node *node = root->first; node != NULL; node = node->next) {
        struct nearest nearest = nearest_to(node->key);
        for (size_t i = 0; i < n_sections; i++)
            nearest_offer(&nearest, sections[i].name);
        bool known = nearest.word != NULL && nearest.distance == 0;
        if (!known && !is_all_unused(check, node))
            say_unknown(check, node, "", AT_KEY, "section", &nearest, "`sluice config schema` lists them");
    }
}

size_t config_check(struct config *config, const struct config_section *sections, size_t n_sections,
                    const struct config_report *report)
{
    struct check check = {.config = config, .report = report};
    unknown_sections_check(&check, sections, n_sections);
    for (size_t i = 0; i < n_sections; i++)
        section_check(&check, &sections[i]);
    return check.n_errors;
}
