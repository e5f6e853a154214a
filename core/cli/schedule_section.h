/* SPDX-License-Identifier: Apache-2.0 */
/* Section `schedule` of the configuration as a schedule. */
#ifndef CLI_SCHEDULE_SECTION_H
#define CLI_SCHEDULE_SECTION_H

#include "config/config.h"
#include "schedule/schedule.h"

/* CONFIG with the place of the value that makes no schedule. */
enum sluice_status schedule_section_read(struct config *config, struct schedule **ret_schedule,
                                         struct sluice_error *err);

#endif
