/* SPDX-License-Identifier: Apache-2.0 */
/* Sections `daemon`, `retention` and `notify` of the configuration. */
#include "daemon/daemon.h"

#include "base/cleanup.h"

const struct sluice_option daemon_option_table[] = {
    SLUICE_OPTION(struct daemon_options, drain, "drain", "10s",
                  "How long a stop may take; lists that are not read by then are given back."),
};
const size_t daemon_option_count = ELEMENTS(daemon_option_table);

#define RETENTION(field, default_value, help) \
    SLUICE_OPTION(struct retention_options, field, #field, default_value, help)

const struct sluice_option retention_option_table[] = {
    RETENTION(
        logs, "90d",
        "How long runs, jobs, rejects and the audit trail are kept; each supplier's last run always. 0s: "
        "for ever."),
    RETENTION(ticks, "400d", "How long it is kept what became of each time of the schedule. 0s: for ever."),
    RETENTION(holds, "90d", "How long holds are kept after they were made. 0s: for ever."),
};
const size_t retention_option_count = ELEMENTS(retention_option_table);

const struct sluice_option notify_option_table[] = {
    SLUICE_OPTION(struct notify_options, webhook, "webhook", NULL,
                  "Address that gets a JSON object by POST for each event; `sluice notify test` tries it."),
    SLUICE_OPTION(struct notify_options, on, "on", "failed,held,recovered,missed",
                  "Which events are told: failed, held, recovered, missed."),
};
const size_t notify_option_count = ELEMENTS(notify_option_table);
