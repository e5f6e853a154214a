/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include "base/text.h"
#include "cli/width.h"
#include "config/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int output_end(int code)
{
    errno = 0;
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return code;
    if (errno == EPIPE || errno == 0)
        return code;
    struct sluice_error err = {0};
    error_errno(&err, errno, "standard output");
    output_error(&err);
    return code == EXIT_DONE ? (int)EXIT_IO : code;
}

void output_text(FILE *to, struct sluice_cell text)
{
    for (size_t at = 0; at < text.len;) {
        struct width_step step = width_next(text.ptr + at, text.len - at);
        if (step.harmful)
            fputc(step.length == 1 && (text.ptr[at] == '\n' || text.ptr[at] == '\t') ? ' ' : '?', to);
        else
            fwrite(text.ptr + at, 1, step.length, to);
        at += step.length;
    }
}

enum exit_code output_error(const struct sluice_error *err)
{
    char context[1024];
    fputs("sluice: ", stderr);
    output_text(stderr, text_of(err->message));
    fputc('\n', stderr);
    if (config_error_context(err->message, context, sizeof context))
        fputs(context, stderr);
    if (err->status == SLUICE_RETRY && err->retry_after_ms > 0)
        return EXIT_LATER;
    return exit_of_status(err->status);
}

void output_note(const char *format, ...)
{
    char message[ERROR_MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    fputs("sluice: ", stderr);
    output_text(stderr, text_of(message));
    fputc('\n', stderr);
}

struct terminal terminal_of(FILE *stream, enum colour_wish wish)
{
    struct terminal terminal = {0};
    int fd = fileno(stream);
    const char *kind = getenv("TERM");
    const char *no_colour = getenv("NO_COLOR");
    if (fd < 0 || !isatty(fd) || kind == NULL || strcmp(kind, "dumb") == 0)
        return terminal;
    struct winsize size = {0};
    terminal.is_terminal = true;
    terminal.coloured = wish == COLOUR_AUTO && (no_colour == NULL || *no_colour == '\0');
    terminal.width = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
    return terminal;
}

const char *ink_begin(const struct terminal *terminal, enum ink ink)
{
    static const char *const codes[] = {"", "\033[32m", "\033[33m", "\033[31m", "\033[2m"};
    return terminal->coloured ? codes[ink] : "";
}

const char *ink_end(const struct terminal *terminal, enum ink ink)
{
    return terminal->coloured && ink != INK_PLAIN ? "\033[0m" : "";
}
