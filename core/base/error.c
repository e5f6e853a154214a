/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum sluice_status error_setv(struct sluice_error *err, enum sluice_status status, const char *format,
                              va_list args)
{
    if (err == NULL)
        return status;
    err->status = status;
    err->retry_after_ms = 0;
    err->quota = false;
    int n = vsnprintf(err->message, sizeof err->message, format, args);
    if (n >= (int)sizeof err->message)
        err->message[utf8_cut(err->message, sizeof err->message - 1)] = '\0';
    for (char *c = err->message; *c != '\0'; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return status;
}

enum sluice_status error_set(struct sluice_error *err, enum sluice_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_setv(err, status, format, args);
    va_end(args);
    return status;
}

enum sluice_status error_errno(struct sluice_error *err, int number, const char *what)
{
    char text[128];
    const char *reason = strerror_r(number, text, sizeof text);
    switch (number) {
    case EACCES:
    case EPERM:
        return error_set(err, SLUICE_AUTH, "%s: %s; give this user the right to it", what, reason);
    case ENOENT:
    case ENOTDIR:
        return error_set(err, SLUICE_CONFIG, "%s: %s; check the path", what, reason);
    case ENOSPC:
    case EDQUOT:
        return error_set(err, SLUICE_IO, "%s: %s; free some space and run again", what, reason);
    case EROFS:
        return error_set(err, SLUICE_IO, "%s: %s; make it writable or choose another folder", what, reason);
    case EMFILE:
    case ENFILE:
        return error_set(err, SLUICE_IO, "%s: %s; raise the limit of open files (ulimit -n)", what, reason);
    case ENOMEM:
        return error_no_memory(err);
    default:
        return error_set(err, SLUICE_IO, "%s: %s", what, reason);
    }
}

enum sluice_status error_prefix(struct sluice_error *err, const char *format, ...)
{
    char rest[ERROR_MESSAGE_SIZE];
    char context[256];
    int64_t delay = err->retry_after_ms;
    va_list args;
    va_start(args, format);
    vsnprintf(context, sizeof context, format, args);
    va_end(args);
    memcpy(rest, err->message, sizeof rest);
    error_set(err, err->status, "%s: %s", context, rest);
    err->retry_after_ms = delay;
    return err->status;
}

enum sluice_status error_no_memory(struct sluice_error *err)
{
    return error_set(err, SLUICE_IO, "out of memory; give the process more or lower the limits");
}

enum sluice_status error_no_task(struct sluice_error *err)
{
    return error_set(
        err, SLUICE_IO,
        "no task could be started; raise the limits of threads and memory, or lower sync.workers");
}

const char *status_name(enum sluice_status status)
{
    static const char *const names[] = {"ok",   "end",  "unchanged", "busy",      "retry", "config", "auth",
                                        "data", "lost", "unknown",   "cancelled", "io",    "fatal"};
    size_t n = sizeof names / sizeof names[0];
    return (size_t)status < n ? names[status] : "invalid";
}
