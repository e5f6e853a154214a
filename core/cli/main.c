/* SPDX-License-Identifier: Apache-2.0 */
/* The program `sluice`. */
#include "cli/command.h"
#include "cli/output.h"

#include <signal.h>

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away ends us quietly, see output_end () */
    int code = command_main(argc, argv);
    return output_end(code);
}
