/* SPDX-License-Identifier: Apache-2.0 */
/* Which options a section or an entry of a map may hold. */
#include "config/section.h"

#include <stdio.h>
#include <string.h>

void scope_of_plugin(struct scope *ret_scope, const struct config_section *section,
                     const struct config_plugin *plugin)
{
    *ret_scope = (struct scope){
        .section = section,
        .has_plugin = section->kind == CONFIG_PLUGIN_SECTION || section->kind == CONFIG_PLUGIN_MAP,
        .plugin = plugin,
        .n_tables = section->n_tables + (plugin != NULL),
    };
}

const struct config_table *scope_table(const struct scope *scope, size_t i)
{
    return i < scope->section->n_tables ? &scope->section->tables[i] : &scope->plugin->table;
}

void scope_open(struct scope *ret_scope, struct config *config, const struct config_section *section,
                const char *path)
{
    const struct config_plugin *plugin = NULL;
    char plugin_path[NODE_PATH_LIMIT]; /* no longer path names anything */
    snprintf(plugin_path, sizeof plugin_path, "%s.plugin", path);
    const char *name = section->n_plugins == 0 ? NULL : config_text(config, plugin_path);
    for (size_t i = 0; i < section->n_plugins && name != NULL && plugin == NULL; i++)
        if (strcmp(section->plugins[i].name, name) == 0)
            plugin = &section->plugins[i];
    scope_of_plugin(ret_scope, section, plugin);
}

const struct sluice_option *scope_option(const struct scope *scope, const char *name)
{
    const struct sluice_option *option = NULL;
    for (size_t i = 0; i < scope->n_tables && option == NULL; i++)
        option = option_find(scope_table(scope, i)->options, scope_table(scope, i)->n_options, name);
    return option;
}
