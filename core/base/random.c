/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static void system_bytes(const struct random_source *random, void *bytes, size_t n)
{
    (void)random;
    unsigned char *at = bytes;
    while (n > 0) {
        ssize_t got = getrandom(at, n > 256 ? 256 : n, 0);
        if (got < 0) /* only a kernel without getrandom: nothing can be trusted then */
            abort();
        at += got;
        n -= (size_t)got;
    }
}

const struct random_source *random_system(void)
{
    static const struct random_source system = {.bytes = system_bytes};
    return &system;
}

uint64_t random_below(const struct random_source *random, uint64_t bound)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t value;
    do
        random->bytes(random, &value, sizeof value);
    while (value >= limit);
    return value % bound;
}

void uuid_make(const struct random_source *random, int64_t wall_us, char ret_text[UUID_TEXT_SIZE])
{
    unsigned char b[16];
    random->bytes(random, b, sizeof b);
    uint64_t ms = (uint64_t)wall_us / 1000;
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)(ms >> (40 - 8 * i));
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x70);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(ret_text, UUID_TEXT_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
}
