/* SPDX-License-Identifier: Apache-2.0 */
/* Where a fetch must not go, and what it must not carry there. A listener counts, not our own word. */
#include "web.h"

/* Ways to say "this machine" or "the net behind it". */
static const char *const inner_hosts[] = {
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.2",
    "127.1.2.3",
    "127.255.255.254",
    "0x7f.0.0.1",
    "0x7F.0x0.0x0.0x1",
    "0x7f000001",
    "0x7f.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "0177.1",
    "00000177.0.0.1",
    "127.0.0.1.",
    "127.000.000.001",
    "0.0.0.0",
    "0",
    "00",
    "0x0",
    "0.0",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "127.0.0%2E1",
    "%30",
    "localhost",
    "LOCALHOST",
    "LocalHost",
    "localhost.",
    "loc%61lhost",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000::0001]",
    "[::0.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:127.0.0.1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::ffff:0.0.0.0]",
    "[::127.0.0.1]",
    "[::1%25lo]",
    "[::1%lo]",
    "[fe80::1%25lo]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[100::1]",
    "10.0.0.1",
    "10.255.255.255",
    "0xa.0.0.1",
    "012.0.0.1",
    "167772161",
    "100.64.0.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "172.16.0.1",
    "172.31.255.254",
    "192.0.0.1",
    "192.168.0.1",
    "192.168.1",
    "3232235521",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.\xe2\x93\xaa.\xe2\x93\xaa.\xe2\x91\xa0", /* circled digits */
    "127\xe3\x80\x82"
    "0\xe3\x80\x82"
    "0\xe3\x80\x82"
    "1",                                          /* ideographic full stops */
    "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1", /* full-width digits */
    "\xe2\x93\x81ocalhost",                       /* a circled L */
};

/* Whole addresses; %u is the listener's port. */
static const char *const inner_urls[] = {
    "https://example.com@127.0.0.1:%u/",
    "https://user:password@127.0.0.1:%u/",
    "https://@127.0.0.1:%u/",
    "https://:@127.0.0.1:%u/",
    "https://127.0.0.1:%u@127.0.0.1/",
    "https://a@b@127.0.0.1:%u/",
    "https://127.0.0.1:%u\\@example.com/",
    "https://example.com\\@127.0.0.1:%u/",
    "https:\\\\127.0.0.1:%u\\",
    "https:/\\127.0.0.1:%u/",
    "https://127.0.0.1:%u#@example.com/",
    "https://127.0.0.1:%u?@example.com/",
    "https://127.0.0.1:%u;@example.com/",
    "https:127.0.0.1:%u/",
    "https:/127.0.0.1:%u/",
    "https:///127.0.0.1:%u/",
    "https:////127.0.0.1:%u/",
    "//127.0.0.1:%u/",
    "///127.0.0.1:%u/",
    "\\\\127.0.0.1:%u\\",
    " https://127.0.0.1:%u/",
    "\thttps://127.0.0.1:%u/",
    "https://127.0.0.1:%u/ ",
    "ht\ntps://127.0.0.1:%u/",
    "https://127.0.0.1\t:%u/",
    "https://127.0.\n0.1:%u/",
    "https://127.0.0.1:%u\r\nHost: a/",
    "https://127.0.0.1:%u/\r\nX: y",
    "https:// 127.0.0.1:%u/",
    "https://127.0.0.1 :%u/",
    "https://127.0.0.1:%u /",
    "https://127.0.0.1%%00.example.com:%u/",
    "https://127.0.0.1%%09:%u/",
    "https://127.0.0.1%%20:%u/",
    "https://127.0.0.1%%0d%%0a:%u/",
    "https://127.0.0.1%%2f:%u/",
    "https://127.0.0.1%%40example.com:%u/",
    "https://127.0.0.1%%23:%u/",
    "https://[127.0.0.1]:%u/",
    "https://[::1:%u/",
    "https://::1:%u/",
    "https://[::1]x:%u/",
    "https://[]:%u/",
    "https://[::1].:%u/",
    "https://127.0.0.1:0%u/",
    "https://127.0.0.1:+%u/",
    "https://127.0.0.1:%u0000/",
    "https://127.0.0.1:-%u/",
    "https://127.0.0.1::%u/",
    "https://:%u/",
    "https://.:%u/",
    "https://*:%u/",
    "http://127.0.0.1:%u/",
    "HTTP://127.0.0.1:%u/",
    "HTTPS://127.0.0.1:%u/",
    "hTtPs://127.0.0.1:%u/",
    "ftp://127.0.0.1:%u/",
    "ftps://127.0.0.1:%u/",
    "gopher://127.0.0.1:%u/_x",
    "gophers://127.0.0.1:%u/_x",
    "dict://127.0.0.1:%u/d:x",
    "ldap://127.0.0.1:%u/",
    "ldaps://127.0.0.1:%u/",
    "imap://127.0.0.1:%u/",
    "pop3://127.0.0.1:%u/",
    "smtp://127.0.0.1:%u/",
    "telnet://127.0.0.1:%u/",
    "tftp://127.0.0.1:%u/",
    "rtsp://127.0.0.1:%u/",
    "rtmp://127.0.0.1:%u/",
    "smb://127.0.0.1:%u/",
    "scp://127.0.0.1:%u/",
    "sftp://127.0.0.1:%u/",
    "mqtt://127.0.0.1:%u/",
    "ws://127.0.0.1:%u/",
    "wss://127.0.0.1:%u/",
    "socks5://127.0.0.1:%u/",
    "jar:https://127.0.0.1:%u/",
    "view-source:https://127.0.0.1:%u/",
    "url:https://127.0.0.1:%u/",
    "blob:https://127.0.0.1:%u/",
    "file://127.0.0.1:%u/etc/passwd",
    "file://localhost:%u/etc/passwd",
    "data:text/csv,%u",
    "javascript:%u",
    "about:%u",
    "https+unix://127.0.0.1:%u/",
    "git://127.0.0.1:%u/",
    "ssh://127.0.0.1:%u/",
    "php://127.0.0.1:%u/",
    "netdoc://127.0.0.1:%u/",
};

/* The listener that nothing may reach; its port is allowed, only its addresses are not. */
struct trap {
    struct web web;
    struct http_server listener;
    char port[16];
    const char *ports[1];
};

static void trap_open(struct trap *trap, void (*serve)(struct http_server *server, int fd, unsigned n))
{
    memset(trap, 0, sizeof *trap);
    web_open(&trap->web, serve);
    if (!http_server_start(&trap->listener, "::"))
        ck_assert(http_server_start(&trap->listener, "0.0.0.0"));
    snprintf(trap->port, sizeof trap->port, "%u", trap->listener.port);
    trap->ports[0] = trap->port;
    trap->web.bench.fetch.ports = (struct sluice_list){trap->ports, 1};
    trap->web.bench.fetch.attempts = 1;
    trap->web.bench.fetch.timeout.ms = 3000;
}

static void trap_close(struct trap *trap)
{
    web_close(&trap->web);
    http_server_stop(&trap->listener);
}

static void trap_try(struct trap *trap, const char *location)
{
    const struct sluice_document *document = NULL;
    enum sluice_status status = bench_fetch(&trap->web.bench, location, NULL, &document);
    ck_assert_msg(status == SLUICE_CONFIG || status == SLUICE_RETRY, "%s: %s: %s", location,
                  status_name(status), trap->web.bench.err.message);
    ck_assert_msg(trap->listener.connections == 0, "%s reached the listener", location);
    ck_assert_msg(strstr(trap->web.bench.err.message, "password@") == NULL, "%s",
                  trap->web.bench.err.message);
}

START_TEST(the_listener_would_notice)
{
    struct trap trap;
    char location[128];
    static const char *const all[] = {"all"};
    const struct sluice_document *document = NULL;
    trap_open(&trap, NULL);
    trap.web.bench.fetch.allow_private = (struct sluice_list){all, 1};
    trap.web.bench.fetch.connect_timeout.ms = 50; /* it never answers the handshake */
    snprintf(location, sizeof location, "https://127.0.0.1:%u/", trap.listener.port);
    assert_status(&trap.web.bench, bench_fetch(&trap.web.bench, location, NULL, &document), SLUICE_RETRY);
    ck_assert_uint_eq(trap.listener.connections, 1);
    trap_close(&trap);
}
END_TEST

START_TEST(no_spelling_of_an_inner_host_is_connected_to)
{
    struct trap trap;
    char location[256];
    trap_open(&trap, NULL);
    for (size_t i = 0; i < ELEMENTS(inner_hosts); i++) {
        snprintf(location, sizeof location, "https://%s:%u/list.csv", inner_hosts[i], trap.listener.port);
        trap_try(&trap, location);
    }
    trap_close(&trap);
}
END_TEST

START_TEST(no_hostile_address_is_connected_to)
{
    struct trap trap;
    char location[256];
    trap_open(&trap, NULL);
    for (size_t i = 0; i < ELEMENTS(inner_urls); i++) {
        snprintf(location, sizeof location, inner_urls[i], trap.listener.port);
        trap_try(&trap, location);
    }
    ck_assert_uint_ge(ELEMENTS(inner_hosts) + ELEMENTS(inner_urls), 150);
    trap_close(&trap);
}
END_TEST

static void serve_redirect(struct http_server *server, int fd, unsigned n)
{
    (void)n;
    http_say(fd, "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n",
             (const char *)server->context);
}

START_TEST(no_redirect_leads_to_an_inner_host)
{
    struct trap trap;
    char target[256];
    trap_open(&trap, serve_redirect);
    trap.web.server.context = target;
    for (size_t i = 0; i < ELEMENTS(inner_hosts); i++) {
        snprintf(target, sizeof target, "https://%s:%u/?token=canary", inner_hosts[i], trap.listener.port);
        enum sluice_status status = web_fetch(&trap.web, "/");
        ck_assert_msg(status == SLUICE_CONFIG || status == SLUICE_RETRY, "%s: %s", target,
                      status_name(status));
        ck_assert_msg(trap.listener.connections == 0, "%s reached the listener", target);
        ck_assert_msg(strstr(trap.web.bench.err.message, "canary") == NULL, "%s", trap.web.bench.err.message);
    }
    trap_close(&trap);
}
END_TEST

START_TEST(no_redirect_leads_to_a_file_or_another_scheme)
{
    static const char *const targets[] = {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/_x",
                                          "http://example.com@127.0.0.1/", "https://user:pw@127.0.0.1/"};
    struct web web;
    char target[64];
    web_open(&web, serve_redirect);
    web.server.context = target;
    for (size_t i = 0; i < ELEMENTS(targets); i++) {
        snprintf(target, sizeof target, "%s", targets[i]);
        assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_CONFIG);
    }
    web_close(&web);
}
END_TEST

START_TEST(a_redirect_loop_ends_after_three)
{
    struct web web;
    char target[] = "/again";
    web_open(&web, serve_redirect);
    web.server.context = target;
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_CONFIG);
    assert_says(&web.bench, "more than 3 times");
    ck_assert_uint_eq(web.server.connections, 4);
    web_close(&web);
}
END_TEST

static void serve_303(struct http_server *server, int fd, unsigned n)
{
    (void)server;
    if (n == 0)
        http_say(
            fd, "HTTP/1.1 303 See Other\r\nConnection: close\r\nContent-Length: 3\r\nLocation: b\r\n\r\nold");
    else
        http_answer(fd, "200 OK", "", "hello");
}

START_TEST(a_post_that_is_answered_elsewhere_is_read_from_there)
{
    struct web web;
    web_open(&web, serve_303);
    assert_status(&web.bench,
                  web_request(&web, "/a/x", (struct sluice_fetch_request){.body = "body", .body_size = 4}),
                  SLUICE_OK);
    ck_assert_msg(strncmp(web.server.request, "GET /a/b HTTP/1.1\r\n", 19) == 0, "%s", web.server.request);
    ck_assert_str_eq(web.document->data, "hello");
    web_close(&web);
}
END_TEST

static const struct sluice_fetch_request secret_request = {
    .secret = {.name = "Authorization", .value = "Bearer canary"}};

static void serve_401(struct http_server *server, int fd, unsigned n)
{
    (void)server, (void)n;
    http_answer(fd, "401 Unauthorized", "", "");
}

START_TEST(a_secret_goes_to_api_hosts_only)
{
    struct web web;
    web_open(&web, serve_401);
    assert_status(&web.bench, web_request(&web, "/", secret_request), SLUICE_AUTH);
    assert_says(&web.bench, "fetch.api_hosts");
    ck_assert_msg(strstr(web.server.request, "canary") == NULL, "%s", web.server.request);
    web.bench.fetch.api_hosts = (struct sluice_list){web.hosts, 1};
    assert_status(&web.bench, web_request(&web, "/", secret_request), SLUICE_AUTH);
    ck_assert_msg(strstr(web.server.request, "Authorization: Bearer canary\r\n") != NULL, "%s",
                  web.server.request);
    ck_assert_msg(strstr(web.bench.err.message, "canary") == NULL, "%s", web.bench.err.message);
    web_close(&web);
}
END_TEST

START_TEST(a_secret_does_not_follow_a_redirect)
{
    struct web web, other;
    char target[64];
    const char *both[2];
    web_open(&web, serve_redirect);
    web_open(&other, serve_401);
    both[0] = web.host;
    both[1] = other.host;
    snprintf(target, sizeof target, "http://%s/", other.host);
    web.server.context = target;
    web.bench.fetch.allow_private = web.bench.fetch.allow_http = (struct sluice_list){both, 2};
    web.bench.fetch.api_hosts = (struct sluice_list){both, 1};
    assert_status(&web.bench, web_request(&web, "/", secret_request), SLUICE_AUTH);
    ck_assert_msg(strstr(web.server.request, "canary") != NULL, "%s", web.server.request);
    ck_assert_uint_eq(other.server.connections, 1);
    ck_assert_msg(strstr(other.server.request, "canary") == NULL, "%s", other.server.request);
    web_close(&web);
    web_close(&other);
}
END_TEST

START_TEST(what_is_not_allowed_says_what_to_add)
{
    struct web web;
    char wanted[64];
    web_open(&web, serve_hello);
    web.bench.fetch.allow_private = (struct sluice_list){0};
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_CONFIG);
    snprintf(wanted, sizeof wanted, "add '%s' to fetch.allow_private", web.host);
    assert_says(&web.bench, wanted);
    web.bench.fetch.allow_http = (struct sluice_list){0};
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_CONFIG);
    snprintf(wanted, sizeof wanted, "add '%s' to fetch.allow_http", web.host);
    assert_says(&web.bench, wanted);
    ck_assert_uint_eq(web.server.connections, 0);
    web_close(&web);
}
END_TEST

START_TEST(a_proxy_of_the_environment_is_not_asked)
{
    struct web web, proxy;
    char address[64];
    web_open(&web, serve_hello);
    web_open(&proxy, serve_hello);
    snprintf(address, sizeof address, "http://%s", proxy.host);
    setenv("http_proxy", address, 1);
    setenv("all_proxy", address, 1);
    assert_status(&web.bench, web_fetch(&web, "/"), SLUICE_OK);
    ck_assert_uint_eq(proxy.server.connections, 0);
    web_close(&web);
    web_close(&proxy);
}
END_TEST

CHECK_MAIN("host.fetch_policy", the_listener_would_notice, no_spelling_of_an_inner_host_is_connected_to,
           no_hostile_address_is_connected_to, no_redirect_leads_to_an_inner_host,
           no_redirect_leads_to_a_file_or_another_scheme, a_redirect_loop_ends_after_three,
           a_post_that_is_answered_elsewhere_is_read_from_there, a_secret_goes_to_api_hosts_only,
           a_secret_does_not_follow_a_redirect, what_is_not_allowed_says_what_to_add,
           a_proxy_of_the_environment_is_not_asked)
