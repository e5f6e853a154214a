/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A service account signs an assertion (RFC 7523) with the key of its file and gets a token for it, as
 * Google's "Using OAuth 2.0 for Server to Server Applications" describes. The memo's key names account and
 * scope.
 */
#include "access.h"

#include "base/cleanup.h"
#include "key_file.h"

#include <inttypes.h>
#include <jansson.h>
#include <jwt.h>
#include <string.h>

enum {
    TOKEN_SIZE = 4096,
    ASSERTION_SECONDS = 3600,
    ANSWER_BYTES = 64 << 10,
    SKEW_SECONDS = 60, /* of the clock, from which on it is worth a word */
};

struct access {
    const struct sluice_host *host;
    enum access_kind kind;
    struct key_file key;
    char *api_key;
    char user[160], project[160];
    char value[TOKEN_SIZE + sizeof "Bearer "]; /* of the header last given out */
};

/* ---- Life ---- */

/* Two keys are two users; the key itself must not be seen, so a short checksum of it names it (FNV-1a). */
static uint32_t checksum(const char *text)
{
    uint32_t sum = UINT32_C(2166136261);
    for (; *text != '\0'; text++)
        sum = (sum ^ (unsigned char)*text) * UINT32_C(16777619);
    return sum;
}

static enum sluice_status account_read(struct access *access, const char *path, struct sluice_error *err)
{
    char why[KEY_FILE_WHY_SIZE];
    if (!key_file_read(path, &access->key, why))
        return access->host->fail(access->host, err, SLUICE_CONFIG, "credentials %s: %s", path, why);
    access->kind = ACCESS_ACCOUNT;
    snprintf(access->user, sizeof access->user, "sheets:user:%s", access->key.email);
    snprintf(access->project, sizeof access->project, "sheets:project:%s", access->key.project);
    return SLUICE_OK;
}

enum sluice_status access_new(const struct sluice_host *host, const char *credentials, const char *api_key,
                              struct access **ret_access, struct sluice_error *err)
{
    struct access *access = calloc(1, sizeof *access);
    enum sluice_status status = SLUICE_OK;
    if (access == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more");
    access->host = host;
    if (credentials != NULL && *credentials != '\0') {
        status = account_read(access, credentials, err);
    } else if (api_key != NULL && *api_key != '\0') {
        access->kind = ACCESS_KEY;
        access->api_key = strdup(api_key);
        snprintf(access->user, sizeof access->user, "sheets:user:key-%08" PRIx32, checksum(api_key));
        snprintf(access->project, sizeof access->project, "sheets:project:key-%08" PRIx32, checksum(api_key));
        if (access->api_key == NULL)
            status = host->fail(host, err, SLUICE_IO, "out of memory; give the process more");
    }
    if (status != SLUICE_OK) {
        access_free(access);
        return status;
    }
    *ret_access = access;
    return SLUICE_OK;
}

void access_free(struct access *access)
{
    if (access == NULL)
        return;
    key_file_free(&access->key);
    if (access->api_key != NULL)
        explicit_bzero(access->api_key, strlen(access->api_key));
    free(access->api_key);
    explicit_bzero(access->value, sizeof access->value);
    free(access);
}

enum access_kind access_kind(const struct access *access)
{
    return access->kind;
}

const char *access_address(const struct access *access)
{
    return access->key.email;
}

const char *access_user(const struct access *access)
{
    return access->user;
}

const char *access_project(const struct access *access)
{
    return access->project;
}

/* ---- The assertion ---- */

static char *assertion_sign(const struct access *access, const char *scope)
{
    const struct key_file *key = &access->key;
    int64_t now = access->host->now_us(access->host) / 1000000;
    jwt_t *jwt = NULL;
    if (jwt_new(&jwt) != 0)
        return NULL;
    bool made = jwt_add_grant(jwt, "iss", key->email) == 0 && jwt_add_grant(jwt, "scope", scope) == 0 &&
                jwt_add_grant(jwt, "aud", key->token_uri) == 0 &&
                jwt_add_grant_int(jwt, "iat", (long)now) == 0 &&
                jwt_add_grant_int(jwt, "exp", (long)now + ASSERTION_SECONDS) == 0 &&
                (key->key_id == NULL || jwt_add_header(jwt, "kid", key->key_id) == 0) &&
                jwt_set_alg(jwt, JWT_ALG_RS256, (const unsigned char *)key->private_key,
                            (int)strlen(key->private_key)) == 0;
    char *text = made ? jwt_encode_str(jwt) : NULL; /* of malloc () */
    jwt_free(jwt);
    return text;
}

/* ---- The answer ---- */

/* Seconds by which this machine's clock is ahead of the server's; 0 when that is not known. */
static int64_t clock_ahead(const struct access *access, const struct sluice_document *document)
{
    if (document->server_time_us == 0)
        return 0;
    return (access->host->now_us(access->host) - document->server_time_us) / 1000000;
}

static enum sluice_status token_refused(const struct access *access, const struct sluice_document *document,
                                        const json_t *answer, struct sluice_error *err)
{
    const struct sluice_host *host = access->host;
    const char *error = json_string_value(json_object_get(answer, "error"));
    const char *description = json_string_value(json_object_get(answer, "error_description"));
    int64_t ahead = clock_ahead(access, document);
    description = description == NULL ? "" : description;
    if (error != NULL && strcmp(error, "invalid_grant") == 0 &&
        (ahead > SKEW_SECONDS || ahead < -SKEW_SECONDS))
        return host->fail(host, err, SLUICE_AUTH,
                          "this machine's clock is %" PRId64
                          " seconds %s Google's, so Google gives no token; set it "
                          "right",
                          ahead < 0 ? -ahead : ahead, ahead < 0 ? "behind" : "ahead of");
    if (strstr(description, "account not found") != NULL)
        return host->fail(
            host, err, SLUICE_AUTH,
            "Google knows no service account %s: it was deleted; make a new one with a new key file",
            access->key.email);
    if (strstr(description, "Signature") != NULL || strstr(description, "signature") != NULL)
        return host->fail(host, err, SLUICE_AUTH,
                          "Google does not accept the key of %s any more; make a new key file for it",
                          access->key.email);
    if (error != NULL && strcmp(error, "invalid_scope") == 0)
        return host->fail(host, err, SLUICE_AUTH,
                          "Google gives %s no access to Sheets (invalid_scope); check the "
                          "account's rights",
                          access->key.email);
    return host->fail(host, err, SLUICE_AUTH, "Google gives %s no token: %.64s %.160s; check the key file",
                      access->key.email, error == NULL ? "" : error, description);
}

static enum sluice_status token_take(const struct access *access, const char *memo_key,
                                     const struct sluice_document *document, char token[TOKEN_SIZE],
                                     struct sluice_error *err)
{
    const struct sluice_host *host = access->host;
    json_t *answer =
        document->size > ANSWER_BYTES ? NULL : json_loadb(document->data, (size_t)document->size, 0, NULL);
    const char *given = json_string_value(json_object_get(answer, "access_token"));
    int64_t seconds = json_integer_value(json_object_get(answer, "expires_in"));
    enum sluice_status status = SLUICE_OK;
    if (document->http_status >= 400)
        status = token_refused(access, document, answer, err);
    else if (given == NULL || strlen(given) >= TOKEN_SIZE || strpbrk(given, " \r\n") != NULL)
        status =
            host->retry(host, err, 0, "%s answers without a token; it is tried again later", document->name);
    else
        memcpy(token, given, strlen(given) + 1);
    json_decref(answer);
    if (status == SLUICE_OK && seconds > 0) /* renewed after 55 minutes of 60 */
        host->memo_put(host, memo_key, token, seconds * 1000 / 12 * 11);
    return status;
}

static enum sluice_status token_fetch(const struct access *access, const char *scope, const char *memo_key,
                                      char token[TOKEN_SIZE], struct sluice_error *err)
{
    const struct sluice_host *host = access->host;
    static const char grant[] = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    _cleanup_free_ char *assertion = assertion_sign(access, scope);
    _cleanup_free_ char *body = NULL;
    if (assertion == NULL)
        return host->fail(host, err, SLUICE_CONFIG,
                          "the private key of %s cannot be used; make a new key file for it",
                          access->key.email);
    if (asprintf(&body, "%s%s", grant, assertion) < 0)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more");
    const struct sluice_header type = {.name = "Content-Type", .value = "application/x-www-form-urlencoded"};
    const struct sluice_fetch_request request = {
        .struct_size = sizeof request,
        .flags = SLUICE_FETCH_ERRORS,
        .location = access->key.token_uri,
        .method = "POST",
        .headers = &type,
        .n_headers = 1,
        .body = body,
        .body_size = strlen(body),
        .max_bytes = ANSWER_BYTES,
    };
    const struct sluice_document *document = NULL;
    enum sluice_status status = host->fetch(host, &request, &document, err);
    if (status != SLUICE_OK)
        return status;
    status = token_take(access, memo_key, document, token, err);
    document->release(document);
    return status;
}

/* ---- The header ---- */

static void memo_name(const struct access *access, const char *scope, char *name, size_t size)
{
    const char *last = strrchr(scope, '/');
    snprintf(name, size, "token %s %s %s", access->key.email,
             access->key.key_id == NULL ? "" : access->key.key_id, last == NULL ? scope : last + 1);
}

enum sluice_status access_header(struct access *access, const char *scope, struct sluice_header *ret_header,
                                 struct sluice_error *err)
{
    const struct sluice_host *host = access->host;
    char name[512], token[TOKEN_SIZE];
    *ret_header = (struct sluice_header){0};
    if (access->kind == ACCESS_NOBODY)
        return SLUICE_OK;
    if (access->kind == ACCESS_KEY) {
        *ret_header = (struct sluice_header){.name = "X-Goog-Api-Key", .value = access->api_key};
        return SLUICE_OK;
    }
    memo_name(access, scope, name, sizeof name);
    enum sluice_status status = SLUICE_OK;
    int64_t length = host->memo_get(host, name, token, sizeof token);
    if (length <= 0 || length >= TOKEN_SIZE)
        status = token_fetch(access, scope, name, token, err);
    if (status == SLUICE_OK) {
        snprintf(access->value, sizeof access->value, "Bearer %s", token);
        *ret_header = (struct sluice_header){.name = "Authorization", .value = access->value};
    }
    explicit_bzero(token, sizeof token);
    return status;
}

void access_forget(struct access *access, const char *scope)
{
    static const size_t before = sizeof "Bearer " - 1;
    char name[512], token[TOKEN_SIZE];
    if (access->kind != ACCESS_ACCOUNT)
        return;
    memo_name(access, scope, name, sizeof name);
    int64_t length = access->host->memo_get(access->host, name, token, sizeof token);
    if (length > 0 &&
        strcmp(token, access->value + before) == 0) /* not one that another worker has fetched since */
        access->host->memo_put(access->host, name, NULL, 0);
    explicit_bzero(token, sizeof token);
}
