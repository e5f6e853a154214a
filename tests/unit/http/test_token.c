/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "check_main.h"
#include "http/login.h"
#include "http/password.h"
#include "http/token.h"

#include <jwt.h>
#include <string.h>
#include <sys/stat.h>

static const char secret[] = "0123456789abcdef0123456789abcdef";
static const char other_secret[] = "0123456789abcdef0123456789abcdeX";
static const struct token_key key = {secret, "sluice"};
static const struct http_options options = {.issuer = "sluice"};
static const int64_t now_us = INT64_C(1800000000) * US_PER_SECOND;

static enum sluice_status verify(const char *token, int64_t at_us, struct claims *ret_claims)
{
    struct sluice_error err;
    return token_verify(&key, token, at_us, ret_claims, &err);
}

static char *made(enum http_role role, int64_t ttl_ms)
{
    char *token = NULL;
    struct sluice_error err;
    ck_assert_int_eq(http_token_create(&options, secret, "anna", role, now_us, ttl_ms, &token, &err),
                     SLUICE_OK);
    return token;
}

/* A token with these claims as JSON. */
static char *signed_with(const char *claims, jwt_alg_t algorithm, const char *with)
{
    jwt_t *jwt = NULL;
    ck_assert_int_eq(jwt_new(&jwt), 0);
    ck_assert_int_eq(jwt_add_grants_json(jwt, claims), 0);
    ck_assert_int_eq(
        jwt_set_alg(jwt, algorithm, (const unsigned char *)with, with == NULL ? 0 : (int)strlen(with)), 0);
    char *token = jwt_encode_str(jwt);
    jwt_free(jwt);
    ck_assert_ptr_nonnull(token);
    return token;
}

START_TEST(a_token_tells_who_and_until_when)
{
    struct claims claims;
    _cleanup_free_ char *token = made(ROLE_ADMIN, 3600000);
    ck_assert_int_eq(verify(token, now_us, &claims), SLUICE_OK);
    ck_assert_str_eq(claims.subject, "anna");
    ck_assert_int_eq(claims.role, ROLE_ADMIN);
    ck_assert_int_eq(claims.expires_us, now_us + 3600 * US_PER_SECOND);
    ck_assert_int_eq(verify(token, claims.expires_us - 1, &claims), SLUICE_OK);
    ck_assert_int_eq(verify(token, claims.expires_us, &claims), SLUICE_AUTH);
}
END_TEST

START_TEST(nothing_but_our_own_HS256_is_accepted)
{
    static const char claims[] =
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":1900000000}";
    struct claims ignored;
    _cleanup_free_ char *good = signed_with(claims, JWT_ALG_HS256, secret),
                        *other = signed_with(claims, JWT_ALG_HS256, other_secret),
                        *none = signed_with(claims, JWT_ALG_NONE, NULL),
                        *longer = signed_with(claims, JWT_ALG_HS512, secret);
    ck_assert_int_eq(verify(good, now_us, &ignored), SLUICE_OK);
    ck_assert_int_eq(verify(other, now_us, &ignored), SLUICE_AUTH);
    ck_assert_int_eq(verify(none, now_us, &ignored), SLUICE_AUTH);
    ck_assert_int_eq(verify(longer, now_us, &ignored), SLUICE_AUTH);
}
END_TEST

START_TEST(claims_of_another_kind_are_refused)
{
    static const char *const wrong[] = {
        "{}",
        "{\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":1900000000}",
        "{\"sub\":\"\",\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":1900000000}",
        "{\"sub\":1,\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":1900000000}",
        "{\"sub\":\"anna\",\"iss\":\"sluice\",\"exp\":1900000000}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"exp\":1900000000}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"other\",\"exp\":1900000000}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"sluice\"}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":\"1900000000\"}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":1900000000.5}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":-1}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":9223372036854775807}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":1900000000,\"nbf\":1800000001}",
        "{\"sub\":\"anna\",\"role\":\"admin\",\"iss\":\"sluice\",\"exp\":1900000000,\"nbf\":\"1\"}",
    };
    struct claims claims;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        _cleanup_free_ char *token = signed_with(wrong[i], JWT_ALG_HS256, secret);
        ck_assert_msg(verify(token, now_us, &claims) == SLUICE_AUTH, "accepted: %s", wrong[i]);
    }
    _cleanup_free_ char *foreign =
        signed_with("{\"sub\":\"bob\",\"role\":\"procurement\",\"iss\":\"sluice\",\"exp\":1900000000}",
                    JWT_ALG_HS256, secret);
    ck_assert_int_eq(verify(foreign, now_us, &claims), SLUICE_OK);
    ck_assert_int_eq(claims.role, ROLE_PUBLIC);
}
END_TEST

START_TEST(a_token_has_one_spelling)
{
    _cleanup_free_ char *token = made(ROLE_VIEWER, 3600000);
    size_t n = strlen(token);
    struct claims claims;
    char changed[TOKEN_MOST + 2];
    ck_assert(token_is_spelt_well(token));
    /* The last character of an HMAC of 32 bytes has two bits that no byte uses. */
    for (char c = 'A'; c <= 'Z'; c++) {
        memcpy(changed, token, n + 1);
        changed[n - 1] = c;
        ck_assert_msg(c == token[n - 1] || verify(changed, now_us, &claims) == SLUICE_AUTH, "accepted: …%c",
                      c);
    }
    static const char *const wrong[] = {"",       ".",      "..",        "a.b",       "a.b.c.d",  "....",
                                        "aa.bb.", "aa..cc", "aa.b b.cc", "aa.bb.cc=", "aa.b+.cc", "a.bb.cc"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!token_is_spelt_well(wrong[i]), "accepted: %s", wrong[i]);
    memset(changed, 'A', sizeof changed);
    changed[sizeof changed - 1] = '\0';
    ck_assert(!token_is_spelt_well(changed));
}
END_TEST

START_TEST(a_remembered_token_still_expires)
{
    struct claims claims;
    struct sluice_error err;
    struct token_memory *memory = token_memory_new(task_system());
    _cleanup_free_ char *token = made(ROLE_VIEWER, 60000);
    ck_assert_int_eq(token_verify_again(memory, &key, token, now_us, &claims, &err), SLUICE_OK);
    ck_assert_int_eq(token_verify_again(memory, &key, token, now_us + 59 * US_PER_SECOND, &claims, &err),
                     SLUICE_OK);
    ck_assert_str_eq(claims.subject, "anna");
    ck_assert_int_eq(token_verify_again(memory, &key, token, now_us + 60 * US_PER_SECOND, &claims, &err),
                     SLUICE_AUTH);
    token[strlen(token) / 2] ^= 1;
    ck_assert_int_eq(token_verify_again(memory, &key, token, now_us, &claims, &err), SLUICE_AUTH);
    token_memory_free(memory);
}
END_TEST

START_TEST(a_password_belongs_to_its_hash)
{
    struct sluice_error err;
    _cleanup_free_ char *hash = NULL;
    ck_assert_int_eq(http_password_hash("correct horse", &hash, &err), SLUICE_OK);
    ck_assert(password_hash_usable(hash));
    ck_assert(password_matches("correct horse", hash));
    ck_assert(!password_matches("correct hors", hash));
    ck_assert(!password_matches("", hash));
    ck_assert(!password_matches("correct horse", NULL));
    ck_assert(!password_hash_usable("correct horse"));
    ck_assert(!password_hash_usable("$1$abcdefgh$0123456789012345678901"));
    ck_assert(!password_hash_usable(NULL));
}
END_TEST

START_TEST(the_login_link_works_once_and_for_an_hour)
{
    struct link_code link = {.code = ""};
    ck_assert(!link_use(&link, "", 0));
    link_make(&link, random_system(), 1000);
    ck_assert(!link_use(&link, "0123456789abcdef0123456789abcdef", 2000));
    ck_assert(link_use(&link, link.code, 2000));
    ck_assert(!link_use(&link, link.code, 2000));
    link_make(&link, random_system(), 1000);
    ck_assert(!link_use(&link, link.code, 1000 + INT64_C(3600) * US_PER_SECOND));
}
END_TEST

START_TEST(a_key_is_made_for_its_owner_alone_and_kept)
{
    char folder[] = "/tmp/sluice-secret.XXXXXX", path[64], first[HTTP_SECRET_LIMIT], again[HTTP_SECRET_LIMIT];
    struct sluice_error err;
    struct stat found;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/secret", folder);
    struct http_options filed = {.secret_file = path};
    ck_assert_int_eq(http_secret_load(&filed, random_system(), first, &err), SLUICE_OK);
    ck_assert_int_eq(stat(path, &found), 0);
    ck_assert_uint_eq(found.st_mode & 0777, 0600);
    ck_assert_uint_eq(strlen(first), 64);
    ck_assert_int_eq(http_secret_load(&filed, random_system(), again, &err), SLUICE_OK);
    ck_assert_str_eq(first, again);
    chmod(path, 0640);
    ck_assert_int_eq(http_secret_load(&filed, random_system(), again, &err), SLUICE_CONFIG);
    unlink(path);
    rmdir(folder);
}
END_TEST

START_TEST(a_configured_key_has_32_bytes_at_least)
{
    char got[HTTP_SECRET_LIMIT];
    struct sluice_error err;
    struct http_options configured = {.jwt_secret = {.text = "0123456789abcdef0123456789abcde"}};
    ck_assert_int_eq(http_secret_load(&configured, random_system(), got, &err), SLUICE_CONFIG);
    ck_assert_ptr_null(strstr(err.message, configured.jwt_secret.text));
    configured.jwt_secret.text = secret;
    ck_assert_int_eq(http_secret_load(&configured, random_system(), got, &err), SLUICE_OK);
    ck_assert_str_eq(got, secret);
}
END_TEST

CHECK_MAIN("http.token", a_token_tells_who_and_until_when, nothing_but_our_own_HS256_is_accepted,
           claims_of_another_kind_are_refused, a_token_has_one_spelling, a_remembered_token_still_expires,
           a_password_belongs_to_its_hash, the_login_link_works_once_and_for_an_hour,
           a_key_is_made_for_its_owner_alone_and_kept, a_configured_key_has_32_bytes_at_least)
