/* SPDX-License-Identifier: Apache-2.0 */
#include "http/token.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <jwt.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void jwt_freep(jwt_t **jwt)
{
    if (*jwt != NULL)
        jwt_free(*jwt);
}

static enum sluice_status refuse(struct sluice_error *err, const char *why)
{
    return error_set(err, SLUICE_AUTH, "the token is refused: %s", why);
}

/* The bits that no byte uses must be zero: otherwise several texts would be one token. */
static bool part_is_canonical(const char *part, size_t n)
{
    if (n == 0 || n % 4 == 1)
        return false;
    size_t value = (size_t)(strchr(alphabet, part[n - 1]) - alphabet);
    size_t unused = n % 4 == 2 ? 15 : n % 4 == 3 ? 3 : 0;
    return (value & unused) == 0;
}

bool token_is_spelt_well(const char *token)
{
    if (strnlen(token, TOKEN_MOST + 1) > TOKEN_MOST)
        return false;
    for (int part = 0; part < 3; part++) {
        size_t n = strspn(token, alphabet);
        if (!part_is_canonical(token, n) || token[n] != (part < 2 ? '.' : '\0'))
            return false;
        token += n + 1;
    }
    return true;
}

static enum http_role role_of(const char *name)
{
    for (int i = 0; http_roles[i] != NULL; i++)
        if (strcmp(http_roles[i], name) == 0)
            return (enum http_role)(ROLE_VIEWER + i);
    return ROLE_PUBLIC;
}

enum claim_kind { CLAIM_ABSENT, CLAIM_SECONDS, CLAIM_OTHER };

/* A claim that is seconds as a whole number above 0; the library makes 0 of everything that is no number. */
static enum claim_kind claim_seconds(jwt_t *jwt, const char *name, int64_t *ret_seconds)
{
    errno = 0;
    long seconds = jwt_get_grant_int(jwt, name);
    if (errno == ENOENT)
        return CLAIM_ABSENT;
    if (errno != 0 || seconds <= 0)
        return CLAIM_OTHER;
    *ret_seconds = seconds;
    return CLAIM_SECONDS;
}

static enum sluice_status claims_read(jwt_t *jwt, const struct token_key *key, int64_t now_us,
                                      struct claims *ret_claims, struct sluice_error *err)
{
    const char *subject = jwt_get_grant(jwt, "sub"), *role = jwt_get_grant(jwt, "role"),
               *issuer = jwt_get_grant(jwt, "iss");
    int64_t expires = 0, not_before = 0;
    if (issuer == NULL || strcmp(issuer, key->issuer) != 0)
        return refuse(err, "another issuer");
    if (subject == NULL || subject[0] == '\0' || strlen(subject) >= SUBJECT_SIZE || role == NULL)
        return refuse(err, "no subject or role");
    if (claim_seconds(jwt, "exp", &expires) != CLAIM_SECONDS || expires <= now_us / US_PER_SECOND ||
        expires > INT64_MAX / US_PER_SECOND)
        return refuse(err, "it has expired");
    enum claim_kind kind = claim_seconds(jwt, "nbf", &not_before);
    if (kind == CLAIM_OTHER || (kind == CLAIM_SECONDS && not_before > now_us / US_PER_SECOND))
        return refuse(err, "it is not valid yet");
    *ret_claims = (struct claims){.role = role_of(role), .expires_us = expires * US_PER_SECOND};
    memcpy(ret_claims->subject, subject, strlen(subject) + 1);
    return SLUICE_OK;
}

enum sluice_status token_verify(const struct token_key *key, const char *token, int64_t now_us,
                                struct claims *ret_claims, struct sluice_error *err)
{
    _cleanup_(jwt_freep) jwt_t *jwt = NULL;
    if (!token_is_spelt_well(token))
        return refuse(err, "it is no token");
    if (jwt_decode(&jwt, token, (const unsigned char *)key->secret, (int)strlen(key->secret)) != 0)
        return refuse(err, "its signature is not ours");
    if (jwt_get_alg(jwt) != JWT_ALG_HS256)
        return refuse(err, "another algorithm");
    return claims_read(jwt, key, now_us, ret_claims, err);
}

enum sluice_status http_token_create(const struct http_options *options, const char *secret,
                                     const char *subject, enum http_role role, int64_t now_us, int64_t ttl_ms,
                                     char **ret_token, struct sluice_error *err)
{
    _cleanup_(jwt_freep) jwt_t *jwt = NULL;
    const int64_t ttl_us = ttl_ms * US_PER_MS;
    if (jwt_new(&jwt) != 0)
        return error_no_memory(err);
    bool made = jwt_add_grant(jwt, "sub", subject) == 0 &&
                jwt_add_grant(jwt, "role", http_roles[role - ROLE_VIEWER]) == 0 &&
                jwt_add_grant(jwt, "iss", options->issuer) == 0 &&
                jwt_add_grant_int(jwt, "iat", (long)(now_us / US_PER_SECOND)) == 0 &&
                jwt_add_grant_int(jwt, "exp", (long)((now_us + ttl_us) / US_PER_SECOND)) == 0 &&
                jwt_set_alg(jwt, JWT_ALG_HS256, (const unsigned char *)secret, (int)strlen(secret)) == 0;
    char *encoded = made ? jwt_encode_str(jwt) : NULL;
    char *token = encoded == NULL ? NULL : strdup(encoded);
    if (encoded != NULL)
        free(encoded);
    if (token == NULL)
        return error_no_memory(err);
    *ret_token = token;
    return SLUICE_OK;
}
