/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SYNC_HOUSE_INNER_H
#define TESTS_SYNC_HOUSE_INNER_H

#include "house.h"

#include <stdlib.h>

struct house_state_options {
    struct house_state *script;
};
extern const struct sluice_plugin house_state_plugin;

/* Puts the faults of the house before the calls of the real store. One house per process at a time. */
void house_intercept(struct house *house, const struct sluice_plugin *store);

#endif
