/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part of the daemon: what runs beside the others while one configuration is at work. A new one (another
 * server, another watcher) is a struct daemon_part in its own file and a line in the table of crew.c.
 */
#ifndef DAEMON_PART_H
#define DAEMON_PART_H

#include "daemon/daemon.h"
#include "daemon/pulse.h"

/* What the parts of one configuration share. */
struct daemon_floor {
    const struct daemon_house *house;
    bool once;  /* end when nothing is left to do */
    bool first; /* the process's first configuration */
    struct cancel *leave;    /* requested: end what is under way, begin nothing new */
    struct notifier *notifier;
    struct pulse *pulse;     /* of the part that gets this; start () sets its patience */
    void (*ended)(void *context); /* the part has ended by itself or on request; once [any] */
    void (*run_ended)(void *context, enum sluice_outcome outcome); /* [any] */
    void *context;
};

struct daemon_part {
    const char *name;
    uint32_t role; /* that it belongs to */
    /* Begins; `floor` outlives it. After OK it calls floor->ended () exactly once: by itself when its work is
     * done (once), or some time after floor->leave is requested. */
    enum sluice_status (*start)(const struct daemon_floor *floor, void **ret_self, struct sluice_error *err);
    /* Waits for its end and frees it. Comes after ended () was called. */
    void (*stop)(void *self);
};

extern const struct daemon_part scheduler_part, workers_part, api_part;

#endif
