/* SPDX-License-Identifier: Apache-2.0 */
/* An exchange under way: what is set before it, what its callbacks see, what is read after it. Inside of
 * exchange. */
#ifndef HOST_TRANSFER_H
#define HOST_TRANSFER_H

#include "host/decoder.h"
#include "host/exchange.h"
#include "host/policy.h"

/* What the callbacks see. `status` is set by the one that stops the transfer. */
struct transfer {
    const struct exchange *exchange;
    const struct fetch_options *options;
    CURL *easy;
    struct curl_slist *headers;
    struct spool *spool;
    uint64_t wire_limit, decoded_limit;
    struct decoder decoder;
    uint64_t wire, decoded, header_bytes; /* received so far; `wire` and `decoded` of the body */
    unsigned addresses;
    char refused[ADDRESS_TEXT_SIZE]; /* the last address that the policy kept from */
    enum sluice_status status;
    struct sluice_error *err;
};

/* Address, method, headers and policy. *ret_secret_sent: the request's secret goes along. */
enum sluice_status transfer_prepare(struct transfer *transfer, bool *ret_secret_sent);

/* What curl's result means for us when no callback has said it already. */
enum sluice_status transfer_failure(const struct transfer *transfer, CURLcode code);

/* The answer's header, the last of several, or NULL; lives until the next. */
const char *transfer_header(const struct transfer *transfer, const char *name);

/* The answer of a transfer that curl found complete, if we do, too. */
enum sluice_status transfer_answer(const struct transfer *transfer, struct answer *ret_answer);

#endif
