/* SPDX-License-Identifier: Apache-2.0 */
/* Answers, right and wrong, and what a fetch makes of them. */
#include "web.h"

#include "host/fetch_run.h"

static void serve_hello(struct http_server *server, int fd, unsigned n)
{
    (void)server, (void)n;
    http_answer(fd, "200 OK", "Content-Type: text/csv\r\nDate: Sun, 01 Mar 2026 08:00:00 GMT\r\n", "hello");
}

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

static void serve_context(struct http_server *server, int fd, unsigned n)
{
    (void)n;
    http_answer(fd, server->context, "", "no list");
}

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

static void serve_third_time(struct http_server *server, int fd, unsigned n)
{
    if (n < 2)
        http_answer(fd, n == 0 ? "503 Busy" : "429 Many", "Retry-After: 0\r\n", "later");
    else
        serve_hello(server, fd, n);
}

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

/* Raw answers: what the context says, and then the end of the connection. */
static void serve_raw(struct http_server *server, int fd, unsigned n)
{
    (void)n;
    http_say_bytes(fd, server->context, strlen(server->context));
}

static const struct {
    const char *what, *answer;
    enum sluice_status means;
} raws[] = {
    {"shorter than its length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", SLUICE_RETRY},
    {"without any length", "HTTP/1.1 200 OK\r\n\r\nhello", SLUICE_DATA},
    {"HTTP/1.0 without any length", "HTTP/1.0 200 OK\r\n\r\nhello", SLUICE_DATA},
    {"chunks that never end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
     SLUICE_RETRY},
    {"a cut chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello", SLUICE_RETRY},
    {"garbage for a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
     SLUICE_RETRY},
    {"whole chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
     SLUICE_OK},
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 2\r\n\r\nhello", SLUICE_DATA},
    {"nothing", "", SLUICE_RETRY},
    {"no HTTP", "220 smtp.example.com ready\r\n", SLUICE_CONFIG},
    {"an unknown coding", "HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 5\r\n\r\nhello",
     SLUICE_DATA},
    {"gzip that is none", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
     SLUICE_DATA},
    {"an empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SLUICE_OK},
    {"an empty answer", "HTTP/1.1 204 No Content\r\n\r\n", SLUICE_OK},
};

START_TEST(only_a_whole_body_is_accepted)
{
    for (size_t i = 0; i < ELEMENTS(raws); i++) {
        struct web web;
        char answer[256];
        snprintf(answer, sizeof answer, "%s", raws[i].answer);
        web_open(&web, serve_raw);
        web.server.context = answer;
        enum sluice_status status = web_fetch(&web, "/");
        ck_assert_msg(status == raws[i].means, "%s: %s where %s was expected: %s", raws[i].what,
                      status_name(status), status_name(raws[i].means), web.bench.err.message);
        ck_assert_msg((web.document != NULL) == (status == SLUICE_OK), "%s: a document in spite of it",
                      raws[i].what);
        web_close(&web);
    }
}
END_TEST

static void serve_headers(struct http_server *server, int fd, unsigned n)
{
    (void)server, (void)n;
    http_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n");
    for (int i = 0; i < 3000; i++)
        http_say(fd, "X-Filler-%d: 0123456789012345678901234567890123456789\r\n", i);
    http_say(fd, "\r\nhello");
}

START_TEST(headers_without_end_are_refused)
{
    struct web web;
    web_open(&web, serve_headers);
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_DATA);
    assert_says(&web.bench, "headers are longer");
    web_close(&web);
}
END_TEST

/* 40 MiB of zeros, gzipped about 40 kB on the wire. */
static void serve_bomb(struct http_server *server, int fd, unsigned n)
{
    (void)n;
    http_say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\nTransfer-Encoding: "
                 "chunked\r\n\r\n");
    FILE *gzip = popen(server->context, "r");
    char bytes[4096];
    size_t got = fread(bytes, 1, sizeof bytes, gzip);
    while (got > 0) {
        http_say(fd, "%zx\r\n", got);
        http_say_bytes(fd, bytes, got);
        http_say(fd, "\r\n");
        got = fread(bytes, 1, sizeof bytes, gzip);
    }
    pclose(gzip);
    http_say(fd, "0\r\n\r\n");
}

START_TEST(a_gzip_bomb_is_stopped_while_it_arrives)
{
    struct web web;
    char command[] = "head -c 41943040 /dev/zero | gzip";
    web_open(&web, serve_bomb);
    web.server.context = command;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_DATA);
    assert_says(&web.bench, "fetch.max_ratio");
    web.bench.fetch.max_ratio = 100000;
    web.bench.fetch.max_decoded.bytes = 1 << 20;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_DATA);
    assert_says(&web.bench, "fetch.max_decoded");
    web_close(&web);
}
END_TEST

START_TEST(a_gzipped_body_arrives_decoded)
{
    struct web web;
    char command[] = "yes '0123456789;some text' | head -n 100000 | gzip";
    web_open(&web, serve_bomb);
    web.server.context = command;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_OK);
    ck_assert_uint_eq(web.document->size, 2100000);
    ck_assert_mem_eq(web.document->data, "0123456789;some text\n", 21);
    web_close(&web);
}
END_TEST

START_TEST(a_gzipped_body_that_was_cut_and_framed_anew_is_not_whole)
{
    struct web web;
    char cut[] = "yes '0123456789;some text' | head -n 1000 | gzip | head -c -4";
    char two[] = "{ echo one | gzip; echo two | gzip; }";
    web_open(&web, serve_bomb);
    web.server.context = cut;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
    assert_says(&web.bench, "ended before it was whole");
    web.server.context = two;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_OK);
    ck_assert_str_eq(web.document->data, "one\ntwo\n");
    web_close(&web);
}
END_TEST

START_TEST(a_body_is_limited_at_its_last_allowed_byte)
{
    struct web web;
    web_open(&web, serve_hello);
    web.bench.fetch.max_body.bytes = 4;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_DATA);
    assert_says(&web.bench, "fetch.max_body");
    web.bench.fetch.max_body.bytes = 5;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_OK);
    assert_status(&web.bench, web_request(&web, "/", (struct sluice_fetch_request){.max_bytes = 4}),
                  SLUICE_DATA);
    web_close(&web);
}
END_TEST

static void serve_chunks(struct http_server *server, int fd, unsigned n)
{
    (void)server, (void)n;
    http_say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 100; i++)
        http_say(fd, "5\r\nhello\r\n");
    http_hold(server, fd);
}

START_TEST(a_body_without_announced_length_is_limited_while_it_arrives)
{
    struct web web;
    web_open(&web, serve_chunks);
    web.bench.fetch.max_body.bytes = 499;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_DATA);
    assert_says(&web.bench, "fetch.max_body");
    web_close(&web);
}
END_TEST

static void serve_stall(struct http_server *server, int fd, unsigned n)
{
    (void)n;
    http_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhello");
    if (server->context != NULL)
        cancel_request(server->context);
    http_hold(server, fd);
}

START_TEST(a_stalled_body_is_left_at_once_when_cancelled)
{
    struct web web;
    web_open(&web, serve_stall);
    web.server.context = web.bench.services.cancel;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_CANCELLED);
    web_close(&web);
}
END_TEST

START_TEST(a_stalled_body_ends_with_the_deadline_that_comes_first)
{
    struct web web;
    web_open(&web, serve_stall);
    web.bench.fetch.timeout.ms = 30;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
    assert_says(&web.bench, "fetch.timeout");
    web.bench.fetch.timeout.ms = 20000;
    const struct sluice_host *host = web.bench.instance->host;
    instance_deadline(web.bench.instance, host->monotonic_us(host) + 30000);
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
    assert_says(&web.bench, "deadline of its job");
    web_close(&web);
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

static enum sluice_status take_slowly(void *context, const struct sluice_budget *budget, int64_t *ret_wait_ms,
                                      struct sluice_error *err)
{
    int *calls = context;
    (void)err;
    ck_assert_str_eq(budget->name, "reads");
    *ret_wait_ms = ++*calls == 1 ? budget->cost : 0;
    return SLUICE_OK;
}

START_TEST(each_attempt_pays_its_budget_first)
{
    struct web web;
    int calls = 0;
    struct sluice_budget budget = {.name = "reads", .per_minute = 60, .burst = 1, .cost = 1};
    const struct sluice_fetch_request request = {.budgets = &budget, .n_budgets = 1};
    web_open(&web, serve_third_time);
    web.bench.services.take = take_slowly;
    web.bench.services.take_context = &calls;
    assert_status(&web.bench, web_request(&web, "/", request), SLUICE_OK);
    ck_assert_int_eq(calls, 4); /* one waits, then three attempts */
    budget.cost = 600000;
    calls = 0;
    assert_status(&web.bench, web_request(&web, "/", request), SLUICE_RETRY);
    assert_says(&web.bench, "'reads' is used up");
    ck_assert_int_eq(web.bench.err.retry_after_ms, 600000);
    ck_assert_uint_eq(web.server.connections, 3);
    web_close(&web);
}
END_TEST

static void count_waits(void *context, int64_t wait_ms)
{
    ck_assert_int_gt(wait_ms, 0);
    ++*(int *)context;
}

START_TEST(a_quota_that_is_used_up_is_said_and_is_no_failure)
{
    struct web web;
    char many[] = "429 Many", later[] = "503 Later";
    int waits = 0;
    web_open(&web, serve_context);
    web.server.context = many;
    web.bench.services.waits = count_waits;
    web.bench.services.take_context = &waits;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
    ck_assert(web.bench.err.quota);
    ck_assert_int_gt(waits, 0);
    web.server.context = later;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_RETRY);
    ck_assert(!web.bench.err.quota);
    web_close(&web);
}
END_TEST

START_TEST(without_a_state_backend_the_process_counts)
{
    struct web web;
    int waits = 0;
    const struct sluice_budget budget = {.name = "reads", .per_minute = 60, .burst = 4, .cost = 1};
    const struct sluice_fetch_request request = {.budgets = &budget, .n_budgets = 1};
    web_open(&web, serve_hello);
    web.bench.services.buckets = buckets_new(web.bench.services.clock);
    web.bench.services.waits = count_waits;
    web.bench.services.take_context = &waits;
    for (int i = 0; i < 5; i++)
        assert_status(&web.bench, web_request(&web, "/", request), SLUICE_OK);
    ck_assert_int_gt(waits, 0);
    buckets_free(web.bench.services.buckets);
    web.bench.services.buckets = NULL;
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
           only_a_whole_body_is_accepted, headers_without_end_are_refused,
           a_gzip_bomb_is_stopped_while_it_arrives, a_gzipped_body_arrives_decoded,
           a_gzipped_body_that_was_cut_and_framed_anew_is_not_whole,
           a_body_is_limited_at_its_last_allowed_byte,
           a_body_without_announced_length_is_limited_while_it_arrives,
           a_stalled_body_is_left_at_once_when_cancelled,
           a_stalled_body_ends_with_the_deadline_that_comes_first, a_refused_connection_may_pass,
           a_body_is_posted_with_its_headers, a_header_cannot_smuggle_another,
           each_attempt_pays_its_budget_first, a_quota_that_is_used_up_is_said_and_is_no_failure,
           without_a_state_backend_the_process_counts, back_off_grows_at_random_within_bounds)
