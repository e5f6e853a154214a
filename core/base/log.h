/* SPDX-License-Identifier: Apache-2.0 */
/* One line per event, as text or as JSON, to a sink that its maker chooses. Secrets never reach it: they have
 * a type of their own, and addresses are stripped of credentials before they become messages. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/clock.h"

#include <sluice/plugin.h>
#include <stdarg.h>

enum log_format { LOG_TEXT, LOG_JSON };

/* Counts lines that say the same, so that a fault that repeats itself does not fill the disk. */
struct log_repeats;
struct log_repeats *log_repeats_new(void);             /* NULL without memory */
void log_repeats_free(struct log_repeats *repeats); /* accepts NULL */

struct log {
    enum sluice_level level; /* what is below is dropped */
    enum log_format format;
    const struct clock *clock;
    const char *run_id;          /* that every line is about; NULL or "": none */
    struct log_repeats *repeats; /* NULL: lines may repeat themselves without end */
    /* Gets whole lines with their newline, from any thread. */
    void (*write)(void *context, const char *line, size_t n);
    void *context;
};

/* Writes to standard error; `context` unused. */
void log_to_stderr(void *context, const char *line, size_t n);

/* `who` names the run, job or plugin that speaks, or NULL. */
void log_line(const struct log *log, enum sluice_level level, const char *who, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void log_linev(const struct log *log, enum sluice_level level, const char *who, const char *format,
               va_list args) __attribute__((format(printf, 4, 0)));

const char *level_name(enum sluice_level level);

#endif
