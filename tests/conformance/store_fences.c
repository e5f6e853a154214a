/* SPDX-License-Identifier: Apache-2.0 */
#include "store_scene.h"
#include "store_suite.h"

const struct conformance_case store_fence_cases[] = {
    {.name = NULL},
};
