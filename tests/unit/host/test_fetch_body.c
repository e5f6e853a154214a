/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies: only a whole one within its limits becomes a document, and one that stalls is left. */
#include "web.h"

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

CHECK_MAIN("host.fetch_body", only_a_whole_body_is_accepted, headers_without_end_are_refused,
           a_gzip_bomb_is_stopped_while_it_arrives, a_gzipped_body_arrives_decoded,
           a_gzipped_body_that_was_cut_and_framed_anew_is_not_whole,
           a_body_is_limited_at_its_last_allowed_byte,
           a_body_without_announced_length_is_limited_while_it_arrives,
           a_stalled_body_is_left_at_once_when_cancelled,
           a_stalled_body_ends_with_the_deadline_that_comes_first)
