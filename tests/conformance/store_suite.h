/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the store's suite, each a table that ends with a case without a name. */
#ifndef CONFORMANCE_STORE_SUITE_H
#define CONFORMANCE_STORE_SUITE_H

#include "scene.h"

extern const struct conformance_case store_list_cases[];     /* what a list does to the items */
extern const struct conformance_case store_fence_cases[];    /* runs, leases, epochs, attempts */
extern const struct conformance_case store_supplier_cases[]; /* the master, holds, reading back */
extern const struct conformance_case store_schedule_cases[]; /* pauses, ticks */
extern const struct conformance_case store_query_cases[];    /* the filters of reading back */
extern const struct conformance_case store_race_cases[];     /* threads and processes side by side */

#endif
