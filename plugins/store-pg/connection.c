/* SPDX-License-Identifier: Apache-2.0 */
#include "connection.h"

#include "query.h"
#include "schema.h"
#include "snapshot.h"

#include <string.h>

void store_close(struct store *store)
{
    PQfinish(store->link);
    store->link = NULL;
    store->schema_known = false;
    store->stage_made = false;
    memset(store->parsed, 0, sizeof store->parsed);
}

static void result_turn(struct store *store)
{
    struct arena oldest = store->previous;
    store->previous = store->result;
    store->result = oldest;
    arena_reset(&store->result);
}

enum sluice_status store_connect(struct store *store, enum store_call call, struct sluice_error *err)
{
    store->call = call;
    result_turn(store);
    if (store->link != NULL && !link_is_alive(store))
        store_close(store);
    return store->link == NULL ? link_open(store, err) : SLUICE_OK;
}

enum sluice_status store_enter(struct store *store, enum store_call call, struct sluice_error *err)
{
    enum sluice_status status = store_connect(store, call, err);
    if (status != SLUICE_OK)
        return status;
    snapshot_yield(store->snapshot);
    return store->schema_known ? SLUICE_OK : schema_require(store, err);
}

enum sluice_status store_resume(struct store *store, enum store_call call, struct sluice_error *err)
{
    store->call = call;
    result_turn(store);
    return link_is_alive(store) ? SLUICE_OK : link_broken(store, err);
}
