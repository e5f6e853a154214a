/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin at work: its instance and the host services that it sees. Everything that is not tagged [any] is
 * for the one thread that uses the instance. */
#ifndef HOST_INSTANCE_H
#define HOST_INSTANCE_H

#include "base/log.h"
#include "base/random.h"
#include "host/buckets.h"
#include "host/cancel.h"
#include "host/fetch.h"
#include "host/memo.h"
#include "host/plugin.h"

/* What all instances of a process share; it outlives them. */
struct host_services {
    const struct clock *clock;
    const struct random_source *random;
    const struct log *log;             /* NULL: silent */
    struct cancel *cancel;             /* NULL: never */
    const struct fetch_options *fetch; /* NULL: nothing may be fetched */
    struct fetch_slots *slots;         /* NULL: connections to a host are not counted */
    struct memo *memo;                 /* NULL: nothing is remembered */
    struct buckets *buckets;           /* counts budgets when `take` is NULL; NULL: they are not kept */
    /* Takes a request's cost from a bucket that all processes share: 0, or how many ms to wait before asking
     * again. [run] */
    enum sluice_status (*take)(void *context, const struct sluice_budget *budget, int64_t *ret_wait_ms,
                               struct sluice_error *err);
    /* Told that a request waits so many ms for a quota. NULL: nobody wants to know. [run] */
    void (*waits)(void *context, int64_t wait_ms);
    void *take_context;
};

struct instance {
    const struct sluice_plugin *plugin;
    void *self;                     /* the plugin's own */
    const struct sluice_host *host; /* what it was created with */
};

/* `options` is the plugin's filled options struct and outlives the instance; `who` names it in the log and is
 * copied. */
enum sluice_status instance_create(const struct host_services *services, const struct sluice_plugin *plugin,
                                   const void *options, const char *who, struct instance **ret_instance,
                                   struct sluice_error *err);
void instance_destroy(struct instance *instance); /* accepts NULL */

/* Who gets the rows that the source itself cannot decode; NULL: they are dropped. */
void instance_on_reject(struct instance *instance,
                        void (*reject)(void *context, const struct sluice_source_reject *reject),
                        void *context);

/* From then on fetch and sleep end with RETRY and say that the job's deadline has passed; 0: no deadline. */
void instance_deadline(struct instance *instance, int64_t monotonic_us);

/* A job's own cancellation instead of the services'; NULL: theirs again. */
void instance_cancel(struct instance *instance, struct cancel *cancel);

#endif
