/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/list_source.h"

enum sluice_status list_source_open(struct composition *composition, const struct sync_source *source,
                                    const char *location, const struct list_rejects *rejects,
                                    struct list_source *ret_list, struct sluice_error *err)
{
    struct list_source list = {0};
    const struct sluice_plugin *plugin = source->plugin.plugin;
    enum sluice_status status = instance_create(&composition->services, plugin, source->plugin.options,
                                                plugin->name, &list.instance, err);
    if (status != SLUICE_OK)
        return status;
    const struct sluice_open_request request = {.struct_size = sizeof request, .location = location};
    list.calls = plugin->source;
    if (rejects != NULL)
        instance_on_reject(list.instance, rejects->reject, rejects->context);
    status = list.calls->open(list.instance->self, &request, &list.cursor, &list.description, err);
    if (status != SLUICE_OK) {
        instance_destroy(list.instance);
        return status == SLUICE_UNCHANGED
                   ? error_set(err, SLUICE_FATAL,
                               "plugin %s answers 'unchanged' to a first read; report this to "
                               "its author",
                               plugin->name)
                   : status;
    }
    *ret_list = list;
    return SLUICE_OK;
}

enum sluice_status list_source_next(struct list_source *list, const struct sluice_batch **ret_batch,
                                    struct sluice_error *err)
{
    const char *version = NULL;
    return list->calls->next(list->instance->self, list->cursor, ret_batch, &version, err);
}

void list_source_close(struct list_source *list)
{
    if (list->instance == NULL)
        return;
    list->calls->close(list->instance->self, list->cursor);
    instance_destroy(list->instance);
    list->instance = NULL;
}
