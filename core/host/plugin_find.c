/* SPDX-License-Identifier: Apache-2.0 */
/* Where plugins lie, and which of them a name means. */
#include "host/plugin.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum { SIMILAR = 3, PLUGIN_PATH_SIZE = PATH_MAX * 2 };

#define SUFFIX        ".so"
#define PATH_VARIABLE "SLUICE_PLUGIN_PATH"

/* Below the folder that holds bin/: the build tree's, then what GNUInstallDirs may have chosen. */
static const char *const places[] = {"plugins", "lib*/sluice/plugins", "lib/*/sluice/plugins"};

static enum sluice_status dirs_add(struct plugin_dirs *dirs, const char *folder, size_t n,
                                   struct sluice_error *err)
{
    char **items = realloc(dirs->items, (dirs->n + 1) * sizeof *items);
    if (items == NULL)
        return error_no_memory(err);
    dirs->items = items;
    items[dirs->n] = strndup(folder, n);
    if (items[dirs->n] == NULL)
        return error_no_memory(err);
    dirs->n++;
    return SLUICE_OK;
}

void plugin_dirs_free(struct plugin_dirs *dirs)
{
    for (size_t i = 0; i < dirs->n; i++)
        free(dirs->items[i]);
    free(dirs->items);
    *dirs = (struct plugin_dirs){0};
}

static enum sluice_status dirs_from_path(struct plugin_dirs *dirs, const char *path, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    while (status == SLUICE_OK && *path != '\0') {
        size_t n = strcspn(path, ":");
        if (n > 0)
            status = dirs_add(dirs, path, n, err);
        path += n + (path[n] == ':');
    }
    return status;
}

static enum sluice_status dirs_from_glob(struct plugin_dirs *dirs, const char *pattern,
                                         struct sluice_error *err)
{
    glob_t found;
    enum sluice_status status = SLUICE_OK;
    if (glob(pattern, GLOB_ONLYDIR, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc && status == SLUICE_OK; i++)
            status = dirs_add(dirs, found.gl_pathv[i], strlen(found.gl_pathv[i]), err);
    globfree(&found);
    return status;
}

static enum sluice_status dirs_from_executable(struct plugin_dirs *dirs, struct sluice_error *err)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0)
        return error_errno(err, errno, "/proc/self/exe");
    self[n] = '\0';
    for (int up = 0; up < 2 && strrchr(self, '/') != NULL; up++)
        *strrchr(self, '/') = '\0';
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < ELEMENTS(places) && status == SLUICE_OK; i++) {
        char pattern[PATH_MAX + 32];
        snprintf(pattern, sizeof pattern, "%s/%s", self, places[i]);
        status = dirs_from_glob(dirs, pattern, err);
    }
    return status;
}

enum sluice_status plugin_dirs_default(struct plugin_dirs *ret_dirs, struct sluice_error *err)
{
    _cleanup_(plugin_dirs_free) struct plugin_dirs dirs = {0};
    const char *path = getenv(PATH_VARIABLE);
    enum sluice_status status =
        path != NULL && *path != '\0' ? dirs_from_path(&dirs, path, err) : dirs_from_executable(&dirs, err);
    if (status != SLUICE_OK)
        return status;
    *ret_dirs = dirs;
    dirs = (struct plugin_dirs){0};
    return SLUICE_OK;
}

static int is_shared_object(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > strlen(SUFFIX) && strcmp(entry->d_name + n - strlen(SUFFIX), SUFFIX) == 0;
}

static void names_free(struct dirent **names, int n)
{
    for (int i = 0; i < n; i++)
        free(names[i]);
    free(names);
}

/* The names in a folder, sorted; none when it does not exist. */
static enum sluice_status dir_list(const char *folder, struct dirent ***ret_names, int *ret_n,
                                   struct sluice_error *err)
{
    int n = scandir(folder, ret_names, is_shared_object, alphasort);
    if (n < 0 && errno != ENOENT)
        return error_errno(err, errno, folder);
    *ret_n = n < 0 ? 0 : n;
    if (n < 0)
        *ret_names = NULL;
    return SLUICE_OK;
}

enum sluice_status plugin_each(const struct plugin_dirs *dirs,
                               void (*found)(void *context, const char *path,
                                             const struct sluice_plugin *plugin,
                                             const struct sluice_error *refusal),
                               void *context, struct sluice_error *err)
{
    for (size_t i = 0; i < dirs->n; i++) {
        struct dirent **names = NULL;
        int n = 0;
        enum sluice_status status = dir_list(dirs->items[i], &names, &n, err);
        if (status != SLUICE_OK)
            return status;
        for (int j = 0; j < n; j++) {
            char path[PLUGIN_PATH_SIZE];
            struct sluice_error refusal;
            const struct sluice_plugin *plugin = NULL;
            snprintf(path, sizeof path, "%s/%s", dirs->items[i], names[j]->d_name);
            if (plugin_load(path, 0, &plugin, &refusal) == SLUICE_OK)
                found(context, path, plugin, NULL);
            else
                found(context, path, NULL, &refusal);
        }
        names_free(names, n);
    }
    return SLUICE_OK;
}

/* The name most like `name` among the folders' files, "" when none is like it. */
static void similar_name(const struct plugin_dirs *dirs, const char *name, char ret_similar[NAME_MAX + 1])
{
    unsigned nearest = SIMILAR + 1;
    ret_similar[0] = '\0';
    for (size_t i = 0; i < dirs->n; i++) {
        struct dirent **names = NULL;
        int n = 0;
        if (dir_list(dirs->items[i], &names, &n, NULL) != SLUICE_OK)
            continue;
        for (int j = 0; j < n; j++) {
            names[j]->d_name[strlen(names[j]->d_name) - strlen(SUFFIX)] = '\0';
            unsigned distance = text_distance(name, names[j]->d_name, SIMILAR);
            if (distance < nearest) {
                nearest = distance;
                snprintf(ret_similar, NAME_MAX + 1, "%s", names[j]->d_name);
            }
        }
        names_free(names, n);
    }
}

static enum sluice_status not_found(const struct plugin_dirs *dirs, const char *name,
                                    struct sluice_error *err)
{
    char similar[NAME_MAX + 1];
    _cleanup_(buffer_free) struct buffer where = BUFFER_INIT(ERROR_MESSAGE_SIZE / 2);
    for (size_t i = 0; i < dirs->n; i++)
        buffer_printf(&where, "%s%s", i == 0 ? "" : ", ", dirs->items[i]);
    similar_name(dirs, name, similar);
    if (similar[0] != '\0')
        return error_set(err, SLUICE_CONFIG, "there is no plugin '%s'; did you mean '%s'?", name, similar);
    return error_set(err, SLUICE_CONFIG, "there is no plugin '%s' in %s; set " PATH_VARIABLE " to its folder",
                     name, where.size == 0 ? "any folder" : where.data);
}

enum sluice_status plugin_find(const struct plugin_dirs *dirs, const char *name, uint32_t kind,
                               const struct sluice_plugin **ret_plugin, struct sluice_error *err)
{
    if (strchr(name, '/') != NULL)
        return plugin_load(name, kind, ret_plugin, err);
    for (size_t i = 0; i < dirs->n; i++) {
        char path[PLUGIN_PATH_SIZE];
        struct stat ignored;
        int n = snprintf(path, sizeof path, "%s/%s" SUFFIX, dirs->items[i], name);
        if (n < 0 || (size_t)n >= sizeof path || stat(path, &ignored) != 0)
            continue;
        const struct sluice_plugin *plugin;
        enum sluice_status status = plugin_load(path, kind, &plugin, err);
        if (status != SLUICE_OK)
            return status;
        if (strcmp(plugin->name, name) != 0)
            return error_set(err, SLUICE_CONFIG, "%s: it calls itself '%s'; name the file so", path,
                             plugin->name);
        *ret_plugin = plugin;
        return SLUICE_OK;
    }
    return not_found(dirs, name, err);
}
