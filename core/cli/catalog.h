/* SPDX-License-Identifier: Apache-2.0 */
/* The plugins of this process, each loaded when it is first named and kept under that name. */
#ifndef CLI_CATALOG_H
#define CLI_CATALOG_H

#include "base/arena.h"
#include "config/config.h"
#include "host/plugin.h"

struct catalog_entry {
    const char *name; /* as it was asked for */
    uint32_t kind;
    const struct sluice_plugin *plugin; /* NULL: it could not be loaded, error says why */
    struct sluice_error error;
};

enum { CATALOG_LIMIT = 64 };

struct catalog {
    struct plugin_dirs dirs;
    struct catalog_entry *entries[CATALOG_LIMIT];
    size_t n;
    struct arena *arena; /* of the owner */
};

enum sluice_status catalog_open(struct catalog *ret_catalog, struct arena *arena, struct sluice_error *err);
void catalog_close(struct catalog *catalog); /* accepts a zeroed one */

/* A store or state may be named without its kind: `sqlite` is store-sqlite. */
enum sluice_status catalog_find(struct catalog *catalog, const char *name, uint32_t kind,
                                const struct sluice_plugin **ret_plugin, struct sluice_error *err);

/* Everything that is installed, under the names of the files. Refused ones are left out. */
enum sluice_status catalog_load_all(struct catalog *catalog, struct sluice_error *err);

#endif
