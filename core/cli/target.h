/* SPDX-License-Identifier: Apache-2.0 */
/* The list that a verb's first argument means: by address, file or supplier, with the source that reads it. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "cli/compose.h"

/* Texts live in the composition's arena or in argv. */
struct target {
    const char *location, *format, *supplier; /* supplier NULL: it is an address or a file */
};

enum sluice_status target_find(const struct invocation *invocation, struct composition *composition,
                               struct target *ret_target, struct sluice_error *err);

/* With the assignments of --option. */
enum sluice_status target_source(const struct invocation *invocation, struct composition *composition,
                                 const struct target *target, struct sync_source *ret_source,
                                 struct sluice_error *err);

#endif
