/* SPDX-License-Identifier: Apache-2.0 */
/* Redirects, attempts, budgets, and what an answer means. Every hop passes the whole policy again. */
#include "host/exchange.h"
#include "host/fetch_slots.h"
#include "host/policy.h"

#include "base/cleanup.h"

#include <string.h>

enum { REDIRECT_LIMIT = 3 };

struct network_fetch {
    const struct fetch_context *context;
    const struct sluice_fetch_request *request;
    const char *name; /* as it was asked for */
    struct version known;
    struct spool spool;
};

static bool is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool may_pass(long status)
{
    return status == 408 || status == 425 || status == 429 ||
           (status >= 500 && status != 501 && status != 505 && status != 511);
}

static enum sluice_status refusal(const struct network_fetch *fetch, const struct url *url,
                                  const struct answer *answer, struct sluice_error *err)
{
    bool secret = fetch->request->secret.name != NULL && !answer->secret_sent;
    if (may_pass(answer->status)) {
        error_set(err, SLUICE_RETRY, "%s: the server answers %ld; it is tried again later", url->name,
                  answer->status);
        err->retry_after_ms = answer->retry_after_ms;
        err->quota = answer->status == 429;
        return SLUICE_RETRY;
    }
    switch (answer->status) {
    case 401:
    case 403:
    case 407:
        return error_set(err, SLUICE_AUTH,
                         "%s: the server answers %ld; share it with this program or correct its "
                         "credentials%s",
                         url->name, answer->status,
                         secret ? " (none were sent: the host is not in fetch.api_hosts)" : "");
    case 404:
    case 410:
        return error_set(err, SLUICE_CONFIG,
                         "%s: the server answers %ld, nothing is there; correct the address", url->name,
                         answer->status);
    default:
        return error_set(err, SLUICE_CONFIG, "%s: the server answers %ld; check the address", url->name,
                         answer->status);
    }
}

static enum sluice_status answer_take(struct network_fetch *fetch, const struct url *url,
                                      const struct answer *answer,
                                      const struct sluice_document **ret_document, struct sluice_error *err)
{
    bool asked = fetch->known.tag[0] != '\0' || fetch->known.modified[0] != '\0';
    if (answer->status == 304 && asked)
        return SLUICE_UNCHANGED;
    if (answer->status == 304)
        return error_set(err, SLUICE_DATA, "%s: the server answers 304 to a question that was not asked",
                         url->name);
    if (may_pass(answer->status) || !answer_is_document(fetch->request, answer->status))
        return refusal(fetch, url, answer, err);
    bool accepted = answer->status < 300;
    const struct document_facts facts = {
        .name = fetch->name,
        .location = fetch->request->location,
        .content_type = answer->content_type,
        .modified = accepted ? answer->modified : NULL,
        .tag = accepted ? answer->tag : NULL,
        .http_status = (uint32_t)answer->status,
        .server_time_us = answer->server_time_us,
    };
    return document_create(&fetch->spool, &fetch->context->stop, &facts,
                           accepted ? fetch->known.sha256 : NULL, ret_document, err);
}

/* One hop; the answer is of `url`. */
static enum sluice_status hop(struct network_fetch *fetch, const struct exchange *exchange,
                              struct answer *ret_answer, struct sluice_error *err)
{
    const struct fetch_context *context = fetch->context;
    const struct url *url = exchange->url;
    enum sluice_status status = policy_url(context->services->fetch, url, err);
    if (status == SLUICE_OK)
        status = spool_restart(&fetch->spool, err);
    if (status == SLUICE_OK)
        status = fetch_slot_enter(context->services->slots, url->server, &context->stop, url->name, err);
    if (status != SLUICE_OK)
        return status;
    status = exchange_run(exchange, &fetch->spool, ret_answer, err);
    fetch_slot_leave(context->services->slots, url->server);
    return status;
}

/* A redirect's address is parsed like any other; the old one is freed. */
static enum sluice_status url_follow(struct url *url, const struct answer *answer, struct sluice_error *err)
{
    struct url next;
    enum sluice_status status = url_parse(answer->location, &next, err);
    if (status != SLUICE_OK)
        return error_prefix(err, "%s leads on", url->host);
    if (url->is_tls && !next.is_tls) {
        url_free(&next);
        return error_set(err, SLUICE_CONFIG,
                         "%s: the server leads on to an address without TLS; correct the address", url->name);
    }
    url_free(url);
    *url = next;
    return SLUICE_OK;
}

static enum sluice_status attempt(struct network_fetch *fetch, const struct sluice_document **ret_document,
                                  struct sluice_error *err)
{
    _cleanup_(url_free) struct url url = {.handle = NULL};
    struct exchange exchange = {
        .context = fetch->context, .request = fetch->request, .url = &url, .known = &fetch->known};
    enum sluice_status status = url_parse(fetch->request->location, &url, err);
    for (int redirects = 0; status == SLUICE_OK; redirects++) {
        _cleanup_(answer_free) struct answer answer = {.status = 0};
        status = hop(fetch, &exchange, &answer, err);
        if (status != SLUICE_OK)
            return status;
        if (!is_redirect(answer.status) || answer.location == NULL)
            return answer_take(fetch, &url, &answer, ret_document, err);
        if (redirects == REDIRECT_LIMIT)
            return error_set(err, SLUICE_CONFIG, "%s: it leads on more than %d times; give the last address",
                             fetch->name, REDIRECT_LIMIT);
        exchange.bare = exchange.bare || answer.status == 303 ||
                        (fetch->request->body != NULL && (answer.status == 301 || answer.status == 302));
        status = url_follow(&url, &answer, err);
    }
    return status;
}

/* Waits for a quota; at once RETRY, with the rest of the error as it is, when that would outlast the
 * deadline. */
static enum sluice_status quota_wait(const struct network_fetch *fetch, int64_t wait_ms,
                                     struct sluice_error *err)
{
    const struct host_services *services = fetch->context->services;
    const struct stop *stop = &fetch->context->stop;
    if (services->waits != NULL)
        services->waits(services->take_context, wait_ms);
    if (stop_remaining_ms(stop, wait_ms) < wait_ms) {
        err->retry_after_ms = wait_ms;
        err->quota = true;
        return SLUICE_RETRY;
    }
    struct sluice_error ended;
    enum sluice_status status = stop_sleep(stop, wait_ms, fetch->name, &ended);
    if (status != SLUICE_OK)
        *err = ended;
    return status;
}

static enum sluice_status budget_ask(const struct host_services *services, const struct sluice_budget *budget,
                                     int64_t *ret_wait_ms, struct sluice_error *err)
{
    if (services->take != NULL)
        return services->take(services->take_context, budget, ret_wait_ms, err);
    *ret_wait_ms = services->buckets == NULL ? 0 : buckets_take(services->buckets, budget);
    return SLUICE_OK;
}

/* Waits until the budget has the request's cost. */
static enum sluice_status budget_take(const struct network_fetch *fetch, const struct sluice_budget *budget,
                                      struct sluice_error *err)
{
    for (;;) {
        int64_t wait_ms = 0;
        enum sluice_status status = budget_ask(fetch->context->services, budget, &wait_ms, err);
        if (status != SLUICE_OK || wait_ms <= 0)
            return status;
        error_set(err, SLUICE_RETRY, "%s: the request budget '%s' is used up for %lld ms", fetch->name,
                  budget->name, (long long)wait_ms);
        status = quota_wait(fetch, wait_ms, err);
        if (status != SLUICE_OK)
            return status;
    }
}

static enum sluice_status budgets_take(const struct network_fetch *fetch, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < fetch->request->n_budgets && status == SLUICE_OK; i++)
        status = budget_take(fetch, &fetch->request->budgets[i], err);
    return status;
}

/* The wait before the next attempt. */
static enum sluice_status attempt_wait(const struct network_fetch *fetch, int64_t wait_ms,
                                       struct sluice_error *err)
{
    const struct stop *stop = &fetch->context->stop;
    if (err->quota)
        return quota_wait(fetch, wait_ms, err);
    if (stop_remaining_ms(stop, wait_ms) < wait_ms)
        return SLUICE_RETRY;
    struct sluice_error ended;
    enum sluice_status slept = stop_sleep(stop, wait_ms, fetch->name, &ended);
    if (slept != SLUICE_OK)
        *err = ended;
    return slept;
}

/* Tries until it succeeds, fails for good, or the next wait would outlast the deadline. */
static enum sluice_status attempts(struct network_fetch *fetch, const struct sluice_document **ret_document,
                                   struct sluice_error *err)
{
    const struct host_services *services = fetch->context->services;
    int64_t wait_ms = 0;
    for (int64_t n = 1;; n++) {
        enum sluice_status status = budgets_take(fetch, err);
        if (status != SLUICE_OK)
            return status;
        err->retry_after_ms = 0;
        err->quota = false;
        status = attempt(fetch, ret_document, err);
        if (status != SLUICE_RETRY || n >= services->fetch->attempts)
            return status;
        wait_ms = fetch_backoff_ms(services->random, services->fetch->retry_delay.ms, wait_ms);
        wait_ms = err->retry_after_ms > wait_ms ? err->retry_after_ms : wait_ms;
        status = attempt_wait(fetch, wait_ms, err);
        if (status != SLUICE_OK)
            return status;
    }
}

enum sluice_status fetch_from_network(const struct fetch_context *context,
                                      const struct sluice_fetch_request *request, const char *name,
                                      const struct sluice_document **ret_document, struct sluice_error *err)
{
    struct network_fetch fetch = {
        .context = context,
        .request = request,
        .name = name,
        .known = version_read(request->version, request->location),
    };
    enum sluice_status status = stop_check(&context->stop, name, err);
    if (status == SLUICE_OK)
        status = spool_open(&fetch.spool, spool_folder(context->services->fetch->spool_dir), err);
    if (status != SLUICE_OK)
        return status;
    status = attempts(&fetch, ret_document, err);
    spool_close(&fetch.spool);
    return status;
}
