/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/source_book.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "ingest/master.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct override {
    char *key; /* supplier_key () of its name */
    const char *path;
};

struct found {
    struct found *next;
    const char *format, *path; /* path of the overrides, or NULL */
    struct sync_source source;
};

struct source_book {
    pthread_mutex_t mutex; /* guards everything below: workers ask side by side */
    struct config *config;
    struct catalog *catalog;
    struct arena *arena;
    const char **formats;
    size_t n_formats;
    struct override *overrides; /* sorted by key */
    size_t n_overrides;
    struct found *found;
};

static int override_compare(const void *a, const void *b)
{
    return strcmp(((const struct override *)a)->key, ((const struct override *)b)->key);
}

static enum sluice_status read_overrides(struct source_book *book, struct sluice_error *err)
{
    const struct config_key *keys = NULL;
    size_t n = 0;
    enum sluice_status status = config_keys(book->config, "suppliers", &keys, &n, err);
    if (status != SLUICE_OK || n == 0)
        return status;
    book->overrides = calloc(n, sizeof *book->overrides);
    if (book->overrides == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        book->overrides[i] = (struct override){supplier_key(text_of(keys[i].key)), keys[i].path};
        if (book->overrides[i].key == NULL)
            return error_no_memory(err);
        book->n_overrides++;
    }
    qsort(book->overrides, n, sizeof *book->overrides, override_compare);
    for (size_t i = 1; i < n; i++)
        if (strcmp(book->overrides[i - 1].key, book->overrides[i].key) == 0)
            return config_value_error(book->config, book->overrides[i].path, err,
                                      "this supplier stands here twice, written differently; keep one");
    return SLUICE_OK;
}

static enum sluice_status read_formats(struct source_book *book, struct sluice_error *err)
{
    const struct config_key *keys = NULL;
    size_t n = 0;
    enum sluice_status status = config_keys(book->config, "sources", &keys, &n, err);
    if (status != SLUICE_OK)
        return status;
    book->formats = arena_alloc(book->arena, (n + 1) * sizeof *book->formats);
    if (book->formats == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < n; i++)
        book->formats[i] = keys[i].key;
    book->n_formats = n;
    return SLUICE_OK;
}

enum sluice_status source_book_new(struct config *config, struct catalog *catalog, struct arena *arena,
                                   struct source_book **ret_book, struct sluice_error *err)
{
    struct source_book *book = calloc(1, sizeof *book);
    if (book == NULL)
        return error_no_memory(err);
    *book = (struct source_book){.config = config, .catalog = catalog, .arena = arena};
    pthread_mutex_init(&book->mutex, NULL);
    enum sluice_status status = read_formats(book, err);
    if (status == SLUICE_OK)
        status = read_overrides(book, err);
    if (status != SLUICE_OK) {
        source_book_free(book);
        return status;
    }
    *ret_book = book;
    return SLUICE_OK;
}

void source_book_free(struct source_book *book)
{
    if (book == NULL)
        return;
    for (size_t i = 0; i < book->n_overrides; i++)
        free(book->overrides[i].key);
    free(book->overrides);
    pthread_mutex_destroy(&book->mutex);
    free(book);
}

const char *const *source_book_formats(const struct source_book *book, size_t *ret_n)
{
    *ret_n = book->n_formats;
    return book->formats;
}

/* The overrides of a supplier, or NULL. */
static const char *override_path(const struct source_book *book, const char *supplier)
{
    if (supplier == NULL || book->n_overrides == 0)
        return NULL;
    _cleanup_free_ char *key = supplier_key(text_of(supplier));
    if (key == NULL)
        return NULL;
    const struct override wanted = {key, NULL};
    const struct override *there =
        bsearch(&wanted, book->overrides, book->n_overrides, sizeof wanted, override_compare);
    return there == NULL ? NULL : there->path;
}

/* A plugin with its options and the reading's own, filled from three sections of which the last only
 * overrides. */
static enum sluice_status fill(struct source_book *book, const struct sluice_plugin *plugin,
                               const char *plugin_section, const char *ingest_section, const char *override,
                               struct sync_source *ret_source, struct sluice_error *err)
{
    void *options = arena_alloc(book->arena, plugin->config_size + 1);
    struct ingest_options *ingest = arena_alloc(book->arena, sizeof *ingest);
    if (options == NULL || ingest == NULL)
        return error_no_memory(err);
    enum sluice_status status =
        config_fill(book->config, plugin_section, plugin->options, plugin->n_options, options, err);
    if (status == SLUICE_OK)
        status =
            config_fill(book->config, ingest_section, ingest_option_table, ingest_option_count, ingest, err);
    if (status == SLUICE_OK && override != NULL)
        status = config_override(book->config, override, plugin->options, plugin->n_options, options, err);
    if (status == SLUICE_OK && override != NULL)
        status =
            config_override(book->config, override, ingest_option_table, ingest_option_count, ingest, err);
    if (status == SLUICE_OK)
        *ret_source = (struct sync_source){{plugin, options}, ingest};
    return status;
}

static enum sluice_status unknown_format(const struct source_book *book, const char *format,
                                         struct sluice_error *err)
{
    char served[256] = "";
    for (size_t i = 0; i < book->n_formats; i++) {
        size_t n = strlen(served);
        snprintf(served + n, sizeof served - n, "%s%s", i > 0 ? ", " : "", book->formats[i]);
    }
    return error_set(err, SLUICE_CONFIG, "no source serves the format '%s'; these are served: %s", format,
                     served);
}

static const char *find_format(const struct source_book *book, const char *format)
{
    for (size_t i = 0; i < book->n_formats; i++)
        if (strcasecmp(book->formats[i], format) == 0)
            return book->formats[i];
    return NULL;
}

static enum sluice_status make(struct source_book *book, const char *format, const char *path,
                               struct found **ret_found, struct sluice_error *err)
{
    const char *name = NULL;
    const struct sluice_plugin *plugin = NULL;
    const char *section = arena_printf(book->arena, "sources.%s", format);
    struct found *found = arena_alloc(book->arena, sizeof *found);
    if (section == NULL || found == NULL)
        return error_no_memory(err);
    enum sluice_status status = config_plugin(book->config, section, &name, err);
    if (status == SLUICE_OK)
        status = catalog_find(book->catalog, name, SLUICE_SOURCE, &plugin, err);
    if (status == SLUICE_OK)
        status = fill(book, plugin, section, "ingest", path, &found->source, err);
    if (status != SLUICE_OK)
        return error_prefix(err, "format %s", format);
    found->format = format;
    found->path = path;
    found->next = book->found;
    book->found = found;
    *ret_found = found;
    return SLUICE_OK;
}

static enum sluice_status find_locked(struct source_book *book, const char *supplier, const char *format,
                                      struct sync_source *ret_source, struct sluice_error *err)
{
    const char *known = find_format(book, format);
    if (known == NULL)
        return unknown_format(book, format, err);
    const char *path = override_path(book, supplier);
    struct found *found = book->found;
    while (found != NULL && (found->format != known || found->path != path))
        found = found->next;
    enum sluice_status status = found != NULL ? SLUICE_OK : make(book, known, path, &found, err);
    if (status == SLUICE_OK)
        *ret_source = found->source;
    return status;
}

enum sluice_status source_book_find(void *context, const char *supplier, const char *format,
                                    struct sync_source *ret_source, struct sluice_error *err)
{
    struct source_book *book = context;
    pthread_mutex_lock(&book->mutex);
    enum sluice_status status = find_locked(book, supplier, format, ret_source, err);
    pthread_mutex_unlock(&book->mutex);
    return status;
}

enum sluice_status source_book_master(struct source_book *book, struct sync_source *ret_source,
                                      struct sluice_error *err)
{
    const char *name = NULL;
    const struct sluice_plugin *plugin = NULL;
    enum sluice_status status = config_plugin(book->config, "master", &name, err);
    if (status == SLUICE_OK)
        status = catalog_find(book->catalog, name, SLUICE_SOURCE, &plugin, err);
    return status != SLUICE_OK ? status : fill(book, plugin, "master", "master", NULL, ret_source, err);
}

static bool has_option(const struct sluice_plugin *plugin, const char *assignment)
{
    size_t n = strcspn(assignment, "=");
    for (size_t i = 0; i < plugin->n_options; i++)
        if (strlen(plugin->options[i].name) == n && strncmp(plugin->options[i].name, assignment, n) == 0)
            return true;
    return false;
}

enum sluice_status source_book_assign(struct source_book *book, const struct sync_source *source,
                                      const char *const *assignments, size_t n,
                                      struct sync_source *ret_source, struct sluice_error *err)
{
    const struct sluice_plugin *plugin = source->plugin.plugin;
    void *options = arena_alloc(book->arena, plugin->config_size + 1);
    struct ingest_options *ingest = arena_alloc(book->arena, sizeof *ingest);
    if (options == NULL || ingest == NULL)
        return error_no_memory(err);
    memcpy(options, source->plugin.options, plugin->config_size);
    *ingest = *source->ingest;
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < n && status == SLUICE_OK; i++) {
        if (has_option(plugin, assignments[i]))
            status =
                config_assign(book->config, assignments[i], plugin->options, plugin->n_options, options, err);
        else
            status = config_assign(book->config, assignments[i], ingest_option_table, ingest_option_count,
                                   ingest, err);
    }
    if (status == SLUICE_OK)
        *ret_source = (struct sync_source){{plugin, options}, ingest};
    return status;
}

const char *source_format_of(const char *location)
{
    static const char *const workbooks[] = {".xlsx", ".xlsm"};
    static const char *const sheets[] = {"://docs.google.com/", "://drive.google.com/",
                                         "://spreadsheets.google.com/"};
    size_t n = strcspn(location, "?#");
    bool as_csv = strstr(location, "output=csv") != NULL || strstr(location, "format=csv") != NULL;
    for (size_t i = 0; i < ELEMENTS(sheets); i++)
        if (!as_csv && strstr(location, sheets[i]) != NULL)
            return "google_sheets";
    for (size_t i = 0; i < ELEMENTS(workbooks); i++) {
        size_t length = strlen(workbooks[i]);
        if (n >= length && strncasecmp(location + n - length, workbooks[i], length) == 0)
            return "excel";
    }
    return "csv";
}
