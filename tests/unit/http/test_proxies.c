/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "check_main.h"
#include "http/proxies.h"

static enum sluice_status parse(const char *const *names, size_t n, struct proxies *ret_proxies)
{
    struct sluice_error err;
    return proxies_parse(&(struct sluice_list){names, n}, ret_proxies, &err);
}

static struct proxies some(void)
{
    static const char *const names[] = {"127.0.0.1", "10.0.0.0/9", "2001:db8::/33", "::1"};
    struct proxies proxies;
    ck_assert_int_eq(parse(names, ELEMENTS(names), &proxies), SLUICE_OK);
    return proxies;
}

START_TEST(a_network_has_the_addresses_that_begin_like_it)
{
    static const char *const in[] = {"127.0.0.1",        "10.0.0.0", "10.127.255.255", "2001:db8::1",
                                     "2001:db8:7fff::1", "::1",      "::ffff:10.1.2.3"};
    static const char *const out[] = {
        "127.0.0.2", "10.128.0.0", "11.0.0.0", "2001:db8:8000::", "2001:db9::", "::2", "", "10.0.0", "local"};
    const struct proxies trusted = some();
    for (size_t i = 0; i < ELEMENTS(in); i++)
        ck_assert_msg(proxies_trust(&trusted, in[i]), "%s", in[i]);
    for (size_t i = 0; i < ELEMENTS(out); i++)
        ck_assert_msg(!proxies_trust(&trusted, out[i]), "%s", out[i]);
}
END_TEST

START_TEST(a_unix_socket_is_trusted_by_its_name)
{
    static const char *const names[] = {"unix"};
    struct proxies local;
    ck_assert_int_eq(parse(names, 1, &local), SLUICE_OK);
    ck_assert(proxies_trust(&local, "local"));
    ck_assert(!proxies_trust(&local, "127.0.0.1"));
}
END_TEST

START_TEST(everything_is_a_network_too)
{
    static const char *const names[] = {"0.0.0.0/0"};
    struct proxies all;
    ck_assert_int_eq(parse(names, 1, &all), SLUICE_OK);
    ck_assert(proxies_trust(&all, "198.51.100.1"));
    ck_assert(!proxies_trust(&all, "2001:db8::1"));
}
END_TEST

START_TEST(what_is_no_network_is_refused)
{
    static const char *const names[] = {"",
                                        "localhost",
                                        "10.0.0.0/33",
                                        "10.0.0.0/",
                                        "10.0.0.0/8x",
                                        "10.0.0.0/-1",
                                        "::1/129",
                                        "10.0.0/8",
                                        "unix:/path",
                                        "[::1]",
                                        "10.0.0.0/99999999999999999999"};
    struct proxies proxies;
    for (size_t i = 0; i < ELEMENTS(names); i++)
        ck_assert_msg(parse(&names[i], 1, &proxies) == SLUICE_CONFIG, "%s", names[i]);
}
END_TEST

START_TEST(the_client_is_the_last_who_is_no_proxy)
{
    static const struct {
        const char *lines[2], *client;
    } cases[] = {
        {{"192.0.2.1"}, "192.0.2.1"},
        {{"198.51.100.7, 192.0.2.1"}, "192.0.2.1"},
        {{"192.0.2.1,10.1.1.1 ,127.0.0.1"}, "192.0.2.1"},
        {{"198.51.100.7", "192.0.2.1"}, "192.0.2.1"},
        {{"192.0.2.1", "10.1.1.1"}, "192.0.2.1"},
        {{"192.0.2.1:4711"}, "192.0.2.1"},
        {{"[2001:DB8:ffff::1]:4711"}, "2001:db8:ffff::1"},
        {{"2001:db8:ffff:0::1"}, "2001:db8:ffff::1"},
        {{"::ffff:192.0.2.1"}, "192.0.2.1"},
        {{"10.1.1.1"}, "127.0.0.1"},
        {{"unknown"}, "127.0.0.1"},
        {{"192.0.2.1, unknown"}, "127.0.0.1"},
        {{"unknown, 192.0.2.1"}, "192.0.2.1"},
        {{"192.0.2.1, local"}, "127.0.0.1"},
        {{",, ,\t,"}, "127.0.0.1"},
        {{"192.0.2.1,"}, "192.0.2.1"},
        {{""}, "127.0.0.1"},
        {{"["}, "127.0.0.1"},
        {{"192.0.2.1,"
          "1111111111111111111111111111111111111111111111111111111111111111111111111111111111"},
         "127.0.0.1"},
    };
    const struct proxies trusted = some();
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        char client[PEER_SIZE] = "127.0.0.1";
        for (size_t k = 0; k < 2 && cases[i].lines[k] != NULL; k++)
            proxies_follow(&trusted, "127.0.0.1", cases[i].lines[k], client);
        ck_assert_msg(strcmp(client, cases[i].client) == 0, "%s: %s", cases[i].lines[0], client);
    }
}
END_TEST

CHECK_MAIN("http.proxies", a_network_has_the_addresses_that_begin_like_it,
           a_unix_socket_is_trusted_by_its_name, everything_is_a_network_too, what_is_no_network_is_refused,
           the_client_is_the_last_who_is_no_proxy)
