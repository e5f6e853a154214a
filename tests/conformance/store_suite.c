/* SPDX-License-Identifier: Apache-2.0 */
#include "store_suite.h"

#include "base/cleanup.h"
#include "conformance.h"

size_t conformance_store(const struct conformance *conformance)
{
    const struct conformance_case *const parts[] = {store_list_cases,     store_fence_cases,
                                                    store_supplier_cases, store_schedule_cases,
                                                    store_query_cases,    store_race_cases};
    size_t failed = 0;
    for (size_t i = 0; i < ELEMENTS(parts); i++) {
        size_t n = 0;
        while (parts[i][n].name != NULL)
            n++;
        failed += conformance_play(conformance, parts[i], n);
    }
    return failed;
}
