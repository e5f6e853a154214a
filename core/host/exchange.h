/* SPDX-License-Identifier: Apache-2.0 */
/* One request and its answer, without redirects and repetitions. Limits hold while bytes arrive, not
 * afterwards. */
#ifndef HOST_EXCHANGE_H
#define HOST_EXCHANGE_H

#include "host/document.h"
#include "host/fetch_run.h"
#include "host/url.h"

struct exchange {
    const struct fetch_context *context;
    const struct sluice_fetch_request *request;
    const struct url *url;
    const struct version *known; /* its validators are sent with a GET */
    bool bare;                   /* a GET without body: after a 303 */
};

struct answer {
    long status;
    bool secret_sent;
    int64_t retry_after_ms; /* 0: not said */
    int64_t server_time_us;
    char *location; /* absolute, of a redirect; or NULL */
    char *content_type, *modified, *tag;
};

/* OK with any answer that is whole; of those that become a document the body is in `spool`, which begins
 * empty. */
enum sluice_status exchange_run(const struct exchange *exchange, struct spool *spool,
                                struct answer *ret_answer, struct sluice_error *err);
void answer_free(struct answer *answer); /* [cleanup] accepts a zeroed one */

/* Does the body of such an answer become a document? */
bool answer_is_document(const struct sluice_fetch_request *request, long status);

#endif
