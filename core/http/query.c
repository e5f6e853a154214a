/* SPDX-License-Identifier: Apache-2.0 */
#include "http/query.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum value_kind { VALUE_NUMBER, VALUE_ID, VALUE_TEXT, VALUE_WORD };

static const char *const formats[] = {"json", "csv", NULL};
static const char *const levels[] = {"info", "warning", "error", NULL};
static const char *const states[] = {"all", "open", NULL};

static const struct parameter {
    const char *name;
    enum value_kind kind;
    int64_t least, most; /* of a number; `most` bytes of a text */
    const char *const *words;
    size_t offset; /* in struct query_values, of a number, an id or a text */
} parameters[QUERY_PARAMETERS] = {
    [QUERY_LIMIT] = {"limit", VALUE_NUMBER, 1, 1000, NULL, offsetof(struct query_values, limit)},
    [QUERY_OFFSET] = {"offset", VALUE_NUMBER, 0, 10000000, NULL, offsetof(struct query_values, offset)},
    [QUERY_SUPPLIER] = {"supplier", VALUE_ID, 0, 0, NULL, offsetof(struct query_values, supplier)},
    [QUERY_RUN_ID] = {"run_id", VALUE_ID, 0, 0, NULL, offsetof(struct query_values, run_id)},
    [QUERY_SEARCH] = {"search", VALUE_TEXT, 0, SEARCH_SIZE - 1, NULL, offsetof(struct query_values, search)},
    [QUERY_CODE] = {"code", VALUE_TEXT, 0, CODE_SIZE - 1, NULL, offsetof(struct query_values, code)},
    [QUERY_FORMAT] = {"format", VALUE_WORD, 0, 0, formats, 0},
    [QUERY_LEVEL] = {"level", VALUE_WORD, 0, 0, levels, 0},
    [QUERY_AFTER] = {"after", VALUE_NUMBER, 0, INT64_MAX, NULL, offsetof(struct query_values, after)},
    [QUERY_BEFORE] = {"before", VALUE_NUMBER, 1, INT64_MAX, NULL, offsetof(struct query_values, before)},
    [QUERY_STATE] = {"state", VALUE_WORD, 0, 0, states, 0},
    [QUERY_N] = {"n", VALUE_NUMBER, 1, 100, NULL, offsetof(struct query_values, n)},
    [QUERY_LOG_LIMIT] = {"log_limit", VALUE_NUMBER, 1, 100, NULL, offsetof(struct query_values, log_limit)},
};

const char *query_name(enum query_parameter parameter)
{
    return parameters[parameter].name;
}

void query_begin(struct query_values *values)
{
    *values = (struct query_values){.limit = 50, .n = 10, .log_limit = 50, .level = SLUICE_INFO};
}

bool id_is_spelt_well(const char *text)
{
    static const char pattern[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    for (size_t i = 0; i < sizeof pattern; i++) {
        bool fits = pattern[i] == 'x' ? text[i] != '\0' && strchr("0123456789abcdef", text[i]) != NULL
                                      : text[i] == pattern[i];
        if (!fits)
            return false;
    }
    return true;
}

/* Digits and nothing else: no sign, no blanks, no overflow. */
static bool take_number(const struct parameter *parameter, const char *value, int64_t *ret_number)
{
    int64_t number = 0;
    size_t n = strlen(value);
    if (n == 0 || n > 19 || strspn(value, "0123456789") != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, value[i] - '0', &number))
            return false;
    if (number < parameter->least || number > parameter->most)
        return false;
    *ret_number = number;
    return true;
}

static int word_index(const char *const *words, const char *value)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], value) == 0)
            return i;
    return -1;
}

static bool take_word(struct query_values *values, enum query_parameter which, const char *value)
{
    int index = word_index(parameters[which].words, value);
    if (index < 0)
        return false;
    if (which == QUERY_FORMAT)
        values->csv = index == 1;
    if (which == QUERY_LEVEL)
        values->level = (enum sluice_level)(SLUICE_INFO + index);
    if (which == QUERY_STATE)
        values->open = index == 1;
    return true;
}

static bool take_text(const struct parameter *parameter, const char *value, char *ret_text)
{
    size_t n = strlen(value);
    if (n > (size_t)parameter->most || utf8_valid_prefix(value, n) != n)
        return false;
    memcpy(ret_text, value, n + 1);
    return true;
}

static bool take_value(struct query_values *values, enum query_parameter which, const char *value)
{
    const struct parameter *parameter = &parameters[which];
    char *field = (char *)values + parameter->offset;
    int64_t number = 0;
    switch (parameter->kind) {
    case VALUE_NUMBER:
        if (!take_number(parameter, value, &number))
            return false;
        memcpy(field, &number, sizeof number);
        return true;
    case VALUE_ID:
        if (!id_is_spelt_well(value))
            return false;
        memcpy(field, value, SLUICE_ID_SIZE);
        return true;
    case VALUE_TEXT:
        return take_text(parameter, value, field);
    case VALUE_WORD:
        return take_word(values, which, value);
    }
    return false;
}

bool query_take(struct query_values *values, uint32_t taken, const char *name, const char *value)
{
    for (int which = 0; which < QUERY_PARAMETERS; which++) {
        if (strcmp(parameters[which].name, name) != 0)
            continue;
        if ((taken & QUERY_BIT(which)) == 0 || (values->given & QUERY_BIT(which)) != 0 || value == NULL)
            return false;
        values->given |= QUERY_BIT(which);
        return take_value(values, (enum query_parameter)which, value);
    }
    return false;
}
