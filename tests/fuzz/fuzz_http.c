/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a request: its first line, then headers, as the server's hooks see them. What must hold: a
 * path with a route is one of the table, values lie in their bounds, no token is accepted that we did not
 * sign, and the client behind a proxy has an address that is no proxy's.
 */
#include "http/head.h"
#include "http/proxies.h"
#include "http/query.h"
#include "http/route.h"
#include "http/rows.h"
#include "http/token.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct token_key key = {"0123456789abcdef0123456789abcdef", "sluice"};

static void feed_token(const char *token)
{
    struct claims claims;
    struct sluice_error err;
    const int64_t now_us = INT64_C(1800000000) * US_PER_SECOND;
    if (token_verify(&key, token, now_us, &claims, &err) == SLUICE_OK)
        abort(); /* nobody guesses an HMAC */
}

static void feed_forwarded(const char *value)
{
    static const struct proxies trusted = {.networks = {{.bits = 1}}, .n = 1};
    static const char peer[] = "::1";
    char client[PEER_SIZE] = "::1";
    proxies_follow(&trusted, peer, value, client);
    if (strcmp(client, peer) != 0 && proxies_trust(&trusted, client))
        abort();
}

static void feed_query(char *query, uint32_t taken)
{
    struct query_values values;
    char *rest = NULL;
    query_begin(&values);
    for (char *pair = strtok_r(query, "&", &rest); pair != NULL; pair = strtok_r(NULL, "&", &rest)) {
        char *value = strchr(pair, '=');
        if (value != NULL)
            *value++ = '\0';
        query_take(&values, taken, pair, value);
    }
    if ((values.given & ~taken) != 0 || values.limit < 1 || values.limit > 1000 || values.n < 1 ||
        values.n > 100 || values.log_limit < 1 || values.log_limit > 100 || values.offset < 0 ||
        values.after < 0 || strlen(values.search) >= SEARCH_SIZE)
        abort();
}

static void feed_line(char *line)
{
    const struct route *route = NULL;
    char id[SLUICE_ID_SIZE];
    char *path = strchr(line, ' ');
    if (path == NULL)
        return;
    *path++ = '\0';
    char *query = strchr(path, '?');
    if (query != NULL)
        *query++ = '\0';
    if (route_find(method_of(line), path, &route, id) != ROUTE_FOUND)
        return;
    if (route < routes || route >= routes + route_count || (id[0] != '\0' && !id_is_spelt_well(id)))
        abort();
    if (query != NULL)
        feed_query(query, route->parameters);
}

static void feed_header(struct head *head, char *line)
{
    char *value = strchr(line, ':');
    if (value != NULL)
        *value++ = '\0';
    head_take(head, line, value);
    if (head->fault == HEAD_FINE && (head->n_fields > HEAD_FIELDS_MOST || head->body_size > BODY_MOST))
        abort();
    if (value == NULL)
        return;
    feed_token(value);
    feed_forwarded(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *rest = NULL;
    struct head head;
    struct buffer csv = BUFFER_INIT(4 << 20);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    head_begin(&head, text);
    row_csv(&csv, (struct sluice_cell){text, (uint32_t)size, 0});
    buffer_free(&csv);
    char *line = strtok_r(text, "\n", &rest);
    if (line != NULL)
        feed_line(line);
    for (line = strtok_r(NULL, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        feed_header(&head, line);
    free(text);
    return 0;
}
