/* SPDX-License-Identifier: Apache-2.0 */
/* Option tables: what a plugin, or a room of the engine, can be told by the configuration. */
#ifndef SLUICE_OPTION_H
#define SLUICE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The types that a field of an options struct may have, beside const char *, int64_t and bool. */
struct sluice_secret {
    const char *text; /* never logged, printed or put into an error */
};
struct sluice_duration {
    int64_t ms; /* "90s", "5m", "8h", "7d" */
};
struct sluice_size {
    uint64_t bytes; /* "64KiB", "256MiB" */
};
struct sluice_choice {
    uint32_t index; /* position in the option's `choices` */
};
struct sluice_list {
    const char *const *items;
    size_t n_items;
};

enum sluice_option_type {
    SLUICE_OPTION_STRING,
    SLUICE_OPTION_SECRET,
    SLUICE_OPTION_INT,
    SLUICE_OPTION_BOOL,
    SLUICE_OPTION_DURATION,
    SLUICE_OPTION_SIZE,
    SLUICE_OPTION_CHOICE,
    SLUICE_OPTION_LIST,
};

enum sluice_option_flag {
    SLUICE_OPTION_REQUIRED = 1,
    SLUICE_OPTION_PATH = 2, /* a relative value is taken from the folder of the file that names it */
};

/*
 * One row of a plugin's option table. The engine parses the configuration, fills the struct that
 * create () receives, and makes from the same table the help, the JSON Schema and the README's table.
 */
struct sluice_option {
    const char *name;
    uint32_t type;   /* enum sluice_option_type */
    uint32_t offset; /* of the field in the options struct */
    uint32_t flags;
    uint32_t reserved;
    const char *default_text;   /* as it would stand in the file; NULL: NULL, 0 or false */
    const char *help;           /* one sentence */
    const char *const *choices; /* NULL-terminated; for a choice */
};

#define SLUICE_OPTION_TYPE_OF(field) \
    _Generic((field), const char *: SLUICE_OPTION_STRING, struct sluice_secret: SLUICE_OPTION_SECRET,    \
        int64_t: SLUICE_OPTION_INT, bool: SLUICE_OPTION_BOOL,                                            \
        struct sluice_duration: SLUICE_OPTION_DURATION, struct sluice_size: SLUICE_OPTION_SIZE,          \
        struct sluice_choice: SLUICE_OPTION_CHOICE, struct sluice_list: SLUICE_OPTION_LIST)

/* The option's type is the field's type; a field of any other type does not compile. Behind the default comes the
 * help, and other members by name if there are any: `…, "Where to.", .flags = SLUICE_OPTION_PATH)`. */
#define SLUICE_OPTION(struct_type, field, option_name, default_value, ...)               \
    {                                                                                    \
        .name = (option_name), .type = SLUICE_OPTION_TYPE_OF(((struct_type *)0)->field), \
        .offset = offsetof(struct_type, field), .default_text = (default_value),         \
        .help = __VA_ARGS__                                                              \
    }

#endif
