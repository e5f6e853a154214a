/* SPDX-License-Identifier: Apache-2.0 */
/* The key file of a Google service account, as the console gives it out (JSON). */
#ifndef GSHEETS_KEY_FILE_H
#define GSHEETS_KEY_FILE_H

#include <stdbool.h>

enum { KEY_FILE_WHY_SIZE = 256 };

struct key_file {
    char *email, *private_key, *key_id, *token_uri, *project; /* key_id may be NULL */
};

/* False, with what is wrong and what to do in `why`, when it cannot be used. [any] */
bool key_file_read(const char *path, struct key_file *ret_key, char why[KEY_FILE_WHY_SIZE]);
void key_file_free(struct key_file *key); /* accepts a zeroed one; wipes the key */

#endif
