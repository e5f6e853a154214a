/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates are checked always; only who is trusted can be chosen. */
#include "services.h"
#include "tests/fakes/tls_server.h"

enum { A_DAY = 86400 };

struct https {
    struct bench bench;
    struct tls_server server;
    char host[32], trusted[128];
    const char *hosts[1];
};

/* A server with a certificate of that kind, of which a copy is trusted. */
static void https_open(struct https *https, const char *subject, long seconds, const char *version)
{
    memset(https, 0, sizeof *https);
    bench_open(&https->bench);
    bench_file(&https->bench, "list",
               "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    ck_assert(tls_certificate(https->bench.folder, "server", subject, seconds));
    ck_assert_msg(tls_server_start(&https->server, https->bench.folder, "server", version),
                  "openssl s_server does not start; install openssl");
    snprintf(https->host, sizeof https->host, "127.0.0.1:%u", https->server.port);
    snprintf(https->trusted, sizeof https->trusted, "%s/server.pem", https->bench.folder);
    https->hosts[0] = https->host;
    https->bench.fetch.allow_private = (struct sluice_list){https->hosts, 1};
    https->bench.fetch.attempts = 1;
    https->bench.fetch.ca_file = https->trusted;
}

static void https_close(struct https *https)
{
    tls_server_stop(&https->server);
    bench_close(&https->bench);
}

static enum sluice_status https_fetch(struct https *https)
{
    char location[64];
    const struct sluice_document *document = NULL;
    snprintf(location, sizeof location, "https://%s/list", https->host);
    enum sluice_status status = bench_fetch(&https->bench, location, NULL, &document);
    if (document != NULL) {
        ck_assert_str_eq(document->data, "hello");
        document->release(document);
    }
    return status;
}

START_TEST(a_trusted_certificate_is_enough)
{
    struct https https;
    https_open(&https, "IP:127.0.0.1", A_DAY, NULL);
    assert_status(&https.bench, https_fetch(&https), SLUICE_OK);
    https_close(&https);
}
END_TEST

START_TEST(a_certificate_that_nobody_vouches_for_is_refused)
{
    struct https https;
    https_open(&https, "IP:127.0.0.1", A_DAY, NULL);
    https.bench.fetch.ca_file = NULL;
    assert_status(&https.bench, https_fetch(&https), SLUICE_CONFIG);
    assert_says(&https.bench, "certificate is not trusted");
    https_close(&https);
}
END_TEST

START_TEST(another_authority_than_the_trusted_one_is_refused)
{
    struct https https;
    char other[128];
    https_open(&https, "IP:127.0.0.1", A_DAY, NULL);
    ck_assert(tls_certificate(https.bench.folder, "other", "IP:127.0.0.1", A_DAY));
    snprintf(other, sizeof other, "%s/other.pem", https.bench.folder);
    https.bench.fetch.ca_file = other;
    assert_status(&https.bench, https_fetch(&https), SLUICE_CONFIG);
    https_close(&https);
}
END_TEST

START_TEST(a_certificate_of_another_host_is_refused)
{
    struct https https;
    https_open(&https, "DNS:other.example", A_DAY, NULL);
    assert_status(&https.bench, https_fetch(&https), SLUICE_CONFIG);
    https_close(&https);
}
END_TEST

START_TEST(an_expired_certificate_is_refused)
{
    struct https https;
    https_open(&https, "IP:127.0.0.1", -60, NULL);
    assert_status(&https.bench, https_fetch(&https), SLUICE_CONFIG);
    https_close(&https);
}
END_TEST

START_TEST(an_old_protocol_is_refused)
{
    struct https https;
    https_open(&https, "IP:127.0.0.1", A_DAY, "-tls1_1");
    assert_status(&https.bench, https_fetch(&https), SLUICE_RETRY);
    https_close(&https);
}
END_TEST

CHECK_MAIN("host.fetch_tls", a_trusted_certificate_is_enough,
           a_certificate_that_nobody_vouches_for_is_refused,
           another_authority_than_the_trusted_one_is_refused, a_certificate_of_another_host_is_refused,
           an_expired_certificate_is_refused, an_old_protocol_is_refused)
