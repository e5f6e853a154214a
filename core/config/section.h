/* SPDX-License-Identifier: Apache-2.0 */
/* Which options a section or an entry of a map may hold: its own tables and that of the plugin it names. */
#ifndef CONFIG_SECTION_H
#define CONFIG_SECTION_H

#include "config/value.h"

struct scope {
    const struct config_section *section;
    bool has_plugin;                    /* `plugin:` is one of the keys */
    const struct config_plugin *plugin; /* NULL: none named, or unknown */
    size_t n_tables;                    /* the section's and then the plugin's */
};

/* i < n_tables. */
const struct config_table *scope_table(const struct scope *scope, size_t i);
void scope_open(struct scope *ret_scope, struct config *config, const struct config_section *section,
                const char *path);
/* The first option of that name, or NULL. */
const struct sluice_option *scope_option(const struct scope *scope, const char *name);

/* The scope of a section whose plugin is this one, or of one without (NULL). */
void scope_of_plugin(struct scope *ret_scope, const struct config_section *section,
                     const struct config_plugin *plugin);

#endif
