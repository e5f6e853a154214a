/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading plugins. Everything that a plugin declares is checked before any of its functions is called; a
 * refused one is named with the reason (SLUICE_CONFIG). A loaded one stays for the life of the process: its
 * code may be in use by a batch or a thread that nobody here knows of.
 */
#ifndef HOST_PLUGIN_H
#define HOST_PLUGIN_H

#include "base/error.h"

#include <sluice/plugin.h>
#include <sluice/state.h>
#include <sluice/store.h>

/* Folders that are searched, in order. */
struct plugin_dirs {
    char **items;
    size_t n;
};

/* $SLUICE_PLUGIN_PATH (folders separated by ':'), or else what belongs to this executable: the build's
 * plugins beside bin/, or lib/sluice/plugins of the installation. */
enum sluice_status plugin_dirs_default(struct plugin_dirs *ret_dirs, struct sluice_error *err);
void plugin_dirs_free(struct plugin_dirs *dirs); /* [cleanup] accepts a zeroed one */

/* Loads and checks one file. `kind`: enum sluice_kind, or 0 for any. */
enum sluice_status plugin_load(const char *path, uint32_t kind, const struct sluice_plugin **ret_plugin,
                               struct sluice_error *err);

/* NAME is DIR/NAME.so of the first folder that has it; with a '/' in it, it is a path. */
enum sluice_status plugin_find(const struct plugin_dirs *dirs, const char *name, uint32_t kind,
                               const struct sluice_plugin **ret_plugin, struct sluice_error *err);

/* Calls found () for every *.so of the folders, by folder and name: with the plugin, or with NULL and why it
 * was refused. Folders that do not exist are passed over. */
enum sluice_status plugin_each(const struct plugin_dirs *dirs,
                               void (*found)(void *context, const char *path,
                                             const struct sluice_plugin *plugin,
                                             const struct sluice_error *refusal),
                               void *context, struct sluice_error *err);

/* CONFIG with the first thing that is wrong with a declaration; `path` opens the message. */
enum sluice_status plugin_check(const struct sluice_plugin *plugin, const char *path,
                                struct sluice_error *err);
enum sluice_status option_table_check(const struct sluice_option *options, size_t n, uint64_t config_size,
                                      const char *path, struct sluice_error *err);

const char *kind_name(uint32_t kind); /* "source", "store", "state" */

#endif
