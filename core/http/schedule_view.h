/* SPDX-License-Identifier: Apache-2.0 */
/* The schedule as it is shown: in the status and by itself. */
#ifndef HTTP_SCHEDULE_VIEW_H
#define HTTP_SCHEDULE_VIEW_H

#include "base/buffer.h"
#include "http/desk.h"

enum { SCHEDULE_TIMES_MOST = 100, SCHEDULE_WORDS_SIZE = 256, SCHEDULE_REASON_SIZE = 512 };

struct schedule_view {
    char rule[SCHEDULE_WORDS_SIZE], zone[64];
    char reason[SCHEDULE_REASON_SIZE], by[SCHEDULE_WORDS_SIZE]; /* "" when it is not paused */
    bool paused;
    int64_t next_us[SCHEDULE_TIMES_MOST]; /* when it will run, the first with its jitter */
    size_t n_next;
};

/* Looks without accounting for anything. */
enum sluice_status schedule_view_read(struct desk *desk, size_t n_next, struct schedule_view *ret_view,
                                      struct sluice_error *err);
/* {"name": …, "next_at": … without the closing brace. */
void schedule_view_json(struct buffer *out, const struct schedule_view *view);

#endif
