/* SPDX-License-Identifier: Apache-2.0 */
#include "host/fetch_run.h"

void fetch_client_free(struct fetch_client *client)
{
    (void)client;
}

enum sluice_status fetch_from_network(const struct fetch_context *context,
                                      const struct sluice_fetch_request *request, const char *name,
                                      const struct sluice_document **ret_document, struct sluice_error *err)
{
    (void)context;
    (void)request;
    (void)ret_document;
    return error_set(err, SLUICE_CONFIG, "%s: only files can be fetched yet", name);
}
