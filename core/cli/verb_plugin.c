/* SPDX-License-Identifier: Apache-2.0 */
/* plugin list, plugin info: what is installed, what was refused and why, and the options of each. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/table.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct listing {
    struct table *table; /* NULL: JSON */
    json_t *json;
    size_t refused;
};

static void list_one(void *context, const char *path, const struct sluice_plugin *plugin,
                     const struct sluice_error *refusal)
{
    struct listing *listing = context;
    listing->refused += plugin == NULL;
    const char *kind = plugin == NULL ? "refused" : kind_name(plugin->kind);
    const char *summary = plugin == NULL ? refusal->message : plugin->summary;
    const char *slash = strrchr(path, '/');
    if (listing->table != NULL) {
        table_texts(listing->table, slash == NULL ? path : slash + 1, kind,
                    plugin == NULL ? "" : plugin->version, summary, NULL);
        return;
    }
    json_array_append_new(listing->json, json_pack("{s:s, s:s, s:s?, s:s?, s:s}", "path", path, "kind", kind,
                                                   "name", plugin == NULL ? NULL : plugin->name, "version",
                                                   plugin == NULL ? NULL : plugin->version,
                                                   plugin == NULL ? "reason" : "summary", summary));
}

enum exit_code verb_plugin_list(const struct invocation *invocation)
{
    static const struct table_column columns[] = {
        {"FILE", ALIGN_LEFT}, {"KIND", ALIGN_LEFT}, {"VERSION", ALIGN_LEFT}, {"WHAT IT IS", ALIGN_LEFT}};
    _cleanup_(plugin_dirs_free) struct plugin_dirs dirs = {0};
    struct sluice_error err;
    if (plugin_dirs_default(&dirs, &err) != SLUICE_OK)
        return output_error(&err);
    bool json = given_flag(invocation, OPTION_JSON);
    struct terminal terminal =
        terminal_of(stdout, given_flag(invocation, OPTION_NO_COLOR) ? COLOUR_NEVER : COLOUR_AUTO);
    struct listing listing = {json ? NULL : table_new(stdout, columns, ELEMENTS(columns), &terminal),
                              json ? json_array() : NULL, 0};
    if (listing.table == NULL && listing.json == NULL) {
        error_no_memory(&err);
        return output_error(&err);
    }
    enum sluice_status status = plugin_each(&dirs, list_one, &listing, &err);
    table_end(listing.table);
    if (json) {
        json_dumpf(listing.json, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(listing.json);
    if (status != SLUICE_OK)
        return output_error(&err);
    for (size_t i = 0; i < dirs.n && !json; i++)
        printf("%s%s", i == 0 ? "\nSearched: " : ", ", dirs.items[i]);
    if (!json && dirs.n > 0)
        putchar('\n');
    return listing.refused == 0 ? EXIT_DONE : EXIT_CONFIG;
}

static const char *option_type(const struct sluice_option *option)
{
    static const char *const names[] = {"string",   "secret", "int",    "bool",
                                        "duration", "size",   "choice", "list"};
    return option->type < ELEMENTS(names) ? names[option->type] : "?";
}

static json_t *option_json(const struct sluice_option *option)
{
    json_t *json = json_pack("{s:s, s:s, s:s?, s:b, s:s}", "name", option->name, "type", option_type(option),
                             "default", option->default_text, "required",
                             (option->flags & SLUICE_OPTION_REQUIRED) != 0, "help", option->help);
    if (option->choices == NULL)
        return json;
    json_t *choices = json_array();
    for (size_t i = 0; option->choices[i] != NULL; i++)
        json_array_append_new(choices, json_string(option->choices[i]));
    json_object_set_new(json, "choices", choices);
    return json;
}

static enum exit_code info_json(const struct sluice_plugin *plugin)
{
    json_t *options = json_array();
    for (size_t i = 0; i < plugin->n_options; i++)
        json_array_append_new(options, option_json(&plugin->options[i]));
    json_t *json = json_pack("{s:s, s:s, s:s, s:i, s:s, s:o}", "name", plugin->name, "kind",
                             kind_name(plugin->kind), "version", plugin->version, "abi", (int)plugin->abi,
                             "summary", plugin->summary, "options", options);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
    return EXIT_DONE;
}

static enum exit_code info_text(const struct sluice_plugin *plugin)
{
    _cleanup_free_ char *help = NULL;
    struct sluice_error err;
    printf("%s %s, a %s (ABI %u)\n%s\n", plugin->name, plugin->version, kind_name(plugin->kind), plugin->abi,
           plugin->summary);
    if (plugin->n_options == 0)
        return EXIT_DONE;
    if (config_option_help(plugin->options, plugin->n_options, &help, &err) != SLUICE_OK)
        return output_error(&err);
    printf("\nOptions:\n%s", help);
    return EXIT_DONE;
}

static enum exit_code info_markdown(const struct sluice_plugin *plugin)
{
    _cleanup_free_ char *markdown = NULL;
    struct sluice_error err;
    if (config_option_table_markdown(plugin->options, plugin->n_options, &markdown, &err) != SLUICE_OK)
        return output_error(&err);
    fputs(markdown, stdout);
    return EXIT_DONE;
}

enum exit_code verb_plugin_info(const struct invocation *invocation)
{
    _cleanup_(plugin_dirs_free) struct plugin_dirs dirs = {0};
    const struct sluice_plugin *plugin = NULL;
    struct sluice_error err;
    enum sluice_status status = plugin_dirs_default(&dirs, &err);
    if (status == SLUICE_OK)
        status = plugin_find(&dirs, invocation->arguments[0], 0, &plugin, &err);
    if (status != SLUICE_OK)
        return output_error(&err);
    if (given_flag(invocation, OPTION_JSON))
        return info_json(plugin);
    return given_flag(invocation, OPTION_MARKDOWN) ? info_markdown(plugin) : info_text(plugin);
}
