/* SPDX-License-Identifier: Apache-2.0 */
/* The parts that work under one configuration, from their beginning to the last one's end. [run], by the main
 * thread, but for what says otherwise. */
#ifndef DAEMON_CREW_H
#define DAEMON_CREW_H

#include "daemon/daemon.h"

struct crew;

struct crew_order {
    const struct daemon_house *house; /* outlives the crew */
    uint32_t roles;                   /* enum daemon_role */
    bool once;                        /* one part after another, each until it has nothing left to do */
    bool first;                       /* the process's first crew */
    int wake_fd;                      /* an eventfd that is written to when a part ends */
};

/* On failure what had begun is ended again. */
enum sluice_status crew_start(const struct crew_order *order, struct crew **ret_crew,
                              struct sluice_error *err);
/* Begins what waits for another part's end. */
enum sluice_status crew_advance(struct crew *crew, struct sluice_error *err);
/* What is under way goes on, nothing new is begun. */
void crew_leave(struct crew *crew);
/* What is under way is given back. */
void crew_hurry(struct crew *crew);
bool crew_ended(const struct crew *crew);
/* The name of a part that makes no progress; NULL: all do, or have ended. */
const char *crew_hanging(struct crew *crew);
/* Joins and frees; the crew has ended, or is made to. Accepts NULL. The outcome of the last run that ended
 * here, NONE when there was none. */
enum sluice_outcome crew_stop(struct crew *crew);

#endif
