/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords as yescrypt hashes (crypt(5)). A check takes the same time whether or not it succeeds. */
#ifndef HTTP_PASSWORD_H
#define HTTP_PASSWORD_H

#include <stdbool.h>

bool password_hash_usable(const char *hash); /* NULL is not */

/* Does the password make this hash? hash NULL: works as long as for one and answers false. [any] */
bool password_matches(const char *password, const char *hash);

#endif
