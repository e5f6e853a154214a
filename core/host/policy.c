/* SPDX-License-Identifier: Apache-2.0 */
#include "host/policy.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Where the port of "host:port" begins, or NULL. The colons of "[::1]" are no separators. */
static const char *entry_port(const char *entry)
{
    const char *bracket = strrchr(entry, ']');
    return strchr(bracket == NULL ? entry : bracket, ':');
}

static bool entry_names(const char *entry, const char *host, unsigned port, unsigned default_port)
{
    const char *colon = entry_port(entry);
    size_t n = colon == NULL ? strlen(entry) : (size_t)(colon - entry);
    unsigned wanted = default_port;
    if (colon != NULL && sscanf(colon + 1, "%u", &wanted) != 1)
        return false;
    return port == wanted && strlen(host) == n && strncasecmp(entry, host, n) == 0;
}

static bool list_names(const struct sluice_list *list, const struct url *url, const char *host)
{
    for (size_t i = 0; i < list->n_items; i++)
        if (entry_names(list->items[i], host, url->port, url->default_port))
            return true;
    return false;
}

static bool list_says_all(const struct sluice_list *list)
{
    for (size_t i = 0; i < list->n_items; i++)
        if (strcmp(list->items[i], "all") == 0 || strcmp(list->items[i], "true") == 0)
            return true;
    return false;
}

static bool port_allowed(const struct fetch_options *options, const struct url *url)
{
    if (url->port == url->default_port || list_names(&options->allow_private, url, url->host) ||
        list_names(&options->allow_http, url, url->host) || list_names(&options->api_hosts, url, url->host))
        return true;
    for (size_t i = 0; i < options->ports.n_items; i++) {
        unsigned port;
        if (sscanf(options->ports.items[i], "%u", &port) == 1 && port == url->port)
            return true;
    }
    return false;
}

enum sluice_status policy_url(const struct fetch_options *options, const struct url *url,
                              struct sluice_error *err)
{
    if (!url->is_tls && !list_names(&options->allow_http, url, url->host))
        return error_set(err, SLUICE_CONFIG,
                         "%s: http: is not encrypted; use https: or add '%s' to fetch.allow_http", url->name,
                         url->port == 80 ? url->host : url->server);
    if (!port_allowed(options, url))
        return error_set(err, SLUICE_CONFIG, "%s: port %u is not allowed; add it to fetch.ports", url->name,
                         url->port);
    return SLUICE_OK;
}

bool policy_address(const struct fetch_options *options, const struct url *url,
                    const struct sockaddr *address)
{
    char text[ADDRESS_TEXT_SIZE];
    if (address_is_public(address) && !address_is_own(address))
        return true;
    address_format(address, text);
    return list_says_all(&options->allow_private) || list_names(&options->allow_private, url, url->host) ||
           list_names(&options->allow_private, url, text);
}

static bool is_loopback_literal(const char *host)
{
    return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0;
}

bool policy_secret(const struct fetch_options *options, const struct url *url)
{
    if (!list_names(&options->api_hosts, url, url->host))
        return false;
    return url->is_tls ||
           (is_loopback_literal(url->host) && list_names(&options->allow_http, url, url->host));
}
