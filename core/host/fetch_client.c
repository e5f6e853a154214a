/* SPDX-License-Identifier: Apache-2.0 */
#include "host/fetch_client.h"

#include <stdlib.h>

enum { LONGEST_POLL_MS = 1000, KEPT_CONNECTIONS = 4 };

struct fetch_client {
    CURLM *multi;
};

static struct fetch_client *client_new(void)
{
    struct fetch_client *client = calloc(1, sizeof *client);
    if (client == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(client);
        return NULL;
    }
    client->multi = curl_multi_init();
    if (client->multi != NULL) {
        curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
        return client;
    }
    curl_global_cleanup();
    free(client);
    return NULL;
}

void fetch_client_free(struct fetch_client *client)
{
    if (client == NULL)
        return;
    curl_multi_cleanup(client->multi);
    curl_global_cleanup();
    free(client);
}

static CURLcode result_read(CURLM *multi)
{
    int left;
    const CURLMsg *message = curl_multi_info_read(multi, &left);
    return message != NULL && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
}

static enum sluice_status multi_failed(CURLMcode code, const char *what, struct sluice_error *err)
{
    if (code == CURLM_OUT_OF_MEMORY)
        return error_no_memory(err);
    return error_set(err, SLUICE_FATAL, "%s: libcurl failed: %s", what, curl_multi_strerror(code));
}

static enum sluice_status transfer_drive(const struct fetch_context *context, CURLM *multi, const char *what,
                                         struct sluice_error *err)
{
    struct curl_waitfd cancelled = {.fd = cancel_fd(context->stop.cancel), .events = CURL_WAIT_POLLIN};
    unsigned n_extra = cancelled.fd < 0 ? 0 : 1;
    for (;;) {
        int running = 0;
        CURLMcode code = curl_multi_perform(multi, &running);
        if (code == CURLM_OK && running == 0)
            return SLUICE_OK;
        enum sluice_status status = stop_check(&context->stop, what, err);
        if (status != SLUICE_OK)
            return status;
        if (code == CURLM_OK)
            code = curl_multi_poll(multi, &cancelled, n_extra,
                                   (int)stop_remaining_ms(&context->stop, LONGEST_POLL_MS), NULL);
        if (code != CURLM_OK)
            return multi_failed(code, what, err);
    }
}

enum sluice_status fetch_client_perform(const struct fetch_context *context, CURL *easy, const char *what,
                                        CURLcode *ret_code, struct sluice_error *err)
{
    if (*context->client == NULL)
        *context->client = client_new();
    if (*context->client == NULL)
        return error_no_memory(err);
    CURLM *multi = (*context->client)->multi;
    CURLMcode added = curl_multi_add_handle(multi, easy);
    if (added != CURLM_OK)
        return multi_failed(added, what, err);
    enum sluice_status status = transfer_drive(context, multi, what, err);
    if (status == SLUICE_OK)
        *ret_code = result_read(multi);
    curl_multi_remove_handle(multi, easy);
    return status;
}
