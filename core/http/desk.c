/* SPDX-License-Identifier: Apache-2.0 */
#include "http/desk.h"

enum sluice_status desk_open(struct desk *desk, const struct http_setup *setup, const char *who,
                             struct sluice_error *err)
{
    *desk = (struct desk){.setup = setup, .who = who, .services = *setup->services};
    desk->services.cancel = cancel_new();
    return desk->services.cancel == NULL ? error_no_memory(err) : SLUICE_OK;
}

static void close_instances(struct desk *desk)
{
    instance_destroy(desk->store);
    instance_destroy(desk->state);
    desk->store = NULL;
    desk->state = NULL;
}

void desk_close(struct desk *desk)
{
    close_instances(desk);
    schedule_free(desk->schedule);
    if (desk->setup != NULL)
        cancel_free(desk->services.cancel);
    *desk = (struct desk){0};
}

void desk_cancel(struct desk *desk)
{
    cancel_request(desk->services.cancel);
}

enum sluice_status desk_renew(struct desk *desk, struct sluice_error *err)
{
    struct cancel *fresh = cancel_new();
    if (fresh == NULL)
        return error_no_memory(err);
    close_instances(desk);
    cancel_free(desk->services.cancel);
    desk->services.cancel = fresh;
    return SLUICE_OK;
}

/* Whichever process or thread comes first brings the tables up to date. */
static enum sluice_status open_store(const struct desk *desk, struct instance **ret_store,
                                     struct sluice_error *err)
{
    const struct sync_plugin *plugin = &desk->setup->store;
    const struct sluice_schema *schema = NULL;
    struct instance *store = NULL;
    enum sluice_status status =
        instance_create(&desk->services, plugin->plugin, plugin->options, desk->who, &store, err);
    if (status != SLUICE_OK)
        return status;
    const struct sluice_store *calls = store->plugin->store;
    status = calls->schema(store->self, SLUICE_SCHEMA_CHECK, &schema, err);
    if (status == SLUICE_OK && schema->version < schema->latest)
        status = calls->schema(store->self, SLUICE_SCHEMA_MIGRATE, &schema, err);
    if (status == SLUICE_OK)
        *ret_store = store;
    else
        instance_destroy(store);
    return status;
}

enum sluice_status desk_store(struct desk *desk, struct instance **ret_store, struct sluice_error *err)
{
    enum sluice_status status = desk->store == NULL ? open_store(desk, &desk->store, err) : SLUICE_OK;
    if (status == SLUICE_OK)
        *ret_store = desk->store;
    return status;
}

enum sluice_status desk_state(struct desk *desk, struct instance **ret_state, struct sluice_error *err)
{
    const struct sync_plugin *plugin = &desk->setup->state;
    if (desk->state == NULL) {
        enum sluice_status status =
            instance_create(&desk->services, plugin->plugin, plugin->options, desk->who, &desk->state, err);
        if (status != SLUICE_OK)
            return status;
    }
    *ret_state = desk->state;
    return SLUICE_OK;
}

enum sluice_status desk_schedule(struct desk *desk, struct schedule **ret_schedule,
                                 struct schedule_book *ret_book, struct sluice_error *err)
{
    struct instance *store = NULL;
    const char *option = NULL;
    enum sluice_status status = desk_store(desk, &store, err);
    if (status == SLUICE_OK && desk->schedule == NULL)
        status = schedule_parse(desk->setup->schedule, &desk->schedule, &option, err);
    if (status != SLUICE_OK)
        return status;
    *ret_schedule = desk->schedule;
    *ret_book = (struct schedule_book){store->plugin->store, store->self, desk->services.random};
    return SLUICE_OK;
}

enum sluice_status desk_query(struct desk *desk, struct sluice_query query, const struct sluice_sink *sink,
                              struct sluice_error *err)
{
    struct instance *store = NULL;
    enum sluice_status status = desk_store(desk, &store, err);
    if (status != SLUICE_OK)
        return status;
    query.struct_size = sizeof query;
    return store->plugin->store->query(store->self, &query, sink, err);
}
