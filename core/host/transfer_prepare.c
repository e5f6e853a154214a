/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that curl is told before a transfer. */
#include "host/transfer.h"

#include "base/cleanup.h"

#include <string.h>

enum { RECEIVE_SIZE = 256 * 1024 };

static bool header_is_safe(const char *name, const char *value)
{
    static const char *const kept[] = {"Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect"};
    if (name[0] == '\0' || strpbrk(name, ":\r\n\t ") != NULL || strpbrk(value, "\r\n") != NULL)
        return false;
    for (size_t i = 0; i < ELEMENTS(kept); i++)
        if (strcasecmp(name, kept[i]) == 0)
            return false;
    return true;
}

static enum sluice_status header_add(struct transfer *transfer, const char *name, const char *value)
{
    _cleanup_free_ char *line = NULL;
    if (!header_is_safe(name, value))
        return error_set(transfer->err, SLUICE_CONFIG, "%s: the header '%.64s' cannot be sent",
                         transfer->exchange->url->name, name);
    if (asprintf(&line, value[0] == '\0' ? "%s;%s" : "%s: %s", name, value) < 0)
        return error_no_memory(transfer->err);
    struct curl_slist *headers = curl_slist_append(transfer->headers, line);
    explicit_bzero(line, strlen(line));
    if (headers == NULL)
        return error_no_memory(transfer->err);
    transfer->headers = headers;
    return SLUICE_OK;
}

static enum sluice_status validators_add(struct transfer *transfer)
{
    const struct version *known = transfer->exchange->known;
    enum sluice_status status = SLUICE_OK;
    if (transfer->exchange->request->method != NULL &&
        strcmp(transfer->exchange->request->method, "GET") != 0)
        return SLUICE_OK;
    if (known->tag[0] != '\0')
        status = header_add(transfer, "If-None-Match", known->tag);
    if (status == SLUICE_OK && known->modified[0] != '\0')
        status = header_add(transfer, "If-Modified-Since", known->modified);
    return status;
}

static enum sluice_status headers_add(struct transfer *transfer, bool *ret_secret_sent)
{
    const struct sluice_fetch_request *request = transfer->exchange->request;
    const struct sluice_header *secret = &request->secret;
    enum sluice_status status = validators_add(transfer);
    for (size_t i = 0; i < request->n_headers && status == SLUICE_OK; i++)
        status = header_add(transfer, request->headers[i].name, request->headers[i].value);
    *ret_secret_sent = secret->name != NULL && secret->value != NULL &&
                       policy_secret(transfer->options, transfer->exchange->url);
    if (status == SLUICE_OK && *ret_secret_sent)
        status = header_add(transfer, secret->name, secret->value);
    if (status != SLUICE_OK)
        return status;
    struct curl_slist *headers =
        curl_slist_append(transfer->headers, "Expect:"); /* no waiting before a body */
    if (headers == NULL)
        return error_no_memory(transfer->err);
    transfer->headers = headers;
    return SLUICE_OK;
}

static void method_set(const struct transfer *transfer)
{
    const struct exchange *exchange = transfer->exchange;
    const struct sluice_fetch_request *request = exchange->request;
    CURL *easy = transfer->easy;
    if (exchange->bare)
        return;
    if (request->body != NULL) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
    }
    if (request->method != NULL && strcmp(request->method, request->body == NULL ? "GET" : "POST") != 0)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

/* Nothing from the environment or from files of the user, no step that is not ours, certificates always. */
static bool policy_set(const struct transfer *transfer)
{
    const struct fetch_options *options = transfer->options;
    CURL *easy = transfer->easy;
    bool set = curl_easy_setopt(easy, CURLOPT_CURLU, transfer->exchange->url->handle) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
    if (set && options->ca_file != NULL)
        set = curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
    return set;
}

static bool limits_set(const struct transfer *transfer)
{
    enum { CONNECTION_SECONDS = 60 };
    const struct fetch_options *options = transfer->options;
    CURL *easy = transfer->easy;
    return curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) ==
               CURLE_OK && /* a lookup never delays a cancellation */
           curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_SIZE) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout.ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_SECONDS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)transfer->wire_limit) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, DECODER_CODINGS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
}

enum sluice_status transfer_prepare(struct transfer *transfer, bool *ret_secret_sent)
{
    enum sluice_status status = headers_add(transfer, ret_secret_sent);
    if (status != SLUICE_OK)
        return status;
    if (!policy_set(transfer) || !limits_set(transfer))
        return error_set(transfer->err, SLUICE_FATAL,
                         "this libcurl lacks what a safe fetch needs; install 7.88 or later");
    method_set(transfer);
    return SLUICE_OK;
}
