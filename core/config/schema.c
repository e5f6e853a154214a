/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The option tables as JSON Schema (draft 2020-12), for editors. A value may always be a ${reference}, so
 * everything that is no text also takes a string that holds one.
 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "config/section.h"

#include <jansson.h>
#include <string.h>

static const char reference_pattern[] = "\\$\\{";
static const char duration_pattern[] = "^[0-9]+(ms|s|m|h|d)$|\\$\\{";
static const char size_pattern[] = "^[0-9]+(B|KiB|MiB|GiB|TiB|KB|kB|MB|GB|TB)$|\\$\\{";
static const char bool_pattern[] = "^([Tt]rue|[Ff]alse|[Yy]es|[Nn]o|[Oo]n|[Oo]ff)$|\\$\\{";

static json_t *pattern_schema(const char *pattern)
{
    return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

static json_t *one_or_pattern(const char *type, const char *pattern)
{
    return json_pack("{s:[{s:s}, o]}", "anyOf", "type", type, pattern_schema(pattern));
}

static json_t *choice_schema(const struct sluice_option *option)
{
    json_t *words = json_array();
    for (size_t i = 0; option->choices[i] != NULL; i++)
        json_array_append_new(words, json_string(option->choices[i]));
    return json_pack("{s:[{s:o}, o]}", "anyOf", "enum", words, pattern_schema(reference_pattern));
}

static json_t *list_schema(void)
{
    return json_pack("{s:[{s:s, s:{s:[s,s]}}, {s:[s,s]}]}", "anyOf", "type", "array", "items", "type",
                     "string", "number", "type", "string", "number");
}

static json_t *type_schema(const struct sluice_option *option)
{
    switch ((enum sluice_option_type)option->type) {
    case SLUICE_OPTION_INT:
        return one_or_pattern("integer", reference_pattern);
    case SLUICE_OPTION_BOOL:
        return one_or_pattern("boolean", bool_pattern);
    case SLUICE_OPTION_DURATION:
        return pattern_schema(duration_pattern);
    case SLUICE_OPTION_SIZE:
        return pattern_schema(size_pattern);
    case SLUICE_OPTION_CHOICE:
        return choice_schema(option);
    case SLUICE_OPTION_LIST:
        return list_schema();
    case SLUICE_OPTION_STRING:
    case SLUICE_OPTION_SECRET:
        return json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
    }
    return NULL;
}

/* The default as its own type where JSON has one. */
static json_t *default_value(const struct sluice_option *option)
{
    int64_t number;
    bool truth;
    if (option->type == SLUICE_OPTION_INT && value_int(option->default_text, &number))
        return json_integer(number);
    if (option->type == SLUICE_OPTION_BOOL && value_bool(option->default_text, &truth))
        return json_boolean(truth);
    return json_string(option->default_text);
}

static json_t *option_schema(const struct sluice_option *option)
{
    json_t *schema = type_schema(option);
    if (option->help != NULL)
        json_object_set_new(schema, "description", json_string(option->help));
    if (option->default_text != NULL)
        json_object_set_new(schema, "default", default_value(option));
    if (option->type == SLUICE_OPTION_SECRET)
        json_object_set_new(schema, "writeOnly", json_true());
    return schema;
}

static json_t *plugin_key_schema(const struct scope *scope)
{
    if (scope->plugin == NULL)
        return json_pack("{s:s}", "type", "string");
    return json_pack("{s:s, s:s*}", "const", scope->plugin->name, "description", scope->plugin->summary);
}

/* A required value may come from the environment, so it is only asked for here where it is `plugin`. */
static json_t *scope_schema(const struct scope *scope)
{
    json_t *properties = json_object();
    for (size_t i = 0; i < scope->n_tables; i++) {
        const struct config_table *table = scope_table(scope, i);
        for (size_t j = 0; j < table->n_options; j++) {
            const struct sluice_option *option = &table->options[j];
            if (scope_option(scope, option->name) == option)
                json_object_set_new(properties, option->name, option_schema(option));
        }
    }
    if (scope->has_plugin)
        json_object_set_new(properties, "plugin", plugin_key_schema(scope));
    return json_pack("{s:[s,s], s:o, s:b}", "type", "object", "null", "properties", properties,
                     "additionalProperties", 0);
}

/* One alternative per plugin; one that names no plugin leaves it to the default and to `sluice config check`.
 */
static json_t *plugins_schema(const struct config_section *section)
{
    struct scope scope;
    json_t *alternatives = json_array();
    for (size_t i = 0; i < section->n_plugins; i++) {
        scope_of_plugin(&scope, section, &section->plugins[i]);
        json_array_append_new(alternatives, scope_schema(&scope));
    }
    return json_pack("{s:o}", "anyOf", alternatives);
}

static json_t *section_schema(const struct config_section *section)
{
    struct scope scope;
    scope_of_plugin(&scope, section, NULL);
    bool is_map = section->kind == CONFIG_PLUGIN_MAP || section->kind == CONFIG_OVERRIDE_MAP;
    json_t *schema =
        scope.has_plugin && section->n_plugins > 0 ? plugins_schema(section) : scope_schema(&scope);
    if (is_map)
        schema = json_pack("{s:[s,s], s:o}", "type", "object", "null", "additionalProperties", schema);
    if (section->help != NULL)
        json_object_set_new(schema, "description", json_string(section->help));
    return schema;
}

enum sluice_status config_schema(const struct config_section *sections, size_t n_sections, char **ret_json,
                                 struct sluice_error *err)
{
    json_t *properties = json_object();
    for (size_t i = 0; i < n_sections; i++)
        json_object_set_new(properties, sections[i].name, section_schema(&sections[i]));
    json_t *schema =
        json_pack("{s:s, s:s, s:[s,s], s:o, s:b}", "$schema", "https://json-schema.org/draft/2020-12/schema",
                  "title", "Sluice configuration", "type", "object", "null", "properties", properties,
                  "additionalProperties", 0);
    char *text = schema == NULL ? NULL : json_dumps(schema, JSON_INDENT(2));
    json_decref(schema);
    if (text == NULL)
        return error_no_memory(err);
    *ret_json = text;
    return SLUICE_OK;
}
