/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sections.h"

#include "base/cleanup.h"
#include "daemon/daemon.h"
#include "host/fetch.h"
#include "http/http.h"
#include "ingest/options.h"
#include "schedule/schedule.h"
#include "sync/sync.h"

const struct sluice_option master_option_table[] = {
    SLUICE_OPTION(struct master_options, url, "url", NULL, "address of the master sheet: a URL or a file",
                  .flags = SLUICE_OPTION_PATH),
};
const size_t master_option_count = ELEMENTS(master_option_table);

static const char *const level_choices[] = {"debug", "info", "warning", "error", NULL};
static const char *const format_choices[] = {"text", "json", NULL};

const struct sluice_option log_option_table[] = {
    SLUICE_OPTION(struct log_options, level, "level", "warning", "what is less important is not logged",
                  .choices = level_choices),
    SLUICE_OPTION(struct log_options, format, "format", "text",
                  "one line of text or one JSON object per event", .choices = format_choices),
};
const size_t log_option_count = ELEMENTS(log_option_table);

struct plugin_list {
    struct config_plugin *items;
    size_t n;
};

static struct plugin_list plugins_of(const struct catalog *catalog, uint32_t kind)
{
    struct plugin_list list = {arena_alloc(catalog->arena, (catalog->n + 1) * sizeof *list.items), 0};
    for (size_t i = 0; list.items != NULL && i < catalog->n; i++) {
        const struct catalog_entry *entry = catalog->entries[i];
        if (entry->kind != kind)
            continue;
        struct config_plugin *item = &list.items[list.n++];
        item->name = entry->name;
        item->summary = entry->plugin == NULL ? "not installed" : entry->plugin->summary;
        if (entry->plugin != NULL)
            item->table = (struct config_table){entry->plugin->options, entry->plugin->n_options};
    }
    return list;
}

/* What may be said for one supplier: how lists are read, and any option of the sources. */
static struct config_table *supplier_tables(const struct catalog *catalog, const struct plugin_list *sources)
{
    struct config_table *tables = arena_alloc(catalog->arena, (sources->n + 1) * sizeof *tables);
    if (tables == NULL)
        return NULL;
    tables[0] = (struct config_table){ingest_option_table, ingest_option_count};
    for (size_t i = 0; i < sources->n; i++)
        tables[i + 1] = sources->items[i].table;
    return tables;
}

static struct config_section plain(const char *name, const struct config_table *table, const char *help)
{
    return (struct config_section){name, help, CONFIG_SECTION, table, 1, NULL, 0};
}

enum sluice_status sections_make(struct catalog *catalog, struct sections *ret_sections,
                                 struct sluice_error *err)
{
    struct plugin_list sources = plugins_of(catalog, SLUICE_SOURCE);
    struct plugin_list stores = plugins_of(catalog, SLUICE_STORE);
    struct plugin_list states = plugins_of(catalog, SLUICE_STATE);
    const struct config_table *suppliers = supplier_tables(catalog, &sources);
    struct config_table *own = arena_alloc(catalog->arena, 13 * sizeof *own);
    if (sources.items == NULL || stores.items == NULL || states.items == NULL || suppliers == NULL ||
        own == NULL)
        return error_no_memory(err);
    own[0] = (struct config_table){master_option_table, master_option_count};
    own[1] = (struct config_table){ingest_option_table, ingest_option_count};
    own[2] = own[1];
    own[3] = (struct config_table){guard_option_table, guard_option_count};
    own[4] = (struct config_table){sync_option_table, sync_option_count};
    own[5] = (struct config_table){fetch_option_table, fetch_option_count};
    own[6] = (struct config_table){log_option_table, log_option_count};
    own[7] = (struct config_table){schedule_option_table, schedule_option_count};
    own[8] = (struct config_table){daemon_option_table, daemon_option_count};
    own[9] = (struct config_table){notify_option_table, notify_option_count};
    own[10] = (struct config_table){retention_option_table, retention_option_count};
    own[11] = (struct config_table){http_option_table, http_option_count};
    own[12] = (struct config_table){http_user_option_table, http_user_option_count};
    *ret_sections = (struct sections){{
        {"master", "the sheet that lists the suppliers, and how it is read", CONFIG_PLUGIN_SECTION, &own[0],
         2, sources.items, sources.n},
        {"store", "where suppliers, items and runs are kept", CONFIG_PLUGIN_SECTION, NULL, 0, stores.items,
         stores.n},
        {"state", "who is at work right now", CONFIG_PLUGIN_SECTION, NULL, 0, states.items, states.n},
        {"sources", "which plugin serves which value of the master's Format column", CONFIG_PLUGIN_MAP, NULL,
         0, sources.items, sources.n},
        {"suppliers", "what holds for one supplier, by its name", CONFIG_OVERRIDE_MAP, suppliers,
         sources.n + 1, NULL, 0},
        plain("ingest", &own[2], "how lists are read"),
        plain("guards", &own[3], "when a change is too large to be believed"),
        plain("sync", &own[4], "how a run works"),
        plain("fetch", &own[5], "what may be fetched, and how patiently"),
        plain("http", &own[11], "where and how the API and the panel are served"),
        {"users", "who may sign in to the panel and the API, by name", CONFIG_OVERRIDE_MAP, &own[12], 1, NULL,
         0},
        plain("log", &own[6], "what is said on standard error"),
        plain("schedule", &own[7], "when everything is synced by itself"),
        plain("daemon", &own[8], "how `sluice run` behaves"),
        plain("notify", &own[9], "who is told of what people have to know"),
        plain("retention", &own[10], "how long the store keeps what happened"),
    }};
    return SLUICE_OK;
}
