/* SPDX-License-Identifier: Apache-2.0 */
#include "host/memo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MEMO_ENTRIES = 256 };

struct entry {
    char *owner, *key, *value; /* all NULL: free */
    int64_t end_us;            /* monotonic */
};

struct memo {
    pthread_mutex_t mutex;
    const struct clock *clock;
    struct entry entries[MEMO_ENTRIES];
};

static void entry_clear(struct entry *entry)
{
    if (entry->value != NULL)
        explicit_bzero(entry->value, strlen(entry->value));
    free(entry->owner);
    free(entry->key);
    free(entry->value);
    *entry = (struct entry){0};
}

struct memo *memo_new(const struct clock *clock)
{
    struct memo *memo = calloc(1, sizeof *memo);
    if (memo == NULL)
        return NULL;
    pthread_mutex_init(&memo->mutex, NULL);
    memo->clock = clock;
    return memo;
}

void memo_free(struct memo *memo)
{
    if (memo == NULL)
        return;
    for (size_t i = 0; i < MEMO_ENTRIES; i++)
        entry_clear(&memo->entries[i]);
    pthread_mutex_destroy(&memo->mutex);
    free(memo);
}

/* The living entry of that name, or NULL. Expired ones are wiped on the way. */
static struct entry *entry_find(struct memo *memo, const char *owner, const char *key)
{
    int64_t now = memo->clock->monotonic_us(memo->clock);
    struct entry *found = NULL;
    for (struct entry *entry = memo->entries; entry < memo->entries + MEMO_ENTRIES; entry++) {
        if (entry->key == NULL)
            continue;
        if (entry->end_us <= now)
            entry_clear(entry);
        else if (strcmp(entry->key, key) == 0 && strcmp(entry->owner, owner) == 0)
            found = entry;
    }
    return found;
}

/* A free place; when there is none, the one that would expire first. */
static struct entry *entry_place(struct memo *memo)
{
    struct entry *place = &memo->entries[0];
    for (struct entry *entry = memo->entries; entry < memo->entries + MEMO_ENTRIES; entry++) {
        if (entry->key == NULL)
            return entry;
        if (entry->end_us < place->end_us)
            place = entry;
    }
    return place;
}

int64_t memo_get(struct memo *memo, const char *owner, const char *key, char *value, size_t size)
{
    int64_t length = -1;
    pthread_mutex_lock(&memo->mutex);
    const struct entry *entry = entry_find(memo, owner, key);
    if (entry != NULL) {
        size_t n = strlen(entry->value);
        length = (int64_t)n;
        if (size > 0) {
            size_t copied = n < size ? n : size - 1;
            memcpy(value, entry->value, copied);
            value[copied] = '\0';
        }
    }
    pthread_mutex_unlock(&memo->mutex);
    return length;
}

static int64_t end_of(int64_t now_us, int64_t ttl_ms)
{
    return ttl_ms > (INT64_MAX - now_us) / US_PER_MS ? INT64_MAX : now_us + ttl_ms * US_PER_MS;
}

static void entry_write(struct entry *entry, const char *owner, const char *key, const char *value,
                        int64_t end_us)
{
    entry_clear(entry);
    entry->owner = strdup(owner);
    entry->key = strdup(key);
    entry->value = strdup(value);
    entry->end_us = end_us;
    if (entry->owner == NULL || entry->key == NULL || entry->value == NULL)
        entry_clear(entry);
}

void memo_put(struct memo *memo, const char *owner, const char *key, const char *value, int64_t ttl_ms)
{
    pthread_mutex_lock(&memo->mutex);
    struct entry *entry = entry_find(memo, owner, key);
    if (entry != NULL)
        entry_clear(entry);
    if (value != NULL && ttl_ms > 0)
        entry_write(entry_place(memo), owner, key, value,
                    end_of(memo->clock->monotonic_us(memo->clock), ttl_ms));
    pthread_mutex_unlock(&memo->mutex);
}
