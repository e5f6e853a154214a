/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/catalog.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum sluice_status catalog_open(struct catalog *ret_catalog, struct arena *arena, struct sluice_error *err)
{
    struct catalog catalog = {.arena = arena};
    enum sluice_status status = plugin_dirs_default(&catalog.dirs, err);
    if (status == SLUICE_OK)
        *ret_catalog = catalog;
    return status;
}

void catalog_close(struct catalog *catalog)
{
    plugin_dirs_free(&catalog->dirs);
}

static struct catalog_entry *entry_add(struct catalog *catalog, const char *name, uint32_t kind)
{
    struct catalog_entry *entry = arena_alloc(catalog->arena, sizeof *entry);
    const char *copy = arena_text(catalog->arena, name);
    if (entry == NULL || copy == NULL)
        return NULL;
    entry->name = copy;
    entry->kind = kind;
    catalog->entries[catalog->n++] = entry;
    return entry;
}

static bool is_installed(const struct catalog *catalog, const char *name)
{
    char path[4096];
    for (size_t i = 0; i < catalog->dirs.n; i++) {
        snprintf(path, sizeof path, "%s/%s.so", catalog->dirs.items[i], name);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

/* The file's name behind the written one. */
static void resolve(const struct catalog *catalog, const char *name, uint32_t kind, char *ret_name,
                    size_t size)
{
    snprintf(ret_name, size, "%s-%s", kind_name(kind), name);
    if (strchr(name, '/') != NULL || is_installed(catalog, name) || !is_installed(catalog, ret_name))
        snprintf(ret_name, size, "%s", name);
}

enum sluice_status catalog_find(struct catalog *catalog, const char *name, uint32_t kind,
                                const struct sluice_plugin **ret_plugin, struct sluice_error *err)
{
    struct catalog_entry *entry = NULL;
    for (size_t i = 0; i < catalog->n && entry == NULL; i++)
        if (catalog->entries[i]->kind == kind && strcmp(catalog->entries[i]->name, name) == 0)
            entry = catalog->entries[i];
    if (entry == NULL) {
        char resolved[512];
        if (catalog->n == CATALOG_LIMIT)
            return error_set(err, SLUICE_CONFIG, "more than %d plugins are named", (int)CATALOG_LIMIT);
        entry = entry_add(catalog, name, kind);
        if (entry == NULL)
            return error_no_memory(err);
        resolve(catalog, name, kind, resolved, sizeof resolved);
        plugin_find(&catalog->dirs, resolved, kind, &entry->plugin, &entry->error);
    }
    if (entry->plugin == NULL)
        return error_set(err, entry->error.status, "%s", entry->error.message);
    *ret_plugin = entry->plugin;
    return SLUICE_OK;
}

/* "…/csv-stub.so" -> "csv-stub" */
static void name_of_file(const char *path, char *ret_name, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(file, '.');
    snprintf(ret_name, size, "%.*s", dot == NULL ? (int)strlen(file) : (int)(dot - file), file);
}

struct loading {
    struct catalog *catalog;
    struct sluice_error failure; /* of this machine, not of a plugin; its status is OK when there is none */
};

static void found(void *context, const char *path, const struct sluice_plugin *plugin,
                  const struct sluice_error *refusal)
{
    struct loading *loading = context;
    char name[256];
    struct sluice_error err;
    const struct sluice_plugin *loaded;
    if (plugin == NULL) {
        if (refusal->status == SLUICE_IO)
            loading->failure = *refusal;
        return;
    }
    name_of_file(path, name, sizeof name);
    /* the entry keeps its error */
    if (catalog_find(loading->catalog, name, plugin->kind, &loaded, &err) == SLUICE_IO)
        loading->failure = err;
}

enum sluice_status catalog_load_all(struct catalog *catalog, struct sluice_error *err)
{
    struct loading loading = {.catalog = catalog, .failure = {.status = SLUICE_OK}};
    enum sluice_status status = plugin_each(&catalog->dirs, found, &loading, err);
    if (status == SLUICE_OK && loading.failure.status != SLUICE_OK)
        return error_set(err, loading.failure.status, "%s", loading.failure.message);
    return status;
}
