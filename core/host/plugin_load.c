/* SPDX-License-Identifier: Apache-2.0 */
/* From a file to a checked plugin. Order matters: sizes before fields, fields before calls; dlopen itself
 * runs the object's constructors, so who may write to the file is looked at even before that. */
#include "host/plugin.h"

#include "base/buffer.h"
#include "base/cleanup.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>

#define SYMBOL "sluice_plugin"

/* A plugin whose structs were smaller than ours, as full-size structs; NULL slots where it had none. */
struct grown {
    struct sluice_plugin plugin;
    struct sluice_source source;
    struct sluice_store store;
    struct sluice_state state;
};

static enum sluice_status not_for_everyone(const char *path, struct sluice_error *err)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_errno(err, errno, path);
    bool shared_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
    if ((status.st_mode & S_IWOTH) != 0 && !shared_folder)
        return error_set(err, SLUICE_CONFIG,
                         "%s: everyone may write to it, so it is not loaded; chmod o-w it", path);
    return SLUICE_OK;
}

static enum sluice_status writers_check(const char *path, struct sluice_error *err)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = (size_t)(slash - path);
    if (n >= sizeof folder)
        return error_set(err, SLUICE_CONFIG, "%s: the path is too long", path);
    memcpy(folder, path, n);
    folder[n] = '\0';
    enum sluice_status status = not_for_everyone(path, err);
    return status != SLUICE_OK ? status : not_for_everyone(n == 0 ? "/" : folder, err);
}

/* Is the symbol an object of at least its own struct_size bytes, and of at least the smallest one? */
static enum sluice_status symbol_check(const struct sluice_plugin *symbol, const char *path,
                                       struct sluice_error *err)
{
    Dl_info info;
    void *extra = NULL;
    const size_t smallest = offsetof(struct sluice_plugin, extension);
    if (dladdr1(symbol, &info, &extra, RTLD_DL_SYMENT) == 0 || extra == NULL)
        return error_set(err, SLUICE_CONFIG, "%s: its symbol %s cannot be read", path, SYMBOL);
    const ElfW(Sym) *entry = extra;
    if (entry->st_size < sizeof symbol->struct_size + sizeof symbol->abi)
        return error_set(err, SLUICE_CONFIG, "%s: its symbol %s is no plugin description", path, SYMBOL);
    if (symbol->abi != SLUICE_ABI)
        return error_set(err, SLUICE_CONFIG,
                         "%s: it was built for plugin ABI %u, this engine speaks %u; rebuild it", path,
                         symbol->abi, SLUICE_ABI);
    if (symbol->struct_size < smallest || symbol->struct_size > entry->st_size)
        return error_set(err, SLUICE_CONFIG, "%s: its struct_size of %u bytes is wrong; set it to sizeof",
                         path, symbol->struct_size);
    return SLUICE_OK;
}

/* Copies what both sides know; false when the size is no struct's. */
static bool copy_known(void *ret_copy, size_t size, const void *original)
{
    uint32_t given;
    memcpy(&given, original, sizeof given);
    if (given < sizeof given)
        return false;
    memcpy(ret_copy, original, given < size ? given : size);
    return true;
}

static bool vtables_grow(struct grown *grown)
{
    struct sluice_plugin *plugin = &grown->plugin;
    if (plugin->source != NULL && !copy_known(&grown->source, sizeof grown->source, plugin->source))
        return false;
    if (plugin->store != NULL && !copy_known(&grown->store, sizeof grown->store, plugin->store))
        return false;
    if (plugin->state != NULL && !copy_known(&grown->state, sizeof grown->state, plugin->state))
        return false;
    plugin->source = plugin->source == NULL ? NULL : &grown->source;
    plugin->store = plugin->store == NULL ? NULL : &grown->store;
    plugin->state = plugin->state == NULL ? NULL : &grown->state;
    return true;
}

static bool is_full_size(const struct sluice_plugin *plugin)
{
    return plugin->struct_size >= sizeof *plugin &&
           (plugin->source == NULL || plugin->source->struct_size >= sizeof *plugin->source) &&
           (plugin->store == NULL || plugin->store->struct_size >= sizeof *plugin->store) &&
           (plugin->state == NULL || plugin->state->struct_size >= sizeof *plugin->state);
}

static enum sluice_status symbol_accept(const struct sluice_plugin *symbol, const char *path, uint32_t kind,
                                        const struct sluice_plugin **ret_plugin, struct sluice_error *err)
{
    _cleanup_free_ struct grown *grown = calloc(1, sizeof *grown);
    if (grown == NULL)
        return error_no_memory(err);
    if (!copy_known(&grown->plugin, sizeof grown->plugin, symbol) || !vtables_grow(grown))
        return error_set(err, SLUICE_CONFIG, "%s: a vtable's struct_size is wrong; set it to sizeof", path);
    enum sluice_status status = plugin_check(&grown->plugin, path, err);
    if (status != SLUICE_OK)
        return status;
    if (kind != 0 && grown->plugin.kind != kind)
        return error_set(err, SLUICE_CONFIG, "%s: '%s' is a %s, and a %s is needed here", path, symbol->name,
                         kind_name(grown->plugin.kind), kind_name(kind));
    *ret_plugin = symbol;
    if (!is_full_size(symbol)) {
        *ret_plugin = &grown->plugin; /* lives as long as the plugin: for ever */
        grown = NULL;
    }
    return SLUICE_OK;
}

enum sluice_status plugin_load(const char *path, uint32_t kind, const struct sluice_plugin **ret_plugin,
                               struct sluice_error *err)
{
    char name[PATH_MAX]; /* with a slash, else dlopen would search */
    int n = snprintf(name, sizeof name, "%s%s", strchr(path, '/') == NULL ? "./" : "", path);
    if (n < 0 || (size_t)n >= sizeof name)
        return error_set(err, SLUICE_CONFIG, "%.200s…: the path is too long", path);
    enum sluice_status status = writers_check(name, err);
    if (status != SLUICE_OK)
        return status;
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        return error_set(err, SLUICE_CONFIG, "%s: it cannot be loaded: %s", path, dlerror());
    const struct sluice_plugin *symbol = dlsym(handle, SYMBOL);
    if (symbol == NULL)
        return error_set(err, SLUICE_CONFIG, "%s: it is no plugin: it does not export '%s'", path, SYMBOL);
    status = symbol_check(symbol, path, err);
    return status != SLUICE_OK ? status : symbol_accept(symbol, path, kind, ret_plugin, err);
}
