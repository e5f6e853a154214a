/* SPDX-License-Identifier: Apache-2.0 */
/* What a transfer has come to: its failure in our words, or its answer if that is whole. */
#include "host/transfer.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

void answer_free(struct answer *answer)
{
    free(answer->location);
    free(answer->content_type);
    free(answer->modified);
    free(answer->tag);
    *answer = (struct answer){0};
}

enum sluice_status transfer_failure(const struct transfer *transfer, CURLcode code)
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
    case CURLE_PARTIAL_FILE:
        return error_set(err, SLUICE_RETRY, "%s: the body ended before it was whole", url->name);
    default:
        return error_set(err, SLUICE_RETRY, "%s: %s", url->name, curl_easy_strerror(code));
    }
}

const char *transfer_header(const struct transfer *transfer, const char *name)
{
    struct curl_header *header;
    CURLHcode code = curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header);
    return code == CURLHE_OK ? header->value : NULL;
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
    const char *coding = transfer_header(transfer, "Transfer-Encoding");
    if (coding != NULL ? strcasestr(coding, "chunked") != NULL
                       : transfer_header(transfer, "Content-Length") != NULL)
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
    const char *value = transfer_header(transfer, "Retry-After");
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

enum sluice_status transfer_answer(const struct transfer *transfer, struct answer *ret_answer)
{
    long status = 0;
    CURL *easy = transfer->easy;
    const char *date = transfer_header(transfer, "Date");
    char *location = NULL;
    time_t server_time = date == NULL ? -1 : curl_getdate(date, NULL);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    enum sluice_status checked = whole_check(transfer, status);
    if (checked == SLUICE_OK)
        checked = decoder_finish(&transfer->decoder, transfer->exchange->url->name, transfer->err);
    if (checked != SLUICE_OK)
        return checked;
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
    struct answer answer = {
        .status = status,
        .retry_after_ms = retry_after_ms(transfer),
        .server_time_us = server_time < 0 ? 0 : (int64_t)server_time * US_PER_SECOND,
    };
    bool kept = text_copy(location, &answer.location);
    kept = text_copy(transfer_header(transfer, "Content-Type"), &answer.content_type) && kept;
    kept = text_copy(transfer_header(transfer, "Last-Modified"), &answer.modified) && kept;
    kept = text_copy(transfer_header(transfer, "ETag"), &answer.tag) && kept;
    if (!kept) {
        answer_free(&answer);
        return error_no_memory(transfer->err);
    }
    *ret_answer = answer;
    return SLUICE_OK;
}
