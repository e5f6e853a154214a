/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what there is: method, path, who may, how often, where it is answered. Whatever is not in it
 * is refused. openapi.json says the same, and a test compares them. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "http/http.h"

struct call;
struct desk;

enum http_method { METHOD_GET, METHOD_POST, METHOD_OPTIONS, METHOD_OTHER }; /* HEAD is GET without its body */

enum route_place {
    PLACE_MEMORY, /* on the server's own threads: must not wait for anything */
    PLACE_STORE,  /* by a worker with store and state instances */
    PLACE_DOOR,   /* the same, by the one that signs people in */
};

enum route_body { BODY_NONE, BODY_OPTIONAL, BODY_REQUIRED };

enum limit_kind { LIMIT_NONE, LIMIT_TRIGGER, LIMIT_CHANGE, LIMIT_LOGIN };

struct route {
    enum http_method method;
    const char *path; /* {id} stands for a UUID */
    const char *name; /* its operationId, and its label among the metrics */
    enum http_role role;
    enum limit_kind limit;
    enum route_place place;
    enum route_body body;
    uint32_t parameters;                                  /* QUERY_BIT () of those it takes */
    void (*handle)(struct call *call, struct desk *desk); /* desk NULL: PLACE_MEMORY */
};

extern const struct route routes[];
extern const size_t route_count;

enum route_answer { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD };

enum http_method method_of(const char *name); /* [any] */
/* `ret_id` has room for SLUICE_ID_SIZE and is "" when the path has none. [any] */
enum route_answer route_find(enum http_method method, const char *path, const struct route **ret_route,
                             char *ret_id);

/* Is it the API's part of the address space, where nothing of the panel lies? */
bool route_is_api(const char *path);

#endif
