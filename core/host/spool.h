/* SPDX-License-Identifier: Apache-2.0 */
/* A file without a name that takes in what is fetched and hashes it on the way. Its blocks are written, never
 * left as holes, so that a full disk is an error here and not a signal when the mapping is read. */
#ifndef HOST_SPOOL_H
#define HOST_SPOOL_H

#include "host/stop.h"

#include <openssl/types.h>

#define SHA256_TEXT_SIZE 65

struct spool {
    int fd;
    uint64_t size;
    EVP_MD_CTX *digest;
};

#define SPOOL_INIT \
    {              \
        .fd = -1   \
    }

enum sluice_status spool_open(struct spool *ret_spool, const char *folder, struct sluice_error *err);
enum sluice_status spool_append(struct spool *spool, const void *bytes, size_t n, struct sluice_error *err);
enum sluice_status spool_restart(struct spool *spool, struct sluice_error *err); /* forgets what it holds */
void spool_close(struct spool *spool); /* [cleanup] accepts SPOOL_INIT and closed ones */

struct spool_content {
    const char *data; /* a mapping of size + 1 bytes; the last is NUL */
    uint64_t size;
    char sha256[SHA256_TEXT_SIZE];
};

/* Ends the writing. The mapping outlives the spool; spool_unmap () it. */
enum sluice_status spool_map(struct spool *spool, struct spool_content *ret_content,
                             struct sluice_error *err);
/* Makes the pages present: they were written a moment ago, and mapping many at once costs less than a fault for every
 * few of them. OK, or as stop_check (). */
enum sluice_status spool_populate(const struct spool_content *content, const struct stop *stop,
                                  const char *name, struct sluice_error *err);
void spool_unmap(const char *data, uint64_t size);

/* "NULL: $TMPDIR, else /var/tmp" */
const char *spool_folder(const char *configured);

#endif
