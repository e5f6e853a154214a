/* SPDX-License-Identifier: Apache-2.0 */
/* sync: one run, watched. */
#include "base/cleanup.h"
#include "cli/compose.h"
#include "cli/hold_decision.h"
#include "cli/names.h"
#include "cli/progress.h"
#include "cli/stop_signals.h"
#include "cli/supplier_scope.h"
#include "cli/sync_summary.h"

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

/* The suppliers that the command line names, and the one whose hold is approved. An approval of the master
 * sheet's hold needs them all: then the scope is empty. */
static enum sluice_status scope_read(const struct invocation *invocation, struct composition *composition,
                                     struct supplier_scope *ret_scope, struct sluice_error *err)
{
    const char *hold = given_text(invocation, OPTION_APPROVE);
    char *held = NULL;
    enum sluice_status status = supplier_scope_begin(ret_scope, invocation->n_arguments + 1, err);
    if (status == SLUICE_OK && hold != NULL)
        status = hold_decision_put(composition, hold, SLUICE_HOLD_APPROVE, &held, err);
    if (status != SLUICE_OK || (hold != NULL && held == NULL))
        return status;
    if (held != NULL)
        status = supplier_scope_add(ret_scope, held, err);
    if (status != SLUICE_OK)
        return status;
    return supplier_scope_names(ret_scope, invocation->arguments, invocation->n_arguments, err);
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
    _cleanup_(supplier_scope_free) struct supplier_scope scope = {0};
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
