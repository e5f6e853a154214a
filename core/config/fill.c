/* SPDX-License-Identifier: Apache-2.0 */
/* From a section to the options struct of whoever owns the table. */
#include "config/value.h"

#include <stdio.h>
#include <string.h>

enum fill_rule { FILL_ALL, FILL_PRESENT };

static const char *config_name(const struct config *config)
{
    return config->file == NULL ? "configuration" : config->file;
}

/* The place of a value, or of the nearest thing around it, for what is missing. */
static void nearest_prefix(const struct config *config, const char *path, char ret_prefix[NODE_PREFIX_SIZE])
{
    char key[NODE_PATH_LIMIT];
    const char *cursor = path;
    const struct node *nearest = &config->root;
    bool there = true;
    while (there && path_next(&cursor, key) != NULL) {
        const struct node *child = node_child(nearest, key);
        there = child != NULL;
        nearest = there ? child : nearest;
    }
    if (there && nearest != &config->root)
        node_prefix(config, nearest, path, ret_prefix);
    else if (nearest != &config->root && nearest->origin == NODE_FILE)
        node_key_prefix(config, nearest, path, ret_prefix);
    else
        snprintf(ret_prefix, NODE_PREFIX_SIZE,
                 "%.*s: %.*s: ", TEXT_SHOWN(config_name(config), NODE_FILE_SHOWN),
                 TEXT_SHOWN(path, NODE_PATH_SHOWN));
}

enum sluice_status config_value_error(const struct config *config, const char *path, struct sluice_error *err,
                                      const char *format, ...)
{
    char prefix[NODE_PREFIX_SIZE], what[ERROR_MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    nearest_prefix(config, path, prefix);
    return error_set(err, SLUICE_CONFIG, "%s%s", prefix, what);
}

/* *ret_node is NULL when the section is absent or empty. */
static enum sluice_status section_find(const struct config *config, const char *path,
                                       const struct node **ret_node, struct sluice_error *err)
{
    const struct node *node = node_find(config, path);
    bool nothing = node == NULL || (node->kind == NODE_SCALAR && node->empty);
    if (!nothing && node->kind != NODE_MAPPING)
        return config_value_error(config, path, err,
                                  "this must be a section; write keys and values below it");
    *ret_node = nothing ? NULL : node;
    return SLUICE_OK;
}

static enum sluice_status option_fill(struct config *config, const char *section, const struct node *node,
                                      const struct sluice_option *option, enum fill_rule rule,
                                      void *ret_struct, struct sluice_error *err)
{
    void *field = (char *)ret_struct + option->offset;
    const struct node *value = node == NULL ? NULL : node_child(node, option->name);
    if (value == NULL && rule == FILL_PRESENT)
        return SLUICE_OK;
    const char *path = path_join(config, section, option->name);
    if (path == NULL)
        return error_no_memory(err);
    if (value != NULL)
        return value_read(config, value, path, option, field, err);
    if ((option->flags & SLUICE_OPTION_REQUIRED) != 0)
        return config_value_error(config, path, err, "this is required (%s)", option->help);
    return value_default(config, path, option, field, err);
}

static enum sluice_status section_fill(struct config *config, const char *section,
                                       const struct sluice_option *options, size_t n_options,
                                       enum fill_rule rule, void *ret_struct, struct sluice_error *err)
{
    const struct node *node = NULL;
    enum sluice_status status = section_find(config, section, &node, err);
    for (size_t i = 0; i < n_options && status == SLUICE_OK; i++)
        status = option_fill(config, section, node, &options[i], rule, ret_struct, err);
    return status;
}

enum sluice_status config_fill(struct config *config, const char *section,
                               const struct sluice_option *options, size_t n_options, void *ret_struct,
                               struct sluice_error *err)
{
    return section_fill(config, section, options, n_options, FILL_ALL, ret_struct, err);
}

enum sluice_status config_override(struct config *config, const char *section,
                                   const struct sluice_option *options, size_t n_options, void *ret_struct,
                                   struct sluice_error *err)
{
    return section_fill(config, section, options, n_options, FILL_PRESENT, ret_struct, err);
}

enum sluice_status config_assign(struct config *config, const char *assignment,
                                 const struct sluice_option *options, size_t n_options, void *ret_struct,
                                 struct sluice_error *err)
{
    size_t length = strcspn(assignment, "=");
    const char *name = arena_copy(&config->arena, assignment, length);
    if (name == NULL)
        return error_no_memory(err);
    const struct sluice_option *option = option_find(options, n_options, name);
    if (assignment[length] != '=')
        return error_set(err, SLUICE_CONFIG, "-o %.100s: write it as NAME=VALUE", name);
    if (option == NULL)
        return error_set(err, SLUICE_CONFIG,
                         "-o %.100s: there is no such option; `sluice plugin info` lists them", name);
    const char *value = arena_text(&config->arena, assignment + length + 1);
    if (value == NULL)
        return error_no_memory(err);
    const struct node node = {.origin = NODE_OPTION, .text = value, .written = value};
    return value_read(config, &node, name, option, (char *)ret_struct + option->offset, err);
}

/* ---- Single values --------------------------------------------------------------------------------- */

const char *config_text(const struct config *config, const char *path)
{
    const struct node *node = node_find(config, path);
    return node == NULL || node->kind != NODE_SCALAR || node->empty ? NULL : node->text;
}

enum sluice_status config_plugin(struct config *config, const char *section, const char **ret_name,
                                 struct sluice_error *err)
{
    const struct node *node = NULL;
    enum sluice_status status = section_find(config, section, &node, err);
    if (status != SLUICE_OK)
        return status;
    const char *path = path_join(config, section, "plugin");
    if (path == NULL)
        return error_no_memory(err);
    const char *name = config_text(config, path);
    if (name == NULL || *name == '\0')
        return config_value_error(config, path, err,
                                  "this section needs a plugin; write `plugin: NAME` "
                                  "(`sluice plugin list` shows them)");
    *ret_name = name;
    return SLUICE_OK;
}

enum sluice_status config_keys(struct config *config, const char *path, const struct config_key **ret_keys,
                               size_t *ret_n, struct sluice_error *err)
{
    const struct node *node = NULL;
    enum sluice_status status = section_find(config, path, &node, err);
    if (status != SLUICE_OK)
        return status;
    size_t n = 0;
    for (const struct node *child = node == NULL ? NULL : node->first; child != NULL; child = child->next)
        n++;
    struct config_key *keys = arena_alloc(&config->arena, (n + 1) * sizeof *keys);
    if (keys == NULL)
        return error_no_memory(err);
    n = 0;
    for (const struct node *child = node == NULL ? NULL : node->first; child != NULL; child = child->next) {
        keys[n] = (struct config_key){.key = child->key, .path = path_join(config, path, child->key)};
        if (keys[n++].path == NULL)
            return error_no_memory(err);
    }
    *ret_keys = keys;
    *ret_n = n;
    return SLUICE_OK;
}
