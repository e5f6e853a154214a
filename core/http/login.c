/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in, by password or by the one-time link. A name that is not there costs the same time and gets the
 * same answer as a wrong password. */
#include "http/login.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/metrics.h"
#include "http/password.h"
#include "http/server.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

enum { USERNAME_MOST = 128, PASSWORD_MOST = 512, CODE_MOST = 128 };

static const int64_t link_life_us = INT64_C(3600) * US_PER_SECOND;
static const char link_user[] = "admin"; /* who comes by the link */
static const char nobody[] =
    "unknown"; /* a name that is no user's is not kept: people type passwords there */

void link_make(struct link_code *link, const struct random_source *random, int64_t now_us)
{
    unsigned char bytes[(LINK_CODE_SIZE - 1) / 2];
    random->bytes(random, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(link->code + 2 * i, 3, "%02x", bytes[i]);
    link->until_us = now_us + link_life_us;
    atomic_init(&link->used, false);
}

bool link_use(struct link_code *link, const char *code, int64_t now_us)
{
    const size_t n = LINK_CODE_SIZE - 1;
    if (link->code[0] == '\0' || strlen(code) != n || CRYPTO_memcmp(code, link->code, n) != 0)
        return false;
    return now_us < link->until_us && !atomic_exchange(&link->used, true);
}

static void answer(struct call *call, struct desk *desk, const char *name, enum http_role role)
{
    const struct http_server *server = call->server;
    struct sluice_error err = {0};
    _cleanup_free_ char *token = NULL;
    char until[TIME_TEXT_SIZE];
    int64_t now_us = server->clock->wall_us(server->clock), ttl_ms = server->options->token_ttl.ms;
    if (http_token_create(server->options, server->secret, name, role, now_us, ttl_ms, &token, &err) !=
        SLUICE_OK) {
        call_fail_store(call, &err);
        return;
    }
    metrics_login(server->metrics, LOGIN_DONE);
    audit(call, desk, name, "login", call->route->name);
    struct buffer *out = call_json(call, 200);
    time_format((now_us / US_PER_SECOND + ttl_ms / 1000) * US_PER_SECOND, until);
    buffer_printf(out, "{\"token\": \"%s\", \"expires_at\": \"%s\", \"user\": {\"id\": ", token, until);
    json_text(out, text_of(name));
    buffer_text(out, ", \"username\": ");
    json_text(out, text_of(name));
    buffer_printf(out, ", \"role\": \"%s\"}}\n", http_roles[role - ROLE_VIEWER]);
}

static void refuse(struct call *call, struct desk *desk, const char *name, const char *message)
{
    metrics_login(call->server->metrics, LOGIN_REFUSED);
    audit(call, desk, name, "login_failed", call->route->name);
    call_fail(call, API_UNAUTHORIZED, "%s", message);
}

static const struct http_user *user_find(const struct http_server *server, const char *name)
{
    for (size_t i = 0; i < server->setup->n_users; i++)
        if (strcmp(server->setup->users[i].name, name) == 0)
            return &server->setup->users[i];
    return NULL;
}

void handle_login(struct call *call, struct desk *desk)
{
    static const char *const known[] = {"username", "password", NULL};
    const char *name = NULL, *password = NULL;
    if (!within_limit(call, desk) || !call_body_known(call, known) ||
        !call_body_text(call, "username", USERNAME_MOST, &name) ||
        !call_body_text(call, "password", PASSWORD_MOST, &password))
        return;
    if (name == NULL || password == NULL || name[0] == '\0' || password[0] == '\0') {
        call_fail_field(call, name == NULL || name[0] == '\0' ? "username" : "password",
                        "give a username and a password");
        return;
    }
    const struct http_user *user = user_find(call->server, name);
    if (password_matches(password, user == NULL ? NULL : user->password_hash))
        answer(call, desk, user->name, user->role);
    else
        refuse(call, desk, user == NULL ? nobody : user->name,
               "this name and password do not belong together");
}

void handle_link(struct call *call, struct desk *desk)
{
    static const char *const known[] = {"code", NULL};
    struct http_server *server = call->server;
    const char *code = NULL;
    if (!within_limit(call, desk) || !call_body_known(call, known) ||
        !call_body_text(call, "code", CODE_MOST, &code))
        return;
    if (code == NULL || code[0] == '\0')
        call_fail_field(call, "code", "give the code of the link");
    else if (link_use(&server->link, code, server->clock->monotonic_us(server->clock)))
        answer(call, desk, link_user, ROLE_ADMIN);
    else
        refuse(call, desk, link_user,
               "this link was used already or is too old; restart the server for another one");
}
