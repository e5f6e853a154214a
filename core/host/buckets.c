/* SPDX-License-Identifier: Apache-2.0 */
/* A level counts in parts of a token, of which a bucket gains `per_minute` each microsecond: nothing is
 * rounded away. */
#include "host/buckets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 64 };

#define TOKEN_PARTS (60 * US_PER_SECOND)

struct bucket {
    char *name; /* NULL: free */
    int64_t level, at_us;
};

struct buckets {
    pthread_mutex_t mutex;
    const struct clock *clock;
    struct bucket buckets[BUCKETS];
};

struct buckets *buckets_new(const struct clock *clock)
{
    struct buckets *buckets = calloc(1, sizeof *buckets);
    if (buckets == NULL)
        return NULL;
    pthread_mutex_init(&buckets->mutex, NULL);
    buckets->clock = clock;
    return buckets;
}

void buckets_free(struct buckets *buckets)
{
    if (buckets == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        free(buckets->buckets[i].name);
    pthread_mutex_destroy(&buckets->mutex);
    free(buckets);
}

/* The bucket of that name, made full when it is new; NULL without room. */
static struct bucket *find(struct buckets *buckets, const char *name, int64_t full, int64_t now_us)
{
    for (struct bucket *bucket = buckets->buckets; bucket < buckets->buckets + BUCKETS; bucket++) {
        if (bucket->name != NULL && strcmp(bucket->name, name) == 0)
            return bucket;
        if (bucket->name != NULL)
            continue;
        bucket->name = strdup(name);
        bucket->level = full;
        bucket->at_us = now_us;
        return bucket->name == NULL ? NULL : bucket;
    }
    return NULL;
}

static int64_t take(struct buckets *buckets, const struct sluice_budget *budget, int64_t now_us)
{
    int64_t full = (int64_t)budget->burst * TOKEN_PARTS, cost = (int64_t)budget->cost * TOKEN_PARTS;
    struct bucket *bucket = find(buckets, budget->name, full, now_us);
    if (bucket == NULL || budget->per_minute == 0)
        return 0;
    int64_t elapsed_us = now_us - bucket->at_us;
    int64_t missing = full - bucket->level;
    bool is_full = elapsed_us > missing / budget->per_minute;
    bucket->level = is_full ? full : bucket->level + elapsed_us * budget->per_minute;
    bucket->at_us = now_us;
    cost = cost > full ? full : cost; /* what is dearer than the bucket is large would never come */
    if (bucket->level < cost) {
        int64_t wait_us = (cost - bucket->level) / budget->per_minute + 1;
        return wait_us / US_PER_MS + 1;
    }
    bucket->level -= cost;
    return 0;
}

int64_t buckets_take(struct buckets *buckets, const struct sluice_budget *budget)
{
    pthread_mutex_lock(&buckets->mutex);
    int64_t wait_ms = take(buckets, budget, buckets->clock->monotonic_us(buckets->clock));
    pthread_mutex_unlock(&buckets->mutex);
    return wait_ms;
}
