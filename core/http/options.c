/* SPDX-License-Identifier: Apache-2.0 */
/* The sections `http` and `users`. */
#include "base/cleanup.h"
#include "base/text.h"
#include "http/http.h"
#include "http/listen.h"
#include "http/password.h"
#include "http/proxies.h"

#include <string.h>

enum { NAME_MOST = 128, THREADS_MOST = 64 };

#define TTL_LEAST_MS INT64_C(60000)
#define TTL_MOST_MS  (INT64_C(366) * 24 * 3600 * 1000)

const struct sluice_option http_option_table[] = {
    SLUICE_OPTION(struct http_options, listen, "listen", "127.0.0.1:8080",
                  "where the API and the panel are served: host:port, or unix: and a path"),
    SLUICE_OPTION(
        struct http_options, jwt_secret, "jwt_secret", NULL,
        "the key that signs tokens, at least 32 bytes; without it one is made and kept in secret_file"),
    SLUICE_OPTION(struct http_options, secret_file, "secret_file", "./sluice.secret",
                  "the file of the key that was made, readable only by its owner",
                  .flags = SLUICE_OPTION_PATH),
    SLUICE_OPTION(struct http_options, issuer, "issuer", "sluice", "the issuer that tokens must name"),
    SLUICE_OPTION(struct http_options, token_ttl, "token_ttl", "8h", "how long a login lasts"),
    SLUICE_OPTION(struct http_options, cors_origins, "cors_origins", NULL,
                  "origins (https://host) whose pages may use the API from a browser"),
    SLUICE_OPTION(
        struct http_options, trusted_proxies, "trusted_proxies", NULL,
        "reverse proxies whose X-Forwarded-For tells who asks: addresses, networks (10.0.0.0/8), or unix "
        "for whoever connects to a unix socket"),
    SLUICE_OPTION(struct http_options, panel, "panel", NULL,
                  "folder of the built panel; by default the one that was installed with the program",
                  .flags = SLUICE_OPTION_PATH),
    SLUICE_OPTION(struct http_options, threads, "threads", "2", "threads that serve connections: 1 to 64"),
};
const size_t http_option_count = ELEMENTS(http_option_table);

const char *const http_roles[] = {"viewer", "admin", NULL};

const struct sluice_option http_user_option_table[] = {
    SLUICE_OPTION(struct http_user_options, password_hash, "password_hash", NULL,
                  "what `sluice user hash` prints for the user's password"),
    SLUICE_OPTION(struct http_user_options, role, "role", "viewer",
                  "viewer sees everything but the audit trail; admin may also act", .choices = http_roles),
};
const size_t http_user_option_count = ELEMENTS(http_user_option_table);

static enum sluice_status check_origin(const char *origin, struct sluice_error *err)
{
    const char *host = strstr(origin, "://");
    bool known = strncmp(origin, "http://", 7) == 0 || strncmp(origin, "https://", 8) == 0;
    if (known && host[3] != '\0' && strpbrk(host + 3, "/?#*, ") == NULL)
        return SLUICE_OK;
    return error_set(err, SLUICE_CONFIG,
                     "\"%s\" is no origin; write scheme, host and port as in "
                     "https://panel.example.com",
                     origin);
}

enum sluice_status http_options_check(const struct http_options *options, const char **ret_option,
                                      struct sluice_error *err)
{
    struct listen_place place;
    struct proxies proxies;
    *ret_option = "listen";
    enum sluice_status status = listen_parse(options->listen, &place, err);
    if (status != SLUICE_OK)
        return status;
    *ret_option = "trusted_proxies";
    status = proxies_parse(&options->trusted_proxies, &proxies, err);
    if (status != SLUICE_OK)
        return status;
    *ret_option = "threads";
    if (options->threads < 1 || options->threads > THREADS_MOST)
        return error_set(err, SLUICE_CONFIG, "it is out of range; write 1 to %d", THREADS_MOST);
    *ret_option = "token_ttl";
    if (options->token_ttl.ms < TTL_LEAST_MS || options->token_ttl.ms > TTL_MOST_MS)
        return error_set(err, SLUICE_CONFIG, "it is out of range; write 1m to 366d");
    *ret_option = "cors_origins";
    for (size_t i = 0; i < options->cors_origins.n_items && status == SLUICE_OK; i++)
        status = check_origin(options->cors_origins.items[i], err);
    return status;
}

enum sluice_status http_users_check(const struct http_user *users, size_t n, size_t *ret_which,
                                    struct sluice_error *err)
{
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(users[i].name);
        *ret_which = i;
        if (length == 0 || length > NAME_MOST || utf8_valid_prefix(users[i].name, length) != length)
            return error_set(err, SLUICE_CONFIG, "the name is empty or longer than %d bytes", NAME_MOST);
        if (!password_hash_usable(users[i].password_hash))
            return error_set(err, SLUICE_CONFIG,
                             "password_hash is no yescrypt hash; `sluice user hash` makes one");
    }
    return SLUICE_OK;
}
