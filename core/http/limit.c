/* SPDX-License-Identifier: Apache-2.0 */
#include "http/limit.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "http/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LOCAL_BUCKETS = 4096, NAME_SIZE = SUBJECT_SIZE + 64 };

static const struct {
    const char *name;
    uint32_t per_minute;
} kinds[] = {
    [LIMIT_TRIGGER] = {"trigger", 10},
    [LIMIT_CHANGE] = {"change", 60},
    [LIMIT_LOGIN] = {"login", 10},
};

/* A bucket of this process; the one that was full for longest makes room. */
struct local_bucket {
    char name[NAME_SIZE];
    int64_t full_us; /* when it will be full again, monotonic */
};

struct limits {
    const struct task_runtime *tasks;
    const struct clock *clock;
    const struct log *log;
    struct monitor *monitor;
    bool backend_is_down;
    struct local_bucket buckets[LOCAL_BUCKETS];
};

struct limits *limits_new(const struct http_setup *setup)
{
    struct limits *limits = calloc(1, sizeof *limits);
    if (limits == NULL)
        return NULL;
    limits->tasks = setup->tasks;
    limits->clock = setup->services->clock;
    limits->log = setup->services->log;
    limits->monitor = limits->tasks->monitor_new(limits->tasks);
    if (limits->monitor == NULL) {
        free(limits);
        return NULL;
    }
    return limits;
}

void limits_free(struct limits *limits)
{
    if (limits == NULL)
        return;
    limits->tasks->monitor_free(limits->monitor);
    free(limits);
}

static struct local_bucket *local_find(struct limits *limits, const char *name)
{
    struct local_bucket *oldest = &limits->buckets[0];
    for (size_t i = 0; i < LOCAL_BUCKETS; i++) {
        struct local_bucket *bucket = &limits->buckets[i];
        if (strcmp(bucket->name, name) == 0)
            return bucket;
        if (bucket->full_us < oldest->full_us)
            oldest = bucket;
    }
    *oldest = (struct local_bucket){0};
    memcpy(oldest->name, name, strlen(name) + 1);
    return oldest;
}

static int64_t local_take(struct limits *limits, const struct sluice_bucket *asked)
{
    const int64_t token_us = 60 * US_PER_SECOND / asked->per_minute;
    const int64_t now_us = limits->clock->monotonic_us(limits->clock);
    limits->tasks->enter(limits->monitor);
    struct local_bucket *bucket = local_find(limits, asked->name);
    int64_t full_us = (bucket->full_us > now_us ? bucket->full_us : now_us) + token_us;
    int64_t wait_us = full_us - now_us - token_us * asked->burst;
    if (wait_us <= 0)
        bucket->full_us = full_us;
    limits->tasks->leave(limits->monitor);
    return wait_us <= 0 ? 0 : (wait_us + US_PER_MS - 1) / US_PER_MS;
}

/* Once per change, not per request. */
static void tell(struct limits *limits, bool is_down, const struct sluice_error *err)
{
    limits->tasks->enter(limits->monitor);
    bool changed = limits->backend_is_down != is_down;
    limits->backend_is_down = is_down;
    limits->tasks->leave(limits->monitor);
    if (changed && is_down)
        log_line(limits->log, SLUICE_WARNING, "http", "rate limits count in this process alone: %s",
                 err->message);
}

static int64_t take(struct limits *limits, struct desk *desk, enum limit_kind kind, const char *whose,
                    const char *who)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "http:%s:%s:%s", kinds[kind].name, whose, who);
    const struct sluice_bucket bucket = {.struct_size = sizeof bucket,
                                         .name = name,
                                         .per_minute = kinds[kind].per_minute,
                                         .burst = kinds[kind].per_minute,
                                         .cost = 1};
    struct sluice_error err = {0};
    struct instance *state = NULL;
    int64_t wait_ms = 0;
    enum sluice_status status = desk_state(desk, &state, &err);
    if (status == SLUICE_OK)
        status = state->plugin->state->take(state->self, &bucket, &wait_ms, &err);
    tell(limits, status != SLUICE_OK, &err);
    return status == SLUICE_OK ? wait_ms : local_take(limits, &bucket);
}

struct limit_verdict limits_take(struct limits *limits, struct desk *desk, enum limit_kind kind,
                                 const char *subject, const char *client)
{
    struct limit_verdict verdict = {.per_minute = kinds[kind].per_minute};
    verdict.wait_ms = take(limits, desk, kind, "client", client);
    if (verdict.wait_ms == 0 && subject != NULL)
        verdict.wait_ms = take(limits, desk, kind, "user", subject);
    return verdict;
}
