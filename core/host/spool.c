/* SPDX-License-Identifier: Apache-2.0 */
#include "host/spool.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum {
    POPULATE_BYTES = 16 << 20
}; /* some milliseconds of work: the step between two looks at what may stop it */

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* madvise(2); glibc names it since 2.35 */
#endif

const char *spool_folder(const char *configured)
{
    if (configured != NULL && configured[0] != '\0')
        return configured;
    const char *temporary = getenv("TMPDIR");
    return temporary != NULL && temporary[0] != '\0' ? temporary : "/var/tmp";
}

/* Not every file system knows O_TMPFILE. */
static int open_unnamed(const char *folder)
{
    char path[PATH_MAX];
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;
    if ((size_t)snprintf(path, sizeof path, "%s/sluice-XXXXXX", folder) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

static bool digest_start(struct spool *spool)
{
    return EVP_DigestInit_ex(spool->digest, EVP_sha256(), NULL) == 1;
}

static enum sluice_status spool_errno(struct sluice_error *err)
{
    return error_errno(err, errno, "the spool (fetch.spool_dir)");
}

enum sluice_status spool_open(struct spool *ret_spool, const char *folder, struct sluice_error *err)
{
    _cleanup_(spool_close) struct spool spool = {.fd = open_unnamed(folder), .digest = EVP_MD_CTX_new()};
    if (spool.fd < 0) {
        error_errno(err, errno, folder);
        return err == NULL ? SLUICE_IO : error_prefix(err, "the spool folder (fetch.spool_dir)");
    }
    if (spool.digest == NULL || !digest_start(&spool))
        return error_no_memory(err);
    *ret_spool = spool;
    spool = (struct spool)SPOOL_INIT;
    return SLUICE_OK;
}

void spool_close(struct spool *spool)
{
    if (spool->fd >= 0)
        close(spool->fd);
    EVP_MD_CTX_free(spool->digest);
    *spool = (struct spool)SPOOL_INIT;
}

static enum sluice_status write_all(int fd, const char *bytes, size_t n, struct sluice_error *err)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return spool_errno(err);
        bytes += written;
        n -= (size_t)written;
    }
    return SLUICE_OK;
}

enum sluice_status spool_append(struct spool *spool, const void *bytes, size_t n, struct sluice_error *err)
{
    enum sluice_status status = write_all(spool->fd, bytes, n, err);
    if (status != SLUICE_OK)
        return status;
    if (EVP_DigestUpdate(spool->digest, bytes, n) != 1)
        return error_no_memory(err);
    spool->size += n;
    return SLUICE_OK;
}

enum sluice_status spool_restart(struct spool *spool, struct sluice_error *err)
{
    if (ftruncate(spool->fd, 0) != 0 || lseek(spool->fd, 0, SEEK_SET) != 0)
        return spool_errno(err);
    spool->size = 0;
    return digest_start(spool) ? SLUICE_OK : error_no_memory(err);
}

static bool digest_text(struct spool *spool, char ret_text[SHA256_TEXT_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_DigestFinal_ex(spool->digest, digest, &n) != 1 || n * 2 + 1 != SHA256_TEXT_SIZE)
        return false;
    for (unsigned i = 0; i < n; i++)
        snprintf(ret_text + (size_t)i * 2, 3, "%02x", digest[i]);
    return true;
}

enum sluice_status spool_map(struct spool *spool, struct spool_content *ret_content, struct sluice_error *err)
{
    struct spool_content content = {.size = spool->size};
    enum sluice_status status = write_all(spool->fd, "", 1, err);
    if (status != SLUICE_OK)
        return status;
    if (!digest_text(spool, content.sha256))
        return error_no_memory(err);
    void *mapping = mmap(NULL, spool->size + 1, PROT_READ, MAP_PRIVATE, spool->fd, 0);
    if (mapping == MAP_FAILED)
        return spool_errno(err);
    content.data = mapping;
    *ret_content = content;
    return SLUICE_OK;
}

enum sluice_status spool_populate(const struct spool_content *content, const struct stop *stop,
                                  const char *name, struct sluice_error *err)
{
    char *data = (char *)(uintptr_t)content->data;
    for (uint64_t at = 0; at < content->size; at += POPULATE_BYTES) {
        enum sluice_status status = stop_check(stop, name, err);
        if (status != SLUICE_OK)
            return status;
        const uint64_t left = content->size - at;
        if (madvise(data + at, left < POPULATE_BYTES ? left : POPULATE_BYTES, MADV_POPULATE_READ) != 0)
            break; /* a kernel before 5.14: the pages come as they are touched */
    }
    return SLUICE_OK;
}

void spool_unmap(const char *data, uint64_t size)
{
    munmap((void *)(uintptr_t)data, size + 1);
}
