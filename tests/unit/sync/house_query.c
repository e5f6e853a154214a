/* SPDX-License-Identifier: Apache-2.0 */
/* What the store says afterwards. */
#include "house_inner.h"

#include "base/buffer.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct look {
    size_t n, wanted;
    const char *column;
    char *text;
    size_t size;
    struct buffer *all;
};

static enum sluice_status look_at(void *context, const struct sluice_column *columns,
                                  const struct sluice_cell *cells, size_t n)
{
    struct look *look = context;
    for (size_t i = 0; i < n; i++) {
        bool wanted =
            look->column != NULL && look->n == look->wanted && strcmp(columns[i].name, look->column) == 0;
        if (wanted && cells[i].ptr != NULL)
            snprintf(look->text, look->size, "%.*s", (int)cells[i].len, cells[i].ptr);
        if (look->all != NULL && strcmp(columns[i].name, "id") != 0 && strstr(columns[i].name, "_at") == NULL)
            buffer_printf(look->all, "%.*s|", cells[i].ptr == NULL ? 0 : (int)cells[i].len,
                          cells[i].ptr == NULL ? "" : cells[i].ptr);
    }
    if (look->all != NULL)
        buffer_text(look->all, "\n");
    look->n++;
    return SLUICE_OK;
}

static void query(struct house *house, enum sluice_query_what what, const char *key, struct look *look)
{
    struct sluice_error err = {0};
    struct instance *store = NULL;
    struct sluice_query query = {.struct_size = sizeof query, .what = what, .key = key};
    struct sluice_sink sink = {.context = look, .row = look_at};
    struct host_services services = house->services;
    services.cancel = NULL;
    enum sluice_status status =
        instance_create(&services, &house->store_plugin, house->store_options, "test", &store, &err);
    if (status == SLUICE_OK)
        status = store->plugin->store->query(store->self, &query, &sink, &err);
    instance_destroy(store);
    ck_assert_msg(status == SLUICE_OK, "%s", err.message);
}

size_t house_count(struct house *house, enum sluice_query_what what, const char *key)
{
    struct look look = {0};
    query(house, what, key, &look);
    return look.n;
}

void house_cell(struct house *house, enum sluice_query_what what, const char *key, size_t i,
                const char *column, char *ret_text, size_t size)
{
    struct look look = {.wanted = i, .column = column, .text = ret_text, .size = size};
    ret_text[0] = '\0';
    query(house, what, key, &look);
}

char *house_items(struct house *house)
{
    struct buffer all = BUFFER_INIT(16 << 20);
    for (size_t i = 0; i < house->n_lists; i++) {
        char key[64];
        size_t n = strlen(house->lists[i].name);
        for (size_t k = 0; k <= n; k++)
            key[k] = (char)(house->lists[i].name[k] |
                            (house->lists[i].name[k] >= 'A' && house->lists[i].name[k] <= 'Z' ? 32 : 0));
        struct look look = {.all = &all};
        buffer_printf(&all, "== %s\n", key);
        query(house, SLUICE_QUERY_ITEMS, key, &look);
    }
    return buffer_steal(&all);
}

void house_decide(struct house *house, const char *hold_id, enum sluice_hold_decision decision)
{
    struct sluice_error err = {0};
    struct instance *store = NULL;
    const char *key = NULL;
    enum sluice_status status =
        instance_create(&house->services, &house->store_plugin, house->store_options, "test", &store, &err);
    if (status == SLUICE_OK)
        status = store->plugin->store->hold_decide(store->self, hold_id, decision, "the test", &key, &err);
    instance_destroy(store);
    ck_assert_msg(status == SLUICE_OK, "%s: %s", status_name(status), err.message);
}
