/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is moving, for readers: `status` and `progress` (JSON) and `last_run` (a time) are the keys that other
 * programs know; `detail` has what they do not: the epoch, and what the run waits for. What is read back here
 * is shown, and decides nothing.
 */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "lua.h"
#include "redis.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

enum { VALUE_MOST = 4096, STAMP_SIZE = 40, REMARK_SIZE = 64, KEYS_READ = 4 };
#define EPOCH_KEPT_MS \
    "86400000" /* a day: a store that was replaced by a new one is believed then at the latest */

static inline void json_drop(json_t **object)
{
    json_decref(*object);
}

/* ---- Times: RFC 3339 in UTC with microseconds ---- */

static const char *stamp(int64_t us, char ret_text[STAMP_SIZE])
{
    char seconds[TIME_TEXT_SIZE];
    time_format(us, seconds);
    size_t n = strlen(seconds);
    if (n == 0)
        return NULL;
    snprintf(ret_text, STAMP_SIZE, "%.*s.%06dZ", (int)n - 1, seconds, (int)(us % US_PER_SECOND));
    return ret_text;
}

/* 0 for everything else. */
static int64_t stamp_read(const char *text)
{
    struct tm parts = {0};
    const char *at = text == NULL ? NULL : strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
    if (at == NULL)
        return 0;
    int64_t us = 0;
    if (*at == '.') {
        int64_t unit = US_PER_SECOND;
        for (at++; *at >= '0' && *at <= '9'; at++) {
            unit /= 10;
            us += (*at - '0') * unit;
        }
    }
    return strcmp(at, "Z") != 0 ? 0 : (int64_t)timegm(&parts) * US_PER_SECOND + us;
}

/* ---- Publishing ---- */

static char *dump(json_t *object)
{
    char *text = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);
    json_decref(object);
    return text;
}

static char *status_text(const struct sluice_progress *progress)
{
    char started[STAMP_SIZE];
    return dump(json_pack("{s:s, s:s?, s:s?, s:I, s:I}", "state", progress->status, "task_id",
                          progress->run_id, "started_at", stamp(progress->started_us, started),
                          "progress_current", (json_int_t)progress->current, "progress_total",
                          (json_int_t)progress->total));
}

static char *progress_text(const struct sluice_progress *progress)
{
    return dump(json_pack("{s:I, s:I}", "current", (json_int_t)progress->current, "total",
                          (json_int_t)progress->total));
}

/* Begins with the epoch: the script reads it there. */
static char *detail_text(const struct sluice_progress *progress)
{
    char until[STAMP_SIZE];
    return dump(json_pack("{s:I, s:s?, s:s?}", "epoch", (json_int_t)progress->epoch, "waiting_for",
                          progress->waiting_for, "waiting_until", stamp(progress->waiting_until_us, until)));
}

/* What an engine of another version knows, as far as we know it. */
static struct sluice_progress progress_of(const struct sluice_progress *theirs)
{
    struct sluice_progress progress = {0};
    memcpy(&progress, theirs, theirs->struct_size < sizeof progress ? theirs->struct_size : sizeof progress);
    return progress;
}

enum sluice_status state_publish(void *instance, const struct sluice_progress *theirs,
                                 struct sluice_error *err)
{
    struct state *state = instance;
    const struct sluice_progress progress = progress_of(theirs);
    char epoch[24], last_run[STAMP_SIZE];
    arena_reset(&state->result);
    _cleanup_free_ char *status_json = status_text(&progress);
    _cleanup_free_ char *progress_json = progress_text(&progress);
    _cleanup_free_ char *detail_json = detail_text(&progress);
    if (status_json == NULL || progress_json == NULL || detail_json == NULL)
        return fail_memory(state, err);
    snprintf(epoch, sizeof epoch, "%" PRId64, progress.epoch);
    const char *last = stamp(progress.last_run_us, last_run);
    const char *const names[] = {"status", "progress", "last_run", "detail", "lock", NULL};
    const char *const arguments[] = {epoch,         status_json,
                                     progress_json, last == NULL ? "" : last,
                                     detail_json,   progress.run_id == NULL ? "" : progress.run_id,
                                     EPOCH_KEPT_MS, NULL};
    _cleanup_(reply_free) redisReply *reply = NULL;
    return script_run(state, lua_publish, names, arguments, &reply, err);
}

/* ---- Observing ---- */

/* The object that a value is, or NULL; the caller decrefs it. */
static json_t *object_of(const redisReply *reply)
{
    struct sluice_cell text = reply_text(reply, VALUE_MOST);
    json_t *value = text.len == 0 ? NULL : json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static uint32_t count_of(const json_t *object, const char *name)
{
    json_int_t value = json_integer_value(json_object_get(object, name));
    return value < 0 || value > UINT32_MAX ? 0 : (uint32_t)value;
}

static const char *known_status(const char *text)
{
    static const char *const known[] = {"idle", "syncing_master", "processing_suppliers"};
    for (size_t i = 0; text != NULL && i < ELEMENTS(known); i++)
        if (strcmp(text, known[i]) == 0)
            return known[i];
    return NULL;
}

/* A remark for people: short and printable; NULL stays NULL. */
static const char *remark(struct arena *arena, const char *text)
{
    char shown[REMARK_SIZE];
    if (text == NULL)
        return NULL;
    text_excerpt(text_of(text), shown, sizeof shown);
    return arena_text(arena, shown);
}

/* The values, or absent ones for keys that hold something else. */
static enum sluice_status read_values(struct state *state, redisReply *ret_values[KEYS_READ],
                                      struct sluice_error *err)
{
    static const char *const names[KEYS_READ] = {"status", "progress", "last_run", "detail"};
    struct command commands[KEYS_READ];
    for (size_t i = 0; i < KEYS_READ; i++) {
        const char *key = key_of(state, names[i]);
        if (key == NULL)
            return fail_memory(state, err);
        /* one byte more than VALUE_MOST: what is longer is not ours */
        commands[i] = command_of((const char *const[]){"GETRANGE", key, "0", "4096", NULL});
    }
    return connection_call(&state->connection, commands, KEYS_READ, 0, ret_values, err);
}

/* A key of another type is no answer; every other error is one. */
static enum sluice_status check_values(const struct state *state, redisReply *const values[KEYS_READ],
                                       struct sluice_error *err)
{
    for (size_t i = 0; i < KEYS_READ; i++) {
        if (values[i]->type == REDIS_REPLY_ERROR &&
            strncmp(values[i]->str, "WRONGTYPE", strlen("WRONGTYPE")) == 0)
            continue;
        enum sluice_status status = reply_check(state->host, state->connection.address.name, values[i], err);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}

static struct sluice_progress *read_progress(struct state *state, redisReply *const values[KEYS_READ])
{
    struct arena *arena = &state->result;
    _cleanup_(json_drop) json_t *status = object_of(values[0]);
    _cleanup_(json_drop) json_t *detail = object_of(values[3]);
    struct sluice_progress *progress = arena_alloc(arena, sizeof *progress);
    if (progress == NULL)
        return NULL;
    struct sluice_cell last = reply_text(values[2], STAMP_SIZE);
    *progress = (struct sluice_progress){
        .struct_size = sizeof *progress,
        .epoch = json_integer_value(json_object_get(detail, "epoch")),
        .status = known_status(member(status, "state")),
        .run_id = remark(arena, member(status, "task_id")),
        .current = count_of(status, "progress_current"),
        .total = count_of(status, "progress_total"),
        .started_us = stamp_read(member(status, "started_at")),
        .last_run_us = stamp_read(last.ptr),
        .waiting_for = remark(arena, member(detail, "waiting_for")),
        .waiting_until_us = stamp_read(member(detail, "waiting_until")),
    };
    return progress;
}

enum sluice_status state_observe(void *instance, const struct sluice_progress **ret_progress,
                                 struct sluice_error *err)
{
    struct state *state = instance;
    redisReply *values[KEYS_READ];
    arena_reset(&state->result);
    enum sluice_status status = read_values(state, values, err);
    if (status != SLUICE_OK)
        return status;
    struct sluice_progress *progress = NULL;
    status = check_values(state, values, err);
    if (status == SLUICE_OK)
        progress = read_progress(state, values);
    for (size_t i = 0; i < KEYS_READ; i++)
        freeReplyObject(values[i]);
    if (status != SLUICE_OK)
        return status;
    if (progress == NULL)
        return fail_memory(state, err);
    if (progress->status == NULL)
        return SLUICE_END;
    *ret_progress = progress;
    return SLUICE_OK;
}
