/* SPDX-License-Identifier: Apache-2.0 */
/* What a plugin declares, held against the contract. Nothing here calls into the plugin. */
#include "host/plugin.h"

#include "base/cleanup.h"

#include <string.h>

struct slot {
    const char *name;
    size_t offset;
};

#define SLOT(type, member)                     \
    {                                          \
#member, offsetof(struct type, member) \
    }

/* Required slots; what a vtable may leave NULL is not listed. */
static const struct slot source_slots[] = {SLOT(sluice_source, open), SLOT(sluice_source, next),
                                           SLOT(sluice_source, close)};
static const struct slot store_slots[] = {
    SLOT(sluice_store, schema),          SLOT(sluice_store, clock),
    SLOT(sluice_store, request_put),     SLOT(sluice_store, request_cancel),
    SLOT(sluice_store, run_claim),       SLOT(sluice_store, run_renew),
    SLOT(sluice_store, run_finish),      SLOT(sluice_store, suppliers_sync),
    SLOT(sluice_store, jobs_enqueue),    SLOT(sluice_store, job_claim),
    SLOT(sluice_store, job_renew),       SLOT(sluice_store, job_finish),
    SLOT(sluice_store, job_release),     SLOT(sluice_store, job_lookup),
    SLOT(sluice_store, snapshot_open),   SLOT(sluice_store, snapshot_write),
    SLOT(sluice_store, snapshot_reject), SLOT(sluice_store, snapshot_stat),
    SLOT(sluice_store, snapshot_commit), SLOT(sluice_store, snapshot_abort),
    SLOT(sluice_store, hold_put),        SLOT(sluice_store, hold_decide),
    SLOT(sluice_store, master_approval), SLOT(sluice_store, schedule_get),
    SLOT(sluice_store, schedule_begin),  SLOT(sluice_store, schedule_pause),
    SLOT(sluice_store, ticks_put),       SLOT(sluice_store, audit_put),
    SLOT(sluice_store, prune),           SLOT(sluice_store, query),
};
static const struct slot state_slots[] = {
    SLOT(sluice_state, lock),   SLOT(sluice_state, renew),   SLOT(sluice_state, release),
    SLOT(sluice_state, holder), SLOT(sluice_state, publish), SLOT(sluice_state, observe),
    SLOT(sluice_state, wake),   SLOT(sluice_state, wait),    SLOT(sluice_state, take),
};

static const struct {
    size_t size, alignment;
} field_of_type[] = {
    [SLUICE_OPTION_STRING] = {sizeof(char *), _Alignof(char *)},
    [SLUICE_OPTION_SECRET] = {sizeof(struct sluice_secret), _Alignof(struct sluice_secret)},
    [SLUICE_OPTION_INT] = {sizeof(int64_t), _Alignof(int64_t)},
    [SLUICE_OPTION_BOOL] = {sizeof(bool), _Alignof(bool)},
    [SLUICE_OPTION_DURATION] = {sizeof(struct sluice_duration), _Alignof(struct sluice_duration)},
    [SLUICE_OPTION_SIZE] = {sizeof(struct sluice_size), _Alignof(struct sluice_size)},
    [SLUICE_OPTION_CHOICE] = {sizeof(struct sluice_choice), _Alignof(struct sluice_choice)},
    [SLUICE_OPTION_LIST] = {sizeof(struct sluice_list), _Alignof(struct sluice_list)},
};

const char *kind_name(uint32_t kind)
{
    switch (kind) {
    case SLUICE_SOURCE:
        return "source";
    case SLUICE_STORE:
        return "store";
    case SLUICE_STATE:
        return "state";
    default:
        return "unknown";
    }
}

/* Lower case and digits, words joined by `joint`. */
static bool is_word(const char *text, char joint)
{
    if (text == NULL || text[0] < 'a' || text[0] > 'z')
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == joint))
            return false;
    return true;
}

static bool is_choice(const struct sluice_option *option, const char *text)
{
    for (size_t i = 0; option->choices[i] != NULL; i++)
        if (strcmp(option->choices[i], text) == 0)
            return true;
    return false;
}

static enum sluice_status choices_check(const struct sluice_option *option, const char *path,
                                        struct sluice_error *err)
{
    if (option->type != SLUICE_OPTION_CHOICE)
        return SLUICE_OK;
    if (option->choices == NULL || option->choices[0] == NULL)
        return error_set(err, SLUICE_CONFIG, "%s: its option '%s' is a choice among nothing", path,
                         option->name);
    if (option->default_text != NULL && !is_choice(option, option->default_text))
        return error_set(err, SLUICE_CONFIG, "%s: the default '%s' of its option '%s' is none of the choices",
                         path, option->default_text, option->name);
    return SLUICE_OK;
}

static enum sluice_status option_check(const struct sluice_option *option, uint64_t config_size,
                                       const char *path, struct sluice_error *err)
{
    if (!is_word(option->name, '_'))
        return error_set(err, SLUICE_CONFIG,
                         "%s: an option's name is not of lower-case letters, digits and '_'", path);
    if (strcmp(option->name, "plugin") == 0)
        return error_set(err, SLUICE_CONFIG,
                         "%s: its option 'plugin' has a name that the engine keeps for itself", path);
    if (option->type >= ELEMENTS(field_of_type))
        return error_set(err, SLUICE_CONFIG, "%s: its option '%s' has the unknown type %u", path,
                         option->name, option->type);
    size_t size = field_of_type[option->type].size;
    if (config_size < size || option->offset > config_size - size ||
        option->offset % field_of_type[option->type].alignment != 0)
        return error_set(err, SLUICE_CONFIG,
                         "%s: its option '%s' lies at offset %u, outside its options struct", path,
                         option->name, option->offset);
    if (option->help == NULL || option->help[0] == '\0')
        return error_set(err, SLUICE_CONFIG, "%s: its option '%s' has no help", path, option->name);
    return choices_check(option, path, err);
}

static enum sluice_status options_disjoint(const struct sluice_option *a, const struct sluice_option *b,
                                           const char *path, struct sluice_error *err)
{
    if (strcmp(a->name, b->name) == 0)
        return error_set(err, SLUICE_CONFIG, "%s: it declares the option '%s' twice", path, a->name);
    if (a->offset < b->offset + field_of_type[b->type].size &&
        b->offset < a->offset + field_of_type[a->type].size)
        return error_set(err, SLUICE_CONFIG, "%s: its options '%s' and '%s' share one field", path, a->name,
                         b->name);
    return SLUICE_OK;
}

enum sluice_status option_table_check(const struct sluice_option *options, size_t n, uint64_t config_size,
                                      const char *path, struct sluice_error *err)
{
    if (n > 0 && options == NULL)
        return error_set(err, SLUICE_CONFIG, "%s: it announces %zu options and has no table", path, n);
    for (size_t i = 0; i < n; i++) {
        enum sluice_status status = option_check(&options[i], config_size, path, err);
        for (size_t j = 0; j < i && status == SLUICE_OK; j++)
            status = options_disjoint(&options[i], &options[j], path, err);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}

static enum sluice_status slots_check(const void *vtable, const struct slot *slots, size_t n,
                                      const char *path, struct sluice_error *err)
{
    uint32_t size;
    memcpy(&size, vtable, sizeof size);
    for (size_t i = 0; i < n; i++) {
        void *function = NULL;
        if (slots[i].offset + sizeof function <= size)
            memcpy(&function, (const char *)vtable + slots[i].offset, sizeof function);
        if (function == NULL)
            return error_set(err, SLUICE_CONFIG, "%s: its function %s () is missing", path, slots[i].name);
    }
    return SLUICE_OK;
}

static enum sluice_status vtable_check(const struct sluice_plugin *plugin, const char *path,
                                       struct sluice_error *err)
{
    int n = (plugin->source != NULL) + (plugin->store != NULL) + (plugin->state != NULL);
    if (n != 1)
        return error_set(err, SLUICE_CONFIG, "%s: it has %d of the vtables source, store and state, not one",
                         path, n);
    switch (plugin->kind) {
    case SLUICE_SOURCE:
        if (plugin->source != NULL)
            return slots_check(plugin->source, source_slots, ELEMENTS(source_slots), path, err);
        break;
    case SLUICE_STORE:
        if (plugin->store != NULL)
            return slots_check(plugin->store, store_slots, ELEMENTS(store_slots), path, err);
        break;
    case SLUICE_STATE:
        if (plugin->state != NULL)
            return slots_check(plugin->state, state_slots, ELEMENTS(state_slots), path, err);
        break;
    default:
        return error_set(err, SLUICE_CONFIG, "%s: its kind %u is unknown", path, plugin->kind);
    }
    return error_set(err, SLUICE_CONFIG, "%s: it calls itself a %s and has another's vtable", path,
                     kind_name(plugin->kind));
}

enum sluice_status plugin_check(const struct sluice_plugin *plugin, const char *path,
                                struct sluice_error *err)
{
    if (!is_word(plugin->name, '-'))
        return error_set(err, SLUICE_CONFIG, "%s: its name is not of lower-case letters, digits and '-'",
                         path);
    if (plugin->version == NULL || plugin->summary == NULL)
        return error_set(err, SLUICE_CONFIG, "%s: it has no %s", path,
                         plugin->version == NULL ? "version" : "summary");
    if (plugin->create == NULL || plugin->destroy == NULL)
        return error_set(err, SLUICE_CONFIG, "%s: its function %s () is missing", path,
                         plugin->create == NULL ? "create" : "destroy");
    enum sluice_status status = vtable_check(plugin, path, err);
    if (status != SLUICE_OK)
        return status;
    return option_table_check(plugin->options, plugin->n_options, plugin->config_size, path, err);
}
