/* SPDX-License-Identifier: Apache-2.0 */
/* A part of a case in several processes at once. */
#ifndef CONFORMANCE_PROCESSES_H
#define CONFORMANCE_PROCESSES_H

#include "scene.h"

#include <stdatomic.h>

enum { SHARED_VALUES = 4096 };

/* Memory that the processes of one case share; zeroed at first. */
struct shared {
    atomic_llong count, inside;
    atomic_llong values[SHARED_VALUES];
    char failure[1024]; /* of a process that failed */
};

/* Runs `part` in n processes and waits for them all; the case fails when one of them does. A process makes
 * instances of its own. The result lives as long as the process that called. */
struct shared *processes_run(struct scene *scene, size_t n,
                             void (*part)(struct scene *scene, struct shared *shared, size_t i));
/* Ends the calling process at once, as kill -9 does, without failing its case. */
void process_die(void) __attribute__((noreturn));

#endif
