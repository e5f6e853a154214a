/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong, in one sentence, and what the engine does next. The other side of host->fail (). */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <sluice/plugin.h>
#include <stdarg.h>

#define ERROR_MESSAGE_SIZE 1024

struct sluice_error {
    enum sluice_status status;
    int64_t retry_after_ms;           /* 0: the engine's own back-off */
    bool quota;                       /* of a RETRY: a quota is used up, which is nobody's failure */
    char message[ERROR_MESSAGE_SIZE]; /* UTF-8, one line, no secret */
};

/* Sets the error (NULL is allowed) and returns `status`. A message that is too long is cut. */
enum sluice_status error_set(struct sluice_error *err, enum sluice_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
enum sluice_status error_setv(struct sluice_error *err, enum sluice_status status, const char *format,
                              va_list args) __attribute__((format(printf, 3, 0)));

/* SLUICE_IO or SLUICE_AUTH with "WHAT: strerror; what to do" for an errno. */
enum sluice_status error_errno(struct sluice_error *err, int number, const char *what);

/* Puts "CONTEXT: " before the message and returns its status. */
enum sluice_status error_prefix(struct sluice_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Out of memory, in the same words everywhere. */
enum sluice_status error_no_memory(struct sluice_error *err);
/* IO: a task could not be spawned. */
enum sluice_status error_no_task(struct sluice_error *err);

/* "retry", "config", … for logs and JSON. */
const char *status_name(enum sluice_status status);

#endif
