/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: one const table of verbs that makes the parsing, the help, the usage errors, the manual
 * pages and the completions. Options stand anywhere before `--`; those of every verb may stand before the
 * verb too.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/exit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_id {
    OPTION_CONFIG,
    OPTION_SET,
    OPTION_JSON,
    OPTION_NO_COLOR,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_DRY_RUN,
    OPTION_FORCE,
    OPTION_APPROVE,
    OPTION_CSV,
    OPTION_LIMIT,
    OPTION_ASSIGN,
    OPTION_FORMAT,
    OPTION_RAW,
    OPTION_ORIGIN,
    OPTION_MARKDOWN,
    OPTION_MAN,
    OPTION_TTL,
    OPTION_CRON,
    OPTION_EVERY,
    OPTION_TIMEZONE,
    OPTION_FROM,
    OPTION_REASON,
    OPTION_ROLE,
    OPTION_WORKERS,
    OPTION_ONCE,
    OPTION_WAIT,
    OPTION_LIST,
    OPTION_CASE,
};

struct command_option {
    enum option_id id;
    char letter;          /* 0: none */
    const char *name;     /* without the dashes */
    const char *argument; /* as the help shows it; NULL: takes none */
    const char *help;
};

struct given {
    enum option_id id;
    const char *value; /* NULL: takes none */
};

/* One command line, taken apart; points into argv. */
struct invocation {
    const struct command *command;
    struct given *given;
    size_t n_given;
    const char *const *arguments;
    size_t n_arguments;
};

struct command {
    const char *name;      /* "sync", "config show" */
    const char *arguments; /* "[SUPPLIER…]", "" */
    const char *summary;   /* one line */
    const char *text;      /* what else there is to know, or NULL */
    const struct command_option *options;
    size_t n_options;
    size_t min_arguments, max_arguments;
    enum exit_code (*run)(const struct invocation *invocation);
};

extern const struct command commands[];
extern const size_t command_count;

/* Options that every verb takes. */
extern const struct command_option common_options[];
extern const size_t common_option_count;

/* The verb that the first words name, and how many words that takes; NULL when there is none. */
const struct command *command_find(const char *const *words, size_t n, size_t *ret_n_words);

/* Runs a whole command line (argv[0] is the program) and returns the process's exit code. */
int command_main(int argc, char **argv);

bool given_flag(const struct invocation *invocation, enum option_id id);
/* The last value given, or NULL. */
const char *given_text(const struct invocation *invocation, enum option_id id);
/* All values given, in order; *ret_n of them. The caller frees the array, NULL without memory or when none.
 */
const char **given_all(const struct invocation *invocation, enum option_id id, size_t *ret_n);

/* The number behind --limit, which stays as it is when none is given; EXIT_USAGE after saying why. */
enum exit_code given_limit(const struct invocation *invocation, uint32_t *limit);

/* "sluice: …" and where the help is; answers EXIT_USAGE. */
enum exit_code usage_error(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The verbs. */
enum exit_code verb_sync(const struct invocation *invocation);
enum exit_code verb_run(const struct invocation *invocation);
enum exit_code verb_trigger(const struct invocation *invocation);
enum exit_code verb_cancel(const struct invocation *invocation);
enum exit_code verb_notify_test(const struct invocation *invocation);
enum exit_code verb_status(const struct invocation *invocation);
enum exit_code verb_suppliers(const struct invocation *invocation);
enum exit_code verb_runs(const struct invocation *invocation);
enum exit_code verb_items(const struct invocation *invocation);
enum exit_code verb_rejects(const struct invocation *invocation);
enum exit_code verb_holds(const struct invocation *invocation);
enum exit_code verb_holds_approve(const struct invocation *invocation);
enum exit_code verb_holds_discard(const struct invocation *invocation);
enum exit_code verb_state_show(const struct invocation *invocation);
enum exit_code verb_state_unlock(const struct invocation *invocation);
enum exit_code verb_discover(const struct invocation *invocation);
enum exit_code verb_preview(const struct invocation *invocation);
enum exit_code verb_check(const struct invocation *invocation);
enum exit_code verb_schedule_show(const struct invocation *invocation);
enum exit_code verb_schedule_next(const struct invocation *invocation);
enum exit_code verb_schedule_pause(const struct invocation *invocation);
enum exit_code verb_schedule_resume(const struct invocation *invocation);
enum exit_code verb_schedule_why(const struct invocation *invocation);
enum exit_code verb_db_migrate(const struct invocation *invocation);
enum exit_code verb_db_status(const struct invocation *invocation);
enum exit_code verb_db_check(const struct invocation *invocation);
enum exit_code verb_config_check(const struct invocation *invocation);
enum exit_code verb_config_show(const struct invocation *invocation);
enum exit_code verb_config_schema(const struct invocation *invocation);
enum exit_code verb_plugin_list(const struct invocation *invocation);
enum exit_code verb_plugin_info(const struct invocation *invocation);
enum exit_code verb_plugin_check(const struct invocation *invocation);
enum exit_code verb_user_hash(const struct invocation *invocation);
enum exit_code verb_token_create(const struct invocation *invocation);
enum exit_code verb_version(const struct invocation *invocation);
enum exit_code verb_help(const struct invocation *invocation);

/* What `help` prints; `command` NULL: all verbs. */
void help_print(const struct command *command);

#endif
