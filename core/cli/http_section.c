/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/http_section.h"

#include <stdio.h>

static enum sluice_status read_users(struct config *config, struct arena *arena, struct http_section *section,
                                     struct sluice_error *err)
{
    const struct config_key *keys = NULL;
    size_t n = 0, which = 0;
    enum sluice_status status = config_keys(config, "users", &keys, &n, err);
    struct http_user *users = arena_alloc(arena, (n + 1) * sizeof *users);
    if (status == SLUICE_OK && users == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < n && status == SLUICE_OK; i++) {
        struct http_user_options user = {0};
        status =
            config_override(config, keys[i].path, http_user_option_table, http_user_option_count, &user, err);
        users[i] = (struct http_user){keys[i].key, user.password_hash.text,
                                      (enum http_role)(ROLE_VIEWER + user.role.index)};
    }
    section->users = users;
    section->n_users = n;
    if (status != SLUICE_OK || http_users_check(users, n, &which, err) == SLUICE_OK)
        return status;
    return config_value_error(config, keys[which].path, err, "%s", err->message);
}

enum sluice_status http_section_read(struct config *config, struct arena *arena,
                                     struct http_section *ret_section, struct sluice_error *err)
{
    struct http_section section = {0};
    const char *option = NULL;
    char path[64];
    enum sluice_status status =
        config_fill(config, "http", http_option_table, http_option_count, &section.options, err);
    if (status != SLUICE_OK)
        return status;
    if (http_options_check(&section.options, &option, err) != SLUICE_OK) {
        snprintf(path, sizeof path, "http.%s", option);
        return config_value_error(config, path, err, "%s", err->message);
    }
    status = read_users(config, arena, &section, err);
    if (status == SLUICE_OK)
        *ret_section = section;
    return status;
}
