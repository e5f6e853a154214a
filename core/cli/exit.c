/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/exit.h"

#include "base/cleanup.h"

const struct exit_meaning exit_meanings[] = {
    {EXIT_DONE, "done"},
    {EXIT_FAILED, "failed"},
    {EXIT_PARTIAL, "partial: some suppliers failed, the others are done"},
    {EXIT_HELD, "held: a guard stopped a suspicious change until someone decides"},
    {EXIT_USAGE, "the command line is wrong"},
    {EXIT_DATA, "the data cannot be read"},
    {EXIT_UNAVAILABLE, "a service or a list cannot be reached"},
    {EXIT_BUG, "a bug in Sluice or in a plugin"},
    {EXIT_IO, "this machine failed: disk full, read-only, no descriptors"},
    {EXIT_LATER, "try later: another run is at work, or a quota is used up"},
    {EXIT_PERMISSION, "a credential, a share or a file permission is missing"},
    {EXIT_CONFIG, "the configuration is wrong"},
    {EXIT_INTERRUPTED, "interrupted; the store is consistent"},
};
const size_t exit_meaning_count = ELEMENTS(exit_meanings);

enum exit_code exit_of_status(enum sluice_status status)
{
    static const enum exit_code codes[] = {
        [SLUICE_OK] = EXIT_DONE,
        [SLUICE_END] = EXIT_FAILED,
        [SLUICE_UNCHANGED] = EXIT_DONE,
        [SLUICE_BUSY] = EXIT_LATER,
        [SLUICE_RETRY] = EXIT_UNAVAILABLE,
        [SLUICE_CONFIG] = EXIT_CONFIG,
        [SLUICE_AUTH] = EXIT_PERMISSION,
        [SLUICE_DATA] = EXIT_DATA,
        [SLUICE_LOST] = EXIT_LATER,
        [SLUICE_UNKNOWN] = EXIT_UNAVAILABLE,
        [SLUICE_CANCELLED] = EXIT_INTERRUPTED,
        [SLUICE_IO] = EXIT_IO,
        [SLUICE_FATAL] = EXIT_BUG,
    };
    return (size_t)status < ELEMENTS(codes) ? codes[status] : EXIT_BUG;
}

enum exit_code exit_of_outcome(enum sluice_outcome outcome)
{
    static const enum exit_code codes[] = {
        [SLUICE_OUTCOME_NONE] = EXIT_FAILED,           [SLUICE_OUTCOME_SUCCESS] = EXIT_DONE,
        [SLUICE_OUTCOME_UNCHANGED] = EXIT_DONE,        [SLUICE_OUTCOME_PARTIAL] = EXIT_PARTIAL,
        [SLUICE_OUTCOME_FAILED] = EXIT_FAILED,         [SLUICE_OUTCOME_HELD] = EXIT_HELD,
        [SLUICE_OUTCOME_CANCELLED] = EXIT_INTERRUPTED,
    };
    return (size_t)outcome < ELEMENTS(codes) ? codes[outcome] : EXIT_BUG;
}

enum exit_code exit_worse(enum exit_code a, enum exit_code b)
{
    return a > b ? a : b;
}
