/* SPDX-License-Identifier: Apache-2.0 */
/* argv becomes an invocation. */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/command.h"

/* EXIT_DONE with an invocation to free; EXIT_USAGE after it has said what is wrong. */
enum exit_code parse_command_line(int argc, char **argv, struct invocation *ret_invocation);
void parse_free(struct invocation *invocation); /* [cleanup] accepts a zeroed one */

#endif
