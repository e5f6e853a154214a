/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of a server, and what its status and headers mean: a document, another attempt, or the end.
 */
#include "web.h"

#include "host/fetch_run.h"

START_TEST(an_answer_becomes_a_document)
{
    struct web web;
    web_open(&web, serve_hello);
    assert_status(&web.bench, web_fetch(&web, "/list.csv?key=secret#part"), SLUICE_OK);
    ck_assert_uint_eq(web.document->size, 5);
    ck_assert_mem_eq(web.document->data, "hello", 6);
    ck_assert_uint_eq(web.document->http_status, 200);
    ck_assert_str_eq(web.document->content_type, "text/csv");
    ck_assert_int_eq(web.document->server_time_us, INT64_C(1772352000000000));
    ck_assert_msg(strstr(web.document->name, "secret") == NULL, "%s", web.document->name);
    ck_assert_msg(strstr(web.server.request, "User-Agent: sluice-test\r\n") != NULL, "%s",
                  web.server.request);
    ck_assert_msg(strstr(web.server.request, "GET /list.csv?key=secret HTTP/1.1\r\n") != NULL, "%s",
                  web.server.request);
    web_close(&web);
}
END_TEST

static void serve_validators(struct http_server *server, int fd, unsigned n)
{
    (void)n;
    if (strstr(server->request, "If-None-Match: \"v1|;\"") != NULL &&
        strstr(server->request, "If-Modified-Since: Sun, 01 Mar 2026 08:00:00 GMT") != NULL)
        http_say(fd, "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
    else
        http_answer(fd, "200 OK", "ETag: \"v1|;\"\r\nLast-Modified: Sun, 01 Mar 2026 08:00:00 GMT\r\n",
                    "hello");
}

START_TEST(a_304_to_our_validators_is_unchanged)
{
    struct web web;
    char version[1024];
    web_open(&web, serve_validators);
    assert_status(&web.bench, web_fetch(&web, "/a"), SLUICE_OK);
    snprintf(version, sizeof version, "%s", web.document->version);
    assert_status(&web.bench, web_request(&web, "/a", (struct sluice_fetch_request){.version = version}),
                  SLUICE_UNCHANGED);
    ck_assert_uint_eq(web.server.connections, 2);
    /* At another address the validators mean nothing; the same bytes do. */
    assert_status(&web.bench, web_request(&web, "/b", (struct sluice_fetch_request){.version = version}),
                  SLUICE_UNCHANGED);
    ck_assert_msg(strstr(web.server.request, "If-None-Match") == NULL, "%s", web.server.request);
    web_close(&web);
}
END_TEST

static void serve_304(struct http_server *server, int fd, unsigned n)
{
    (void)server, (void)n;
    http_say(fd, "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
}

START_TEST(a_304_that_nobody_asked_for_is_wrong_data)
{
    struct web web;
    web_open(&web, serve_304);
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_DATA);
    web_close(&web);
}
END_TEST

static const struct {
    const char *status;
    enum sluice_status means;
    unsigned connections; /* of 3 attempts */
} statuses[] = {
    {"400 Bad", SLUICE_CONFIG, 1},  {"401 Login", SLUICE_AUTH, 1},   {"403 No", SLUICE_AUTH, 1},
    {"404 None", SLUICE_CONFIG, 1}, {"407 Proxy", SLUICE_AUTH, 1},   {"408 Slow", SLUICE_RETRY, 3},
    {"410 Gone", SLUICE_CONFIG, 1}, {"429 Many", SLUICE_RETRY, 3},   {"451 Law", SLUICE_CONFIG, 1},
    {"500 Oops", SLUICE_RETRY, 3},  {"501 Never", SLUICE_CONFIG, 1}, {"502 Gate", SLUICE_RETRY, 3},
    {"503 Busy", SLUICE_RETRY, 3},  {"206 Part", SLUICE_CONFIG, 1},  {"302 Where", SLUICE_CONFIG, 1},
};

START_TEST(a_status_decides_what_is_done_next)
{
    for (size_t i = 0; i < ELEMENTS(statuses); i++) {
        struct web web;
        char status[32];
        snprintf(status, sizeof status, "%s", statuses[i].status);
        web_open(&web, serve_context);
        web.server.context = status;
        assert_status(&web.bench, web_fetch(&web, "/"), statuses[i].means);
        ck_assert_msg(web.server.connections == statuses[i].connections, "%s: %u connections", status,
                      web.server.connections);
        web_close(&web);
    }
}
END_TEST

START_TEST(a_final_4xx_is_a_document_when_it_was_asked_for)
{
    struct web web;
    char status[] = "403 Forbidden";
    web_open(&web, serve_context);
    web.server.context = status;
    assert_status(&web.bench,
                  web_request(&web, "/", (struct sluice_fetch_request){.flags = SLUICE_FETCH_ERRORS}),
                  SLUICE_OK);
    ck_assert_uint_eq(web.document->http_status, 403);
    ck_assert_str_eq(web.document->data, "no list");
    web_close(&web);
}
END_TEST

START_TEST(what_passes_is_tried_again_until_it_succeeds)
{
    struct web web;
    web_open(&web, serve_third_time);
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_OK);
    ck_assert_uint_eq(web.server.connections, 3);
    ck_assert_str_eq(web.document->data, "hello"); /* and nothing of the first two */
    web_close(&web);
}
END_TEST

static const struct {
    const char *header;
    int64_t least_ms, most_ms;
} delays[] = {
    {"Retry-After: 120\r\n", 120000, 120000},
    {"Retry-After: Sun, 01 Mar 2026 08:02:00 GMT\r\n", 120000, 120000},
    {"Retry-After: 99999999999999999999\r\n", 86400000, 86400000},
    {"Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n", 86400000, 86400000},
};

static int64_t fixed_wall_us(const struct clock *clock)
{
    (void)clock;
    return INT64_C(1772352000000000); /* 2026-03-01T08:00:00Z */
}

static void serve_429(struct http_server *server, int fd, unsigned n)
{
    (void)n;
    http_answer(fd, "429 Too Many Requests", server->context, "");
}

START_TEST(a_delay_beyond_the_deadline_is_handed_to_the_engine)
{
    for (size_t i = 0; i < ELEMENTS(delays); i++) {
        struct web web;
        char header[64];
        struct clock clock = *clock_system();
        clock.wall_us = fixed_wall_us;
        snprintf(header, sizeof header, "%s", delays[i].header);
        web_open(&web, serve_429);
        web.bench.services.clock = &clock;
        web.server.context = header;
        assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
        ck_assert_msg(web.bench.err.retry_after_ms >= delays[i].least_ms &&
                          web.bench.err.retry_after_ms <= delays[i].most_ms,
                      "%s gave %lld ms", header, (long long)web.bench.err.retry_after_ms);
        ck_assert_uint_eq(web.server.connections, 1);
        web_close(&web);
    }
}
END_TEST

START_TEST(a_delay_that_is_past_or_no_delay_is_none)
{
    static const char *const past[] = {"Retry-After: Sun, 01 Mar 2015 08:00:00 GMT\r\n",
                                       "Retry-After: soon\r\n", "Retry-After: -5\r\n", "Retry-After: \r\n"};
    for (size_t i = 0; i < ELEMENTS(past); i++) {
        struct web web;
        char header[64];
        snprintf(header, sizeof header, "%s", past[i]);
        web_open(&web, serve_429);
        web.server.context = header;
        assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
        ck_assert_uint_eq(web.server.connections, 3);
        web_close(&web);
    }
}
END_TEST

START_TEST(a_refused_connection_may_pass)
{
    struct web web;
    web_open(&web, serve_hello);
    http_server_stop(&web.server);
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
    ck_assert(http_server_start(&web.server, "127.0.0.1"));
    web_close(&web);
}
END_TEST

START_TEST(a_body_is_posted_with_its_headers)
{
    struct web web;
    const struct sluice_header headers[] = {{.name = "Content-Type", .value = "application/json"}};
    web_open(&web, serve_hello);
    assert_status(&web.bench,
                  web_request(&web, "/token",
                              (struct sluice_fetch_request){
                                  .headers = headers, .n_headers = 1, .body = "{\"a\":1}", .body_size = 7}),
                  SLUICE_OK);
    ck_assert_msg(strncmp(web.server.request, "POST /token HTTP/1.1\r\n", 22) == 0, "%s", web.server.request);
    ck_assert_msg(strstr(web.server.request, "Content-Type: application/json\r\n") != NULL, "%s",
                  web.server.request);
    ck_assert_msg(strstr(web.server.request, "\r\n\r\n{\"a\":1}") != NULL, "%s", web.server.request);
    web_close(&web);
}
END_TEST

START_TEST(a_header_cannot_smuggle_another)
{
    static const struct sluice_header bad[] = {{.name = "X", .value = "a\r\nEvil: yes"},
                                               {.name = "X\r\nEvil", .value = "yes"},
                                               {.name = "Host", .value = "internal"},
                                               {.name = "Transfer-Encoding", .value = "chunked"},
                                               {.name = "", .value = "x"}};
    struct web web;
    web_open(&web, serve_hello);
    for (size_t i = 0; i < ELEMENTS(bad); i++)
        assert_status(
            &web.bench,
            web_request(&web, "/", (struct sluice_fetch_request){.headers = &bad[i], .n_headers = 1}),
            SLUICE_CONFIG);
    ck_assert_uint_eq(web.server.connections, 0);
    web_close(&web);
}
END_TEST

START_TEST(back_off_grows_at_random_within_bounds)
{
    int64_t wait = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t next = fetch_backoff_ms(random_system(), 500, wait);
        int64_t upper = wait == 0 ? 1500 : wait * 3;
        ck_assert_msg(next >= 500 && next <= upper && next <= 30000, "%lld after %lld", (long long)next,
                      (long long)wait);
        wait = next;
    }
}
END_TEST

CHECK_MAIN("host.fetch_http", an_answer_becomes_a_document, a_304_to_our_validators_is_unchanged,
           a_304_that_nobody_asked_for_is_wrong_data, a_status_decides_what_is_done_next,
           a_final_4xx_is_a_document_when_it_was_asked_for, what_passes_is_tried_again_until_it_succeeds,
           a_delay_beyond_the_deadline_is_handed_to_the_engine, a_delay_that_is_past_or_no_delay_is_none,
           a_refused_connection_may_pass, a_body_is_posted_with_its_headers, a_header_cannot_smuggle_another,
           back_off_grows_at_random_within_bounds)
