/* SPDX-License-Identifier: Apache-2.0 */
#include "http/password.h"

#include "base/cleanup.h"
#include "http/http.h"

#include <crypt.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>

static const char yescrypt[] = "$y$";
/* Of nobody: what is compared when there is no such user. Same cost as `sluice user hash`. */
static const char nobody[] = "$y$j9T$sluicenobody.........$";

bool password_hash_usable(const char *hash)
{
    return hash != NULL && strncmp(hash, yescrypt, strlen(yescrypt)) == 0 &&
           crypt_checksalt(hash) == CRYPT_SALT_OK;
}

/* The working memory holds what is derived from a password: it is wiped. */
static char *hash_of(const char *password, const char *setting)
{
    struct crypt_data *work = calloc(1, sizeof *work);
    if (work == NULL)
        return NULL;
    const char *hash = crypt_r(password, setting, work);
    char *copy = hash == NULL || hash[0] == '*' ? NULL : strdup(hash);
    OPENSSL_cleanse(work, sizeof *work);
    free(work);
    return copy;
}

bool password_matches(const char *password, const char *hash)
{
    _cleanup_free_ char *made = hash_of(password, hash == NULL ? nobody : hash);
    if (made == NULL || hash == NULL || strlen(made) != strlen(hash))
        return false;
    return CRYPTO_memcmp(made, hash, strlen(hash)) == 0;
}

enum sluice_status http_password_hash(const char *password, char **ret_hash, struct sluice_error *err)
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    if (crypt_gensalt_rn(yescrypt, 0, NULL, 0, setting, sizeof setting) == NULL)
        return error_errno(err, errno, "a salt");
    char *hash = hash_of(password, setting);
    if (hash == NULL)
        return error_set(err, SLUICE_FATAL, "the system's crypt () makes no yescrypt hash");
    *ret_hash = hash;
    return SLUICE_OK;
}
