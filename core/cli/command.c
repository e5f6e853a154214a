/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/cleanup.h"
#include "cli/output.h"
#include "cli/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct command *command_find(const char *const *words, size_t n, size_t *ret_n_words)
{
    char two[128] = "";
    if (n >= 2)
        snprintf(two, sizeof two, "%s %s", words[0], words[1]);
    for (size_t i = 0; n > 0 && i < command_count; i++) {
        bool first = strcmp(commands[i].name, words[0]) == 0;
        if (!first && strcmp(commands[i].name, two) != 0)
            continue;
        *ret_n_words = first ? 1 : 2;
        /* `holds approve` is another verb than `holds` */
        for (size_t k = i + 1; first && k < command_count; k++)
            if (strcmp(commands[k].name, two) == 0) {
                *ret_n_words = 2;
                return &commands[k];
            }
        return &commands[i];
    }
    return NULL;
}

int command_main(int argc, char **argv)
{
    _cleanup_(parse_free) struct invocation invocation = {0};
    enum exit_code code = parse_command_line(argc, argv, &invocation);
    if (code != EXIT_DONE)
        return (int)code;
    if (given_flag(&invocation, OPTION_HELP) && invocation.command->run != verb_help) {
        help_print(invocation.command);
        return EXIT_DONE;
    }
    return (int)invocation.command->run(&invocation);
}

bool given_flag(const struct invocation *invocation, enum option_id id)
{
    for (size_t i = 0; i < invocation->n_given; i++)
        if (invocation->given[i].id == id)
            return true;
    return false;
}

const char *given_text(const struct invocation *invocation, enum option_id id)
{
    for (size_t i = invocation->n_given; i > 0; i--)
        if (invocation->given[i - 1].id == id)
            return invocation->given[i - 1].value;
    return NULL;
}

const char **given_all(const struct invocation *invocation, enum option_id id, size_t *ret_n)
{
    size_t n = 0;
    const char **values = calloc(invocation->n_given + 1, sizeof *values);
    for (size_t i = 0; values != NULL && i < invocation->n_given; i++)
        if (invocation->given[i].id == id)
            values[n++] = invocation->given[i].value;
    *ret_n = n;
    return values;
}

enum exit_code given_limit(const struct invocation *invocation, uint32_t *limit)
{
    const char *text = given_text(invocation, OPTION_LIMIT);
    if (text == NULL)
        return EXIT_DONE;
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '1' || *text > '9' || *end != '\0' || value > UINT32_MAX)
        return usage_error(invocation->command, "--limit wants a number from 1 on, not '%s'", text);
    *limit = (uint32_t)value;
    return EXIT_DONE;
}

enum exit_code usage_error(const struct command *command, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (command == NULL)
        output_note("%s", message);
    else
        output_note("%s; see `sluice help %s`", message, command->name);
    return EXIT_USAGE;
}
