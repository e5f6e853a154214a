/* SPDX-License-Identifier: Apache-2.0 */
/* Which tokens were valid, by their SHA-256: a token that is shown every few seconds is verified once. The
 * newest of a slot stays. */
#include "http/token.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1024 };

struct remembered {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    struct claims claims; /* expires_us 0: the slot is empty */
};

struct token_memory {
    const struct task_runtime *tasks;
    struct monitor *monitor;
    struct remembered slots[SLOTS];
};

struct token_memory *token_memory_new(const struct task_runtime *tasks)
{
    struct token_memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        return NULL;
    memory->tasks = tasks;
    memory->monitor = tasks->monitor_new(tasks);
    if (memory->monitor == NULL) {
        free(memory);
        return NULL;
    }
    return memory;
}

void token_memory_free(struct token_memory *memory)
{
    if (memory == NULL)
        return;
    memory->tasks->monitor_free(memory->monitor);
    free(memory);
}

static struct remembered *slot_of(struct token_memory *memory, const unsigned char *digest)
{
    return &memory->slots[(digest[0] << 8 | digest[1]) % SLOTS];
}

static bool recall(struct token_memory *memory, const unsigned char *digest, struct claims *ret_claims)
{
    memory->tasks->enter(memory->monitor);
    const struct remembered *slot = slot_of(memory, digest);
    bool known = slot->claims.expires_us != 0 && memcmp(slot->digest, digest, SHA256_DIGEST_LENGTH) == 0;
    if (known)
        *ret_claims = slot->claims;
    memory->tasks->leave(memory->monitor);
    return known;
}

static void remember(struct token_memory *memory, const unsigned char *digest, const struct claims *claims)
{
    memory->tasks->enter(memory->monitor);
    struct remembered *slot = slot_of(memory, digest);
    memcpy(slot->digest, digest, SHA256_DIGEST_LENGTH);
    slot->claims = *claims;
    memory->tasks->leave(memory->monitor);
}

enum sluice_status token_verify_again(struct token_memory *memory, const struct token_key *key,
                                      const char *token, int64_t now_us, struct claims *ret_claims,
                                      struct sluice_error *err)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    struct claims claims;
    size_t n = strnlen(token, TOKEN_MOST + 1);
    SHA256((const unsigned char *)token, n, digest);
    if (n <= TOKEN_MOST && recall(memory, digest, &claims)) {
        if (claims.expires_us / US_PER_SECOND <= now_us / US_PER_SECOND)
            return error_set(err, SLUICE_AUTH, "the token is refused: it has expired");
        *ret_claims = claims;
        return SLUICE_OK;
    }
    enum sluice_status status = token_verify(key, token, now_us, &claims, err);
    if (status != SLUICE_OK)
        return status;
    remember(memory, digest, &claims);
    *ret_claims = claims;
    return SLUICE_OK;
}
