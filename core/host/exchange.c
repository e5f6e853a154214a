/* SPDX-License-Identifier: Apache-2.0 */
#include "host/exchange.h"

#include "base/cleanup.h"
#include "host/fetch_client.h"
#include "host/policy.h"

#include <string.h>

enum { HEADER_LIMIT = 64 * 1024, ADDRESS_LIMIT = 4, RECEIVE_SIZE = 256 * 1024 };

#define RATIO_FREE (UINT64_C(8) << 20) /* decoded bytes before the ratio counts */

/* What the callbacks see. `status` is set by the one that stops the transfer. */
struct transfer {
    const struct exchange *exchange;
    const struct fetch_options *options;
    CURL *easy;
    struct curl_slist *headers;
    struct spool *spool;
    uint64_t wire_limit, decoded_limit;
    uint64_t decoded, header_bytes;
    unsigned addresses;
    char refused[ADDRESS_TEXT_SIZE]; /* the last address that the policy kept from */
    enum sluice_status status;
    struct sluice_error *err;
};

static void transfer_free(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
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

static uint64_t wire_bytes(CURL *easy)
{
    curl_off_t n = 0;
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &n);
    return n < 0 ? 0 : (uint64_t)n;
}

static enum sluice_status limits_check(struct transfer *transfer, uint64_t wire)
{
    const char *name = transfer->exchange->url->name;
    if (wire > transfer->wire_limit)
        return error_set(transfer->err, SLUICE_DATA,
                         "%s: more than %llu bytes on the wire; raise fetch.max_body", name,
                         (unsigned long long)transfer->wire_limit);
    if (transfer->decoded > transfer->decoded_limit)
        return error_set(transfer->err, SLUICE_DATA, "%s: more than %llu bytes; raise fetch.max_decoded",
                         name, (unsigned long long)transfer->decoded_limit);
    uint64_t ratio = (uint64_t)transfer->options->max_ratio;
    if (transfer->decoded > RATIO_FREE && transfer->decoded / ratio > wire)
        return error_set(
            transfer->err, SLUICE_DATA,
            "%s: the body grows to more than %llu times its size; if that is right, raise fetch.max_ratio",
            name, (unsigned long long)ratio);
    return SLUICE_OK;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    long status = 0;
    n *= size;
    transfer->decoded += n;
    transfer->status = limits_check(transfer, wire_bytes(transfer->easy));
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (transfer->status == SLUICE_OK && answer_is_document(transfer->exchange->request, status))
        transfer->status = spool_append(transfer->spool, bytes, n, transfer->err);
    return transfer->status == SLUICE_OK ? n : CURL_WRITEFUNC_ERROR;
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

/* A body that decodes to nothing reaches no on_body (). */
static int on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now)
{
    struct transfer *transfer = context;
    (void)total, (void)up_total, (void)up_now;
    if (transfer->status == SLUICE_OK)
        transfer->status = limits_check(transfer, now < 0 ? 0 : (uint64_t)now);
    return transfer->status == SLUICE_OK ? 0 : 1;
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

static void callbacks_set(struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
}

/* Nothing from the environment or from files of the user, no step that is not ours, certificates always. */
static bool policy_set(const struct transfer *transfer)
{
    const struct fetch_options *options = transfer->options;
    CURL *easy = transfer->easy;
    bool set = curl_easy_setopt(easy, CURLOPT_CURLU, transfer->exchange->url->handle) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "") != CURLE_OUT_OF_MEMORY &&
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
           curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
}

/* What curl's result means for us when no callback has said it already. */
static enum sluice_status failure(const struct transfer *transfer, CURLcode code)
{
    const struct url *url = transfer->exchange->url;
    struct sluice_error *err = transfer->err;
    if (transfer->status != SLUICE_OK)
        return transfer->status;
    if (transfer->refused[0] != '\0')
        return error_set(err, SLUICE_CONFIG,
                         "%s: its address %s is not on the public Internet; if it is yours, add '%s' to "
                         "fetch.allow_private",
                         url->name, transfer->refused, url->server);
    switch (code) {
    case CURLE_OUT_OF_MEMORY:
        return error_no_memory(err);
    case CURLE_FILESIZE_EXCEEDED:
        return error_set(err, SLUICE_DATA, "%s: more than %llu bytes on the wire; raise fetch.max_body",
                         url->name, (unsigned long long)transfer->wire_limit);
    case CURLE_COULDNT_RESOLVE_HOST:
        return error_set(err, SLUICE_RETRY, "%s: no address is known for that host; check how it is written",
                         url->name);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CERTPROBLEM:
        return error_set(err, SLUICE_CONFIG,
                         "%s: its certificate is not trusted (%s); have it renewed, or name its issuer in "
                         "fetch.ca_file",
                         url->name, curl_easy_strerror(code));
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return error_set(err, SLUICE_CONFIG, "%s: the answer or address is no HTTP (%s)", url->name,
                         curl_easy_strerror(code));
    case CURLE_BAD_CONTENT_ENCODING:
        return error_set(err, SLUICE_DATA, "%s: the body cannot be decoded (%s)", url->name,
                         curl_easy_strerror(code));
    case CURLE_PARTIAL_FILE:
        return error_set(err, SLUICE_RETRY, "%s: the body ended before it was whole", url->name);
    default:
        return error_set(err, SLUICE_RETRY, "%s: %s", url->name, curl_easy_strerror(code));
    }
}

/* The header's value when there is one; the last of several. */
static const char *header_value(CURL *easy, const char *name)
{
    struct curl_header *header;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
}

static bool lengths_differ(CURL *easy)
{
    struct curl_header *header;
    char first[32];
    if (curl_easy_header(easy, "Content-Length", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return false;
    snprintf(first, sizeof first, "%s", header->value);
    for (size_t i = 1; i < header->amount; i++)
        if (curl_easy_header(easy, "Content-Length", i, CURLH_HEADER, -1, &header) == CURLHE_OK &&
            strcmp(header->value, first) != 0)
            return true;
    return false;
}

/* A body that only ends with its connection may have been cut anywhere. */
static enum sluice_status whole_check(const struct transfer *transfer, long status)
{
    long version = 0;
    const char *name = transfer->exchange->url->name;
    if (!answer_is_document(transfer->exchange->request, status) || status == 204 || status == 205)
        return SLUICE_OK;
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &version);
    if (version != CURL_HTTP_VERSION_1_0 && version != CURL_HTTP_VERSION_1_1)
        return SLUICE_OK;
    if (lengths_differ(transfer->easy))
        return error_set(transfer->err, SLUICE_DATA, "%s: the answer has two lengths", name);
    const char *coding = header_value(transfer->easy, "Transfer-Encoding");
    if (coding != NULL ? strcasestr(coding, "chunked") != NULL
                       : header_value(transfer->easy, "Content-Length") != NULL)
        return SLUICE_OK;
    return error_set(
        transfer->err, SLUICE_DATA,
        "%s: the server does not say how long the body is, so that a cut one cannot be told from a whole "
        "one; have it send Content-Length",
        name);
}

/* Seconds or a date (RFC 9110 §10.2.3). */
static int64_t retry_after_ms(const struct transfer *transfer)
{
    enum { LONGEST_SECONDS = 86400 };
    const struct clock *clock = transfer->exchange->context->services->clock;
    const char *value = header_value(transfer->easy, "Retry-After");
    if (value == NULL)
        return 0;
    int64_t seconds;
    if (value[0] != '\0' && strspn(value, "0123456789") == strlen(value))
        seconds = strlen(value) > 9 ? LONGEST_SECONDS : strtol(value, NULL, 10);
    else
        seconds = (int64_t)curl_getdate(value, NULL) - clock->wall_us(clock) / US_PER_SECOND;
    if (seconds <= 0)
        return 0;
    return (seconds < LONGEST_SECONDS ? seconds : LONGEST_SECONDS) * 1000;
}

static bool text_keep(char **ret_copy, const char *text)
{
    *ret_copy = text == NULL ? NULL : strdup(text);
    return text == NULL || *ret_copy != NULL;
}

static enum sluice_status answer_read(const struct transfer *transfer, long status, struct answer *ret_answer)
{
    CURL *easy = transfer->easy;
    const char *date = header_value(easy, "Date");
    char *location = NULL;
    time_t server_time = date == NULL ? -1 : curl_getdate(date, NULL);
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
    struct answer answer = {
        .status = status,
        .retry_after_ms = retry_after_ms(transfer),
        .server_time_us = server_time < 0 ? 0 : (int64_t)server_time * US_PER_SECOND,
    };
    bool kept = text_keep(&answer.location, location);
    kept = text_keep(&answer.content_type, header_value(easy, "Content-Type")) && kept;
    kept = text_keep(&answer.modified, header_value(easy, "Last-Modified")) && kept;
    kept = text_keep(&answer.tag, header_value(easy, "ETag")) && kept;
    if (!kept) {
        answer_free(&answer);
        return error_no_memory(transfer->err);
    }
    *ret_answer = answer;
    return SLUICE_OK;
}

void answer_free(struct answer *answer)
{
    free(answer->location);
    free(answer->content_type);
    free(answer->modified);
    free(answer->tag);
    *answer = (struct answer){0};
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
    enum sluice_status status = headers_add(&transfer, &secret_sent);
    if (status != SLUICE_OK)
        return status;
    if (!policy_set(&transfer) || !limits_set(&transfer))
        return error_set(err, SLUICE_FATAL,
                         "this libcurl lacks what a safe fetch needs; install 7.88 or later");
    callbacks_set(&transfer);
    method_set(&transfer);
    status = fetch_client_perform(exchange->context, transfer.easy, exchange->url->name, &code, err);
    if (status != SLUICE_OK)
        return status;
    if (code != CURLE_OK)
        return failure(&transfer, code);
    long response = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &response);
    status = whole_check(&transfer, response);
    if (status == SLUICE_OK)
        status = answer_read(&transfer, response, ret_answer);
    if (status == SLUICE_OK)
        ret_answer->secret_sent = secret_sent;
    return status;
}
