/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and cancelling runs. */
#include "base/cleanup.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/server.h"
#include "http/status.h"
#include "http/trigger.h"
#include "ingest/master.h"

#include <string.h>

enum { SCOPE_MOST = 1000, NAME_MOST = 256 };

/* Keys of suppliers; the strings are owned. */
struct scope {
    char **keys;
    size_t n;
};

static void scope_free(struct scope *scope)
{
    for (size_t i = 0; i < scope->n; i++)
        free(scope->keys[i]);
    free(scope->keys);
}

/* Takes the key. */
static void scope_add(struct scope *scope, char *key)
{
    for (size_t i = 0; i < scope->n; i++)
        if (strcmp(scope->keys[i], key) == 0) {
            free(key);
            return;
        }
    scope->keys[scope->n++] = key;
}

enum sluice_status trigger_put(struct call *call, struct desk *desk, const struct trigger *trigger,
                               char ret_current[SLUICE_ID_SIZE], struct sluice_error *err)
{
    struct sluice_request request = {.struct_size = sizeof request,
                                     .flags = trigger->flags,
                                     .trigger = SLUICE_TRIGGER_MANUAL,
                                     .scope = trigger->scope,
                                     .n_scope = trigger->n_scope,
                                     .by = call->claims.subject};
    struct instance *store = NULL, *state = NULL;
    const struct sluice_run *run = NULL;
    struct sluice_error ignored; /* nobody was woken: whoever waits looks again soon anyway */
    memcpy(request.run_id, call->task_id, SLUICE_ID_SIZE);
    enum sluice_status status = desk_store(desk, &store, err);
    if (status == SLUICE_OK)
        status = store->plugin->store->request_put(store->self, &request, &run, err);
    if (status == SLUICE_BUSY)
        memcpy(ret_current, run->run_id, SLUICE_ID_SIZE);
    if (status != SLUICE_OK)
        return status;
    if (desk_state(desk, &state, &ignored) == SLUICE_OK)
        state->plugin->state->wake(state->self, &ignored);
    status_poke(call->server->status);
    return SLUICE_OK;
}

static void trigger_answer(struct call *call, struct desk *desk, const struct trigger *trigger)
{
    struct sluice_error err = {0};
    char current[SLUICE_ID_SIZE] = "";
    enum sluice_status status = trigger_put(call, desk, trigger, current, &err);
    if (status == SLUICE_BUSY) {
        call_fail_task(call, API_IN_PROGRESS, current, "a sync is in progress already");
        return;
    }
    if (status != SLUICE_OK) {
        call_fail_store(call, &err);
        if (status == SLUICE_UNKNOWN)
            call_fail_task(call, API_STORE, call->task_id,
                           "the store did not say whether it accepted the run; look it up by its id");
        return;
    }
    audit(call, desk, call->claims.subject, "sync", call->task_id);
    buffer_printf(call_json(call, 202),
                  "{\"task_id\": \"%s\", \"status\": \"queued\", \"message\": \"the sync is queued\"}\n",
                  call->task_id);
}

/* The key of a supplier that is named by its id or its name; NULL: the reply says why. */
static char *named_key(struct call *call, struct desk *desk, const char *named)
{
    if (id_is_spelt_well(named))
        return supplier_key_of(call, desk, named);
    struct sluice_error err = {0};
    _cleanup_free_ char *folded = supplier_key(text_of(named));
    char *key = NULL;
    const struct sluice_query query = {.what = SLUICE_QUERY_SUPPLIERS, .key = folded == NULL ? "" : folded};
    if (one_text(desk, query, "key", &key, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else if (key == NULL)
        call_fail(call, API_NOT_FOUND, "supplier \"%s\" was not found", named);
    return key;
}

static bool name_is_usable(const json_t *named)
{
    size_t n = json_string_length(named);
    return json_is_string(named) && n > 0 && n <= NAME_MOST && strlen(json_string_value(named)) == n;
}

/* false: the reply says why. */
static bool scope_read(struct call *call, struct desk *desk, struct scope *scope)
{
    const json_t *suppliers = json_object_get(call->body, "suppliers");
    size_t n = json_array_size(suppliers);
    if (suppliers == NULL || json_is_null(suppliers))
        return true;
    if (!json_is_array(suppliers) || n > SCOPE_MOST) {
        call_fail_field(call, "suppliers", "suppliers is a list of at most %d ids or names", SCOPE_MOST);
        return false;
    }
    scope->keys = calloc(n + 1, sizeof *scope->keys);
    if (scope->keys == NULL) {
        call_fail(call, API_INTERNAL, "the server is out of memory");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *named = json_array_get(suppliers, i);
        if (!name_is_usable(named)) {
            call_fail_field(call, "suppliers", "a supplier is named by a text of 1 to %d bytes", NAME_MOST);
            return false;
        }
        char *key = named_key(call, desk, json_string_value(named));
        if (key == NULL)
            return false;
        scope_add(scope, key);
    }
    return true;
}

void handle_sync(struct call *call, struct desk *desk)
{
    static const char *const known[] = {"suppliers", "full", NULL};
    _cleanup_(scope_free) struct scope scope = {0};
    if (!within_limit(call, desk) || !call_body_known(call, known))
        return;
    const json_t *full = json_object_get(call->body, "full");
    if (full != NULL && !json_is_boolean(full)) {
        call_fail_field(call, "full", "full is true or false");
        return;
    }
    if (!scope_read(call, desk, &scope))
        return;
    const struct trigger trigger = {.scope = (const char *const *)scope.keys,
                                    .n_scope = scope.n,
                                    .flags = json_is_true(full) ? SLUICE_REQUEST_FULL : 0};
    trigger_answer(call, desk, &trigger);
}

void handle_supplier_sync(struct call *call, struct desk *desk)
{
    if (!within_limit(call, desk))
        return;
    _cleanup_free_ char *key = supplier_key_of(call, desk, call->id);
    const char *const scope[] = {key};
    const struct trigger trigger = {.scope = scope, .n_scope = 1};
    if (key != NULL)
        trigger_answer(call, desk, &trigger);
}

/* Why there is nothing to cancel. */
static void refuse_cancel(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *state = NULL;
    struct sluice_error err = {0};
    const struct sluice_query query = {.what = SLUICE_QUERY_RUNS, .run_id = call->id};
    if (one_text(desk, query, "state", &state, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else if (state == NULL)
        call_fail(call, API_NOT_FOUND, "there is no run %s", call->id);
    else
        call_fail(call, API_CONFLICT, "this run has ended already");
}

void handle_cancel(struct call *call, struct desk *desk)
{
    struct sluice_error err = {0}, ignored;
    struct instance *store = NULL, *state = NULL;
    if (!within_limit(call, desk))
        return;
    enum sluice_status status = desk_store(desk, &store, &err);
    if (status == SLUICE_OK)
        status = store->plugin->store->request_cancel(store->self, call->id, &err);
    if (status == SLUICE_END) {
        refuse_cancel(call, desk);
        return;
    }
    if (status != SLUICE_OK) {
        call_fail_store(call, &err);
        return;
    }
    if (desk_state(desk, &state, &ignored) == SLUICE_OK)
        state->plugin->state->wake(state->self, &ignored);
    status_poke(call->server->status);
    audit(call, desk, call->claims.subject, "cancel", call->id);
    buffer_printf(
        call_json(call, 202),
        "{\"task_id\": \"%s\", \"status\": \"cancelling\", \"message\": \"the run is asked to stop\"}\n",
        call->id);
}
