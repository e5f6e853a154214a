/* SPDX-License-Identifier: Apache-2.0 */
/* Pauses, and what else is written without a tick. */
#include "schedule/book.h"

#include "base/clock.h"

#include <string.h>

int64_t book_anchor(int64_t now_us)
{
    return now_us - now_us % US_PER_SECOND;
}

enum sluice_status book_begin(const struct schedule_book *book, const struct schedule *schedule,
                              int64_t now_us, const struct sluice_schedule **ret_kept,
                              struct sluice_error *err)
{
    enum sluice_status status = book->calls->schedule_get(book->self, SCHEDULE_NAME, ret_kept, err);
    if (status != SLUICE_END)
        return status;
    const struct sluice_schedule given = {.struct_size = sizeof given,
                                          .name = SCHEDULE_NAME,
                                          .definition = schedule_definition(schedule),
                                          .anchor_us = book_anchor(now_us),
                                          .accounted_us = book_anchor(now_us)};
    return book->calls->schedule_begin(book->self, &given, ret_kept, err);
}

static enum sluice_status begin_now(const struct schedule_book *book, const struct schedule *schedule,
                                    const struct sluice_schedule **ret_kept, struct sluice_error *err)
{
    int64_t now_us = 0;
    enum sluice_status status = book->calls->clock(book->self, &now_us, err);
    return status == SLUICE_OK ? book_begin(book, schedule, now_us, ret_kept, err) : status;
}

enum sluice_status schedule_start(struct schedule *schedule, const struct schedule_book *book,
                                  char ret_run_id[SLUICE_ID_SIZE], struct sluice_error *err)
{
    const struct sluice_schedule *kept = NULL;
    const struct sluice_run *run = NULL;
    struct sluice_request request = {
        .struct_size = sizeof request, .trigger = SLUICE_TRIGGER_SCHEDULED, .by = "start"};
    int64_t now_us = 0;
    ret_run_id[0] = '\0';
    if (!schedule_rules(schedule).run_on_start)
        return SLUICE_OK;
    enum sluice_status status = book->calls->clock(book->self, &now_us, err);
    if (status == SLUICE_OK)
        status = book_begin(book, schedule, now_us, &kept, err);
    if (status != SLUICE_OK || kept->paused)
        return status;
    uuid_make(book->random, now_us, request.run_id);
    status = book->calls->request_put(book->self, &request, &run, err);
    if (status == SLUICE_UNKNOWN) /* the id is ours: asking again finds it or puts it */
        status = book->calls->request_put(book->self, &request, &run, err);
    if (status == SLUICE_BUSY)
        return SLUICE_OK;
    if (status == SLUICE_OK)
        memcpy(ret_run_id, request.run_id, SLUICE_ID_SIZE);
    return status;
}

static enum sluice_status trail(const struct schedule_book *book, const char *what, const char *detail,
                                const char *by, const char *from, struct sluice_error *err)
{
    const struct sluice_audit audit = {
        .struct_size = sizeof audit, .who = by, .what = what, .detail = detail, .from = from};
    return book->calls->audit_put(book->self, &audit, err);
}

enum sluice_status schedule_pause(struct schedule *schedule, const struct schedule_book *book,
                                  const char *reason, const char *by, const char *from,
                                  struct sluice_error *err)
{
    const struct sluice_schedule *kept = NULL;
    enum sluice_status status = begin_now(book, schedule, &kept, err);
    if (status == SLUICE_OK)
        status = book->calls->schedule_pause(book->self, SCHEDULE_NAME, SLUICE_PAUSE, reason, by, err);
    return status == SLUICE_OK ? trail(book, "schedule pause", reason, by, from, err) : status;
}

/* What fell due while it was paused is said to be so before it goes on. */
enum sluice_status schedule_resume(struct schedule *schedule, const struct schedule_book *book,
                                   const char *by, const char *from, struct sluice_error *err)
{
    const struct sluice_schedule *kept = NULL;
    struct schedule_look look;
    enum sluice_status status = begin_now(book, schedule, &kept, err);
    if (status != SLUICE_OK || !kept->paused)
        return status;
    status = schedule_look(schedule, book, &look, err);
    if (status == SLUICE_OK)
        status = book->calls->schedule_pause(book->self, SCHEDULE_NAME, SLUICE_RESUME, NULL, by, err);
    return status == SLUICE_OK ? trail(book, "schedule resume", NULL, by, from, err) : status;
}
