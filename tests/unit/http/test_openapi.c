/* SPDX-License-Identifier: Apache-2.0 */
/* openapi.json and the table of routes say the same. */
#include "check_main.h"
#include "http/query.h"
#include "http/route.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static json_t *document(void)
{
    json_error_t error;
    json_t *json =
        json_load_file(SLUICE_SOURCE_DIR "/core/http/openapi.json", JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(json != NULL, "openapi.json:%d: %s", error.line, error.text);
    return json;
}

static const json_t *operation_of(const json_t *json, const struct route *route)
{
    const json_t *path = json_object_get(json_object_get(json, "paths"), route->path);
    const json_t *operation = json_object_get(path, route->method == METHOD_GET ? "get" : "post");
    ck_assert_msg(operation != NULL, "openapi.json has no %s", route->path);
    return operation;
}

static const char *text_in(const json_t *operation, const char *name)
{
    const char *text = json_string_value(json_object_get(operation, name));
    return text == NULL ? "" : text;
}

START_TEST(every_route_is_documented_and_nothing_else_is)
{
    json_t *json = document();
    size_t documented = 0;
    const char *path, *method;
    json_t *methods, *operation;
    json_object_foreach(json_object_get(json, "paths"), path, methods)
        json_object_foreach(methods, method, operation) documented++;
    ck_assert_uint_eq(documented, route_count);
    for (size_t i = 0; i < route_count; i++)
        ck_assert_str_eq(text_in(operation_of(json, &routes[i]), "operationId"), routes[i].name);
    json_decref(json);
}
END_TEST

START_TEST(roles_and_limits_are_those_of_the_table)
{
    static const char *const limits[] = {"", "trigger", "change", "login"};
    json_t *json = document();
    for (size_t i = 0; i < route_count; i++) {
        const json_t *operation = operation_of(json, &routes[i]);
        const char *role =
            routes[i].role == ROLE_PUBLIC ? "public" : http_roles[routes[i].role - ROLE_VIEWER];
        ck_assert_str_eq(text_in(operation, "x-sluice-role"), role);
        ck_assert_str_eq(text_in(operation, "x-sluice-rate-limit"), limits[routes[i].limit]);
        ck_assert_msg((json_object_get(operation, "security") != NULL) == (routes[i].role == ROLE_PUBLIC),
                      "%s", routes[i].name);
        const json_t *responses = json_object_get(operation, "responses");
        ck_assert_msg((json_object_get(responses, "429") != NULL) == (routes[i].limit != LIMIT_NONE),
                      "%s: 429", routes[i].name);
        ck_assert_msg((json_object_get(responses, "403") != NULL) == (routes[i].role != ROLE_PUBLIC),
                      "%s: 403", routes[i].name);
    }
    json_decref(json);
}
END_TEST

/* A parameter of an operation, or what its $ref names. */
static const json_t *resolved(const json_t *json, const json_t *parameter)
{
    const char *reference = json_string_value(json_object_get(parameter, "$ref"));
    if (reference == NULL)
        return parameter;
    const json_t *components = json_object_get(json_object_get(json, "components"), "parameters");
    return json_object_get(components, strrchr(reference, '/') + 1);
}

static uint32_t documented_parameters(const json_t *json, const json_t *operation)
{
    uint32_t bits = 0;
    size_t index;
    const json_t *each;
    json_array_foreach(json_object_get(operation, "parameters"), index,
                       each) for (int which = 0; which < QUERY_PARAMETERS;
                                  which++) if (strcmp(text_in(resolved(json, each), "name"),
                                                      query_name((enum query_parameter)which)) == 0) bits |=
        QUERY_BIT(which);
    return bits;
}

START_TEST(parameters_and_bodies_are_those_of_the_table)
{
    json_t *json = document();
    for (size_t i = 0; i < route_count; i++) {
        const json_t *operation = operation_of(json, &routes[i]);
        ck_assert_msg(documented_parameters(json, operation) == routes[i].parameters, "%s: parameters",
                      routes[i].name);
        const json_t *body = json_object_get(operation, "requestBody");
        enum route_body kind = body == NULL                                      ? BODY_NONE
                               : json_is_true(json_object_get(body, "required")) ? BODY_REQUIRED
                                                                                 : BODY_OPTIONAL;
        ck_assert_msg(kind == routes[i].body, "%s: body %d, documented %d", routes[i].name,
                      (int)routes[i].body, (int)kind);
    }
    json_decref(json);
}
END_TEST

/* The bounds that a parameter's schema names are those that query_take () keeps. */
START_TEST(bounds_and_words_are_those_of_the_parameters)
{
    json_t *json = document();
    const char *name;
    json_t *parameter;
    size_t index;
    json_t *word;
    json_object_foreach(json_object_get(json_object_get(json, "components"), "parameters"), name, parameter)
    {
        const json_t *schema = json_object_get(parameter, "schema"),
                     *most = json_object_get(schema, "maximum");
        char text[32];
        struct query_values values;
        if (most == NULL)
            continue;
        for (int beyond = 0; beyond < 2; beyond++) {
            snprintf(text, sizeof text, "%lld", (long long)(json_integer_value(most) + beyond));
            query_begin(&values);
            ck_assert_msg(query_take(&values, UINT32_MAX, text_in(parameter, "name"), text) == (beyond == 0),
                          "%s=%s", text_in(parameter, "name"), text);
        }
    }
    for (size_t i = 0; i < route_count; i++) {
        json_array_foreach(json_object_get(operation_of(json, &routes[i]), "parameters"), index, parameter)
        {
            size_t position;
            json_array_foreach(json_object_get(json_object_get(parameter, "schema"), "enum"), position, word)
            {
                struct query_values values;
                query_begin(&values);
                ck_assert(
                    query_take(&values, UINT32_MAX, text_in(parameter, "name"), json_string_value(word)));
            }
        }
    }
    json_decref(json);
}
END_TEST

CHECK_MAIN("http.openapi", every_route_is_documented_and_nothing_else_is,
           roles_and_limits_are_those_of_the_table, parameters_and_bodies_are_those_of_the_table,
           bounds_and_words_are_those_of_the_parameters)
