/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens: JSON Web Tokens (RFC 7519) signed with HS256, with the claims sub, role, exp and iss. Nothing else
 * is accepted: no other algorithm, no other spelling of the same token, no claim of another type.
 */
#ifndef HTTP_TOKEN_H
#define HTTP_TOKEN_H

#include "http/http.h"

enum { TOKEN_MOST = 4096, SUBJECT_SIZE = 129, SECRET_LEAST = 32 };

struct claims {
    char subject[SUBJECT_SIZE];
    enum http_role role; /* ROLE_PUBLIC: of a system that knows other roles */
    int64_t expires_us;
};

struct token_key {
    const char *secret, *issuer;
};

/* Is that how a token is spelt? Three parts of canonical base64url (RFC 4648 §5), at most TOKEN_MOST bytes.
 * [any] */
bool token_is_spelt_well(const char *token);

/* OK with the claims of a token that is valid at that time; else AUTH, and the reason is for nobody. [any] */
enum sluice_status token_verify(const struct token_key *key, const char *token, int64_t now_us,
                                struct claims *ret_claims, struct sluice_error *err);

/* ---- Tokens that were verified before ----------------------------------------------------------- */

struct token_memory;

struct token_memory *token_memory_new(const struct task_runtime *tasks); /* NULL without memory */
void token_memory_free(struct token_memory *memory);                     /* accepts NULL */

/* token_verify () with a memory of what was valid; the expiry is looked at each time. [any] */
enum sluice_status token_verify_again(struct token_memory *memory, const struct token_key *key,
                                      const char *token, int64_t now_us, struct claims *ret_claims,
                                      struct sluice_error *err);

#endif
