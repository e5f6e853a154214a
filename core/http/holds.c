/* SPDX-License-Identifier: Apache-2.0 */
/* Holds: their evidence, and a person's word on them. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/server.h"
#include "http/trigger.h"

static const struct row_field hold_fields[] = {
    {"id", "id", ROW_TEXT},
    {"supplier_id", "supplier_id", ROW_TEXT},
    {"supplier", "supplier", ROW_TEXT},
    {"guard", "guard", ROW_TEXT},
    {"figure", "figure", ROW_NUMBER},
    {"limit", "limit", ROW_NUMBER},
    {"message", "message", ROW_TEXT},
    {"examples", "examples", ROW_JSON},
    {"content_hash", "content_hash", ROW_TEXT},
    {"decision", "decision", ROW_TEXT},
    {"decided_by", "decided_by", ROW_TEXT},
    {"decided_at", "decided_at", ROW_TEXT},
    {"created_at", "created_at", ROW_TEXT},
    {"expires_at", "expires_at", ROW_TEXT},
    {"run_id", "run_id", ROW_TEXT},
};

void handle_holds(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *key = NULL;
    if (!supplier_filter(call, desk, &key))
        return;
    const struct sluice_query query = {
        .what = SLUICE_QUERY_HOLDS, .key = key, .flags = call->query.open ? SLUICE_QUERY_OPEN : 0};
    page_answer(call, desk, query, hold_fields, ELEMENTS(hold_fields));
}

void handle_hold(struct call *call, struct desk *desk)
{
    one_answer(call, desk, (struct sluice_query){.what = SLUICE_QUERY_HOLDS, .id = call->id}, hold_fields,
               ELEMENTS(hold_fields), "hold");
}

/* Why there is nothing to decide: there never was such a hold, or it is too late. */
static void refuse(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *decision = NULL;
    struct sluice_error err = {0};
    const struct sluice_query query = {.what = SLUICE_QUERY_HOLDS, .id = call->id};
    if (one_text(desk, query, "decision", &decision, &err) != SLUICE_OK)
        call_fail_store(call, &err);
    else if (decision == NULL)
        call_fail(call, API_NOT_FOUND, "there is no hold %s", call->id);
    else
        call_fail(call, API_CONFLICT, "this hold waits for no decision any more: it is %s",
                  decision[0] == '\0' ? "expired" : decision);
}

/* false: the reply says why. */
static bool decide(struct call *call, struct desk *desk, enum sluice_hold_decision decision, char **ret_key)
{
    struct sluice_error err = {0};
    struct instance *store = NULL;
    const char *key = NULL;
    enum sluice_status status = desk_store(desk, &store, &err);
    if (status == SLUICE_OK)
        status = store->plugin->store->hold_decide(store->self, call->id, decision, call->claims.subject,
                                                   &key, &err);
    if (status == SLUICE_END)
        refuse(call, desk);
    else if (status != SLUICE_OK)
        call_fail_store(call, &err);
    if (status != SLUICE_OK)
        return false;
    status_poke(call->server->status);
    if (text_copy(key, ret_key))
        return true;
    call_fail(call, API_INTERNAL, "the server is out of memory");
    return false;
}

static void answer(struct call *call, const char *decision, const char *task_id, const char *message)
{
    struct buffer *out = call_json(call, 200);
    buffer_printf(out, "{\"hold_id\": \"%s\", \"decision\": \"%s\", \"task_id\": ", call->id, decision);
    json_text(out, text_of(task_id));
    buffer_text(out, ", \"message\": ");
    json_text(out, text_of(message));
    buffer_text(out, "}\n");
}

/* An approval needs another read of the supplier: a run of it alone, or of everything for the master sheet.
 * What cannot be queued now, because another run is at work or the store fails, is queued by the scheduler
 * later. */
void handle_approve(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *key = NULL;
    struct sluice_error err = {0};
    char current[SLUICE_ID_SIZE] = "";
    if (!within_limit(call, desk) || !decide(call, desk, SLUICE_HOLD_APPROVE, &key))
        return;
    audit(call, desk, call->claims.subject, "approve", call->id);
    const char *const scope[] = {key};
    const struct trigger trigger = {.scope = scope, .n_scope = key == NULL ? 0 : 1};
    enum sluice_status status = trigger_put(call, desk, &trigger, current, &err);
    if (status != SLUICE_OK && status != SLUICE_BUSY)
        log_line(call->server->log, SLUICE_WARNING, "http",
                 "request %s: the approval's run is not queued yet: %s", call->request_id, err.message);
    if (status == SLUICE_OK)
        answer(call, "approved", call->task_id, "approved; it is read again now");
    else
        answer(call, "approved", NULL, "approved; it is read again when the present run has ended");
}

void handle_discard(struct call *call, struct desk *desk)
{
    _cleanup_free_ char *key = NULL;
    if (!within_limit(call, desk) || !decide(call, desk, SLUICE_HOLD_DISCARD, &key))
        return;
    audit(call, desk, call->claims.subject, "discard", call->id);
    answer(call, "discarded", NULL, "discarded; what it held stays out");
}
