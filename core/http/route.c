/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#include "base/cleanup.h"
#include "http/handlers.h"
#include "http/query.h"

#include <string.h>

#define ADMIN "/api/v1/admin/ingestion"
#define PAGE  (QUERY_BIT(QUERY_LIMIT) | QUERY_BIT(QUERY_OFFSET))

#define READ(path, name, role, parameters, handle)                                                 \
    {                                                                                              \
        METHOD_GET, ADMIN path, name, role, LIMIT_NONE, PLACE_STORE, BODY_NONE, parameters, handle \
    }
#define ACT(path, name, limit, body, handle)                                           \
    {                                                                                  \
        METHOD_POST, ADMIN path, name, ROLE_ADMIN, limit, PLACE_STORE, body, 0, handle \
    }
#define MEMORY(path, name, role, parameters, handle)                                          \
    {                                                                                         \
        METHOD_GET, path, name, role, LIMIT_NONE, PLACE_MEMORY, BODY_NONE, parameters, handle \
    }
#define DOOR(path, name, handle)                                                                \
    {                                                                                           \
        METHOD_POST, path, name, ROLE_PUBLIC, LIMIT_LOGIN, PLACE_DOOR, BODY_REQUIRED, 0, handle \
    }

const struct route routes[] = {
    MEMORY(ADMIN "/status", "getStatus", ROLE_VIEWER, QUERY_BIT(QUERY_LOG_LIMIT), handle_status),
    MEMORY("/healthz", "health", ROLE_PUBLIC, 0, handle_health),
    MEMORY("/readyz", "ready", ROLE_PUBLIC, 0, handle_ready),
    MEMORY("/metrics", "metrics", ROLE_VIEWER, 0, handle_metrics),
    MEMORY("/openapi.json", "openapi", ROLE_PUBLIC, 0, handle_openapi),
    MEMORY("/api/v1/auth/me", "getMe", ROLE_VIEWER, 0, handle_me),
    DOOR("/api/v1/auth/login", "login", handle_login),
    DOOR("/api/v1/auth/link", "loginByLink", handle_link),
    READ("/runs", "listRuns", ROLE_VIEWER, PAGE | QUERY_BIT(QUERY_SUPPLIER), handle_runs),
    READ("/runs/{id}", "getRun", ROLE_VIEWER, 0, handle_run),
    READ("/runs/{id}/suppliers", "listRunSuppliers", ROLE_VIEWER, PAGE, handle_run_suppliers),
    READ("/suppliers", "listSuppliers", ROLE_VIEWER, PAGE | QUERY_BIT(QUERY_SEARCH), handle_suppliers),
    READ("/suppliers/{id}", "getSupplier", ROLE_VIEWER, 0, handle_supplier),
    READ("/suppliers/{id}/runs", "listSupplierRuns", ROLE_VIEWER, PAGE, handle_supplier_runs),
    READ("/suppliers/{id}/items", "listItems", ROLE_VIEWER, PAGE | QUERY_BIT(QUERY_SEARCH), handle_items),
    READ("/suppliers/{id}/prices", "listPriceChanges", ROLE_VIEWER, PAGE | QUERY_BIT(QUERY_RUN_ID),
         handle_prices),
    READ("/rejects", "listRejects", ROLE_VIEWER,
         PAGE | QUERY_BIT(QUERY_SUPPLIER) | QUERY_BIT(QUERY_RUN_ID) | QUERY_BIT(QUERY_CODE) |
             QUERY_BIT(QUERY_FORMAT),
         handle_rejects),
    READ("/rejects/counts", "countRejects", ROLE_VIEWER, QUERY_BIT(QUERY_SUPPLIER) | QUERY_BIT(QUERY_RUN_ID),
         handle_reject_counts),
    READ("/holds", "listHolds", ROLE_VIEWER, PAGE | QUERY_BIT(QUERY_SUPPLIER) | QUERY_BIT(QUERY_STATE),
         handle_holds),
    READ("/holds/{id}", "getHold", ROLE_VIEWER, 0, handle_hold),
    READ("/logs", "listLogs", ROLE_VIEWER,
         QUERY_BIT(QUERY_LIMIT) | QUERY_BIT(QUERY_SUPPLIER) | QUERY_BIT(QUERY_RUN_ID) |
             QUERY_BIT(QUERY_LEVEL) | QUERY_BIT(QUERY_AFTER) | QUERY_BIT(QUERY_BEFORE),
         handle_logs),
    READ("/schedule", "getSchedule", ROLE_VIEWER, QUERY_BIT(QUERY_N), handle_schedule),
    READ("/audit", "listAudit", ROLE_ADMIN, PAGE, handle_audit),
    ACT("/sync", "startSync", LIMIT_TRIGGER, BODY_OPTIONAL, handle_sync),
    ACT("/suppliers/{id}/sync", "startSupplierSync", LIMIT_TRIGGER, BODY_NONE, handle_supplier_sync),
    ACT("/runs/{id}/cancel", "cancelRun", LIMIT_CHANGE, BODY_NONE, handle_cancel),
    ACT("/holds/{id}/approve", "approveHold", LIMIT_CHANGE, BODY_NONE, handle_approve),
    ACT("/holds/{id}/discard", "discardHold", LIMIT_CHANGE, BODY_NONE, handle_discard),
    ACT("/schedule/pause", "pauseSchedule", LIMIT_CHANGE, BODY_REQUIRED, handle_pause),
    ACT("/schedule/resume", "resumeSchedule", LIMIT_CHANGE, BODY_NONE, handle_resume),
};
const size_t route_count = ELEMENTS(routes);

enum http_method method_of(const char *name)
{
    if (strcmp(name, "GET") == 0 || strcmp(name, "HEAD") == 0)
        return METHOD_GET;
    if (strcmp(name, "POST") == 0)
        return METHOD_POST;
    return strcmp(name, "OPTIONS") == 0 ? METHOD_OPTIONS : METHOD_OTHER;
}

/* Compares without any rewriting: "//", "..", a slash too many or another case are another path. */
static bool path_fits(const char *pattern, const char *path, char ret_id[SLUICE_ID_SIZE])
{
    static const char place[] = "{id}";
    const char *mark = strstr(pattern, place);
    ret_id[0] = '\0';
    if (mark == NULL)
        return strcmp(pattern, path) == 0;
    size_t before = (size_t)(mark - pattern);
    const size_t id_length = SLUICE_ID_SIZE - 1;
    if (strncmp(pattern, path, before) != 0 || strnlen(path + before, id_length) < id_length)
        return false;
    char id[SLUICE_ID_SIZE] = "";
    memcpy(id, path + before, id_length);
    if (!id_is_spelt_well(id) || strcmp(mark + strlen(place), path + before + id_length) != 0)
        return false;
    memcpy(ret_id, id, sizeof id);
    return true;
}

enum route_answer route_find(enum http_method method, const char *path, const struct route **ret_route,
                             char *ret_id)
{
    char id[SLUICE_ID_SIZE];
    enum route_answer answer = ROUTE_NO_PATH;
    for (size_t i = 0; i < route_count; i++) {
        if (!path_fits(routes[i].path, path, id))
            continue;
        answer = ROUTE_NO_METHOD;
        if (routes[i].method != method)
            continue;
        *ret_route = &routes[i];
        memcpy(ret_id, id, SLUICE_ID_SIZE);
        return ROUTE_FOUND;
    }
    return answer;
}

bool route_is_api(const char *path)
{
    return strncmp(path, "/api/", 5) == 0 || strcmp(path, "/api") == 0;
}
