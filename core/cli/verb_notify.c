/* SPDX-License-Identifier: Apache-2.0 */
/* notify test. */
#include "base/cleanup.h"
#include "cli/compose.h"
#include "daemon/notify.h"

#include <stdio.h>

enum exit_code verb_notify_test(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct sync_setup setup = {0};
    struct notify_options options;
    struct sluice_error err = {0};
    enum exit_code code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    enum sluice_status status = compose_setup(&composition, &setup, &err);
    if (status == SLUICE_OK)
        status = config_fill(composition.config, "notify", notify_option_table, notify_option_count, &options,
                             &err);
    if (status == SLUICE_OK)
        status = notify_options_check(&options, &err);
    if (status == SLUICE_OK)
        status = notify_test(&setup, &options, &err);
    if (status != SLUICE_OK)
        return output_error(&err);
    puts("The webhook has taken the test.");
    return EXIT_DONE;
}
