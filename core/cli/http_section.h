/* SPDX-License-Identifier: Apache-2.0 */
/* Sections `http` and `users` of the configuration. */
#ifndef CLI_HTTP_SECTION_H
#define CLI_HTTP_SECTION_H

#include "base/arena.h"
#include "config/config.h"
#include "http/http.h"

struct http_section {
    struct http_options options;
    const struct http_user *users;
    size_t n_users;
};

/* Checked; its texts live as long as the configuration and the arena. */
enum sluice_status http_section_read(struct config *config, struct arena *arena, struct http_section *ret_section,
                                     struct sluice_error *err);

#endif
