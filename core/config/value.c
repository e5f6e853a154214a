/* SPDX-License-Identifier: Apache-2.0 */
/* Text to typed value. Every number needs its unit, so that nobody has to guess what 8 means. */
#include "config/value.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool value_int(const char *text, int64_t *ret_value)
{
    char *end = NULL;
    if (!isdigit((unsigned char)text[text[0] == '-' || text[0] == '+']))
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *ret_value = value;
    return true;
}

bool value_bool(const char *text, bool *ret_value)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true},   {"yes", true}, {"on", true},
                 {"false", false}, {"no", false}, {"off", false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(text, words[i].word) == 0) {
            *ret_value = words[i].value;
            return true;
        }
    }
    return false;
}

struct unit {
    const char *name;
    uint64_t factor;
};

/* Digits and one of the units, nothing between or after them; the product fits into `limit`. */
static bool number_with_unit(const char *text, const struct unit *units, size_t n_units, uint64_t limit,
                             uint64_t *ret_value)
{
    char *end = NULL;
    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno != 0)
        return false;
    for (size_t i = 0; i < n_units; i++) {
        if (strcmp(end, units[i].name) != 0)
            continue;
        if (number > limit / units[i].factor)
            return false;
        *ret_value = number * units[i].factor;
        return true;
    }
    return false;
}

bool value_duration(const char *text, struct sluice_duration *ret_value)
{
    static const struct unit units[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    /* In microseconds it must still fit, since the engine's clocks count these. */
    const uint64_t limit = INT64_MAX / 1000;
    uint64_t ms;
    if (!number_with_unit(text, units, sizeof units / sizeof *units, limit, &ms))
        return false;
    ret_value->ms = (int64_t)ms;
    return true;
}

bool value_size(const char *text, struct sluice_size *ret_value)
{
    static const struct unit units[] = {
        {"B", 1},
        {"KiB", UINT64_C(1) << 10},
        {"MiB", UINT64_C(1) << 20},
        {"GiB", UINT64_C(1) << 30},
        {"TiB", UINT64_C(1) << 40},
        {"KB", 1000},
        {"kB", 1000},
        {"MB", 1000000},
        {"GB", 1000000000},
        {"TB", UINT64_C(1000000000000)},
    };
    return number_with_unit(text, units, sizeof units / sizeof *units, INT64_MAX, &ret_value->bytes);
}

bool value_choice(const char *text, const char *const *choices, struct sluice_choice *ret_value)
{
    for (uint32_t i = 0; choices[i] != NULL; i++) {
        if (strcmp(text, choices[i]) == 0) {
            ret_value->index = i;
            return true;
        }
    }
    return false;
}

const char *value_type_name(const struct sluice_option *option)
{
    switch ((enum sluice_option_type)option->type) {
    case SLUICE_OPTION_STRING:
        return (option->flags & SLUICE_OPTION_PATH) != 0 ? "path" : "string";
    case SLUICE_OPTION_SECRET:
        return "secret";
    case SLUICE_OPTION_INT:
        return "integer";
    case SLUICE_OPTION_BOOL:
        return "bool";
    case SLUICE_OPTION_DURATION:
        return "duration";
    case SLUICE_OPTION_SIZE:
        return "size";
    case SLUICE_OPTION_CHOICE:
        return "choice";
    case SLUICE_OPTION_LIST:
        return "list";
    }
    return "unknown";
}

const struct sluice_option *option_find(const struct sluice_option *options, size_t n_options,
                                        const char *name)
{
    for (size_t i = 0; i < n_options; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}
