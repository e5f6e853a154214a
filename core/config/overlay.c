/* SPDX-License-Identifier: Apache-2.0 */
/* What stands above the file: well-known environment variables, SLUICE__SECTION__KEY, and --set. */
#include "base/decimal.h"
#include "base/text.h"
#include "config/node.h"

#include <ctype.h>
#include <inttypes.h>
#include <sluice/store_types.h>
#include <stdio.h>
#include <string.h>

enum well_known_kind { AS_IT_IS, HOURS };

/* Names that people and other programs already set. */
static const struct well_known {
    const char *name, *path;
    enum well_known_kind kind;
    const char *plugin; /* the only one of the path's section that takes it; NULL: any */
} well_known[] = {
    {"SYNC_INTERVAL_HOURS", "schedule.every", HOURS, NULL},
    {"MASTER_SHEET_URL", "master.url", AS_IT_IS, NULL},
    {"DATABASE_URL", "store.url", AS_IT_IS, NULL},
    {"REDIS_URL", "state.url", AS_IT_IS, NULL},
    {"GOOGLE_APPLICATION_CREDENTIALS", "sources.google_sheets.credentials", AS_IT_IS, NULL},
    {"GOOGLE_APPLICATION_CREDENTIALS", "master.credentials", AS_IT_IS, "gsheets"},
    {"JWT_SECRET", "http.jwt_secret", AS_IT_IS, NULL},
};

static const char prefix[] = "SLUICE__";

/* "8" -> "8h", "0.5" -> "30m": the largest unit that divides it. */
static bool hours_to_duration(const char *hours, char *ret_text, size_t size)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
    const int64_t ms_per_part = 3600000 / SLUICE_PRICE_SCALE; /* decimals come in ten-thousandths */
    int64_t parts;
    if (decimal_parse(text_trim(text_of(hours)), &parts) != DECIMAL_OK || parts <= 0)
        return false;
    int64_t ms = parts * ms_per_part;
    size_t unit = 0;
    while (ms % units[unit].ms != 0)
        unit++;
    snprintf(ret_text, size, "%" PRId64 "%s", ms / units[unit].ms, units[unit].name);
    return true;
}

/* An entry of a map is not invented: its plugin would be unknown. */
static bool well_known_has_place(const struct config *config, const struct well_known *entry)
{
    const char *path = entry->path, *last = strrchr(path, '.');
    char parent[NODE_PATH_LIMIT];
    if (entry->plugin != NULL) {
        snprintf(parent, sizeof parent, "%.*s.plugin", (int)(last - path), path);
        const char *plugin = config_text(config, parent);
        return plugin != NULL && strcmp(plugin, entry->plugin) == 0;
    }
    if (strchr(path, '.') == last)
        return true;
    snprintf(parent, sizeof parent, "%.*s", (int)(last - path), path);
    return node_find(config, parent) != NULL;
}

static enum sluice_status well_known_put(struct config *config, const struct well_known *entry,
                                         const char *value, struct sluice_error *err)
{
    char duration[32];
    if (*value == '\0' || !well_known_has_place(config, entry))
        return SLUICE_OK;
    if (entry->kind == HOURS && !hours_to_duration(value, duration, sizeof duration))
        return error_set(err, SLUICE_CONFIG,
                         "environment %s: \"%.40s\" is no number of hours; write 8 or 0.5", entry->name,
                         value);
    return node_set(config, entry->path, entry->kind == HOURS ? duration : value, NODE_WELL_KNOWN,
                    entry->name, NODE_REPLACE, err);
}

/* SLUICE__STORE__PATH -> store.path; NULL when a part is missing or it is too long. */
static const char *path_of_variable(struct config *config, const char *name, size_t length)
{
    char path[NODE_PATH_LIMIT];
    size_t used = 0;
    const char *end = name + length;
    for (const char *c = name + strlen(prefix); c < end; c++) {
        bool separator = c + 1 < end && c[0] == '_' && c[1] == '_';
        if (used == sizeof path - 1)
            return NULL;
        path[used++] = (char)(separator ? '.' : tolower((unsigned char)*c));
        c += separator;
    }
    path[used] = '\0';
    if (strchr(path, '.') == NULL)
        return NULL;
    return arena_copy(&config->arena, path, used);
}

static enum sluice_status variable_put(struct config *config, const char *variable, struct sluice_error *err)
{
    size_t length = strcspn(variable, "=");
    if (strncmp(variable, prefix, strlen(prefix)) != 0 || variable[length] != '=')
        return SLUICE_OK;
    const char *name = arena_copy(&config->arena, variable, length);
    const char *path = path_of_variable(config, variable, length);
    const char *value = variable + length + 1;
    if (name == NULL)
        return error_no_memory(err);
    if (path == NULL)
        return error_set(err, SLUICE_CONFIG, "environment %.200s: write it as SLUICE__SECTION__KEY", name);
    if (utf8_valid_prefix(value, strlen(value)) != strlen(value))
        return error_set(err, SLUICE_CONFIG, "environment %.200s: its value is no UTF-8 text", name);
    if (node_set(config, path, value, NODE_ENVIRONMENT, name, NODE_REPLACE, err) != SLUICE_OK)
        return error_prefix(err, "environment %.200s", name);
    return SLUICE_OK;
}

enum sluice_status overlay_environment(struct config *config, const char *const *environment,
                                       struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < sizeof well_known / sizeof *well_known && status == SLUICE_OK; i++) {
        const struct well_known *entry = &well_known[i];
        const char *value = environment_find(environment, entry->name, strlen(entry->name));
        if (value != NULL)
            status = well_known_put(config, entry, value, err);
    }
    for (; *environment != NULL && status == SLUICE_OK; environment++)
        status = variable_put(config, *environment, err);
    return status;
}

/* The '=' after the path; one inside quotes belongs to a key. */
static const char *assignment_sign(const char *text)
{
    bool quoted = false;
    for (; *text != '\0'; text++) {
        if (quoted && *text == '\\' && text[1] != '\0')
            text++;
        else if (*text == '"')
            quoted = !quoted;
        else if (*text == '=' && !quoted)
            return text;
    }
    return NULL;
}

enum sluice_status overlay_assignment(struct config *config, const char *assignment, enum node_origin origin,
                                      struct sluice_error *err)
{
    const char *origin_name = origin == NODE_SET ? "--set" : "default";
    const char *sign = assignment_sign(assignment);
    if (sign == NULL || utf8_valid_prefix(assignment, strlen(assignment)) != strlen(assignment))
        return error_set(err, SLUICE_CONFIG, "%s %.*s: write it as section.key=value", origin_name,
                         (int)strcspn(assignment, "=: "), assignment);
    const char *path = arena_copy(&config->arena, assignment, (size_t)(sign - assignment));
    if (path == NULL)
        return error_no_memory(err);
    if (node_set(config, path, sign + 1, origin, NULL, origin == NODE_DEFAULT ? NODE_KEEP : NODE_REPLACE,
                 err) != SLUICE_OK)
        return error_prefix(err, "%s", origin_name);
    return SLUICE_OK;
}
