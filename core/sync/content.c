/* SPDX-License-Identifier: Apache-2.0 */
#include "sync/content.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

static bool copy_text(struct arena *arena, const char **text)
{
    const char *former = *text;
    *text = arena_text(arena, former);
    return *text != NULL || former == NULL;
}

struct sluice_approval *approval_copy(struct arena *arena, const struct sluice_approval *approval)
{
    struct sluice_approval *copy = arena_alloc(arena, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *approval;
    bool whole = copy_text(arena, &copy->hold_id) && copy_text(arena, &copy->guard) &&
                 copy_text(arena, &copy->content_hash);
    return whole ? copy : NULL;
}

struct sluice_job *job_copy(struct arena *arena, const struct sluice_job *job)
{
    struct sluice_job *copy = arena_alloc(arena, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *job;
    bool whole = copy_text(arena, &copy->key) && copy_text(arena, &copy->name) &&
                 copy_text(arena, &copy->source_type) && copy_text(arena, &copy->source_url) &&
                 copy_text(arena, &copy->version) && copy_text(arena, &copy->fingerprint) &&
                 copy_text(arena, &copy->mapping);
    if (whole && job->approval != NULL) {
        copy->approval = approval_copy(arena, job->approval);
        whole = copy->approval != NULL;
    }
    return whole ? copy : NULL;
}

struct sluice_reject *rejects_copy(struct arena *arena, const struct sluice_reject *rejects, size_t n)
{
    struct sluice_reject *copies = arena_alloc(arena, (n + 1) * sizeof *copies);
    for (size_t i = 0; copies != NULL && i < n; i++) {
        struct sluice_reject *copy = &copies[i];
        *copy = rejects[i];
        bool whole = copy_text(arena, &copy->code) && copy_text(arena, &copy->field) &&
                     copy_text(arena, &copy->message) && copy_text(arena, &copy->address) &&
                     copy_text(arena, &copy->excerpt);
        if (!whole)
            return NULL;
    }
    return copies;
}

const char *const *texts_copy(struct arena *arena, const char *const *texts, size_t n)
{
    const char **copies = arena_alloc(arena, (n + 1) * sizeof *copies);
    for (size_t i = 0; copies != NULL && i < n; i++) {
        copies[i] = texts[i];
        if (!copy_text(arena, &copies[i]))
            return NULL;
    }
    return copies;
}

void content_hash(const char *version, char ret_hash[CONTENT_HASH_SIZE])
{
    ret_hash[0] = '\0';
    if (version == NULL)
        return;
    XXH128_hash_t hash = XXH3_128bits(version, strcspn(version, "|")); /* what follows helps to ask only */
    snprintf(ret_hash, CONTENT_HASH_SIZE, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
             (uint64_t)hash.low64);
}
