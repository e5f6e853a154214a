/* SPDX-License-Identifier: Apache-2.0 */
/* Section `sync` of the configuration. */
#include "sync/sync.h"

#include "base/cleanup.h"

#define OPTION(field, default_value, help) \
    SLUICE_OPTION(struct sync_options, field, #field, default_value, help)

const struct sluice_option sync_option_table[] = {
    OPTION(workers, "4", "How many lists are read side by side, 1 to 64."),
    OPTION(lease, "30s", "How long a run or job stays with a process that gives no sign of life."),
    OPTION(supplier_timeout, "300s", "How long one supplier's list may take, retries included."),
    OPTION(run_timeout, "6h", "How long a whole run may take."),
    OPTION(full_every, "10",
           "Every n-th read of a list is made in full and compared column by column, even when it seems "
           "unchanged; "
           "0: never."),
};
const size_t sync_option_count = ELEMENTS(sync_option_table);
