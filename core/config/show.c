/* SPDX-License-Identifier: Apache-2.0 */
/* The effective configuration as YAML, in the order of the sections and their tables. Each option passes
 * through one function, which is where secrets become ***. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "config/section.h"

#include <ctype.h>
#include <string.h>

struct show {
    struct config *config;
    enum config_show_style style;
    struct buffer yaml;
    struct sluice_error *err;
};

/* Text that YAML reads back as it is, without quotes. */
static bool is_plain(const char *text)
{
    size_t n = strlen(text);
    if (n == 0 || !(isalnum((unsigned char)*text) || *text == '/' || *text == '.') || text[n - 1] == ':')
        return false;
    if (strcmp(text, "null") == 0)
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("_./:@+-%?=;", *c) == NULL)
            return false;
    return true;
}

/* In double quotes, which YAML and JSON share; ${ is written so that it stays one. */
static void put_quoted(struct show *show, const char *text)
{
    _cleanup_(buffer_free) struct buffer escaped = BUFFER_INIT(CONFIG_FILE_LIMIT * 8);
    for (; *text != '\0'; text++) {
        if (strncmp(text, "${", 2) == 0)
            buffer_byte(&escaped, '$');
        buffer_byte(&escaped, *text);
    }
    show->yaml.failed |= escaped.failed;
    json_text(&show->yaml, text_of(escaped.data == NULL ? "" : escaped.data));
}

static void put_text(struct show *show, const char *text)
{
    const char *masked = value_masked(show->config, text);
    if (masked == NULL) {
        show->yaml.failed = true;
    } else if (is_plain(masked)) {
        buffer_text(&show->yaml, masked);
    } else {
        put_quoted(show, masked);
    }
}

static void put_list(struct show *show, const struct sluice_list *list)
{
    buffer_byte(&show->yaml, '[');
    for (size_t i = 0; i < list->n_items; i++) {
        buffer_text(&show->yaml, i == 0 ? "" : ", ");
        put_text(show, list->items[i]);
    }
    buffer_byte(&show->yaml, ']');
}

/* " # FILE:3:10"; nothing for the plain style. */
static void put_origin(struct show *show, const struct node *node)
{
    if (show->style != CONFIG_SHOW_ORIGIN)
        return;
    buffer_text(&show->yaml, "  # ");
    if (node == NULL || node->origin == NODE_DEFAULT)
        buffer_text(&show->yaml, "default");
    else if (node->origin == NODE_FILE)
        buffer_printf(&show->yaml, "%s:%u:%u", show->config->file, node->place.line, node->place.column);
    else if (node->origin == NODE_SET)
        buffer_text(&show->yaml, "--set");
    else
        buffer_printf(&show->yaml, "environment %s", node->from);
}

/* A field as it was read; texts resolved, everything else in the words it was written in. */
static void put_field(struct show *show, const struct sluice_option *option, const union value_field *field,
                      const char *text)
{
    if (option->type == SLUICE_OPTION_SECRET)
        buffer_text(&show->yaml, "\"***\"");
    else if (option->type == SLUICE_OPTION_LIST)
        put_list(show, &field->list);
    else if (option->type == SLUICE_OPTION_STRING)
        put_text(show, field->text);
    else
        put_text(show, text);
}

static enum sluice_status put_option(struct show *show, const struct sluice_option *option,
                                     const struct node *section, const char *path, const char *indent)
{
    union value_field field;
    const struct node *node = section == NULL ? NULL : node_child(section, option->name);
    const char *option_path = path_join(show->config, path, option->name);
    if (option_path == NULL)
        return error_no_memory(show->err);
    if (node == NULL && option->default_text == NULL) {
        buffer_printf(&show->yaml, "%s# %s: not set\n", indent, option->name);
        return SLUICE_OK;
    }
    enum sluice_status status = node != NULL
                                    ? value_read(show->config, node, option_path, option, &field, show->err)
                                    : value_default(show->config, option_path, option, &field, show->err);
    if (status != SLUICE_OK)
        return status;
    buffer_printf(&show->yaml, "%s%s: ", indent, option->name);
    put_field(show, option, &field, node == NULL ? option->default_text : node->text);
    put_origin(show, node);
    buffer_byte(&show->yaml, '\n');
    return SLUICE_OK;
}

static void put_plugin(struct show *show, const struct node *section, const char *indent)
{
    const struct node *node = section == NULL ? NULL : node_child(section, "plugin");
    if (node == NULL || node->kind != NODE_SCALAR)
        return;
    buffer_printf(&show->yaml, "%splugin: ", indent);
    put_text(show, node->text);
    put_origin(show, node);
    buffer_byte(&show->yaml, '\n');
}

/* An option of two tables is shown once; of a map of overrides only what is there. */
static enum sluice_status put_scope(struct show *show, const struct config_section *section,
                                    const struct node *node, const char *path, const char *indent)
{
    struct scope scope;
    enum sluice_status status = SLUICE_OK;
    scope_open(&scope, show->config, section, path);
    if (scope.has_plugin)
        put_plugin(show, node, indent);
    for (size_t i = 0; i < scope.n_tables; i++) {
        const struct config_table *table = scope_table(&scope, i);
        for (size_t j = 0; j < table->n_options && status == SLUICE_OK; j++) {
            const struct sluice_option *option = &table->options[j];
            bool absent = node == NULL || node_child(node, option->name) == NULL;
            bool left_out = absent && scope.section->kind == CONFIG_OVERRIDE_MAP;
            if (!left_out && scope_option(&scope, option->name) == option)
                status = put_option(show, option, node, path, indent);
        }
    }
    return status;
}

static enum sluice_status put_map(struct show *show, const struct config_section *section,
                                  const struct node *map)
{
    enum sluice_status status = SLUICE_OK;
    for (const struct node *entry = map->first; entry != NULL && status == SLUICE_OK; entry = entry->next) {
        const char *path = path_join(show->config, section->name, entry->key);
        if (path == NULL)
            return error_no_memory(show->err);
        buffer_text(&show->yaml, "  ");
        put_text(show, entry->key);
        buffer_text(&show->yaml, ":\n");
        status = put_scope(show, section, entry, path, "    ");
    }
    return status;
}

static enum sluice_status put_section(struct show *show, const struct config_section *section)
{
    const struct node *node = node_child(&show->config->root, section->name);
    if (node != NULL && node->kind != NODE_MAPPING && !node->empty)
        return config_value_error(show->config, section->name, show->err,
                                  "this must be a section; write keys and values below it");
    bool is_map = section->kind == CONFIG_PLUGIN_MAP || section->kind == CONFIG_OVERRIDE_MAP;
    if (is_map && (node == NULL || node->first == NULL)) {
        buffer_printf(&show->yaml, "%s: {}\n", section->name);
        return SLUICE_OK;
    }
    buffer_printf(&show->yaml, "%s:\n", section->name);
    return is_map ? put_map(show, section, node) : put_scope(show, section, node, section->name, "  ");
}

enum sluice_status config_show(struct config *config, const struct config_section *sections,
                               size_t n_sections, enum config_show_style style, char **ret_yaml,
                               struct sluice_error *err)
{
    struct show show = {
        .config = config, .style = style, .yaml = BUFFER_INIT(CONFIG_FILE_LIMIT * 16), .err = err};
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < n_sections && status == SLUICE_OK; i++)
        status = put_section(&show, &sections[i]);
    char *yaml = status == SLUICE_OK ? buffer_steal(&show.yaml) : NULL;
    buffer_free(&show.yaml);
    if (status == SLUICE_OK && yaml == NULL)
        return error_no_memory(err);
    if (status == SLUICE_OK)
        *ret_yaml = yaml;
    return status;
}
