/* SPDX-License-Identifier: Apache-2.0 */
#include "host/address.h"

#include "base/cleanup.h"
#include "check_main.h"

#include <arpa/inet.h>
#include <string.h>

static struct sockaddr_storage address_of(const char *text)
{
    struct sockaddr_storage storage = {.ss_family = AF_INET};
    struct sockaddr_in in4 = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &in4.sin_addr) == 1) {
        memcpy(&storage, &in4, sizeof in4);
        return storage;
    }
    ck_assert_msg(inet_pton(AF_INET6, text, &in6.sin6_addr) == 1, "%s", text);
    memcpy(&storage, &in6, sizeof in6);
    return storage;
}

static const char *const inner[] = {
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.0",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.0.255",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.0",
    "239.255.255.255",
    "240.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "4000::1",
    "1fff::1",
};

static const char *const outer[] = {
    "1.0.0.0",           "1.1.1.1",
    "8.8.8.8",           "9.255.255.255",
    "11.0.0.0",          "100.63.255.255",
    "100.128.0.0",       "126.255.255.255",
    "128.0.0.0",         "169.253.255.255",
    "169.255.0.0",       "172.15.255.255",
    "172.32.0.0",        "192.0.1.0",
    "192.167.255.255",   "192.169.0.0",
    "198.17.255.255",    "198.20.0.0",
    "223.255.255.255",   "2606:4700::1111",
    "2a00:1450:4001::1", "2001:4860:4860::8888",
    "2400::1",           "2003::1",
    "3ffe::1",
};

START_TEST(special_addresses_are_not_public)
{
    for (size_t i = 0; i < ELEMENTS(inner); i++) {
        struct sockaddr_storage address = address_of(inner[i]);
        ck_assert_msg(!address_is_public((const struct sockaddr *)&address), "%s", inner[i]);
    }
}
END_TEST

START_TEST(their_neighbours_are)
{
    for (size_t i = 0; i < ELEMENTS(outer); i++) {
        struct sockaddr_storage address = address_of(outer[i]);
        ck_assert_msg(address_is_public((const struct sockaddr *)&address), "%s", outer[i]);
    }
}
END_TEST

START_TEST(other_families_are_not_public)
{
    const struct sockaddr address = {.sa_family = AF_UNIX};
    ck_assert(!address_is_public(&address));
}
END_TEST

START_TEST(the_machine_knows_its_own)
{
    struct sockaddr_storage loopback = address_of("127.0.0.1");
    struct sockaddr_storage foreign = address_of("8.8.8.8");
    ck_assert(address_is_own((const struct sockaddr *)&loopback));
    ck_assert(!address_is_own((const struct sockaddr *)&foreign));
}
END_TEST

START_TEST(an_address_is_written_as_in_a_url)
{
    char text[ADDRESS_TEXT_SIZE];
    struct sockaddr_storage four = address_of("127.0.0.1"), six = address_of("2001:db8::1");
    address_format((const struct sockaddr *)&four, text);
    ck_assert_str_eq(text, "127.0.0.1");
    address_format((const struct sockaddr *)&six, text);
    ck_assert_str_eq(text, "[2001:db8::1]");
}
END_TEST

CHECK_MAIN("host.address", special_addresses_are_not_public, their_neighbours_are,
           other_families_are_not_public, the_machine_knows_its_own, an_address_is_written_as_in_a_url)
