/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The option `url`: a URL or "key=value" pairs, as libpq takes them (PostgreSQL manual, "Connection
 * Strings"). It holds a password, so neither it nor libpq's own complaint about it ever stands in a message.
 */
#include "connection.h"

#include <stdio.h>
#include <string.h>

/* "postgresql+asyncpg://…" -> "postgresql://…": the part behind the plus names another program's driver. */
static char *without_driver(const char *url)
{
    size_t scheme = strcspn(url, ":/?=");
    size_t plus = strcspn(url, "+");
    char *plain = strdup(url);
    if (plain != NULL && plus < scheme && strncmp(url + scheme, "://", 3) == 0)
        memmove(plain + plus, plain + scheme, strlen(plain + scheme) + 1);
    return plain;
}

static const char *given(const struct address *address, const char *keyword)
{
    for (const PQconninfoOption *option = address->parsed; option->keyword != NULL; option++)
        if (strcmp(option->keyword, keyword) == 0)
            return option->val;
    return NULL;
}

static void add(struct address *address, const char *keyword, const char *value)
{
    if (address->n + 1 == ELEMENTS(address->keywords)) /* far more than libpq has */
        return;
    address->keywords[address->n] = keyword;
    address->values[address->n++] = value;
}

enum sluice_status address_read(const struct store *store, struct address *ret_address,
                                struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    struct address address = {.parsed = NULL};
    char *complaint = NULL;
    const char *url = store->options->url.text;
    if (url == NULL || url[0] == '\0')
        return host->fail(host, err, SLUICE_CONFIG,
                          "store.url is empty; name the database: postgresql://USER@HOST/DATABASE");
    _cleanup_free_ char *plain = without_driver(url);
    if (plain == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more or lower the limits");
    address.parsed = PQconninfoParse(plain, &complaint);
    PQfreemem(complaint);
    if (address.parsed == NULL)
        return host->fail(
            host, err, SLUICE_CONFIG,
            "store.url is no address that PostgreSQL knows; write postgresql://USER@HOST/DATABASE, "
            "special characters of a password as %%XX");
    for (const PQconninfoOption *option = address.parsed; option->keyword != NULL; option++)
        if (option->val != NULL)
            add(&address, option->keyword, option->val);
    add(&address, "client_encoding", "UTF8");
    add(&address, "fallback_application_name", "sluice");
    *ret_address = address;
    return SLUICE_OK;
}

const char *address_host(const struct address *address)
{
    const char *host = given(address, "host");
    bool one_name = host != NULL && host[0] != '\0' && strpbrk(host, "/@,") == NULL;
    return one_name && given(address, "hostaddr") == NULL ? host : NULL;
}

void address_pin(struct address *address, const char *numeric)
{
    add(address, "hostaddr", numeric);
}

void address_free(struct address *address)
{
    PQconninfoFree(address->parsed);
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

void address_name(PGconn *link, char ret_where[WHERE_SIZE])
{
    const char *host = or_empty(PQhost(link));
    snprintf(ret_where, WHERE_SIZE, "PostgreSQL database %s on %s%s%s", or_empty(PQdb(link)),
             host[0] == '\0' ? "this machine" : host, host[0] == '/' ? ", port " : ":",
             or_empty(PQport(link)));
}

static bool is_near(const char *host)
{
    return host == NULL || host[0] == '\0' || host[0] == '/' || host[0] == '@' ||
           strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

const char *address_advice(PGconn *link, const struct address *address)
{
    const char *mode = given(address, "sslmode");
    if (is_near(PQhost(link)) || (mode != NULL && strcmp(mode, "verify-full") == 0))
        return NULL;
    return "the way to the database is not proven to be private: add sslmode=verify-full to store.url";
}
