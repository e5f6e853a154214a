/* SPDX-License-Identifier: Apache-2.0 */
/* One fetch: what it stands on, and its two ways, over the network and from a file. Inside of host/ only. */
#ifndef HOST_FETCH_RUN_H
#define HOST_FETCH_RUN_H

#include "host/instance.h"
#include "host/stop.h"

struct fetch_client; /* connections that later fetches of the same instance use again */

struct fetch_context {
    const struct host_services *services;
    struct stop stop;
    struct fetch_client **client; /* *client is made when it is needed */
};

/* `request` has its full size. As host->fetch (). */
enum sluice_status fetch_run(const struct fetch_context *context, const struct sluice_fetch_request *request,
                             const struct sluice_document **ret_document, struct sluice_error *err);

/* The two ways; `name` is the location as messages show it. */
enum sluice_status fetch_from_file(const struct fetch_context *context,
                                   const struct sluice_fetch_request *request, const char *name,
                                   const struct sluice_document **ret_document, struct sluice_error *err);
enum sluice_status fetch_from_network(const struct fetch_context *context,
                                      const struct sluice_fetch_request *request, const char *name,
                                      const struct sluice_document **ret_document, struct sluice_error *err);

void fetch_client_free(struct fetch_client *client); /* accepts NULL */

/* The wait before the attempt after one that waited `last_ms` (0: the first): at least `base_ms`, at random
 * up to three times the last, never above 60 times the base ("decorrelated jitter"). */
int64_t fetch_backoff_ms(const struct random_source *random, int64_t base_ms, int64_t last_ms);

#endif
