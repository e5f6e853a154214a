/* SPDX-License-Identifier: Apache-2.0 */
/* Words for enumerations and numbers, the same in tables and in JSON. */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include "cli/output.h"

const char *outcome_name(enum sluice_outcome outcome);
enum ink outcome_ink(enum sluice_outcome outcome);

#define ELAPSED_TEXT_SIZE 24
/* "0.12 s", "3 min 05 s" */
void elapsed_format(int64_t us, char ret_text[ELAPSED_TEXT_SIZE]);

/* Who asks, for the trail that runs and holds keep; the caller frees it. NULL without memory. */
char *user_name(void);

#endif
