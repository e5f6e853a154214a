/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/log_repeats.h"
#include "base/text.h"

#include <stdio.h>
#include <unistd.h>

enum { LINE_CEILING = 8192, MESSAGE_SIZE = 2048 };

const char *level_name(enum sluice_level level)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    return (size_t)level < 4 ? names[level] : "info";
}

void log_to_stderr(void *context, const char *line, size_t n)
{
    (void)context;
    while (n > 0) {
        ssize_t written = write(STDERR_FILENO, line, n);
        if (written <= 0) /* nowhere left to complain */
            return;
        line += written;
        n -= (size_t)written;
    }
}

static void line_json(struct buffer *line, const char *time, enum sluice_level level, const char *run_id,
                      const char *who, const char *message)
{
    buffer_printf(line, "{\"time\":\"%s\",\"level\":\"%s\"", time, level_name(level));
    if (run_id != NULL && *run_id != '\0') {
        buffer_text(line, ",\"run_id\":");
        json_text(line, text_of(run_id));
    }
    if (who != NULL) {
        buffer_text(line, ",\"who\":");
        json_text(line, text_of(who));
    }
    buffer_text(line, ",\"message\":");
    json_text(line, text_of(message));
    buffer_text(line, "}\n");
}

static void line_text(struct buffer *line, const char *time, enum sluice_level level, const char *run_id,
                      const char *who, const char *message)
{
    char clean[MESSAGE_SIZE * 2];
    text_excerpt(text_of(message), clean, sizeof clean);
    buffer_printf(line, "%s %-7s ", time, level_name(level));
    if (run_id != NULL && *run_id != '\0')
        buffer_printf(line, "[%s] ", run_id);
    buffer_printf(line, "%s%s%s\n", who == NULL ? "" : who, who == NULL ? "" : ": ", clean);
}

void log_linev(const struct log *log, enum sluice_level level, const char *who, const char *format,
               va_list args)
{
    if (log == NULL || level < log->level)
        return;
    char message[MESSAGE_SIZE];
    char time[TIME_TEXT_SIZE];
    int n = vsnprintf(message, sizeof message, format, args);
    if (n >= (int)sizeof message)
        message[utf8_cut(message, sizeof message - 1)] = '\0';
    if (!log_repeats_pass(log, who, message, sizeof message))
        return;
    time_format_ms(log->clock->wall_us(log->clock), time);
    struct buffer line = BUFFER_INIT(LINE_CEILING);
    if (log->format == LOG_JSON)
        line_json(&line, time, level, log->run_id, who, message);
    else
        line_text(&line, time, level, log->run_id, who, message);
    if (!line.failed)
        log->write(log->context, line.data, line.size);
    buffer_free(&line);
}

void log_line(const struct log *log, enum sluice_level level, const char *who, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_linev(log, level, who, format, args);
    va_end(args);
}
