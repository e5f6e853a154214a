/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs, in the order in which the help lists them. */
#include "cli/command.h"

#include "base/cleanup.h"

#include <stdint.h>

const struct command_option common_options[] = {
    {OPTION_CONFIG, 'c', "config", "FILE", "configuration to use instead of ./sluice.yaml"},
    {OPTION_SET, 0, "set", "SECTION.KEY=VALUE", "overrides one value of the configuration; may be repeated"},
    {OPTION_JSON, 0, "json", NULL, "answers in JSON on standard output"},
    {OPTION_NO_COLOR, 0, "no-color", NULL, "no colours, as with NO_COLOR in the environment"},
    {OPTION_QUIET, 'q', "quiet", NULL, "no progress, only errors on standard error"},
    {OPTION_VERBOSE, 'v', "verbose", NULL, "logs more on standard error; twice: everything"},
    {OPTION_HELP, 'h', "help", NULL, "explains the verb"},
    {OPTION_VERSION, 0, "version", NULL, "as `sluice version`"},
};
const size_t common_option_count = ELEMENTS(common_options);

static const struct command_option sync_options[] = {
    {OPTION_DRY_RUN, 'n', "dry-run", NULL, "reads, maps and compares, writes nothing"},
    {OPTION_FORCE, 'f', "force", NULL, "reads every list in full, whatever is known of it"},
    {OPTION_APPROVE, 0, "approve", "HOLD", "approves that hold, then syncs what it held"},
};

static const struct command_option unlock_options[] = {
    {OPTION_FORCE, 'f', "force", NULL, "also when the holder may be at work"},
};

static const struct command_option run_options[] = {
    {OPTION_ROLE, 0, "role", "ROLE",
     "scheduler, worker or api, or several with commas between; without it: all"},
    {OPTION_WORKERS, 0, "workers", "N", "how many lists are read side by side, instead of sync.workers"},
    {OPTION_ONCE, 0, "once", NULL, "does what is due, then ends"},
};

static const struct command_option trigger_options[] = {
    {OPTION_FORCE, 'f', "force", NULL, "reads every list in full, whatever is known of it"},
    {OPTION_WAIT, 'w', "wait", NULL, "waits for the run's end, whose exit code it gets"},
};

static const struct command_option limit_options[] = {
    {OPTION_LIMIT, 'n', "limit", "N", "at most that many rows"},
};

static const struct command_option rejects_options[] = {
    {OPTION_CSV, 0, "csv", NULL,
     "writes CSV (RFC 4180) that a spreadsheet takes for text, never for formulas"},
    {OPTION_LIMIT, 'n', "limit", "N", "at most that many rows"},
};

static const struct command_option next_options[] = {
    {OPTION_LIMIT, 'n', "limit", "N", "how many times to print: 5"},
    {OPTION_FROM, 0, "from", "TIME", "times later than that (RFC 3339) instead of now"},
    {OPTION_CRON, 0, "cron", "EXPRESSION", "of that expression instead of the configured schedule"},
    {OPTION_EVERY, 0, "every", "DURATION", "of that interval, counted from midnight of --from"},
    {OPTION_TIMEZONE, 0, "timezone", "ZONE", "whose clock --cron or --every means: UTC"},
};

static const struct command_option pause_options[] = {
    {OPTION_REASON, 0, "reason", "TEXT", "why; it is shown wherever the pause is"},
};

static const struct command_option preview_options[] = {
    {OPTION_LIMIT, 'n', "limit", "N", "how many items and rejects to show: 20; with --raw rows: all"},
    {OPTION_ASSIGN, 'o', "option", "KEY=VALUE", "an option of the source or of the reading; may be repeated"},
    {OPTION_FORMAT, 0, "format", "FORMAT",
     "as in the master's Format column, instead of guessing by the address"},
    {OPTION_RAW, 0, "raw", NULL, "the decoded rows as they are, before any header is searched"},
};

static const struct command_option discover_options[] = {
    {OPTION_ASSIGN, 'o', "option", "KEY=VALUE", "an option of the source or of the reading; may be repeated"},
    {OPTION_FORMAT, 0, "format", "FORMAT",
     "as in the master's Format column, instead of guessing by the address"},
};

static const struct command_option show_options[] = {
    {OPTION_ORIGIN, 0, "origin", NULL, "says where each value comes from"},
};

static const struct command_option info_options[] = {
    {OPTION_MARKDOWN, 0, "markdown", NULL, "only the option table, as the plugin's README has it"},
};

static const struct command_option suite_options[] = {
    {OPTION_ASSIGN, 'o', "option", "KEY=VALUE",
     "an option of the plugin; {dir} in it is a fresh folder for each case; may be repeated"},
    {OPTION_LIST, 'l', "list", "LIST", "what a source is to read: a list of more than one row"},
    {OPTION_CASE, 0, "case", "CASE", "plays that one case"},
};

static const struct command_option token_options[] = {
    {OPTION_ROLE, 0, "role", "ROLE", "viewer or admin"},
    {OPTION_TTL, 0, "ttl", "DURATION", "how long it is good for: 1h"},
};

static const struct command_option help_options[] = {
    {OPTION_MAN, 0, "man", NULL, "prints the verb's manual page"},
};

#define OPTIONS(table) (table), ELEMENTS(table)
#define NO_OPTIONS     NULL, 0

const struct command commands[] = {
    {"sync", "[SUPPLIER…]", "brings the store in line with the master sheet and every active supplier's list",
     "Without arguments every active supplier is synced; otherwise those that are named, in any case. Ctrl-C "
     "ends the "
     "run\nwithin a second and leaves a consistent store; a second Ctrl-C ends it at once.",
     OPTIONS(sync_options), 0, SIZE_MAX, verb_sync},
    {"run", "", "keeps the store in line for months: schedule, workers and what belongs to them",
     "Runs are claimed by whichever process comes first, and every process takes lists of the run in "
     "progress; start it on\nmore machines with the same configuration to share the work. SIGTERM finishes "
     "or "
     "gives back what is under way within\ndaemon.drain, a second one ends at once; SIGHUP reads the "
     "configuration again, or says why it keeps the old one.",
     OPTIONS(run_options), 0, 0, verb_run},
    {"trigger", "[SUPPLIER…]", "asks the processes of `sluice run` for a sync",
     "Its run's id is printed at once. A run that is queued or in progress already is named instead, with "
     "exit code 75.",
     OPTIONS(trigger_options), 0, SIZE_MAX, verb_trigger},
    {"cancel", "[RUN]", "ends the run in progress; what is finished stays", NULL, NO_OPTIONS, 0, 1,
     verb_cancel},
    {"status", "", "who is at work, how far, and how the last run ended", NULL, NO_OPTIONS, 0, 0,
     verb_status},
    {"suppliers", "", "every supplier and how its last read went", NULL, OPTIONS(limit_options), 0, 0,
     verb_suppliers},
    {"runs", "", "the runs, newest first", NULL, OPTIONS(limit_options), 0, 0, verb_runs},
    {"items", "SUPPLIER", "the items of one supplier", NULL, OPTIONS(limit_options), 1, 1, verb_items},
    {"rejects", "[SUPPLIER]", "rows that could not become items: where, what, why, and what to do", NULL,
     OPTIONS(rejects_options), 0, 1, verb_rejects},
    {"holds", "", "changes that a guard stopped until someone decides", NULL, OPTIONS(limit_options), 0, 0,
     verb_holds},
    {"holds approve", "HOLD", "lets a held change through at the supplier's next sync", NULL, NO_OPTIONS, 1,
     1, verb_holds_approve},
    {"holds discard", "HOLD", "closes a hold; what it held stays out", NULL, NO_OPTIONS, 1, 1,
     verb_holds_discard},
    {"schedule show", "", "what is synced when, whether it is paused, what comes next and what came last",
     NULL, NO_OPTIONS, 0, 0, verb_schedule_show},
    {"schedule next", "", "the next times of the schedule, or of any other, one a line",
     "Times of the configured schedule are those at which it will really run: with its jitter, and counted "
     "from its "
     "first\nuse as the store remembers it. With --cron or --every neither configuration nor store is "
     "needed.",
     OPTIONS(next_options), 0, 0, verb_schedule_next},
    {"schedule pause", "", "keeps the schedule from running until it is resumed; `sluice sync` still works",
     NULL, OPTIONS(pause_options), 0, 0, verb_schedule_pause},
    {"schedule resume", "", "lets a paused schedule run again, from its next time on", NULL, NO_OPTIONS, 0, 0,
     verb_schedule_resume},
    {"schedule why", "TIME", "what became of a time of the schedule (RFC 3339), and why", NULL, NO_OPTIONS, 1,
     1, verb_schedule_why},
    {"state show", "", "who has the run's lock, and what the state backend says of progress", NULL,
     NO_OPTIONS, 0, 0, verb_state_show},
    {"state unlock", "", "takes the run's lock from a holder that is gone",
     "The lock only makes the answer \"already running\" quick; the store decides what may run. Taking it "
     "from a "
     "run that is\nalive stops nothing and breaks nothing: that run goes on, and the store keeps others out.",
     OPTIONS(unlock_options), 0, 0, verb_state_unlock},
    {"discover", "URL-FILE-or-SUPPLIER", "which tabs an address has, and the header that each seems to have",
     "The id of a tab (its gid in Google Sheets) or its title may be named in the master's address or by the "
     "options\n`gid` "
     "and `sheet`. Hidden tabs are listed and not read.",
     OPTIONS(discover_options), 1, 1, verb_discover},
    {"preview", "URL-FILE-or-SUPPLIER",
     "how a list would be read, and why each column was taken for what it is",
     "A file named here may be read wherever it lies. With --raw --json every decoded row is one line "
     "{\"line\": n, "
     "\"cells\": [text or\nnull, …]}; rows that the source itself rejects go to standard error and change no "
     "exit "
     "code.",
     OPTIONS(preview_options), 1, 1, verb_preview},
    {"check", "", "whether every plugin, the store, the state backend, the master sheet and every list work",
     NULL, NO_OPTIONS, 0, 0, verb_check},
    {"db status", "", "which version the store's tables have, and whether this Sluice fits them", NULL,
     NO_OPTIONS, 0, 0, verb_db_status},
    {"db migrate", "", "makes the store's tables, or brings them up to date",
     "A sync does the same when it has to. Here it can be done by a role that may create tables, before "
     "workers of "
     "another\nrole start. An older Sluice refuses tables of a newer one.",
     NO_OPTIONS, 0, 0, verb_db_migrate},
    {"db check", "",
     "whether the store can be read and written, by what it was told, and what is unwise about it",
     "It leaves one row in the audit trail.", NO_OPTIONS, 0, 0, verb_db_check},
    {"config check", "", "whether the configuration is right; every error at once", NULL, NO_OPTIONS, 0, 0,
     verb_config_check},
    {"config show", "", "every value in force, as YAML, without secrets", NULL, OPTIONS(show_options), 0, 0,
     verb_config_show},
    {"config schema", "", "a JSON Schema of the configuration file, for editors", NULL, NO_OPTIONS, 0, 0,
     verb_config_schema},
    {"plugin list", "", "the plugins that are installed, and those that were refused", NULL, NO_OPTIONS, 0, 0,
     verb_plugin_list},
    {"plugin info", "NAME-or-FILE", "what a plugin is and which options it has", NULL, OPTIONS(info_options),
     1, 1, verb_plugin_info},
    {"plugin check", "FILE", "whether a plugin does all that the engine relies on",
     "Plays the conformance suite of the plugin's kind against it and prints TAP, one line a case. It is for "
     "those "
     "who write\nplugins; a store needs a place of its own: -o path={dir}/store.db",
     OPTIONS(suite_options), 1, 1, verb_plugin_check},
    {"notify test", "", "tells the webhook of section notify that this is a test", NULL, NO_OPTIONS, 0, 0,
     verb_notify_test},
    {"user hash", "", "makes the password_hash of a user of the API from a password on standard input", NULL,
     NO_OPTIONS, 0, 0, verb_user_hash},
    {"token create", "", "prints a token for the API",
     "It is signed with the key of section http. Whoever has it may use the API until it ends; it cannot be "
     "called back.",
     OPTIONS(token_options), 0, 0, verb_token_create},
    {"version", "", "version, plugin ABI and compiler", NULL, NO_OPTIONS, 0, 0, verb_version},
    {"help", "[VERB]", "this overview, or more about one verb", NULL, OPTIONS(help_options), 0, 2, verb_help},
};
const size_t command_count = ELEMENTS(commands);
