/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a service manager how the process is, as sd_notify(3) describes it: one datagram to the socket that
 * $NOTIFY_SOCKET names. Without one every call does nothing. */
#ifndef DAEMON_SYSTEMD_H
#define DAEMON_SYSTEMD_H

#include <stdint.h>

/* "READY=1", "STATUS=…", several of them separated by newlines. */
void systemd_notify(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Within how many ms the watchdog of this process wants to be fed; 0: there is none. */
int64_t systemd_watchdog_ms(void);

#endif
