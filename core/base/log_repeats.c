/* SPDX-License-Identifier: Apache-2.0 */
/* A small table of what was said lately; two messages that meet in one place of it share its count. */
#include "base/log_repeats.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 256, LINES_PER_WINDOW = 10 };
#define WINDOW_US (60 * US_PER_SECOND)

struct place {
    int64_t since_us; /* monotonic, of the window */
    uint64_t said, left_out;
};

struct log_repeats {
    pthread_mutex_t mutex;
    struct place places[PLACES];
};

struct log_repeats *log_repeats_new(void)
{
    struct log_repeats *repeats = calloc(1, sizeof *repeats);
    if (repeats != NULL)
        pthread_mutex_init(&repeats->mutex, NULL);
    return repeats;
}

void log_repeats_free(struct log_repeats *repeats)
{
    if (repeats == NULL)
        return;
    pthread_mutex_destroy(&repeats->mutex);
    free(repeats);
}

/* FNV-1a, as http://www.isthe.com/chongo/tech/comp/fnv/ defines it. */
static uint64_t hash_text(uint64_t hash, const char *text, bool with_digits)
{
    for (const char *c = text; *c != '\0'; c++)
        if (with_digits || !isdigit((unsigned char)*c))
            hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return hash;
}

static struct place *place_of(const struct log *log, const char *who, const char *message)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    hash = hash_text(hash, log->run_id == NULL ? "" : log->run_id, true);
    hash = hash_text(hash, who == NULL ? "" : who, true);
    hash = hash_text(hash, message, false);
    return &log->repeats->places[hash % PLACES];
}

bool log_repeats_pass(const struct log *log, const char *who, char *message, size_t size)
{
    struct log_repeats *repeats = log->repeats;
    if (repeats == NULL)
        return true;
    int64_t now_us = log->clock->monotonic_us(log->clock);
    uint64_t left_out = 0;
    pthread_mutex_lock(&repeats->mutex);
    struct place *place = place_of(log, who, message);
    if (now_us - place->since_us >= WINDOW_US) {
        left_out = place->left_out;
        *place = (struct place){.since_us = now_us};
    }
    bool passes = place->said++ < LINES_PER_WINDOW;
    if (!passes)
        place->left_out++;
    pthread_mutex_unlock(&repeats->mutex);
    size_t n = strlen(message);
    if (left_out > 0)
        snprintf(message + n, size - n, " (and %llu more like it)", (unsigned long long)left_out);
    return passes;
}
