/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"
#include "http/head.h"
#include "http/query.h"
#include "http/route.h"

#include <stdio.h>
#include <string.h>

#define ID "018f5c3e-7b2a-7c1d-9e4f-0123456789ab"

static const struct route *found(const char *method, const char *path, char *ret_id)
{
    const struct route *route = NULL;
    enum route_answer answer = route_find(method_of(method), path, &route, ret_id);
    ck_assert_msg(answer == ROUTE_FOUND, "%s %s: answer %d, expected a route", method, path, (int)answer);
    return route;
}

START_TEST(every_route_is_found_by_its_own_path)
{
    for (size_t i = 0; i < route_count; i++) {
        char path[256], id[SLUICE_ID_SIZE];
        const char *mark = strstr(routes[i].path, "{id}");
        if (mark == NULL)
            snprintf(path, sizeof path, "%s", routes[i].path);
        else
            snprintf(path, sizeof path, "%.*s%s%s", (int)(mark - routes[i].path), routes[i].path, ID,
                     mark + 4);
        const char *method = routes[i].method == METHOD_GET ? "GET" : "POST";
        ck_assert_str_eq(found(method, path, id)->name, routes[i].name);
        ck_assert_str_eq(id, mark == NULL ? "" : ID);
    }
}
END_TEST

START_TEST(a_path_that_only_looks_like_one_is_another)
{
    static const char *const paths[] = {
        "",
        "/",
        "//healthz",
        "/healthz/",
        "/Healthz",
        "/api/v1/admin/ingestion/status/",
        "/api/v1/admin//ingestion/status",
        "/api/v1/admin/ingestion/../ingestion/status",
        "/api/v1/admin/ingestion/STATUS",
        "/api/v1/admin/ingestion/runs/" ID "/",
        "/api/v1/admin/ingestion/runs/018F5C3E-7b2a-7c1d-9e4f-0123456789ab",
        "/api/v1/admin/ingestion/runs/018f5c3e-7b2a-7c1d-9e4f-0123456789a",
        "/api/v1/admin/ingestion/runs/018f5c3e-7b2a-7c1d-9e4f-0123456789abc",
        "/api/v1/admin/ingestion/runs/",
        "/api/v1/admin/ingestion/runs/" ID "/supplierss",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const struct route *route = NULL;
        char id[SLUICE_ID_SIZE];
        ck_assert_msg(route_find(METHOD_GET, paths[i], &route, id) == ROUTE_NO_PATH, "%s has a route",
                      paths[i]);
    }
}
END_TEST

START_TEST(another_method_is_told_from_another_path)
{
    const struct route *route = NULL;
    char id[SLUICE_ID_SIZE];
    ck_assert_int_eq(route_find(METHOD_OTHER, "/healthz", &route, id), ROUTE_NO_METHOD);
    ck_assert_int_eq(route_find(METHOD_GET, "/api/v1/admin/ingestion/sync", &route, id), ROUTE_NO_METHOD);
    ck_assert_ptr_null(route);
}
END_TEST

START_TEST(what_acts_is_for_admins_and_limited)
{
    for (size_t i = 0; i < route_count; i++) {
        if (routes[i].method != METHOD_POST)
            continue;
        bool signs_in = routes[i].place == PLACE_DOOR;
        ck_assert_msg(routes[i].role == (signs_in ? ROLE_PUBLIC : ROLE_ADMIN), "%s", routes[i].name);
        ck_assert_msg(routes[i].limit != LIMIT_NONE, "%s", routes[i].name);
    }
}
END_TEST

/* ---- Parameters --------------------------------------------------------------------------------- */

static bool takes(uint32_t parameters, const char *name, const char *value)
{
    struct query_values values;
    query_begin(&values);
    return query_take(&values, parameters, name, value);
}

START_TEST(numbers_have_their_bounds)
{
    const uint32_t limit = QUERY_BIT(QUERY_LIMIT), logs = QUERY_BIT(QUERY_LOG_LIMIT),
                   after = QUERY_BIT(QUERY_AFTER);
    ck_assert(takes(limit, "limit", "1"));
    ck_assert(takes(limit, "limit", "1000"));
    ck_assert(takes(logs, "log_limit", "100"));
    ck_assert(takes(after, "after", "9223372036854775807"));
    static const char *const wrong[] = {
        "0", "1001", "-1", "+1", " 1", "1 ", "1.0", "0x1", "", "1e2", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!takes(limit, "limit", wrong[i]), "limit=%s was taken", wrong[i]);
    ck_assert(!takes(after, "after", "9223372036854775808"));
    ck_assert(!takes(logs, "log_limit", "101"));
}
END_TEST

START_TEST(a_parameter_stands_once_and_where_it_belongs)
{
    struct query_values values;
    query_begin(&values);
    ck_assert_int_eq(values.limit, 50);
    ck_assert(query_take(&values, QUERY_BIT(QUERY_LIMIT), "limit", "7"));
    ck_assert_int_eq(values.limit, 7);
    ck_assert(!query_take(&values, QUERY_BIT(QUERY_LIMIT), "limit", "7"));
    ck_assert(!query_take(&values, QUERY_BIT(QUERY_LIMIT), "offset", "7"));
    ck_assert(!query_take(&values, UINT32_MAX, "Limit", "7"));
    ck_assert(!takes(QUERY_BIT(QUERY_LIMIT), "limit", NULL));
}
END_TEST

START_TEST(texts_are_bounded_utf8_and_words_are_known)
{
    char longest[SEARCH_SIZE + 1];
    const uint32_t all = UINT32_MAX;
    memset(longest, 'a', sizeof longest);
    longest[SEARCH_SIZE] = '\0';
    ck_assert(!takes(all, "search", longest));
    longest[SEARCH_SIZE - 1] = '\0';
    ck_assert(takes(all, "search", longest));
    ck_assert(!takes(all, "search", "\xff"));
    ck_assert(takes(all, "format", "csv"));
    ck_assert(!takes(all, "format", "CSV"));
    ck_assert(takes(all, "level", "warning"));
    ck_assert(!takes(all, "level", "debug"));
    ck_assert(takes(all, "supplier", ID));
    ck_assert(!takes(all, "supplier", "acme"));
}
END_TEST

/* ---- Heads -------------------------------------------------------------------------------------- */

static enum head_fault fault_of(const char *uri, const char *const *headers)
{
    struct head head;
    head_begin(&head, uri);
    for (; headers[0] != NULL; headers += 2)
        head_take(&head, headers[0], headers[1]);
    return head.fault;
}

START_TEST(a_request_line_has_4_KiB)
{
    static const char *const none[] = {NULL};
    char uri[HEAD_LINE_MOST + 1];
    memset(uri, 'a', sizeof uri);
    uri[HEAD_LINE_MOST - 16] = '\0';
    ck_assert_int_eq(fault_of(uri, none), HEAD_FINE);
    uri[HEAD_LINE_MOST - 16] = 'a';
    uri[HEAD_LINE_MOST - 15] = '\0';
    ck_assert_int_eq(fault_of(uri, none), HEAD_LINE_TOO_LONG);
}
END_TEST

START_TEST(there_are_64_headers_and_16_KiB_of_them)
{
    struct head head;
    head_begin(&head, "/");
    for (int i = 0; i < HEAD_FIELDS_MOST; i++)
        head_take(&head, "X", "y");
    ck_assert_int_eq(head.fault, HEAD_FINE);
    head_take(&head, "X", "y");
    ck_assert_int_eq(head.fault, HEAD_TOO_LARGE);

    static char value[HEAD_BYTES_MOST];
    memset(value, 'v', sizeof value);
    value[HEAD_BYTES_MOST - 5] = '\0'; /* with "X", ": " and the line's end exactly the most */
    head_begin(&head, "/");
    head_take(&head, "X", value);
    ck_assert_int_eq(head.fault, HEAD_FINE);
    head_take(&head, "", "");
    ck_assert_int_eq(head.fault, HEAD_TOO_LARGE);
}
END_TEST

START_TEST(a_body_has_one_length_of_at_most_64_KiB)
{
    ck_assert_int_eq(fault_of("/", (const char *const[]){"Content-Length", "65536", NULL}), HEAD_FINE);
    ck_assert_int_eq(fault_of("/", (const char *const[]){"Content-Length", "65537", NULL}),
                     HEAD_BODY_TOO_LARGE);
    ck_assert_int_eq(fault_of("/", (const char *const[]){"content-length", "99999999999999999999", NULL}),
                     HEAD_BODY_TOO_LARGE);
    ck_assert_int_eq(fault_of("/", (const char *const[]){"Content-Length", "-1", NULL}), HEAD_LENGTH_INVALID);
    ck_assert_int_eq(fault_of("/", (const char *const[]){"Content-Length", "1,1", NULL}),
                     HEAD_LENGTH_INVALID);
    ck_assert_int_eq(fault_of("/", (const char *const[]){"Content-Length", "1", "Content-Length", "1", NULL}),
                     HEAD_AMBIGUOUS);
    ck_assert_int_eq(fault_of("/", (const char *const[]){"Transfer-Encoding", "chunked", NULL}),
                     HEAD_AMBIGUOUS);
    ck_assert_int_eq(fault_of("/", (const char *const[]){"Authorization", "a", "authorization", "b", NULL}),
                     HEAD_AMBIGUOUS);
}
END_TEST

CHECK_MAIN("http.route", every_route_is_found_by_its_own_path, a_path_that_only_looks_like_one_is_another,
           another_method_is_told_from_another_path, what_acts_is_for_admins_and_limited,
           numbers_have_their_bounds, a_parameter_stands_once_and_where_it_belongs,
           texts_are_bounded_utf8_and_words_are_known, a_request_line_has_4_KiB,
           there_are_64_headers_and_16_KiB_of_them, a_body_has_one_length_of_at_most_64_KiB)
