/* SPDX-License-Identifier: Apache-2.0 */
/* preview: finds the list that is meant, by address, file or supplier, and the source that reads it. */
#include "base/cleanup.h"
#include "cli/preview.h"
#include "cli/stop_signals.h"
#include "cli/target.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_BY_DEFAULT = 20, SHOWN_AT_MOST = 100000 };

static enum exit_code read_limit(const struct invocation *invocation, uint64_t *ret_limit)
{
    const char *text = given_text(invocation, OPTION_LIMIT);
    *ret_limit = given_flag(invocation, OPTION_RAW) ? UINT64_MAX : SHOWN_BY_DEFAULT;
    if (text == NULL)
        return EXIT_DONE;
    char *end;
    *ret_limit = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0')
        return usage_error(invocation->command, "--limit wants a number, not '%s'", text);
    if (!given_flag(invocation, OPTION_RAW) && *ret_limit > SHOWN_AT_MOST)
        return usage_error(invocation->command, "--limit goes up to %d", (int)SHOWN_AT_MOST);
    return EXIT_DONE;
}

enum exit_code verb_preview(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct preview preview = {.invocation = invocation, .composition = &composition};
    struct target target = {0};
    struct sluice_error err = {0};
    enum exit_code code = read_limit(invocation, &preview.limit);
    if (code == EXIT_DONE)
        code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    struct stop_signals *signals = stop_signals_begin(composition.services.cancel);
    enum sluice_status status = target_find(invocation, &composition, &target, &err);
    if (status == SLUICE_OK)
        status = target_source(invocation, &composition, &target, &preview.source, &err);
    preview.location = target.location;
    if (status == SLUICE_OK)
        location_name(target.location, preview.name);
    if (status == SLUICE_OK)
        status =
            given_flag(invocation, OPTION_RAW) ? preview_raw(&preview, &err) : preview_mapped(&preview, &err);
    stop_signals_end(signals);
    return status == SLUICE_OK ? EXIT_DONE : output_error(&err);
}
