/* SPDX-License-Identifier: Apache-2.0 */
/* The turn of a transfer: no more than `per_host` of a process at one host. First come, first served. */
#ifndef HOST_FETCH_SLOTS_H
#define HOST_FETCH_SLOTS_H

#include "host/fetch.h"
#include "host/stop.h"

/* OK: give the slot back with fetch_slot_leave (). `slots` NULL: nothing is counted. */
enum sluice_status fetch_slot_enter(struct fetch_slots *slots, const char *host, const struct stop *stop,
                                    const char *what, struct sluice_error *err);
void fetch_slot_leave(struct fetch_slots *slots, const char *host);

#endif
