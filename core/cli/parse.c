/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two passes of getopt_long: options of every verb up to the verb, then the verb's own. getopt's messages are
 * switched off, ours say which verb was meant and what comes nearest.
 */
#include "cli/parse.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OPTIONS_LIMIT = 32, LONG_BASE = 256, SUGGESTION_DISTANCE = 3 };

/* What getopt wants to know, made from the tables. */
struct grammar {
    const struct command *command; /* NULL before the verb */
    const struct command_option *options[OPTIONS_LIMIT];
    size_t n;
    struct option longs[OPTIONS_LIMIT + 1];
    char shorts[2 + 2 * OPTIONS_LIMIT + 1];
};

static void grammar_add(struct grammar *grammar, const struct command_option *options, size_t n)
{
    for (size_t i = 0; i < n && grammar->n < OPTIONS_LIMIT; i++) {
        const struct command_option *option = &options[i];
        int has_argument = option->argument != NULL ? required_argument : no_argument;
        grammar->longs[grammar->n] =
            (struct option){option->name, has_argument, NULL, LONG_BASE + (int)grammar->n};
        grammar->options[grammar->n++] = option;
    }
}

static void grammar_make(struct grammar *ret_grammar, const struct command *command)
{
    *ret_grammar = (struct grammar){.command = command};
    grammar_add(ret_grammar, common_options, common_option_count);
    if (command != NULL)
        grammar_add(ret_grammar, command->options, command->n_options);
    char *at = ret_grammar->shorts;
    if (command == NULL)
        *at++ = '+'; /* stop at the verb */
    *at++ = ':';     /* tell a missing argument from an unknown option */
    for (size_t i = 0; i < ret_grammar->n; i++) {
        if (ret_grammar->options[i]->letter == 0)
            continue;
        *at++ = ret_grammar->options[i]->letter;
        if (ret_grammar->options[i]->argument != NULL)
            *at++ = ':';
    }
}

static const struct command_option *grammar_option(const struct grammar *grammar, int value)
{
    for (size_t i = 0; i < grammar->n; i++)
        if (value == LONG_BASE + (int)i || value == grammar->options[i]->letter)
            return grammar->options[i];
    return NULL;
}

static const char *grammar_nearest(const struct grammar *grammar, const char *name)
{
    const char *nearest = NULL;
    unsigned best = SUGGESTION_DISTANCE;
    for (size_t i = 0; i < grammar->n; i++) {
        unsigned distance = text_distance(name, grammar->options[i]->name, best);
        if (distance < best) {
            best = distance;
            nearest = grammar->options[i]->name;
        }
    }
    return nearest;
}

static enum exit_code unknown_option(const struct grammar *grammar, const char *word)
{
    const struct command_option *known = optopt != 0 ? grammar_option(grammar, optopt) : NULL;
    if (known != NULL && known->argument == NULL)
        return usage_error(grammar->command, "--%s takes no value", known->name);
    if (strncmp(word, "--", 2) != 0)
        return usage_error(grammar->command, "there is no option -%c", optopt);
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    const char *nearest = grammar_nearest(grammar, name);
    if (nearest != NULL)
        return usage_error(grammar->command, "there is no option --%s; did you mean --%s?", name, nearest);
    return usage_error(grammar->command, "there is no option --%s", name);
}

/* argv[0] is skipped; *ret_next is where the arguments begin afterwards. */
static enum exit_code pass(const struct grammar *grammar, int argc, char **argv,
                           struct invocation *invocation, int *ret_next)
{
    optind = 0; /* begins anew, also after an earlier pass */
    opterr = 0;
    for (;;) {
        int value = getopt_long(argc, argv, grammar->shorts, grammar->longs, NULL);
        if (value == -1)
            break;
        const struct command_option *option = grammar_option(grammar, value == ':' ? optopt : value);
        if (value == ':' && option != NULL)
            return usage_error(grammar->command, "--%s wants a value: --%s %s", option->name, option->name,
                               option->argument);
        if (value == '?' || option == NULL)
            return unknown_option(grammar, argv[optind > 1 ? optind - 1 : 1]);
        invocation->given[invocation->n_given++] = (struct given){option->id, optarg};
    }
    *ret_next = optind;
    return EXIT_DONE;
}

static enum exit_code unknown_verb(const char *const *words, size_t n)
{
    const char *nearest = NULL;
    unsigned best = SUGGESTION_DISTANCE;
    size_t length = strlen(words[0]);
    for (size_t i = 0; i < command_count; i++) {
        const char *name = commands[i].name;
        if (strncmp(name, words[0], length) == 0 && name[length] == ' ')
            return usage_error(NULL,
                               n > 1 ? "there is no verb `%s %s`; see `sluice help`"
                                     : "`%s` wants a second word; see `sluice help`",
                               words[0], n > 1 ? words[1] : "");
        unsigned distance = text_distance(words[0], name, best);
        if (distance < best) {
            best = distance;
            nearest = name;
        }
    }
    if (nearest != NULL)
        return usage_error(NULL, "there is no verb `%s`; did you mean `%s`?", words[0], nearest);
    return usage_error(NULL, "there is no verb `%s`; `sluice help` lists them", words[0]);
}

/* The verb asked for by its absence: `sluice`, `sluice --help`, `sluice --version`. */
static const struct command *implied(const struct invocation *invocation)
{
    size_t n;
    const char *word = given_flag(invocation, OPTION_VERSION) ? "version" : "help";
    return command_find(&word, 1, &n);
}

static enum exit_code check_arguments(const struct command *command, size_t n)
{
    if (n < command->min_arguments)
        return usage_error(command, "`sluice %s` wants %s", command->name, command->arguments);
    if (n > command->max_arguments && command->max_arguments == 0)
        return usage_error(command, "`sluice %s` takes no arguments", command->name);
    if (n > command->max_arguments)
        return usage_error(command, "`sluice %s` takes %s and no more", command->name, command->arguments);
    return EXIT_DONE;
}

static enum exit_code parse_verb(int argc, char **argv, struct invocation *invocation)
{
    size_t n_words = 0;
    const char *const *words = (const char *const *)argv;
    invocation->command = command_find(words, (size_t)argc, &n_words);
    if (invocation->command == NULL)
        return unknown_verb(words, (size_t)argc);

    struct grammar grammar;
    grammar_make(&grammar, invocation->command);
    int shift = (int)n_words - 1, next = 0; /* the verb's last word plays the program's name */
    enum exit_code code = pass(&grammar, argc - shift, argv + shift, invocation, &next);
    if (code != EXIT_DONE)
        return code;
    invocation->arguments = words + shift + next;
    invocation->n_arguments = (size_t)(argc - shift - next);
    if (given_flag(invocation, OPTION_HELP))
        return EXIT_DONE;
    return check_arguments(invocation->command, invocation->n_arguments);
}

enum exit_code parse_command_line(int argc, char **argv, struct invocation *ret_invocation)
{
    _cleanup_(parse_free) struct invocation invocation = {0};
    invocation.given = calloc((size_t)argc * 2 + 1, sizeof *invocation.given);
    if (invocation.given == NULL)
        return usage_error(NULL, "out of memory");

    struct grammar grammar;
    int next = 0;
    grammar_make(&grammar, NULL);
    enum exit_code code = pass(&grammar, argc, argv, &invocation, &next);
    if (code == EXIT_DONE && next >= argc)
        invocation.command = implied(&invocation);
    else if (code == EXIT_DONE)
        code = parse_verb(argc - next, argv + next, &invocation);
    if (code != EXIT_DONE)
        return code;
    *ret_invocation = invocation;
    invocation.given = NULL;
    return EXIT_DONE;
}

void parse_free(struct invocation *invocation)
{
    free(invocation->given);
}
