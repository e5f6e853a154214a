/* SPDX-License-Identifier: Apache-2.0 */
#include "host/url.h"

#include "base/cleanup.h"

#include <ctype.h>
#include <string.h>

static void curl_text_free(char **text)
{
    curl_free(*text);
}

#define _cleanup_curl_text_ _cleanup_(curl_text_free)

static enum sluice_status no_address(const char *name, CURLUcode code, struct sluice_error *err)
{
    if (code == CURLUE_OUT_OF_MEMORY)
        return error_no_memory(err);
    return error_set(err, SLUICE_CONFIG, "%s: not a valid address (%s); correct it", name,
                     curl_url_strerror(code));
}

static bool has_login(CURLU *handle)
{
    _cleanup_curl_text_ char *user = NULL, *password = NULL;
    bool has_user = curl_url_get(handle, CURLUPART_USER, &user, 0) == CURLUE_OK;
    bool has_password = curl_url_get(handle, CURLUPART_PASSWORD, &password, 0) == CURLUE_OK;
    return has_user || has_password;
}

static enum sluice_status url_read(struct url *url, struct sluice_error *err)
{
    _cleanup_curl_text_ char *scheme = NULL, *host = NULL, *port = NULL;
    CURLUcode code = curl_url_get(url->handle, CURLUPART_SCHEME, &scheme, 0);
    if (code == CURLUE_OK)
        code = curl_url_get(url->handle, CURLUPART_HOST, &host, 0);
    if (code == CURLUE_OK)
        code = curl_url_get(url->handle, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
    if (code != CURLUE_OK)
        return no_address(url->name, code, err);
    url->is_tls = strcmp(scheme, "https") == 0;
    if (!url->is_tls && strcmp(scheme, "http") != 0)
        return error_set(err, SLUICE_CONFIG, "%s: only https: and http: addresses are fetched", url->name);
    if (strlen(host) >= sizeof url->host)
        return error_set(err, SLUICE_CONFIG, "%s: the host's name is too long", url->name);
    for (size_t i = 0; host[i] != '\0'; i++)
        url->host[i] = (char)tolower((unsigned char)host[i]);
    url->port = (unsigned)strtoul(port, NULL, 10);
    url->default_port = url->is_tls ? 443 : 80;
    snprintf(url->server, sizeof url->server, "%s:%u", url->host, url->port);
    return SLUICE_OK;
}

enum sluice_status url_parse(const char *text, struct url *ret_url, struct sluice_error *err)
{
    _cleanup_(url_free) struct url url = {.handle = curl_url()};
    if (url.handle == NULL)
        return error_no_memory(err);
    location_name(text, url.name);
    if (location_kind(text) != LOCATION_HTTP)
        return error_set(err, SLUICE_CONFIG,
                         "%s: not an https: address without spaces and backslashes; correct it", url.name);
    CURLUcode code = curl_url_set(url.handle, CURLUPART_URL, text, 0);
    if (code != CURLUE_OK)
        return no_address(url.name, code, err);
    if (has_login(url.handle))
        return error_set(err, SLUICE_CONFIG, "%s: the address carries a user name or password; remove it",
                         url.name);
    enum sluice_status status = url_read(&url, err);
    if (status != SLUICE_OK)
        return status;
    *ret_url = url;
    url.handle = NULL;
    return SLUICE_OK;
}

void url_free(struct url *url)
{
    curl_url_cleanup(url->handle);
    url->handle = NULL;
}
