/* SPDX-License-Identifier: Apache-2.0 */
#include "host/exchange.h"

#include "base/cleanup.h"
#include "host/fetch_client.h"
#include "host/transfer.h"

#include <string.h>

enum { HEADER_LIMIT = 64 * 1024, ADDRESS_LIMIT = 4 };

#define RATIO_FREE (UINT64_C(8) << 20) /* decoded bytes before the ratio counts */

static void transfer_free(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    decoder_free(&transfer->decoder);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return b != 0 && b < a ? b : a;
}

bool answer_is_document(const struct sluice_fetch_request *request, long status)
{
    if (status >= 200 && status < 300)
        return status != 206;
    return (request->flags & SLUICE_FETCH_ERRORS) != 0 && status >= 400 && status < 500;
}

static enum sluice_status limits_check(const struct transfer *transfer)
{
    const char *name = transfer->exchange->url->name;
    if (transfer->wire > transfer->wire_limit)
        return error_set(transfer->err, SLUICE_DATA,
                         "%s: more than %llu bytes on the wire; raise fetch.max_body", name,
                         (unsigned long long)transfer->wire_limit);
    if (transfer->decoded > transfer->decoded_limit)
        return error_set(transfer->err, SLUICE_DATA, "%s: more than %llu bytes; raise fetch.max_decoded",
                         name, (unsigned long long)transfer->decoded_limit);
    uint64_t ratio = (uint64_t)transfer->options->max_ratio;
    if (transfer->decoded > RATIO_FREE && transfer->decoded / ratio > transfer->wire)
        return error_set(
            transfer->err, SLUICE_DATA,
            "%s: the body grows to more than %llu times its size; if that is right, raise fetch.max_ratio",
            name, (unsigned long long)ratio);
    return SLUICE_OK;
}

/* Takes a piece of the decoded body. */
static enum sluice_status piece_keep(void *context, const char *bytes, size_t n)
{
    struct transfer *transfer = context;
    transfer->decoded += n;
    enum sluice_status status = limits_check(transfer);
    return status != SLUICE_OK ? status : spool_append(transfer->spool, bytes, n, transfer->err);
}

static enum sluice_status body_take(struct transfer *transfer, const char *bytes, size_t n)
{
    const char *name = transfer->exchange->url->name;
    enum sluice_status status = limits_check(transfer);
    long response = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &response);
    if (status != SLUICE_OK || !answer_is_document(transfer->exchange->request, response))
        return status;
    if (transfer->wire == n) /* its first bytes */
        status = decoder_begin(&transfer->decoder, transfer_header(transfer, "Content-Encoding"), name,
                               transfer->err);
    if (status != SLUICE_OK)
        return status;
    return decoder_feed(&transfer->decoder, bytes, n, piece_keep, transfer, name, transfer->err);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    transfer->wire += size * n;
    transfer->status = body_take(transfer, bytes, size * n);
    return transfer->status == SLUICE_OK ? size * n : CURL_WRITEFUNC_ERROR;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    (void)bytes;
    transfer->header_bytes += size * n;
    if (transfer->header_bytes <= HEADER_LIMIT)
        return size * n;
    transfer->status =
        error_set(transfer->err, SLUICE_DATA, "%s: the answer's headers are longer than %d bytes",
                  transfer->exchange->url->name, HEADER_LIMIT);
    return 0;
}

static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = context;
    if (purpose != CURLSOCKTYPE_IPCXN || ++transfer->addresses > ADDRESS_LIMIT)
        return CURL_SOCKET_BAD;
    if (!policy_address(transfer->options, transfer->exchange->url, &address->addr)) {
        address_format(&address->addr, transfer->refused);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void callbacks_set(struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
}

enum sluice_status exchange_run(const struct exchange *exchange, struct spool *spool,
                                struct answer *ret_answer, struct sluice_error *err)
{
    const struct fetch_options *options = exchange->context->services->fetch;
    const struct sluice_fetch_request *request = exchange->request;
    _cleanup_(transfer_free) struct transfer transfer = {
        .exchange = exchange,
        .options = options,
        .easy = curl_easy_init(),
        .spool = spool,
        .wire_limit = least(options->max_body.bytes, request->max_bytes),
        .decoded_limit = least(options->max_decoded.bytes, request->max_bytes),
        .err = err,
    };
    bool secret_sent;
    CURLcode code = CURLE_OK;
    if (transfer.easy == NULL)
        return error_no_memory(err);
    enum sluice_status status = transfer_prepare(&transfer, &secret_sent);
    if (status != SLUICE_OK)
        return status;
    callbacks_set(&transfer);
    status = fetch_client_perform(exchange->context, transfer.easy, exchange->url->name, &code, err);
    if (status != SLUICE_OK)
        return status;
    if (code != CURLE_OK)
        return transfer_failure(&transfer, code);
    status = transfer_answer(&transfer, ret_answer);
    if (status == SLUICE_OK)
        ret_answer->secret_sent = secret_sent;
    return status;
}
