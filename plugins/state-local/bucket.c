/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file `buckets` is {"NAME": {"level": …, "at_us": …}}, changed under the folder's mutex. A level counts
 * in parts of a token of which a bucket gains `per_minute` each microsecond, so that nothing is ever rounded
 * away. A bucket that is not in the file, or whose time lies ahead because the clock went back, counts from
 * now on.
 */
#include "bucket.h"

#include <fcntl.h>

static const char file_name[] = "buckets";
static const int64_t parts_of_a_token = 60 * INT64_C(1000000);

static int64_t level_now(const struct sluice_bucket *bucket, const json_t *entry, int64_t now_us)
{
    int64_t full = bucket->burst * parts_of_a_token;
    if (!json_is_integer(json_object_get(entry, "level")))
        return full;
    int64_t level = json_member_number(entry, "level");
    int64_t elapsed_us = now_us - json_member_number(entry, "at_us");
    if (level > full)
        level = full;
    if (elapsed_us <= 0)
        return level;
    if (elapsed_us >= (full - level) / bucket->per_minute + 1)
        return full;
    int64_t filled = level + elapsed_us * bucket->per_minute;
    return filled > full ? full : filled;
}

/* Changes the object: takes the tokens when they are there, else says how long until they are. */
static enum sluice_status take_from(const struct state *state, json_t *buckets,
                                    const struct sluice_bucket *bucket, int64_t *ret_wait_ms,
                                    struct sluice_error *err)
{
    int64_t now_us = state->host->now_us(state->host);
    int64_t level = level_now(bucket, json_object_get(buckets, bucket->name), now_us);
    int64_t missing = bucket->cost * parts_of_a_token - level;
    if (missing <= 0)
        level = -missing;
    json_t *entry = json_pack("{s:I, s:I}", "level", (json_int_t)level, "at_us", (json_int_t)now_us);
    if (json_object_set_new(buckets, bucket->name, entry) != 0)
        return fail_memory(state, err);
    int64_t per_ms = bucket->per_minute * INT64_C(1000);
    *ret_wait_ms = missing <= 0 ? 0 : (missing + per_ms - 1) / per_ms;
    return SLUICE_OK;
}

enum sluice_status state_take(void *instance, const struct sluice_bucket *bucket, int64_t *ret_wait_ms,
                              struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    if (bucket->per_minute == 0 || bucket->cost > bucket->burst)
        return state->host->fail(state->host, err, SLUICE_CONFIG,
                                 "bucket %s never holds %u tokens: raise its rate or its burst", bucket->name,
                                 bucket->cost);
    _cleanup_close_ int mutex = -1;
    _cleanup_close_ int fd = -1;
    enum sluice_status status = folder_enter(state, &mutex, err);
    if (status == SLUICE_OK)
        status = folder_open(state, file_name, O_RDWR | O_CREAT, &fd, err);
    if (status != SLUICE_OK)
        return status;
    _cleanup_(json_drop) json_t *buckets = folder_read(fd);
    if (buckets == NULL)
        buckets = json_object();
    int64_t wait_ms = 0;
    status = take_from(state, buckets, bucket, &wait_ms, err);
    if (status == SLUICE_OK)
        status = folder_write(state, fd, file_name, buckets, err);
    if (status == SLUICE_OK)
        *ret_wait_ms = wait_ms;
    return status;
}
