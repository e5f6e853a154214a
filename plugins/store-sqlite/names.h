/* SPDX-License-Identifier: Apache-2.0 */
/* The contract's numbers as the words that stand in the tables. */
#ifndef STORE_SQLITE_NAMES_H
#define STORE_SQLITE_NAMES_H

#include <stdint.h>

const char *outcome_name(uint32_t outcome); /* NULL for none */
const char *run_state_name(uint32_t state);
const char *trigger_name(uint32_t trigger);
const char *tick_state_name(uint32_t state);

/* Back again; an unknown word is the first of its kind. */
uint32_t outcome_of(const char *name);
uint32_t run_state_of(const char *name);
uint32_t trigger_of(const char *name);

#endif
