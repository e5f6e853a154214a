/* SPDX-License-Identifier: Apache-2.0 */
/* The schedule: what will run, what became of the last times, and pausing it. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/schedule_view.h"
#include "http/server.h"
#include "http/status.h"

enum { REASON_MOST = 500 };

static const struct row_field tick_fields[] = {
    {"nominal_at", "nominal_at", ROW_TEXT}, {"state", "state", ROW_TEXT},
    {"run_id", "run_id", ROW_TEXT},         {"count", "count", ROW_NUMBER},
    {"created_at", "created_at", ROW_TEXT},
};

static enum sluice_status write_ticks(struct call *call, struct desk *desk, struct buffer *out,
                                      struct sluice_error *err)
{
    struct row_list list = {.out = out,
                            .fields = tick_fields,
                            .n_fields = ELEMENTS(tick_fields),
                            .limit = (uint32_t)call->query.n};
    const struct sluice_sink sink = {&list, row_list_add};
    const struct sluice_query query = {
        .what = SLUICE_QUERY_TICKS, .key = SCHEDULE_NAME, .limit = (uint32_t)call->query.n};
    return desk_query(desk, query, &sink, err);
}

static void answer(struct call *call, struct desk *desk)
{
    struct sluice_error err = {0};
    struct schedule_view view = {0};
    struct buffer *out = call_json(call, 200);
    enum sluice_status status = schedule_view_read(desk, (size_t)call->query.n, &view, &err);
    if (status == SLUICE_OK) {
        schedule_view_json(out, &view);
        buffer_text(out, ", \"next\": [");
        for (size_t i = 0; i < view.n_next; i++) {
            char time[TIME_TEXT_SIZE];
            time_format(view.next_us[i], time);
            buffer_printf(out, "%s\"%s\"", i == 0 ? "" : ", ", time);
        }
        buffer_text(out, "], \"ticks\": [");
        status = write_ticks(call, desk, out, &err);
        buffer_text(out, "]}\n");
    }
    if (status != SLUICE_OK)
        call_fail_store(call, &err);
}

void handle_schedule(struct call *call, struct desk *desk)
{
    answer(call, desk);
}

void handle_pause(struct call *call, struct desk *desk)
{
    static const char *const known[] = {"reason", NULL};
    struct sluice_error err = {0};
    struct schedule *schedule = NULL;
    struct schedule_book book;
    const char *reason = NULL;
    if (!within_limit(call, desk) || !call_body_known(call, known) ||
        !call_body_text(call, "reason", REASON_MOST, &reason))
        return;
    if (reason == NULL || text_is_blank(text_of(reason))) {
        call_fail_field(call, "reason", "say why it is paused: a text of 1 to %d bytes", REASON_MOST);
        return;
    }
    enum sluice_status status = desk_schedule(desk, &schedule, &book, &err);
    if (status == SLUICE_OK)
        status = schedule_pause(schedule, &book, reason, call->claims.subject, call->client, &err);
    if (status != SLUICE_OK) {
        call_fail_store(call, &err);
        return;
    }
    status_poke(call->server->status);
    answer(call, desk);
}

void handle_resume(struct call *call, struct desk *desk)
{
    struct sluice_error err = {0};
    struct schedule *schedule = NULL;
    struct schedule_book book;
    if (!within_limit(call, desk))
        return;
    enum sluice_status status = desk_schedule(desk, &schedule, &book, &err);
    if (status == SLUICE_OK)
        status = schedule_resume(schedule, &book, call->claims.subject, call->client, &err);
    if (status != SLUICE_OK) {
        call_fail_store(call, &err);
        return;
    }
    status_poke(call->server->status);
    answer(call, desk);
}
