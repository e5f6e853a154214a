/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/systemd.h"

#include "base/cleanup.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { MESSAGE_SIZE = 1024 };

/* A path, or the name of an abstract socket behind an '@'. 0: of no use. */
static socklen_t address_of(const char *name, struct sockaddr_un *ret_address)
{
    size_t n = name == NULL ? 0 : strlen(name);
    if (n < 2 || n >= sizeof ret_address->sun_path || (name[0] != '/' && name[0] != '@'))
        return 0;
    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(ret_address->sun_path, name, n);
    if (name[0] == '@')
        ret_address->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

void systemd_notify(const char *format, ...)
{
    struct sockaddr_un address;
    char message[MESSAGE_SIZE];
    socklen_t n_address = address_of(getenv("NOTIFY_SOCKET"), &address);
    if (n_address == 0)
        return;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    _cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || n <= 0 || n >= (int)sizeof message)
        return;
    sendto(fd, message, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&address, n_address);
}

int64_t systemd_watchdog_ms(void)
{
    const char *pid = getenv("WATCHDOG_PID");
    const char *us = getenv("WATCHDOG_USEC");
    if (us == NULL || (pid != NULL && strtoll(pid, NULL, 10) != (long long)getpid()))
        return 0;
    long long ms = strtoll(us, NULL, 10) / 1000;
    return ms > 0 ? ms : 0;
}
