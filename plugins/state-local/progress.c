/* SPDX-License-Identifier: Apache-2.0 */
/* The file is replaced as a whole, under the folder's mutex, so that a late writer of an old epoch cannot
 * win. */
#include "progress.h"

#include <fcntl.h>
#include <string.h>

static const char file_name[] = "progress";

/* END when there is nothing that reads as ours. */
static enum sluice_status record_read(const struct state *state, json_t **ret_record,
                                      struct sluice_error *err)
{
    _cleanup_close_ int fd = -1;
    enum sluice_status status = folder_open(state, file_name, O_RDONLY, &fd, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(json_drop) json_t *record = folder_read(fd);
    if (json_member_text(record, "status") == NULL || !json_is_integer(json_object_get(record, "epoch")))
        return SLUICE_END;
    *ret_record = json_incref(record);
    return SLUICE_OK;
}

static json_t *record_make(const struct sluice_progress *progress, int64_t last_run_us)
{
    return json_pack("{s:I, s:s, s:s?, s:I, s:I, s:I, s:I, s:s?, s:I}", "epoch", (json_int_t)progress->epoch,
                     "status", progress->status, "run_id", progress->run_id, "current",
                     (json_int_t)progress->current, "total", (json_int_t)progress->total, "started_us",
                     (json_int_t)progress->started_us, "last_run_us", (json_int_t)last_run_us, "waiting_for",
                     progress->waiting_for, "waiting_until_us", (json_int_t)progress->waiting_until_us);
}

/* What an engine of another version knows, as far as we know it. */
static struct sluice_progress progress_of(const struct sluice_progress *theirs)
{
    struct sluice_progress progress = {0};
    memcpy(&progress, theirs, theirs->struct_size < sizeof progress ? theirs->struct_size : sizeof progress);
    return progress;
}

/* A publisher that knows of no last run leaves the one that is known. */
enum sluice_status state_publish(void *instance, const struct sluice_progress *theirs,
                                 struct sluice_error *err)
{
    struct state *state = instance;
    const struct sluice_progress progress = progress_of(theirs);
    arena_reset(&state->result);
    _cleanup_close_ int mutex = -1;
    enum sluice_status status = folder_enter(state, &mutex, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(json_drop) json_t *before = NULL;
    status = record_read(state, &before, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    if (before != NULL && json_member_number(before, "epoch") > progress.epoch)
        return SLUICE_OK;
    int64_t last_run_us = progress.last_run_us;
    if (last_run_us == 0)
        last_run_us = json_member_number(before, "last_run_us");
    _cleanup_(json_drop) json_t *record = record_make(&progress, last_run_us);
    if (record == NULL)
        return fail_memory(state, err);
    return folder_replace(state, file_name, record, err);
}

static uint32_t count_of(const json_t *record, const char *name)
{
    int64_t value = json_member_number(record, name);
    return value > UINT32_MAX ? 0 : (uint32_t)value;
}

enum sluice_status state_observe(void *instance, const struct sluice_progress **ret_progress,
                                 struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    _cleanup_(json_drop) json_t *record = NULL;
    enum sluice_status status = record_read(state, &record, err);
    if (status != SLUICE_OK)
        return status;
    struct sluice_progress *progress = arena_alloc(&state->result, sizeof *progress);
    if (progress == NULL)
        return fail_memory(state, err);
    *progress = (struct sluice_progress){
        .struct_size = sizeof *progress,
        .epoch = json_member_number(record, "epoch"),
        .status = arena_text(&state->result, json_member_text(record, "status")),
        .run_id = arena_text(&state->result, json_member_text(record, "run_id")),
        .current = count_of(record, "current"),
        .total = count_of(record, "total"),
        .started_us = json_member_number(record, "started_us"),
        .last_run_us = json_member_number(record, "last_run_us"),
        .waiting_for = arena_text(&state->result, json_member_text(record, "waiting_for")),
        .waiting_until_us = json_member_number(record, "waiting_until_us"),
    };
    if (progress->status == NULL)
        return fail_memory(state, err);
    *ret_progress = progress;
    return SLUICE_OK;
}
