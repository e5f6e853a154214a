/* SPDX-License-Identifier: Apache-2.0 */
/* A person's word on a hold. */
#ifndef CLI_HOLD_DECISION_H
#define CLI_HOLD_DECISION_H

#include "cli/compose.h"

/* *ret_key is the supplier's key, NULL for the master sheet; the caller frees it. CONFIG when there is no
 * such undecided hold. */
enum sluice_status hold_decision_put(struct composition *composition, const char *hold_id,
                                     enum sluice_hold_decision decision, char **ret_key,
                                     struct sluice_error *err);

#endif
