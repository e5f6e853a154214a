/* SPDX-License-Identifier: Apache-2.0 */
/* Text to typed value: one function per option type, and an option's field from a node. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "config/node.h"

/* Each leaves its output alone and returns false when the text is something else. */
bool value_int(const char *text, int64_t *ret_value);
bool value_bool(const char *text, bool *ret_value);
bool value_duration(const char *text, struct sluice_duration *ret_value);
bool value_size(const char *text, struct sluice_size *ret_value);
bool value_choice(const char *text, const char *const *choices, struct sluice_choice *ret_value);

/* Room for the field of any option. */
union value_field {
    const char *text;
    struct sluice_secret secret;
    int64_t number;
    bool truth;
    struct sluice_duration duration;
    struct sluice_size size;
    struct sluice_choice choice;
    struct sluice_list list;
};

/* Fills one field from a node; `path` is for the message. */
enum sluice_status value_read(struct config *config, const struct node *node, const char *path,
                              const struct sluice_option *option, void *ret_field, struct sluice_error *err);
/* Fills one field from the option's default. */
enum sluice_status value_default(struct config *config, const char *path, const struct sluice_option *option,
                                 void *ret_field, struct sluice_error *err);

/* "int", "duration", …; a choice and a list by the same words everywhere. */
const char *value_type_name(const struct sluice_option *option);

/* The option of that name, or NULL. */
const struct sluice_option *option_find(const struct sluice_option *options, size_t n_options,
                                        const char *name);

/* The text without the passwords of the URLs and connection strings in it; NULL without memory. */
const char *value_masked(struct config *config, const char *text);

#endif
