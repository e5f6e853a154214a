/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person or a pipe gets to see. Data goes to standard output, everything else to standard error. Text
 * that came from a list or a server is printed through here, so that it cannot move the cursor or forge a
 * line.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/error.h"
#include "cli/exit.h"

#include <stdio.h>

/* Flushes standard output at the end of the process: a closed pipe is no error, a full disk is. */
int output_end(int code);

/* Without controls, and without the marks that turn the reading direction; bytes that are no UTF-8 become
 * "?". */
void output_text(FILE *to, struct sluice_cell text);

/* "sluice: MESSAGE" with the offending line of the configuration when there is one, and the code for its
 * status. */
enum exit_code output_error(const struct sluice_error *err);
/* "sluice: …" on standard error. */
void output_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

enum ink { INK_PLAIN, INK_GOOD, INK_WARN, INK_BAD, INK_FAINT };

/* Of the terminal behind a stream. */
struct terminal {
    bool is_terminal;
    bool coloured;
    unsigned width; /* columns; 0: unlimited, it is no terminal */
};
enum colour_wish { COLOUR_AUTO, COLOUR_NEVER };
struct terminal terminal_of(FILE *stream, enum colour_wish wish);
/* The escape sequence that begins an ink, "" without colours. */
const char *ink_begin(const struct terminal *terminal, enum ink ink);
const char *ink_end(const struct terminal *terminal, enum ink ink);

#endif
