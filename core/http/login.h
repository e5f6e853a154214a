/* SPDX-License-Identifier: Apache-2.0 */
/* The code of the one-time login link: good for its first use within an hour of the server's start. */
#ifndef HTTP_LOGIN_H
#define HTTP_LOGIN_H

#include "base/random.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { LINK_CODE_SIZE = 33 };

struct link_code {
    char code[LINK_CODE_SIZE]; /* "": there is none */
    int64_t until_us;          /* monotonic */
    atomic_bool used;
};

void link_make(struct link_code *link, const struct random_source *random, int64_t now_us);
/* true once. [any] */
bool link_use(struct link_code *link, const char *code, int64_t now_us);

#endif
