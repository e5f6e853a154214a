/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/notice.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/columns.h"
#include "base/json.h"
#include "base/text.h"
#include "host/location.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BODY_CEILING = 256 << 10, SUPPLIERS_TOLD = 50, ANSWER_LIMIT = 64 << 10 };

/* What became of one run, as far as people are concerned. */
struct findings {
    struct buffer suppliers; /* JSON objects of those that failed or are held */
    size_t n_told, failed, throttled, held;
    /* of the run before */
    char former_id[SLUICE_ID_SIZE], former_outcome[16];
    const char *run_id;
    bool seen;
};

/* ---- Asking the store ---- */

static void tell_supplier(struct findings *findings, const struct sluice_column *columns,
                          const struct sluice_cell *cells, size_t n)
{
    static const char *const names[] = {"supplier", "outcome", "error_type", "message"};
    if (findings->n_told == SUPPLIERS_TOLD)
        return;
    buffer_text(&findings->suppliers, findings->n_told++ == 0 ? "{" : ",{");
    for (size_t i = 0; i < ELEMENTS(names); i++) {
        buffer_printf(&findings->suppliers, "%s\"%s\":", i == 0 ? "" : ",", i == 0 ? "name" : names[i]);
        json_text(&findings->suppliers, column_cell(columns, cells, n, names[i]));
    }
    buffer_byte(&findings->suppliers, '}');
}

static enum sluice_status take_job(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct findings *findings = context;
    struct sluice_cell outcome = column_cell(columns, cells, n, "outcome");
    bool held = text_is(outcome, "held");
    if (!held && !text_is(outcome, "failed"))
        return SLUICE_OK;
    if (!held && text_is(column_cell(columns, cells, n, "error_type"), "quota")) {
        findings->throttled++;
        return SLUICE_OK;
    }
    findings->held += held;
    findings->failed += !held;
    tell_supplier(findings, columns, cells, n);
    return SLUICE_OK;
}

/* The runs come newest first; the one behind ours is the former one. */
static enum sluice_status take_run(void *context, const struct sluice_column *columns,
                                   const struct sluice_cell *cells, size_t n)
{
    struct findings *findings = context;
    struct sluice_cell id = column_cell(columns, cells, n, "id");
    struct sluice_cell outcome = column_cell(columns, cells, n, "outcome");
    if (text_is(id, findings->run_id))
        findings->seen = true;
    else if (findings->seen && findings->former_id[0] == '\0') {
        snprintf(findings->former_id, sizeof findings->former_id, "%.*s", (int)id.len, id.ptr);
        if (outcome.ptr != NULL)
            snprintf(findings->former_outcome, sizeof findings->former_outcome, "%.*s", (int)outcome.len,
                     outcome.ptr);
    }
    return SLUICE_OK;
}

static enum sluice_status find_jobs(struct instance *store, const char *run_id, struct findings *findings,
                                    struct sluice_error *err)
{
    const struct sluice_query query = {
        .struct_size = sizeof query, .what = SLUICE_QUERY_JOBS, .run_id = run_id};
    const struct sluice_sink sink = {findings, take_job};
    return store->plugin->store->query(store->self, &query, &sink, err);
}

static enum sluice_status find_former(struct instance *store, struct findings *findings,
                                      struct sluice_error *err)
{
    const struct sluice_query query = {.struct_size = sizeof query, .what = SLUICE_QUERY_RUNS, .limit = 10};
    const struct sluice_sink sink = {findings, take_run};
    return store->plugin->store->query(store->self, &query, &sink, err);
}

/* ---- What it is called ---- */

/* NULL: nothing that anyone has to know. */
static const char *trouble(const struct findings *findings, bool failed, bool held, bool throttled)
{
    if (findings->failed > 0 || (failed && !throttled && findings->throttled + findings->held == 0))
        return "failed";
    return findings->held > 0 || held ? "held" : NULL;
}

static enum sluice_status former_was_told(struct instance *store, struct findings *findings, bool *ret_told,
                                          struct sluice_error *err)
{
    struct findings former = {.suppliers = BUFFER_INIT(BODY_CEILING)};
    bool failed = strcmp(findings->former_outcome, "failed") == 0;
    bool held = strcmp(findings->former_outcome, "held") == 0;
    *ret_told = false;
    if (!failed && !held && strcmp(findings->former_outcome, "partial") != 0)
        return SLUICE_OK;
    enum sluice_status status = find_jobs(store, findings->former_id, &former, err);
    *ret_told = trouble(&former, failed, held, false) != NULL;
    buffer_free(&former.suppliers);
    return status;
}

static enum sluice_status name_run(struct instance *store, const struct notice *notice,
                                   struct findings *findings, const char **ret_event,
                                   struct sluice_error *err)
{
    bool told = false;
    enum sluice_status status = find_jobs(store, notice->run_id, findings, err);
    if (status != SLUICE_OK)
        return status;
    *ret_event = trouble(findings, notice->outcome == SLUICE_OUTCOME_FAILED,
                         notice->outcome == SLUICE_OUTCOME_HELD, notice->throttled);
    if (*ret_event != NULL || notice->outcome != SLUICE_OUTCOME_SUCCESS)
        return SLUICE_OK;
    status = find_former(store, findings, err);
    if (status == SLUICE_OK)
        status = former_was_told(store, findings, &told, err);
    *ret_event = told ? "recovered" : NULL;
    return status;
}

/* ---- The message ---- */

static void write_text(struct buffer *body, const char *name, const char *value)
{
    buffer_printf(body, ",\"%s\":", name);
    json_text(body, text_of(value));
}

static void write_body(struct buffer *body, const struct host_services *services, const char *event,
                       const struct notice *notice, const struct findings *findings)
{
    char at[TIME_TEXT_SIZE], next[TIME_TEXT_SIZE];
    time_format(services->clock->wall_us(services->clock), at);
    time_format(notice->next_us, next);
    buffer_text(body, "{\"event\":");
    json_text(body, text_of(event));
    write_text(body, "at", at);
    if (notice->kind == NOTICE_TEST)
        write_text(body, "message", "This is a test of Sluice's notifications.");
    if (notice->kind == NOTICE_MISSED) {
        write_text(body, "schedule", notice->schedule);
        buffer_printf(body, ",\"missed\":%" PRIu64, notice->missed);
        write_text(body, "next_at", next);
        write_text(body, "message", "Syncs that were due were missed: nothing ran then.");
    }
    if (notice->kind == NOTICE_RUN) {
        write_text(body, "run_id", notice->run_id);
        write_text(body, "message",
                   notice->message[0] != '\0' ? notice->message : "Every supplier is in line again.");
        buffer_printf(body, ",\"failed\":%zu,\"held\":%zu,\"suppliers\":[", findings->failed, findings->held);
        buffer_text(body, findings->suppliers.data != NULL ? findings->suppliers.data : "");
        buffer_byte(body, ']');
    }
    buffer_byte(body, '}');
}

/* ---- The way ---- */

/* The address is a secret, its host and what happened are not. */
static enum sluice_status without_address(const char *address, struct sluice_error *err)
{
    char name[LOCATION_NAME_SIZE], rest[ERROR_MESSAGE_SIZE];
    location_name(address, name);
    size_t n = strlen(name);
    bool named = strncmp(err->message, name, n) == 0;
    snprintf(rest, sizeof rest, "%s", named ? err->message + n : "");
    return error_set(err, err->status, "the webhook of section notify was not told%s", rest);
}

static enum sluice_status post(struct instance *instance, const char *address, const struct buffer *body,
                               struct sluice_error *err)
{
    const struct sluice_header headers[] = {{"Content-Type", "application/json", 0}};
    const struct sluice_fetch_request request = {
        .struct_size = sizeof request,
        .location = address,
        .method = "POST",
        .headers = headers,
        .n_headers = ELEMENTS(headers),
        .body = body->data,
        .body_size = body->size,
        .max_bytes = ANSWER_LIMIT,
    };
    const struct sluice_document *document = NULL;
    enum sluice_status status = instance->host->fetch(instance->host, &request, &document, err);
    if (status != SLUICE_OK)
        return without_address(address, err);
    uint32_t answer = document->http_status;
    document->release(document);
    if (answer >= 300)
        return error_set(err, SLUICE_CONFIG, "the webhook of section notify answers %u; check its address",
                         answer);
    return SLUICE_OK;
}

static bool wanted(const struct notify_options *options, const char *event)
{
    for (size_t i = 0; i < options->on.n_items; i++)
        if (strcmp(options->on.items[i], event) == 0)
            return true;
    return strcmp(event, "test") == 0;
}

enum sluice_status notify_options_check(const struct notify_options *options, struct sluice_error *err)
{
    static const char *const known[] = {"failed", "held", "recovered", "missed"};
    for (size_t i = 0; i < options->on.n_items; i++) {
        bool found = false;
        for (size_t k = 0; k < ELEMENTS(known); k++)
            found = found || strcmp(options->on.items[i], known[k]) == 0;
        if (!found)
            return error_set(err, SLUICE_CONFIG,
                             "\"%s\" is no event; there are failed, held, recovered, missed",
                             options->on.items[i]);
    }
    return SLUICE_OK;
}

enum sluice_status notice_tell(const struct host_services *services, const struct sync_setup *setup,
                               const struct notify_options *options, const struct notice *notice,
                               struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer body = BUFFER_INIT(BODY_CEILING);
    struct findings findings = {.suppliers = BUFFER_INIT(BODY_CEILING / 2), .run_id = notice->run_id};
    const char *event = notice->kind == NOTICE_TEST ? "test" : "missed";
    struct instance *store = NULL; /* its host also fetches */
    enum sluice_status status =
        instance_create(services, setup->store.plugin, setup->store.options, "notify", &store, err);
    if (status == SLUICE_OK && notice->kind == NOTICE_RUN)
        status = name_run(store, notice, &findings, &event, err);
    if (status == SLUICE_OK && event != NULL && wanted(options, event)) {
        write_body(&body, services, event, notice, &findings);
        status = body.failed || findings.suppliers.failed ? error_no_memory(err)
                                                          : post(store, options->webhook.text, &body, err);
    }
    instance_destroy(store);
    buffer_free(&findings.suppliers);
    return status;
}
