/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Local files. They are copied before they are used: a mapping of a file that someone truncates kills the
 * process. A file is first opened as a bare place (O_PATH), which neither blocks on a FIFO nor wakes a
 * device; where that place really is, after all symbolic links, decides whether it may be read.
 */
#include "host/fetch_run.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "host/document.h"
#include "host/location.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { COPY_SIZE = 1 << 20, STAT_TEXT_SIZE = 160 };

/* Younger changes may share a time stamp with one that is still to come. */
#define SETTLED_US (2 * US_PER_SECOND)

static bool is_inside(const char *path, const char *root)
{
    size_t n = strlen(root);
    while (n > 1 && root[n - 1] == '/')
        n--;
    return strncmp(path, root, n) == 0 && (path[n] == '\0' || path[n] == '/' || (n == 1 && root[0] == '/'));
}

/* Does that real path lie in one of the roots, as these really are? */
static bool is_allowed(const struct sluice_list *roots, const char *real_path)
{
    for (size_t i = 0; i < roots->n_items; i++) {
        _cleanup_free_ char *root = realpath(roots->items[i], NULL);
        if (root != NULL && is_inside(real_path, root))
            return true;
    }
    return false;
}

static enum sluice_status refuse(const struct sluice_list *roots, const char *name, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer list = BUFFER_INIT(ERROR_MESSAGE_SIZE / 2);
    for (size_t i = 0; i < roots->n_items; i++)
        buffer_printf(&list, "%s%s", i == 0 ? "" : ", ", roots->items[i]);
    if (roots->n_items == 0)
        return error_set(err, SLUICE_CONFIG,
                         "%s: no folder is named that files may come from; add it to fetch.roots", name);
    return error_set(err, SLUICE_CONFIG,
                     "%s: outside the folders that files may come from (%s); move it or add its "
                     "folder to fetch.roots",
                     name, list.size == 0 ? "many" : list.data);
}

/* Where an open place is; false when the kernel does not tell. */
static bool place_path(int place, char ret_path[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", place);
    ssize_t n = readlink(link, ret_path, PATH_MAX - 1);
    if (n <= 0)
        return false;
    ret_path[n] = '\0';
    return true;
}

/* A relative path is looked for in every root that is a folder, then from where the process stands. */
static int place_open(const struct sluice_list *roots, const char *path)
{
    for (size_t i = 0; i < roots->n_items && path[0] != '/'; i++) {
        _cleanup_close_ int root = open(roots->items[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
        int place = root < 0 ? -1 : openat(root, path, O_PATH | O_CLOEXEC);
        if (place >= 0)
            return place;
    }
    return open(path, O_PATH | O_CLOEXEC);
}

static enum sluice_status kind_check(mode_t mode, const char *name, struct sluice_error *err)
{
    if (S_ISREG(mode))
        return SLUICE_OK;
    if (S_ISDIR(mode))
        return error_set(err, SLUICE_CONFIG, "%s: it is a folder; name a file in it", name);
    return error_set(err, SLUICE_CONFIG, "%s: it is no regular file; copy what it gives into one", name);
}

static enum sluice_status file_open(const struct sluice_list *roots, const char *path, const char *name,
                                    int *ret_fd, struct sluice_error *err)
{
    char real_path[PATH_MAX];
    struct stat status;
    _cleanup_close_ int place = place_open(roots, path);
    int number = errno;
    if (place < 0 && path[0] == '/' && !is_allowed(roots, path)) /* say nothing about what lies outside */
        return refuse(roots, name, err);
    if (place < 0)
        return error_errno(err, number, name);
    if (!place_path(place, real_path) || fstat(place, &status) != 0)
        return error_set(err, SLUICE_IO, "%s: /proc does not tell where it lies; mount /proc", name);
    if (!is_allowed(roots, real_path))
        return refuse(roots, name, err);
    enum sluice_status checked = kind_check(status.st_mode, name, err);
    if (checked != SLUICE_OK)
        return checked;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", place);
    int fd = open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return error_errno(err, errno, name);
    *ret_fd = fd;
    return SLUICE_OK;
}

/* Everything that stat () tells of a content. */
static void stat_text(const struct stat *status, char ret_text[STAT_TEXT_SIZE])
{
    snprintf(ret_text, STAT_TEXT_SIZE, "stat:%llx:%llx:%lld:%lld.%09ld:%lld.%09ld",
             (unsigned long long)status->st_dev, (unsigned long long)status->st_ino,
             (long long)status->st_size, (long long)status->st_mtim.tv_sec, status->st_mtim.tv_nsec,
             (long long)status->st_ctim.tv_sec, status->st_ctim.tv_nsec);
}

static bool is_settled(const struct clock *clock, const struct stat *status)
{
    int64_t changed_us = (int64_t)status->st_ctim.tv_sec * US_PER_SECOND + status->st_ctim.tv_nsec / 1000;
    return clock->wall_us(clock) - changed_us > SETTLED_US;
}

static uint64_t size_limit(const struct fetch_options *options, const struct sluice_fetch_request *request)
{
    uint64_t limit = options->max_decoded.bytes;
    return request->max_bytes != 0 && request->max_bytes < limit ? request->max_bytes : limit;
}

static enum sluice_status too_large(const char *name, uint64_t limit, struct sluice_error *err)
{
    return error_set(err, SLUICE_DATA, "%s: larger than %llu bytes; raise fetch.max_decoded or split it",
                     name, (unsigned long long)limit);
}

static enum sluice_status file_copy(const struct fetch_context *context, int fd, struct spool *spool,
                                    uint64_t limit, const char *name, struct sluice_error *err)
{
    _cleanup_free_ char *bytes = malloc(COPY_SIZE);
    if (bytes == NULL)
        return error_no_memory(err);
    for (;;) {
        enum sluice_status status = stop_check(&context->stop, name, err);
        if (status != SLUICE_OK)
            return status;
        ssize_t n = read(fd, bytes, COPY_SIZE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, errno, name);
        if (n == 0)
            return SLUICE_OK;
        if ((uint64_t)n > limit - spool->size)
            return too_large(name, limit, err);
        status = spool_append(spool, bytes, (size_t)n, err);
        if (status != SLUICE_OK)
            return status;
    }
}

/* One copy. RETRY when someone wrote to the file meanwhile. */
static enum sluice_status file_take(const struct fetch_context *context, int fd, struct spool *spool,
                                    uint64_t limit, const char *name, struct stat *ret_status,
                                    struct sluice_error *err)
{
    struct stat before, after;
    char first[STAT_TEXT_SIZE], second[STAT_TEXT_SIZE];
    if (fstat(fd, &before) != 0 || lseek(fd, 0, SEEK_SET) != 0)
        return error_errno(err, errno, name);
    if ((uint64_t)before.st_size > limit)
        return too_large(name, limit, err);
    enum sluice_status status = file_copy(context, fd, spool, limit, name, err);
    if (status != SLUICE_OK)
        return status;
    if (fstat(fd, &after) != 0)
        return error_errno(err, errno, name);
    stat_text(&before, first);
    stat_text(&after, second);
    if (strcmp(first, second) != 0 || spool->size != (uint64_t)after.st_size)
        return error_set(err, SLUICE_RETRY,
                         "%s: it was written to while it was read; it is tried again later", name);
    *ret_status = after;
    return SLUICE_OK;
}

static enum sluice_status file_take_patiently(const struct fetch_context *context, int fd,
                                              struct spool *spool, uint64_t limit, const char *name,
                                              struct stat *ret_status, struct sluice_error *err)
{
    const struct fetch_options *options = context->services->fetch;
    int64_t wait_ms = 0;
    for (int64_t attempt = 1;; attempt++) {
        enum sluice_status status = file_take(context, fd, spool, limit, name, ret_status, err);
        if (status != SLUICE_RETRY || attempt >= options->attempts ||
            stop_remaining_ms(&context->stop, 1) == 0)
            return status;
        wait_ms = fetch_backoff_ms(context->services->random, options->retry_delay.ms, wait_ms);
        status = stop_sleep(&context->stop, wait_ms, name, err);
        if (status == SLUICE_OK)
            status = spool_restart(spool, err);
        if (status != SLUICE_OK)
            return status;
    }
}

static enum sluice_status file_fetch(const struct fetch_context *context,
                                     const struct sluice_fetch_request *request, int fd, const char *name,
                                     const struct sluice_document **ret_document, struct sluice_error *err)
{
    const struct fetch_options *options = context->services->fetch;
    struct version known = version_read(request->version, request->location);
    _cleanup_(spool_close) struct spool spool = SPOOL_INIT;
    char tag[STAT_TEXT_SIZE];
    struct stat status;
    if (fstat(fd, &status) != 0)
        return error_errno(err, errno, name);
    stat_text(&status, tag);
    if (strcmp(tag, known.tag) == 0)
        return SLUICE_UNCHANGED;
    enum sluice_status result = spool_open(&spool, spool_folder(options->spool_dir), err);
    if (result != SLUICE_OK)
        return result;
    result = file_take_patiently(context, fd, &spool, size_limit(options, request), name, &status, err);
    if (result != SLUICE_OK)
        return result;
    stat_text(&status, tag);
    const struct document_facts facts = {
        .name = name,
        .location = request->location,
        .tag = is_settled(context->services->clock, &status) ? tag : NULL,
    };
    return document_create(&spool, &context->stop, &facts, known.sha256, ret_document, err);
}

enum sluice_status fetch_from_file(const struct fetch_context *context,
                                   const struct sluice_fetch_request *request, const char *name,
                                   const struct sluice_document **ret_document, struct sluice_error *err)
{
    _cleanup_close_ int fd = -1;
    _cleanup_free_ char *path = NULL;
    enum sluice_status status = location_path(request->location, name, &path, err);
    if (status != SLUICE_OK)
        return status;
    if (request->body != NULL || (request->method != NULL && strcmp(request->method, "GET") != 0))
        return error_set(err, SLUICE_CONFIG, "%s: a file can only be read; give an https: address", name);
    status = stop_check(&context->stop, name, err);
    if (status == SLUICE_OK)
        status = file_open(&context->services->fetch->roots, path, name, &fd, err);
    return status != SLUICE_OK ? status : file_fetch(context, request, fd, name, ret_document, err);
}

enum sluice_status fetch_file_root(const char *path, char **ret_root, struct sluice_error *err)
{
    char name[LOCATION_NAME_SIZE];
    location_name(path, name);
    _cleanup_free_ char *plain = NULL;
    enum sluice_status status = location_path(path, name, &plain, err);
    if (status != SLUICE_OK)
        return status;
    char *root = realpath(plain, NULL);
    if (root == NULL)
        return error_errno(err, errno, name);
    *ret_root = root;
    return SLUICE_OK;
}
