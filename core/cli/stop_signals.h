/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ctrl-C and SIGTERM. The first one requests a cancel and says so, the second one ends the process at once. A
 * thread waits for them, so that no handler runs in the middle of anything.
 */
#ifndef CLI_STOP_SIGNALS_H
#define CLI_STOP_SIGNALS_H

#include "host/cancel.h"

struct stop_signals;

/* Before any other thread is made: they inherit the blocked signals. NULL without memory or descriptors: then
 * the signals end the process as usual. */
struct stop_signals *stop_signals_begin(struct cancel *cancel);
void stop_signals_end(struct stop_signals *signals); /* accepts NULL */

#endif
