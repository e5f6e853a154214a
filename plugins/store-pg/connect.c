/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a link without blocking: libpq would wait for a name server by itself, so it gets the address that
 * was looked up here. The session is set up in one message, so that no statement depends on what others
 * configured.
 */
#include "base/resolve.h"
#include "query.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { OLDEST_SERVER = 120000, LOOK_UP_PAUSE_MS = 5 };

static void resolve_freep(struct resolve **resolve)
{
    resolve_free(*resolve);
}

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* Follows PQconnectPoll () until it has an answer. */
static enum sluice_status connect_poll(struct store *store, PGconn *link, struct sluice_error *err)
{
    for (;;) {
        PostgresPollingStatusType state = PQconnectPoll(link);
        if (state == PGRES_POLLING_OK)
            return SLUICE_OK;
        if (state == PGRES_POLLING_FAILED)
            return connect_fail(store, link, err);
        enum sluice_status status =
            link_wait(store, link, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, err);
        if (status != SLUICE_OK)
            return status;
    }
}

static enum sluice_status server_check(const struct store *store, struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    int version = PQserverVersion(store->link);
    const char *encoding = PQparameterStatus(store->link, "server_encoding");
    if (version < OLDEST_SERVER)
        return host->fail(host, err, SLUICE_CONFIG,
                          "%s is version %d and Sluice needs 12 or newer; upgrade it", store->where,
                          version / 10000);
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
        return host->fail(
            host, err, SLUICE_CONFIG,
            "%s keeps text in %s and cannot hold every list; create a database with ENCODING 'UTF8'",
            store->where, encoding == NULL ? "an unknown encoding" : encoding);
    return SLUICE_OK;
}

static enum sluice_status session_begin(struct store *store, struct sluice_error *err)
{
    char lock_ms[NUMBER_SIZE], statement_ms[NUMBER_SIZE];
    snprintf(lock_ms, sizeof lock_ms, "%lld", (long long)store->options->lock_timeout.ms);
    snprintf(statement_ms, sizeof statement_ms, "%lld", (long long)store->options->statement_timeout.ms);
    _cleanup_(query_end) struct query query = query_begin(store, SQL_session_begin);
    bind_text(&query, store->options->schema);
    bind_text(&query, lock_ms);
    bind_text(&query, statement_ms);
    enum sluice_status status = query_run(&query, err);
    if (status != SLUICE_OK)
        return status;
    query_next(&query);
    snprintf(store->backend_pid, sizeof store->backend_pid, "%s", column_text(&query, 0));
    const char *start = column_text(&query, 1);
    snprintf(store->backend_start, sizeof store->backend_start, "%s", start == NULL ? "" : start);
    return SLUICE_OK;
}

/* OK with "" when there is nothing to look up. */
static enum sluice_status look_up(struct store *store, const struct address *address,
                                  char ret_numeric[INET6_ADDRSTRLEN], struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    const char *name = address_host(address), *why = "the look-up took too long";
    ret_numeric[0] = '\0';
    if (name == NULL)
        return SLUICE_OK;
    _cleanup_(resolve_freep) struct resolve *resolve = resolve_begin(name);
    if (resolve == NULL)
        return store_no_memory(store, err);
    enum resolve_state state = resolve_look(resolve, ret_numeric, &why);
    while (state == RESOLVE_RUNNING && host->monotonic_us(host) < store->deadline_us) {
        enum sluice_status status = host->sleep(host, err, LOOK_UP_PAUSE_MS);
        if (status != SLUICE_OK)
            return status;
        state = resolve_look(resolve, ret_numeric, &why);
    }
    if (state == RESOLVE_DONE)
        return SLUICE_OK;
    return host->retry(host, err, 0,
                       "PostgreSQL's host %s has no address (%s); correct store.url or try again", name, why);
}

static enum sluice_status start(struct store *store, PGconn *link, const struct address *address,
                                struct sluice_error *err)
{
    address_name(link, store->where);
    store->advice = address_advice(link, address);
    if (PQstatus(link) == CONNECTION_BAD)
        return start_fail(store, link, err);
    PQsetErrorVerbosity(link, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(link, ignore_notice, NULL);
    return connect_poll(store, link, err);
}

enum sluice_status link_open(struct store *store, struct sluice_error *err)
{
    _cleanup_(address_free) struct address address = {.parsed = NULL};
    enum sluice_status status = address_read(store, &address, err);
    if (status != SLUICE_OK)
        return status;
    char numeric[INET6_ADDRSTRLEN];
    link_begin_wait(store, store->options->connect_timeout.ms);
    status = look_up(store, &address, numeric, err);
    if (status != SLUICE_OK)
        return status;
    if (numeric[0] != '\0')
        address_pin(&address, numeric);
    PGconn *link = PQconnectStartParams(address.keywords, address.values, 0);
    if (link == NULL)
        return store_no_memory(store, err);
    status = start(store, link, &address, err);
    if (status != SLUICE_OK) {
        PQfinish(link);
        return status;
    }
    store->link = link;
    store->n_links++;
    PQsetnonblocking(link, 1);
    status = server_check(store, err);
    if (status == SLUICE_OK)
        status = session_begin(store, err);
    if (status != SLUICE_OK)
        store_close(store);
    return status;
}
