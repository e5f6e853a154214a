/* SPDX-License-Identifier: Apache-2.0 */
/* The contract's numbers as the words that stand in the tables. */
#ifndef STORES_NAMES_H
#define STORES_NAMES_H

#include <sluice/store_types.h>

const char *outcome_name(uint32_t outcome); /* NULL for none */
const char *run_state_name(uint32_t state);
const char *trigger_name(uint32_t trigger);
const char *tick_state_name(uint32_t state);
/* The outcome's own error type, else the one that goes without saying. */
const char *outcome_error_type(const struct sluice_job_outcome *outcome);

/* Back again; an unknown word is the first of its kind. */
uint32_t outcome_of(const char *name);
uint32_t run_state_of(const char *name);
uint32_t trigger_of(const char *name);

#endif
