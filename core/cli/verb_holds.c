/* SPDX-License-Identifier: Apache-2.0 */
/* holds approve, holds discard. */
#include "base/cleanup.h"
#include "cli/hold_decision.h"
#include "cli/names.h"
#include "cli/store_reader.h"

#include <stdio.h>
#include <string.h>

enum sluice_status hold_decision_put(struct composition *composition, const char *hold_id,
                                     enum sluice_hold_decision decision, char **ret_key,
                                     struct sluice_error *err)
{
    _cleanup_(store_reader_close) struct store_reader reader = {0};
    _cleanup_free_ char *by = user_name();
    const char *key = NULL;
    if (by == NULL)
        return error_no_memory(err);
    enum sluice_status status = store_reader_open(composition, &reader, err);
    if (status != SLUICE_OK)
        return status;
    status = reader.calls->hold_decide(reader.instance->self, hold_id, decision, by, &key, err);
    if (status == SLUICE_END)
        return error_set(err, SLUICE_CONFIG,
                         "there is no hold %s that waits for a decision; `sluice holds` lists them", hold_id);
    if (status != SLUICE_OK)
        return status;
    char *copy = key == NULL ? NULL : strdup(key);
    if (key != NULL && copy == NULL)
        return error_no_memory(err);
    *ret_key = copy;
    return SLUICE_OK;
}

static enum exit_code decide(const struct invocation *invocation, enum sluice_hold_decision decision,
                             const char *said)
{
    _cleanup_(compose_close) struct composition composition = {0};
    _cleanup_free_ char *key = NULL;
    struct sluice_error err = {0};
    enum exit_code code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    if (hold_decision_put(&composition, invocation->arguments[0], decision, &key, &err) != SLUICE_OK)
        return output_error(&err);
    if (given_flag(invocation, OPTION_JSON))
        printf("{\"hold_id\": \"%s\", \"decision\": \"%s\"}\n", invocation->arguments[0],
               decision == SLUICE_HOLD_APPROVE ? "approved" : "discarded");
    else
        puts(said);
    return EXIT_DONE;
}

enum exit_code verb_holds_approve(const struct invocation *invocation)
{
    return decide(invocation, SLUICE_HOLD_APPROVE,
                  "Approved: the next sync lets it through, once; a daemon begins one by itself.");
}

enum exit_code verb_holds_discard(const struct invocation *invocation)
{
    return decide(invocation, SLUICE_HOLD_DISCARD, "Discarded: what it held stays out.");
}
