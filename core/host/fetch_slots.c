/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits does so on a descriptor of his own, beside the cancel descriptor; a leaver hands his slot to the
 * first of them, so `in_use` never passes the limit and no one overtakes. */
#include "host/fetch_slots.h"

#include "base/cleanup.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>

enum { LONGEST_POLL_MS = 60000 };

struct waiter {
    struct waiter *next;
    int fd;
    bool served; /* the slot is his */
};

struct host_entry {
    struct host_entry *next;
    int64_t in_use;
    struct waiter *waiters; /* first come first */
    char name[];
};

struct fetch_slots {
    pthread_mutex_t mutex;
    int64_t per_host;
    struct host_entry *hosts; /* those with a transfer */
};

struct fetch_slots *fetch_slots_new(int64_t per_host)
{
    struct fetch_slots *slots = calloc(1, sizeof *slots);
    if (slots == NULL)
        return NULL;
    pthread_mutex_init(&slots->mutex, NULL);
    slots->per_host = per_host;
    return slots;
}

void fetch_slots_free(struct fetch_slots *slots)
{
    if (slots == NULL)
        return;
    pthread_mutex_destroy(&slots->mutex);
    free(slots);
}

static struct host_entry *host_find(struct fetch_slots *slots, const char *name)
{
    struct host_entry *host = slots->hosts;
    while (host != NULL && strcmp(host->name, name) != 0)
        host = host->next;
    return host;
}

static struct host_entry *host_add(struct fetch_slots *slots, const char *name)
{
    struct host_entry *host = calloc(1, sizeof *host + strlen(name) + 1);
    if (host == NULL)
        return NULL;
    memcpy(host->name, name, strlen(name) + 1);
    host->next = slots->hosts;
    slots->hosts = host;
    return host;
}

static void host_remove(struct fetch_slots *slots, struct host_entry *host)
{
    struct host_entry **link = &slots->hosts;
    while (*link != host)
        link = &(*link)->next;
    *link = host->next;
    free(host);
}

/* Takes a slot (waiter->served) or joins the queue; false without memory. */
static bool slot_take(struct fetch_slots *slots, const char *name, struct waiter *waiter)
{
    pthread_mutex_lock(&slots->mutex);
    struct host_entry *host = host_find(slots, name);
    if (host == NULL)
        host = host_add(slots, name);
    bool known = host != NULL;
    if (known && host->in_use < slots->per_host) {
        host->in_use++;
        waiter->served = true;
    } else if (known) {
        struct waiter **link = &host->waiters;
        while (*link != NULL)
            link = &(*link)->next;
        *link = waiter;
    }
    pthread_mutex_unlock(&slots->mutex);
    return known;
}

static bool is_served(struct fetch_slots *slots, const struct waiter *waiter)
{
    pthread_mutex_lock(&slots->mutex);
    bool served = waiter->served;
    pthread_mutex_unlock(&slots->mutex);
    return served;
}

/* Leaves the queue; true when the slot was handed over meanwhile. */
static bool queue_leave(struct fetch_slots *slots, const char *name, struct waiter *waiter)
{
    pthread_mutex_lock(&slots->mutex);
    if (!waiter->served) {
        struct waiter **link = &host_find(slots, name)->waiters;
        while (*link != waiter)
            link = &(*link)->next;
        *link = waiter->next;
    }
    bool served = waiter->served;
    pthread_mutex_unlock(&slots->mutex);
    return served;
}

static enum sluice_status queue_wait(struct fetch_slots *slots, const struct waiter *waiter,
                                     const struct stop *stop, const char *what, struct sluice_error *err)
{
    struct pollfd fds[] = {{.fd = waiter->fd, .events = POLLIN},
                           {.fd = cancel_fd(stop->cancel), .events = POLLIN}};
    while (!is_served(slots, waiter)) {
        enum sluice_status status = stop_check(stop, what, err);
        if (status != SLUICE_OK)
            return status;
        if (poll(fds, ELEMENTS(fds), (int)stop_remaining_ms(stop, LONGEST_POLL_MS)) < 0 && errno != EINTR)
            return error_errno(err, errno, what);
    }
    return SLUICE_OK;
}

enum sluice_status fetch_slot_enter(struct fetch_slots *slots, const char *host, const struct stop *stop,
                                    const char *what, struct sluice_error *err)
{
    if (slots == NULL)
        return SLUICE_OK;
    _cleanup_close_ int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct waiter waiter = {.fd = fd};
    if (fd < 0)
        return error_errno(err, errno, what);
    if (!slot_take(slots, host, &waiter))
        return error_no_memory(err);
    enum sluice_status status = queue_wait(slots, &waiter, stop, what, err);
    if (status != SLUICE_OK && queue_leave(slots, host, &waiter))
        fetch_slot_leave(slots, host);
    return status;
}

void fetch_slot_leave(struct fetch_slots *slots, const char *name)
{
    if (slots == NULL)
        return;
    pthread_mutex_lock(&slots->mutex);
    struct host_entry *host = host_find(slots, name);
    struct waiter *next = host->waiters;
    if (next != NULL) {
        const uint64_t one = 1;
        host->waiters = next->next;
        next->served = true;
        ssize_t written = write(next->fd, &one, sizeof one);
        (void)written; /* its counter is 0: it cannot fail */
    } else if (--host->in_use == 0) {
        host_remove(slots, host);
    }
    pthread_mutex_unlock(&slots->mutex);
}
