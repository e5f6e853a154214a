/* SPDX-License-Identifier: Apache-2.0 */
/* sync: one run, watched. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/compose.h"
#include "cli/hold_decision.h"
#include "cli/names.h"
#include "cli/progress.h"
#include "cli/stop_signals.h"
#include "cli/sync_summary.h"
#include "ingest/master.h"

#include <stdlib.h>
#include <string.h>

struct watch {
    struct progress *progress;
    struct sync_summary *summary;
};

static void observe(void *context, const struct sync_event *event)
{
    struct watch *watch = context;
    progress_show(watch->progress, event);
    sync_summary_event(watch->summary, event);
}

/* Keys of suppliers; the strings are owned. */
struct scope {
    char **keys;
    size_t n;
};

static void scope_free(struct scope *scope)
{
    for (size_t i = 0; i < scope->n; i++)
        free(scope->keys[i]);
    free(scope->keys);
}

static enum sluice_status scope_add(struct scope *scope, char *key, struct sluice_error *err)
{
    if (key == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < scope->n; i++)
        if (strcmp(scope->keys[i], key) == 0) {
            free(key);
            return SLUICE_OK;
        }
    scope->keys[scope->n++] = key;
    return SLUICE_OK;
}

/* The suppliers that the command line names, and the one whose hold is approved. An approval of the master
 * sheet's hold needs them all: then the scope is empty. */
static enum sluice_status scope_read(const struct invocation *invocation, struct composition *composition,
                                     struct scope *ret_scope, struct sluice_error *err)
{
    const char *hold = given_text(invocation, OPTION_APPROVE);
    char *held = NULL;
    ret_scope->keys = calloc(invocation->n_arguments + 1, sizeof *ret_scope->keys);
    if (ret_scope->keys == NULL)
        return error_no_memory(err);
    enum sluice_status status = SLUICE_OK;
    if (hold != NULL)
        status = hold_decision_put(composition, hold, SLUICE_HOLD_APPROVE, &held, err);
    if (status != SLUICE_OK || (hold != NULL && held == NULL))
        return status;
    if (held != NULL)
        status = scope_add(ret_scope, held, err);
    for (size_t i = 0; i < invocation->n_arguments && status == SLUICE_OK; i++)
        status = scope_add(ret_scope, supplier_key(text_of(invocation->arguments[i])), err);
    return status;
}

static enum exit_code show(const struct invocation *invocation, const struct watch *watch,
                           const struct sync_report *report)
{
    enum colour_wish wish = given_flag(invocation, OPTION_NO_COLOR) ? COLOUR_NEVER : COLOUR_AUTO;
    struct terminal terminal = terminal_of(stdout, wish);
    if (given_flag(invocation, OPTION_JSON))
        sync_summary_json(watch->summary, report);
    else
        sync_summary_table(watch->summary, report, &terminal);
    return exit_of_outcome(report->outcome);
}

static enum sluice_status run(const struct invocation *invocation, struct composition *composition,
                              struct watch *watch, struct sync_report *ret_report, struct sluice_error *err)
{
    _cleanup_(scope_free) struct scope scope = {0};
    _cleanup_free_ char *by = user_name();
    struct sync_setup setup;
    enum sluice_status status = compose_setup(composition, &setup, err);
    if (status == SLUICE_OK)
        status = scope_read(invocation, composition, &scope, err);
    if (status != SLUICE_OK)
        return status;
    const struct sync_request request = {
        .scope = (const char *const *)scope.keys,
        .n_scope = scope.n,
        .trigger = SLUICE_TRIGGER_CLI,
        .by = by,
        .flags = given_flag(invocation, OPTION_FORCE) ? SLUICE_REQUEST_FULL : 0,
        .dry = given_flag(invocation, OPTION_DRY_RUN),
        .observe = observe,
        .context = watch,
    };
    return sync_run(&setup, &request, ret_report, err);
}

enum exit_code verb_sync(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct sluice_error err = {0};
    struct sync_report report = {0};
    if (given_flag(invocation, OPTION_DRY_RUN) && given_flag(invocation, OPTION_APPROVE))
        return usage_error(invocation->command, "--dry-run writes nothing, --approve does; give one of them");
    enum exit_code code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    enum colour_wish wish = given_flag(invocation, OPTION_NO_COLOR) ? COLOUR_NEVER : COLOUR_AUTO;
    struct terminal terminal = terminal_of(stderr, wish);
    struct stop_signals *signals = stop_signals_begin(composition.services.cancel);
    struct watch watch = {given_flag(invocation, OPTION_QUIET) ? NULL : progress_new(&terminal),
                          sync_summary_new()};
    enum sluice_status status =
        watch.summary == NULL ? error_no_memory(&err) : run(invocation, &composition, &watch, &report, &err);
    progress_end(watch.progress);
    code = status == SLUICE_OK ? show(invocation, &watch, &report) : output_error(&err);
    sync_summary_free(watch.summary);
    stop_signals_end(signals);
    return code;
}
