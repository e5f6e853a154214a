/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded: the allocator, which fails when FAIL_ALLOC says so. `K` fails the K-th allocation that Sluice's
 * own code asks for (the program and its plugins, not the libraries they use), `K+` that one and all after
 * it. The number of allocations is written to the file FAIL_ALLOC_COUNT at the end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* glibc's own, under the names that it keeps for those who stand before it. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

enum { WANTED_UNREAD = -1 };

static atomic_long calls, wanted = WANTED_UNREAD;
static atomic_bool and_later;

static long wanted_read(void)
{
    long k = wanted;
    if (k != WANTED_UNREAD)
        return k;
    const char *text = getenv("FAIL_ALLOC");
    char *end = NULL;
    k = text == NULL ? 0 : strtol(text, &end, 10);
    and_later = end != NULL && *end == '+';
    wanted = k;
    return k;
}

/* Plugins lie in folders of that name; the program is called sluice. */
static bool is_ours(const void *caller)
{
    Dl_info info;
    if (dladdr(caller, &info) == 0 || info.dli_fname == NULL)
        return false;
    const char *slash = strrchr(info.dli_fname, '/');
    return strstr(info.dli_fname, "/plugins/") != NULL ||
           strcmp(slash == NULL ? info.dli_fname : slash + 1, "sluice") == 0;
}

static bool fails(const void *caller)
{
    if (!is_ours(caller))
        return false;
    const long n = atomic_fetch_add(&calls, 1) + 1, k = wanted_read();
    if (k == 0 || n < k || (n > k && !and_later))
        return false;
    errno = ENOMEM;
    return true;
}

#define EXPORT __attribute__((visibility("default")))

EXPORT void *malloc(size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

EXPORT void *calloc(size_t n, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

EXPORT void *realloc(void *old, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

static char *copy(const char *text, size_t n)
{
    char *to = __libc_malloc(n + 1);
    if (to == NULL)
        return NULL;
    memcpy(to, text, n);
    to[n] = '\0';
    return to;
}

EXPORT char *strdup(const char *text)
{
    return fails(__builtin_return_address(0)) ? NULL : copy(text, strlen(text));
}

EXPORT char *strndup(const char *text, size_t n)
{
    return fails(__builtin_return_address(0)) ? NULL : copy(text, strnlen(text, n));
}

__attribute__((destructor)) static void count_write(void)
{
    const char *path = getenv("FAIL_ALLOC_COUNT");
    FILE *file = path == NULL ? NULL : fopen(path, "we");
    if (file == NULL)
        return;
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
}
