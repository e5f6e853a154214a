/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cancel.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct cancel {
    atomic_bool requested;
    int fd;
};

struct cancel *cancel_new(void)
{
    struct cancel *cancel = calloc(1, sizeof *cancel);
    if (cancel == NULL)
        return NULL;
    cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (cancel->fd >= 0)
        return cancel;
    free(cancel);
    return NULL;
}

enum sluice_status cancel_fail(struct sluice_error *err)
{
    return error_errno(err, errno, "preparing to be cancelled");
}

void cancel_free(struct cancel *cancel)
{
    if (cancel == NULL)
        return;
    close(cancel->fd);
    free(cancel);
}

void cancel_request(struct cancel *cancel)
{
    int saved = errno;
    const uint64_t one = 1;
    atomic_store(&cancel->requested, true);
    ssize_t written = write(cancel->fd, &one, sizeof one);
    (void)written; /* it fails only when the counter is full: readable already */
    errno = saved;
}

bool cancel_requested(const struct cancel *cancel)
{
    return cancel != NULL && atomic_load(&cancel->requested);
}

int cancel_fd(const struct cancel *cancel)
{
    return cancel == NULL ? -1 : cancel->fd;
}
