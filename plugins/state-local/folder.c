/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 4096, MUTEX_PAUSE_MS = 1, MUTEX_PATIENCE_MS = 2000 };

enum sluice_status fail_errno(const struct state *state, struct sluice_error *err, int number,
                              const char *name)
{
    struct sluice_error reason;
    char what[PATH_SIZE];
    snprintf(what, sizeof what, "state %s/%s", state->path, name);
    error_errno(&reason, number, what);
    return state->host->fail(state->host, err, reason.status, "%s", reason.message);
}

enum sluice_status fail_memory(const struct state *state, struct sluice_error *err)
{
    return fail_errno(state, err, ENOMEM, "");
}

static int open_at(const struct state *state, const char *name, int flags)
{
    char path[PATH_SIZE];
    int n = snprintf(path, sizeof path, "%s/%s", state->path, name);
    if (n >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

enum sluice_status folder_open(const struct state *state, const char *name, int flags, int *ret_fd,
                               struct sluice_error *err)
{
    int fd = open_at(state, name, flags);
    if (fd < 0 && errno == ENOENT && (flags & O_CREAT) != 0) {
        if (mkdir(state->path, 0700) != 0 && errno != EEXIST)
            return fail_errno(state, err, errno, "");
        fd = open_at(state, name, flags);
    }
    if (fd < 0 && errno == ENOENT && (flags & O_CREAT) == 0)
        return SLUICE_END;
    if (fd < 0)
        return fail_errno(state, err, errno, name);
    *ret_fd = fd;
    return SLUICE_OK;
}

json_t *folder_read(int fd)
{
    _cleanup_free_ char *text = malloc(FILE_LIMIT);
    ssize_t n = text == NULL ? -1 : pread(fd, text, FILE_LIMIT, 0);
    if (n <= 0 || n == FILE_LIMIT)
        return NULL;
    json_t *value = json_loadb(text, (size_t)n, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

/* 0 or an errno. */
static int write_whole(int fd, const char *text, size_t n)
{
    ssize_t written = pwrite(fd, text, n, 0);
    if (written < 0)
        return errno;
    if ((size_t)written < n)
        return ENOSPC;
    return ftruncate(fd, (off_t)n) == 0 ? 0 : errno;
}

enum sluice_status folder_write(const struct state *state, int fd, const char *name, const json_t *object,
                                struct sluice_error *err)
{
    _cleanup_free_ char *text = json_dumps(object, JSON_COMPACT);
    if (text == NULL)
        return fail_memory(state, err);
    int number = write_whole(fd, text, strlen(text));
    return number == 0 ? SLUICE_OK : fail_errno(state, err, number, name);
}

enum sluice_status folder_replace(const struct state *state, const char *name, const json_t *object,
                                  struct sluice_error *err)
{
    char temporary[64], from[PATH_SIZE], to[PATH_SIZE];
    snprintf(temporary, sizeof temporary, "%s.new", name);
    _cleanup_close_ int fd = -1;
    enum sluice_status status = folder_open(state, temporary, O_WRONLY | O_CREAT, &fd, err);
    if (status == SLUICE_OK)
        status = folder_write(state, fd, temporary, object, err);
    if (status != SLUICE_OK)
        return status;
    snprintf(from, sizeof from, "%s/%s", state->path, temporary);
    snprintf(to, sizeof to, "%s/%s", state->path, name);
    return rename(from, to) == 0 ? SLUICE_OK : fail_errno(state, err, errno, name);
}

int file_lock(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
        return 0;
    return errno == EACCES ? EAGAIN : errno;
}

enum sluice_status folder_enter(const struct state *state, int *ret_fd, struct sluice_error *err)
{
    static const char name[] = "mutex";
    const struct sluice_host *host = state->host;
    _cleanup_close_ int fd = -1;
    enum sluice_status status = folder_open(state, name, O_RDWR | O_CREAT, &fd, err);
    if (status != SLUICE_OK)
        return status;
    int64_t since_us = host->monotonic_us(host);
    int number = file_lock(fd);
    while (number == EAGAIN) {
        if (host->monotonic_us(host) - since_us > MUTEX_PATIENCE_MS * 1000)
            return host->retry(host, err, 0, "state %s is in use by a process that does not go on",
                               state->path);
        status = host->sleep(host, err, MUTEX_PAUSE_MS);
        if (status != SLUICE_OK)
            return status;
        number = file_lock(fd);
    }
    if (number != 0)
        return fail_errno(state, err, number, name);
    *ret_fd = fd;
    fd = -1;
    return SLUICE_OK;
}

const char *json_member_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

int64_t json_member_number(const json_t *object, const char *name)
{
    int64_t value = json_integer_value(json_object_get(object, name));
    return value < 0 ? 0 : value;
}
