/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/schedule_section.h"

#include <stdio.h>

enum sluice_status schedule_section_read(struct config *config, struct schedule **ret_schedule,
                                         struct sluice_error *err)
{
    struct schedule_options options;
    const char *option = NULL;
    char path[64];
    enum sluice_status status =
        config_fill(config, "schedule", schedule_option_table, schedule_option_count, &options, err);
    if (status != SLUICE_OK)
        return status;
    if (options.every.ms == 0 && config_text(config, "schedule.every") != NULL)
        return config_value_error(config, "schedule.every", err, "0 is out of range; write 1s to 8784h");
    status = schedule_parse(&options, ret_schedule, &option, err);
    if (status != SLUICE_CONFIG)
        return status;
    snprintf(path, sizeof path, "schedule.%s", option);
    return config_value_error(config, path, err, "%s", err->message);
}
