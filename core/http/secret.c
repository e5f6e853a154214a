/* SPDX-License-Identifier: Apache-2.0 */
/* The key that signs tokens. There is no default one: what nobody configured is made from the kernel's
 * randomness and kept in a file that only its owner may read. */
#include "base/cleanup.h"
#include "http/token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MADE_BYTES = 32 };

static enum sluice_status check_length(const char *secret, const char *where, struct sluice_error *err)
{
    size_t n = strlen(secret);
    if (n >= SECRET_LEAST && n < HTTP_SECRET_LIMIT)
        return SLUICE_OK;
    return error_set(
        err, SLUICE_CONFIG,
        "%s has %zu bytes; a key that signs tokens has %d to %d, as `openssl rand -hex 32` makes them", where,
        n, SECRET_LEAST, HTTP_SECRET_LIMIT - 1);
}

static enum sluice_status read_file(int fd, const char *path, char ret_secret[HTTP_SECRET_LIMIT],
                                    struct sluice_error *err)
{
    struct stat found;
    char text[HTTP_SECRET_LIMIT + 1];
    if (fstat(fd, &found) != 0)
        return error_errno(err, errno, path);
    if (!S_ISREG(found.st_mode) || (found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return error_set(err, SLUICE_CONFIG, "%s may be read by others than its owner; run `chmod 600 %s`",
                         path, path);
    ssize_t n = read(fd, text, sizeof text - 1);
    if (n < 0)
        return error_errno(err, errno, path);
    text[n] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    enum sluice_status status = check_length(text, path, err);
    if (status == SLUICE_OK)
        memcpy(ret_secret, text, strlen(text) + 1);
    return status;
}

static bool write_key(int fd, const struct random_source *random)
{
    unsigned char bytes[MADE_BYTES];
    char text[2 * MADE_BYTES + 1];
    random->bytes(random, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    text[2 * MADE_BYTES] = '\n';
    return write(fd, text, sizeof text) == (ssize_t)sizeof text && fsync(fd) == 0;
}

/* The file gets its name when it is whole; of two programs that make one at once the first one's stays. */
static enum sluice_status make_file(const char *path, const struct random_source *random,
                                    struct sluice_error *err)
{
    _cleanup_free_ char *temporary = NULL;
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return error_no_memory(err);
    _cleanup_close_ int fd = mkostemp(temporary, O_CLOEXEC); /* with mode 0600 */
    if (fd < 0)
        return error_errno(err, errno, path);
    bool made = write_key(fd, random) && (link(temporary, path) == 0 || errno == EEXIST);
    int reason = errno;
    unlink(temporary);
    return made ? SLUICE_OK : error_errno(err, reason, path);
}

enum sluice_status http_secret_load(const struct http_options *options, const struct random_source *random,
                                    char ret_secret[HTTP_SECRET_LIMIT], struct sluice_error *err)
{
    const char *path = options->secret_file;
    if (options->jwt_secret.text != NULL) {
        enum sluice_status status = check_length(options->jwt_secret.text, "http.jwt_secret", err);
        if (status == SLUICE_OK)
            memcpy(ret_secret, options->jwt_secret.text, strlen(options->jwt_secret.text) + 1);
        return status;
    }
    if (access(path, F_OK) != 0) {
        enum sluice_status status = make_file(path, random, err);
        if (status != SLUICE_OK)
            return status;
    }
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return error_errno(err, errno, path);
    return read_file(fd, path, ret_secret, err);
}
