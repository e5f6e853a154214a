/* SPDX-License-Identifier: Apache-2.0 */
/* Every refusal becomes one sentence that says who has to do what. Google's own words are used only where
 * none of ours fit: they may be long and name projects by number. */
#include "api.h"

#include "base/cleanup.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { REFUSAL_BYTES = 1 << 20, URL_SIZE = 2048, QUOTA_PAUSE_MS = 10000 };

/* What an error answer says: {"error": {"status", "message", "details": [{"reason"}], "errors":
 * [{"reason"}]}}. */
struct refusal {
    uint32_t http_status;
    const char *status, *message, *reason; /* never NULL */
};

static const char *reason_in(const json_t *list)
{
    size_t i;
    json_t *each;
    json_array_foreach(list, i, each)
    {
        const char *reason = json_string_value(json_object_get(each, "reason"));
        if (reason != NULL)
            return reason;
    }
    return NULL;
}

static struct refusal refusal_read(const struct sluice_document *document, const json_t *answer)
{
    const json_t *error = json_object_get(answer, "error");
    const char *status = json_string_value(json_object_get(error, "status"));
    const char *message = json_string_value(json_object_get(error, "message"));
    const char *reason = reason_in(json_object_get(error, "details"));
    if (reason == NULL)
        reason = reason_in(json_object_get(error, "errors"));
    return (struct refusal){document->http_status, status == NULL ? "" : status,
                            message == NULL ? "" : message, reason == NULL ? "" : reason};
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static bool is_quota(const struct refusal *refusal)
{
    static const char *const reasons[] = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED",
                                          "quotaExceeded",     "dailyLimitExceeded",    NULL};
    return refusal->http_status == 429 || strcmp(refusal->status, "RESOURCE_EXHAUSTED") == 0 ||
           is_one_of(refusal->reason, reasons);
}

static enum sluice_status not_shared(const struct gsheets *self, const char *name, struct sluice_error *err)
{
    const struct sluice_host *host = self->host;
    if (access_kind(self->access) == ACCESS_ACCOUNT)
        return host->fail(
            host, err, SLUICE_AUTH,
            "%s is not shared with this program; share it with %s as a viewer, or with everyone who has "
            "the link",
            name, access_address(self->access));
    return host->fail(
        host, err, SLUICE_AUTH,
        "%s is not public; share it with everyone who has the link, or set 'credentials' to a service "
        "account's key file and share it with that account",
        name);
}

static enum sluice_status forbidden(const struct gsheets *self, const struct refusal *refusal,
                                    const char *name, struct sluice_error *err)
{
    static const char *const disabled[] = {"SERVICE_DISABLED", "accessNotConfigured", NULL};
    static const char *const not_a_file[] = {"fileNotDownloadable", NULL};
    static const char *const scopes[] = {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions", NULL};
    const struct sluice_host *host = self->host;
    if (is_one_of(refusal->reason, not_a_file))
        return SLUICE_END;
    if (is_one_of(refusal->reason, disabled))
        return host->fail(
            host, err, SLUICE_AUTH,
            "the Google project of these credentials does not have the Sheets or Drive API enabled; "
            "enable it in the Google Cloud console and try again some minutes later");
    if (is_one_of(refusal->reason, scopes))
        return host->fail(
            host, err, SLUICE_AUTH,
            "the credentials may not read spreadsheets (the token lacks the scope); use a service "
            "account's own key file");
    if (strstr(refusal->message, "unregistered callers") != NULL)
        return host->fail(
            host, err, SLUICE_AUTH,
            "Google saw no credentials: the address is not among fetch.api_hosts, or the API key is "
            "empty; add the host there");
    return not_shared(self, name, err);
}

static enum sluice_status bad_request(const struct gsheets *self, const struct refusal *refusal,
                                      const char *name, struct sluice_error *err)
{
    const struct sluice_host *host = self->host;
    if (strcmp(refusal->reason, "API_KEY_INVALID") == 0 ||
        strstr(refusal->message, "API key not valid") != NULL)
        return host->fail(host, err, SLUICE_AUTH, "Google does not accept the API key; correct 'api_key'");
    if (strstr(refusal->message, "not supported for this document") != NULL)
        return SLUICE_END;
    return host->fail(host, err, SLUICE_CONFIG,
                      "%s: Google answers %u: %.200s; check the address and the options", name,
                      (unsigned)refusal->http_status, refusal->message);
}

static enum sluice_status refused(const struct gsheets *self, const struct sluice_document *document,
                                  const char *name, struct sluice_error *err)
{
    const struct sluice_host *host = self->host;
    json_t *answer =
        document->size > REFUSAL_BYTES ? NULL : json_loadb(document->data, (size_t)document->size, 0, NULL);
    const struct refusal refusal = refusal_read(document, answer);
    enum sluice_status status;
    if (is_quota(&refusal))
        status = host->quota(host, err, QUOTA_PAUSE_MS, "%s: Google's quota is used up", name);
    else if (refusal.http_status == 401)
        status = host->fail(host, err, SLUICE_AUTH,
                            "Google does not accept the credentials%s%s any more; make a new "
                            "key file",
                            access_address(self->access) == NULL ? "" : " of ",
                            access_address(self->access) == NULL ? "" : access_address(self->access));
    else if (refusal.http_status == 403)
        status = forbidden(self, &refusal, name, err);
    else if (refusal.http_status == 404 || refusal.http_status == 410)
        status =
            host->fail(host, err, SLUICE_CONFIG,
                       "there is no %s: it was deleted, or its address is wrong; correct the address", name);
    else
        status = bad_request(self, &refusal, name, err);
    json_decref(answer);
    return status;
}

/* ---- Requests ---- */

bool api_escape(const char *text, char *out, size_t size)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t used = strlen(out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-_.~", c) != NULL;
        if (used + 4 > size)
            return false;
        out[used++] = plain ? (char)c : '%';
        if (plain)
            continue;
        out[used++] = hex[c >> 4];
        out[used++] = hex[c & 15];
    }
    out[used] = '\0';
    return true;
}

static const char *base_of(const struct gsheets *self, enum api_kind kind)
{
    return kind == API_SHEETS ? self->config->api_base : self->config->drive_base;
}

/* Sheets and hints share a token where hints are wanted. */
static const char *scope_of(const struct gsheets *self, enum api_kind kind)
{
    if (kind == API_FILES)
        return SCOPE_FILES;
    return self->config->drive_hints ? SCOPE_HINTS : SCOPE_SHEETS;
}

/* Any answer but a failure of the way there. */
static enum sluice_status exchange(struct gsheets *self, enum api_kind kind, const char *url,
                                   const struct sluice_document **ret_document, struct sluice_error *err)
{
    const struct sluice_host *host = self->host;
    const struct config *config = self->config;
    const uint32_t burst = (uint32_t)config->burst;
    const struct sluice_budget budgets[] = {
        {.name = access_user(self->access),
         .per_minute = (uint32_t)config->reads_per_minute - burst,
         .burst = burst,
         .cost = 1},
        {.name = access_project(self->access),
         .per_minute = (uint32_t)config->project_reads_per_minute - burst,
         .burst = burst,
         .cost = 1},
    };
    struct sluice_fetch_request request = {
        .struct_size = sizeof request,
        .flags = SLUICE_FETCH_ERRORS,
        .location = url,
        .budgets = budgets,
        .n_budgets = kind == API_SHEETS ? ELEMENTS(budgets) : 0,
    };
    enum sluice_status status = access_header(self->access, scope_of(self, kind), &request.secret, err);
    return status == SLUICE_OK ? host->fetch(host, &request, ret_document, err) : status;
}

enum sluice_status api_get(struct gsheets *self, enum api_kind kind, const char *path, const char *name,
                           const struct sluice_document **ret_document, struct sluice_error *err)
{
    const struct sluice_document *document = NULL;
    char url[URL_SIZE];
    int n = snprintf(url, sizeof url, "%s%s", base_of(self, kind), path);
    if (n < 0 || n >= (int)sizeof url)
        return self->host->fail(self->host, err, SLUICE_CONFIG, "%s: the address is too long", name);
    enum sluice_status status = exchange(self, kind, url, &document, err);
    if (status == SLUICE_OK && document->http_status == 401 && access_kind(self->access) == ACCESS_ACCOUNT) {
        document->release(document); /* a token may end before its time: once more with a new one */
        access_forget(self->access, scope_of(self, kind));
        status = exchange(self, kind, url, &document, err);
    }
    if (status != SLUICE_OK)
        return status;
    if (document->http_status < 300) {
        *ret_document = document;
        return SLUICE_OK;
    }
    status = refused(self, document, name, err);
    document->release(document);
    return status;
}
