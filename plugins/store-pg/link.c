/* SPDX-License-Identifier: Apache-2.0 */
/* libpq never blocks here: its sockets are polled beside the cancel descriptor, against a deadline. */
#include "connection.h"

#include <poll.h>

enum {
    AFTER_CANCEL_US = 1000 * 1000,        /* how long the outcome of a cancelled run may take to write */
    COMMIT_AFTER_CANCEL_US = 1500 * 1000, /* a COMMIT that was sent is better waited for than looked up */
};

static int64_t monotonic_us(const struct store *store)
{
    return store->host->monotonic_us(store->host);
}

void link_begin_wait(struct store *store, int64_t patience_ms)
{
    store->deadline_us = monotonic_us(store) + patience_ms * US_PER_MS;
}

/* Once the host is cancelled a short call, or a COMMIT that was sent, has a moment left. */
static void hurry(struct store *store)
{
    int64_t left_us = store->commits ? COMMIT_AFTER_CANCEL_US : AFTER_CANCEL_US;
    int64_t soon_us = monotonic_us(store) + left_us;
    if (store->deadline_us > soon_us)
        store->deadline_us = soon_us;
}

static enum sluice_status give_up(struct store *store, enum sluice_status status, struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    bool unknown = store->commits;
    store_close(store);
    if (unknown)
        return host->fail(host, err, SLUICE_UNKNOWN, "%s did not say in time whether it committed",
                          store->where);
    if (status == SLUICE_CANCELLED)
        return host->fail(host, err, SLUICE_CANCELLED, "cancelled while waiting for %s", store->where);
    return host->retry(host, err, 0, "%s does not answer; see whether the server is up and not overloaded",
                       store->where);
}

enum sluice_status link_wait(struct store *store, PGconn *link, short events, struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    for (;;) {
        bool cancelled = host->cancelled(host);
        if (cancelled && store->call == STORE_LONG && !store->commits)
            return give_up(store, SLUICE_CANCELLED, err);
        if (cancelled)
            hurry(store);
        int64_t left_ms = (store->deadline_us - monotonic_us(store)) / US_PER_MS;
        if (left_ms <= 0)
            return give_up(store, cancelled ? SLUICE_CANCELLED : SLUICE_RETRY, err);
        struct pollfd fds[] = {{.fd = PQsocket(link), .events = events},
                               {.fd = cancelled ? -1 : host->cancel_fd(host), .events = POLLIN}};
        int n = poll(fds, ELEMENTS(fds), left_ms > 60000 ? 60000 : (int)left_ms);
        if (n > 0 && fds[0].revents != 0)
            return SLUICE_OK;
    }
}

enum sluice_status link_broken(struct store *store, struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    bool unknown = store->commits;
    store_close(store);
    if (unknown)
        return host->fail(host, err, SLUICE_UNKNOWN, "the link to %s broke during a COMMIT", store->where);
    return host->retry(host, err, 0, "the link to %s broke", store->where);
}

enum sluice_status link_flush(struct store *store, struct sluice_error *err)
{
    for (;;) {
        int left = PQflush(store->link);
        if (left == 0)
            return SLUICE_OK;
        if (left < 0)
            return link_broken(store, err);
        enum sluice_status status = link_wait(store, store->link, POLLIN | POLLOUT, err);
        if (status != SLUICE_OK)
            return status;
        if (!PQconsumeInput(store->link))
            return link_broken(store, err);
    }
}

enum sluice_status link_result(struct store *store, PGresult **ret_result, struct sluice_error *err)
{
    while (PQisBusy(store->link)) {
        enum sluice_status status = link_wait(store, store->link, POLLIN, err);
        if (status != SLUICE_OK)
            return status;
        if (!PQconsumeInput(store->link))
            break; /* what the server said last is the result */
    }
    *ret_result = PQgetResult(store->link);
    if (*ret_result == NULL && PQstatus(store->link) == CONNECTION_BAD)
        return link_broken(store, err);
    return SLUICE_OK;
}

void link_drain(struct store *store)
{
    PGresult *result = NULL;
    while (store->link != NULL && link_result(store, &result, NULL) == SLUICE_OK && result != NULL)
        PQclear(result);
}

bool link_is_alive(struct store *store)
{
    if (store->link == NULL)
        return false;
    struct pollfd fd = {.fd = PQsocket(store->link), .events = POLLIN};
    while (PQstatus(store->link) == CONNECTION_OK && poll(&fd, 1, 0) > 0)
        if (!PQconsumeInput(store->link))
            return false;
    return PQstatus(store->link) == CONNECTION_OK;
}
