/* SPDX-License-Identifier: Apache-2.0 */
/* Help and manual pages, both made from the command table. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/width.h"

#include <stdio.h>
#include <string.h>

enum { HELP_INDENT = 26 };

static void print_padded(const char *left, const char *right)
{
    size_t width = width_of(text_of(left));
    int gap = width + 2 < HELP_INDENT ? (int)(HELP_INDENT - width) : 2;
    printf("  %s%*s%s\n", left, gap, "", right);
}

static void print_option(const struct command_option *option)
{
    char left[96];
    snprintf(left, sizeof left, "%s%c%s--%s%s%s", option->letter ? "-" : " ",
             option->letter ? option->letter : ' ', option->letter ? ", " : "  ", option->name,
             option->argument ? " " : "", option->argument ? option->argument : "");
    print_padded(left, option->help);
}

static void print_options(const char *title, const struct command_option *options, size_t n)
{
    if (n == 0)
        return;
    printf("\n%s:\n", title);
    for (size_t i = 0; i < n; i++)
        print_option(&options[i]);
}

static void print_exit_codes(void)
{
    fputs("\nExit codes:\n", stdout);
    for (size_t i = 0; i < exit_meaning_count; i++)
        printf("  %3d  %s\n", (int)exit_meanings[i].code, exit_meanings[i].meaning);
}

static void print_all(void)
{
    fputs("Sluice keeps a supplier database true to a set of spreadsheets.\n\nUsage: sluice VERB [OPTION…] "
          "[--] "
          "[ARGUMENT…]\n\nVerbs:\n",
          stdout);
    for (size_t i = 0; i < command_count; i++)
        print_padded(commands[i].name, commands[i].summary);
    print_options("Options of every verb", common_options, common_option_count);
    print_exit_codes();
    fputs("\n`sluice help VERB` says more about one of them.\n", stdout);
}

void help_print(const struct command *command)
{
    if (command == NULL) {
        print_all();
        return;
    }
    printf("Usage: sluice %s%s%s%s\n\n%s\n", command->name, command->n_options > 0 ? " [OPTION…]" : "",
           *command->arguments ? " " : "", command->arguments, command->summary);
    if (command->text != NULL)
        printf("\n%s\n", command->text);
    print_options("Options", command->options, command->n_options);
    print_options("Options of every verb", common_options, common_option_count);
}

/* A line of text in roff: a backslash, and a dot or quote at its beginning, would be read as commands. */
static void roff_text(const char *text)
{
    bool at_start = true;
    for (const char *c = text; *c != '\0'; c++) {
        if (at_start && (*c == '.' || *c == '\''))
            fputs("\\&", stdout);
        at_start = *c == '\n';
        if (*c == '\\')
            fputs("\\e", stdout);
        else if (*c == '-')
            fputs("\\-", stdout);
        else
            putchar(*c);
    }
}

static void roff_option(const struct command_option *option)
{
    fputs(".TP\n", stdout);
    if (option->letter != 0)
        printf("\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", stdout);
    roff_text(option->name);
    fputs("\\fR", stdout);
    if (option->argument != NULL) {
        fputs(" \\fI", stdout);
        roff_text(option->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    roff_text(option->help);
    putchar('\n');
}

static void man_print(const struct command *command)
{
    char page[64];
    snprintf(page, sizeof page, "sluice-%s", command->name);
    for (char *c = page; *c != '\0'; c++)
        if (*c == ' ')
            *c = '-';
    printf(".TH \"%s\" 1\n.SH NAME\n%s \\- ", page, page);
    roff_text(command->summary);
    printf("\n.SH SYNOPSIS\n\\fBsluice %s\\fR [\\fIOPTION\\fR…] ", command->name);
    roff_text(command->arguments);
    if (command->text != NULL) {
        fputs("\n.SH DESCRIPTION\n", stdout);
        roff_text(command->text);
    }
    fputs("\n.SH OPTIONS\n", stdout);
    for (size_t i = 0; i < command->n_options; i++)
        roff_option(&command->options[i]);
    for (size_t i = 0; i < common_option_count; i++)
        roff_option(&common_options[i]);
    fputs(".SH EXIT STATUS\n", stdout);
    for (size_t i = 0; i < exit_meaning_count; i++) {
        printf(".TP\n%d\n", (int)exit_meanings[i].code);
        roff_text(exit_meanings[i].meaning);
        putchar('\n');
    }
}

enum exit_code verb_help(const struct invocation *invocation)
{
    size_t n_words = 0;
    const struct command *about = command_find(invocation->arguments, invocation->n_arguments, &n_words);
    if (invocation->n_arguments > 0 && (about == NULL || n_words < invocation->n_arguments))
        return usage_error(NULL, "there is no verb `%s%s%s`; `sluice help` lists them",
                           invocation->arguments[0], invocation->n_arguments > 1 ? " " : "",
                           invocation->n_arguments > 1 ? invocation->arguments[1] : "");
    if (given_flag(invocation, OPTION_MAN) && about == NULL)
        return usage_error(invocation->command, "--man wants the verb whose page is meant");
    if (given_flag(invocation, OPTION_MAN))
        man_print(about);
    else
        help_print(about);
    return EXIT_DONE;
}
