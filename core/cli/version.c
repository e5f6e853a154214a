/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <sluice/plugin.h>
#include <stdio.h>

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

#if defined(__SANITIZE_ADDRESS__)
#define BUILD "with AddressSanitizer"
#elif defined(__SANITIZE_THREAD__)
#define BUILD "with ThreadSanitizer"
#elif defined(__OPTIMIZE__)
#define BUILD "optimised"
#else
#define BUILD "for debugging"
#endif

enum exit_code verb_version(const struct invocation *invocation)
{
    if (given_flag(invocation, OPTION_JSON))
        printf("{\"version\": \"%s\", \"abi\": %d, \"compiler\": \"%s\", \"build\": \"%s\"}\n",
               SLUICE_VERSION, SLUICE_ABI, COMPILER, BUILD);
    else
        printf("sluice %s, plugin ABI %d\n%s, %s\n", SLUICE_VERSION, SLUICE_ABI, COMPILER, BUILD);
    return EXIT_DONE;
}
