/* SPDX-License-Identifier: Apache-2.0 */
/* How the process ends: the exit codes (64 and above as in sysexits.h) and the one table from status to code.
 */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include <sluice/store_types.h>

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_PARTIAL = 2,
    EXIT_HELD = 3,
    EXIT_USAGE = 64,
    EXIT_DATA = 65,
    EXIT_UNAVAILABLE = 69,
    EXIT_BUG = 70,
    EXIT_IO = 74,
    EXIT_LATER = 75,
    EXIT_PERMISSION = 77,
    EXIT_CONFIG = 78,
    EXIT_INTERRUPTED = 130, /* as a shell counts SIGINT */
};

struct exit_meaning {
    enum exit_code code;
    const char *meaning;
};
/* Every code once, in rising order, for the help. */
extern const struct exit_meaning exit_meanings[];
extern const size_t exit_meaning_count;

enum exit_code exit_of_status(enum sluice_status status);
enum exit_code exit_of_outcome(enum sluice_outcome outcome);
/* Of several ends the one that needs a person first: the highest code, success last. */
enum exit_code exit_worse(enum exit_code a, enum exit_code b);

#endif
