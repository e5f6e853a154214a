/* SPDX-License-Identifier: Apache-2.0 */
/* A task that takes jobs until there are none. Its instances are its own: plugins need no locks. */
#ifndef SYNC_WORKER_H
#define SYNC_WORKER_H

#include "sync/quota.h"

/* Suppliers with the same plugin and options share the worker's instance. */
struct worker_source {
    struct sync_plugin plugin;
    struct instance *instance;
};

struct worker {
    struct run *run;
    uint32_t index; /* of its slot */
    char name[128]; /* "host, process 4711, worker 1" */
    struct instance *store;
    int64_t idle_ms; /* of the last wait for a job */
    struct quota quota; /* what its sources are served by */
    struct worker_source *sources;
    size_t n_sources;
};

/* The worker's instance of that plugin with those options, made when it is first wanted. */
enum sluice_status worker_source(struct worker *worker, const struct sync_plugin *plugin,
                                 struct instance **ret_instance, struct sluice_error *err);
/* A FATAL instance is of no more use; the next job makes a new one. */
void worker_drop_source(struct worker *worker, struct instance *instance);

/* The heartbeat renews the job until it is let go. */
void worker_holds(struct worker *worker, const struct sluice_job *job);
/* Whether the heartbeat found that someone else has the job. */
bool worker_lost(struct worker *worker);

#endif
