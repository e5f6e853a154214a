/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status and control API. A table of routes says who may do what (routes.h); what is not in it does not
 * exist. Answers come from memory (the status, the panel's files) or from a bounded pool of workers that own
 * store and state instances, so that neither a hung store nor a slow client holds up the server's threads.
 * The contract towards clients is openapi.json.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/task.h"
#include "host/instance.h"
#include "schedule/schedule.h"
#include "sync/sync.h"

/* Section `http`. */
struct http_options {
    const char *listen; /* "127.0.0.1:8080", "[::1]:8080", "unix:/run/sluice.sock" */
    struct sluice_secret jwt_secret;
    const char *secret_file;
    const char *issuer;
    struct sluice_duration token_ttl;
    struct sluice_list cors_origins;
    struct sluice_list trusted_proxies;
    const char *panel; /* folder of the built panel; NULL: beside the program */
    int64_t threads;
};
extern const struct sluice_option http_option_table[];
extern const size_t http_option_count;

enum http_role { ROLE_PUBLIC, ROLE_VIEWER, ROLE_ADMIN }; /* each may what the one before may */

/* An entry of section `users`, by its name. */
struct http_user_options {
    struct sluice_secret password_hash; /* as `sluice user hash` prints it */
    struct sluice_choice role;          /* of http_roles */
};
extern const struct sluice_option http_user_option_table[];
extern const size_t http_user_option_count;
extern const char *const http_roles[]; /* "viewer", "admin", NULL */

struct http_user {
    const char *name;
    const char *password_hash;
    enum http_role role;
};

/* CONFIG for values that the option tables cannot judge; *ret_option names the option. */
enum sluice_status http_options_check(const struct http_options *options, const char **ret_option,
                                      struct sluice_error *err);
/* CONFIG for a user whose name or password hash is of no use; *ret_which is the user's index. */
enum sluice_status http_users_check(const struct http_user *users, size_t n, size_t *ret_which,
                                    struct sluice_error *err);

/* All of it outlives the server. */
struct http_setup {
    const struct host_services *services;
    const struct task_runtime *tasks;
    struct sync_plugin store, state;
    const struct http_options *options;
    const struct http_user *users;
    size_t n_users;
    const struct schedule_options *schedule;
    const char *version; /* of the program */
};

struct http_server;

/* Listens once this returns OK; the store's tables need not be there yet. BUSY: the
 * address is taken; CONFIG, AUTH or IO say why not. */
enum sluice_status http_server_start(const struct http_setup *setup, struct http_server **ret_server,
                                     struct sluice_error *err);
/* Ends the connections, waits for the answers at work (at most a few seconds) and frees. Accepts NULL. */
void http_server_stop(struct http_server *server);

/* Where it listens: "http://127.0.0.1:8080" or "unix:/path". Lives as long as the server. */
const char *http_server_address(const struct http_server *server);
/* An address that signs its first visitor in as admin, once, within an hour; NULL when there are users to
 * sign in, or nobody but this machine can be meant. A secret: it is for the operator's eyes, never for a log.
 */
const char *http_server_login_link(const struct http_server *server);

/* ---- Tokens without a server (`sluice token create`) -------------------------------------------- */

/* The key that signs tokens: the configured one, else that of the secret file, which is made with mode 0600
 * when it is not there. CONFIG when it is shorter than 32 bytes or others may read the file. */
#define HTTP_SECRET_LIMIT 1024
enum sluice_status http_secret_load(const struct http_options *options, const struct random_source *random,
                                    char ret_secret[HTTP_SECRET_LIMIT], struct sluice_error *err);
/* The caller frees it. */
enum sluice_status http_token_create(const struct http_options *options, const char *secret,
                                     const char *subject, enum http_role role, int64_t now_us, int64_t ttl_ms,
                                     char **ret_token, struct sluice_error *err);
/* A yescrypt hash with a fresh salt; the caller frees it. */
enum sluice_status http_password_hash(const char *password, char **ret_hash, struct sluice_error *err);

#endif
