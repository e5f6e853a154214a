/* SPDX-License-Identifier: Apache-2.0 */
#include "http/schedule_view.h"

#include "base/json.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void copy(char *ret_text, size_t size, const char *text)
{
    size_t n = text == NULL ? 0 : utf8_cut(text, strnlen(text, size - 1));
    memcpy(ret_text, text == NULL ? "" : text, n);
    ret_text[n] = '\0';
}

/* Why it is paused, and from when its intervals are counted. */
static enum sluice_status read_row(struct desk *desk, struct schedule_view *view, int64_t *ret_anchor_us,
                                   struct sluice_error *err)
{
    struct instance *store = NULL;
    const struct sluice_schedule *row = NULL;
    enum sluice_status status = desk_store(desk, &store, err);
    if (status == SLUICE_OK)
        status = store->plugin->store->schedule_get(store->self, SCHEDULE_NAME, &row, err);
    if (status != SLUICE_OK)
        return status == SLUICE_END ? SLUICE_OK : status;
    if (row->paused != 0) {
        copy(view->reason, sizeof view->reason, row->reason);
        copy(view->by, sizeof view->by, row->by);
    }
    *ret_anchor_us = row->anchor_us;
    return SLUICE_OK;
}

enum sluice_status schedule_view_read(struct desk *desk, size_t n_next, struct schedule_view *ret_view,
                                      struct sluice_error *err)
{
    struct schedule *schedule = NULL;
    struct schedule_book book;
    struct schedule_look look;
    struct schedule_view view = {0};
    int64_t anchor_us = 0;
    enum sluice_status status = desk_schedule(desk, &schedule, &book, err);
    if (status == SLUICE_OK)
        status = schedule_peek(schedule, &book, &look, err);
    if (status != SLUICE_OK)
        return status;
    anchor_us = look.now_us;
    status = read_row(desk, &view, &anchor_us, err);
    if (status != SLUICE_OK)
        return status;
    copy(view.rule, sizeof view.rule, schedule_rule(schedule));
    copy(view.zone, sizeof view.zone, schedule_timezone(schedule));
    view.paused = look.paused;
    view.next_us[view.n_next++] = look.next.fire_us;
    struct schedule_time time = look.next;
    while (view.n_next < n_next && view.n_next < SCHEDULE_TIMES_MOST &&
           schedule_next(schedule, anchor_us, time.nominal_us, &time))
        view.next_us[view.n_next++] = time.nominal_us;
    *ret_view = view;
    return SLUICE_OK;
}

void schedule_view_json(struct buffer *out, const struct schedule_view *view)
{
    char next[TIME_TEXT_SIZE] = "";
    if (view->n_next > 0)
        time_format(view->next_us[0], next);
    buffer_printf(out, "{\"name\": \"%s\", \"zone\": ", SCHEDULE_NAME);
    json_text(out, text_of(view->zone));
    buffer_text(out, ", \"expression\": ");
    json_text(out, text_of(view->rule));
    buffer_printf(out, ", \"paused\": %s, \"reason\": ", view->paused ? "true" : "false");
    json_text(out, text_of(view->paused ? view->reason : NULL));
    buffer_text(out, ", \"paused_by\": ");
    json_text(out, text_of(view->paused && view->by[0] != '\0' ? view->by : NULL));
    buffer_text(out, ", \"next_at\": ");
    json_text(out, text_of(next[0] == '\0' ? NULL : next));
}
