/* SPDX-License-Identifier: Apache-2.0 */
#include "host/address.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct block4 {
    uint32_t first;
    unsigned bits;
};

static const struct block4 special4[] = {
    {0x00000000, 8},  /* 0.0.0.0/8: this network */
    {0x0a000000, 8},  /* 10.0.0.0/8: private */
    {0x64400000, 10}, /* 100.64.0.0/10: carrier-grade NAT */
    {0x7f000000, 8},  /* 127.0.0.0/8: loopback */
    {0xa9fe0000, 16}, /* 169.254.0.0/16: link-local, cloud metadata */
    {0xac100000, 12}, /* 172.16.0.0/12: private */
    {0xc0000000, 24}, /* 192.0.0.0/24: protocol assignments */
    {0xc0000200, 24}, /* 192.0.2.0/24: documentation */
    {0xc0586300, 24}, /* 192.88.99.0/24: 6to4 relays */
    {0xc0a80000, 16}, /* 192.168.0.0/16: private */
    {0xc6120000, 15}, /* 198.18.0.0/15: benchmarks */
    {0xc6336400, 24}, /* 198.51.100.0/24: documentation */
    {0xcb007100, 24}, /* 203.0.113.0/24: documentation */
    {0xe0000000, 3},  /* 224.0.0.0/4 multicast, 240.0.0.0/4 reserved, broadcast */
};

struct block6 {
    unsigned char first[4];
    unsigned bits;
};

/* Of 2000::/3, beside which IPv6 has no global unicast. */
static const struct block6 special6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* 2001::/23: protocol assignments, Teredo, ORCHID */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* 2001:db8::/32: documentation */
    {{0x20, 0x02, 0x00, 0x00}, 16}, /* 2002::/16: 6to4 */
    {{0x3f, 0xff, 0x00, 0x00}, 20}, /* 3fff::/20: documentation */
};

static uint32_t mask(unsigned bits)
{
    return UINT32_MAX << (32 - bits);
}

static bool is_public4(uint32_t address)
{
    for (size_t i = 0; i < ELEMENTS(special4); i++)
        if ((address & mask(special4[i].bits)) == special4[i].first)
            return false;
    return true;
}

static uint32_t big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool is_public6(const unsigned char *address)
{
    if ((address[0] & 0xe0) != 0x20)
        return false;
    for (size_t i = 0; i < ELEMENTS(special6); i++)
        if ((big_endian(address) & mask(special6[i].bits)) == big_endian(special6[i].first))
            return false;
    return true;
}

bool address_is_public(const struct sockaddr *address)
{
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    switch (address->sa_family) {
    case AF_INET:
        memcpy(&in4, address, sizeof in4);
        return is_public4(ntohl(in4.sin_addr.s_addr));
    case AF_INET6:
        memcpy(&in6, address, sizeof in6);
        return is_public6(in6.sin6_addr.s6_addr);
    default:
        return false;
    }
}

static bool is_same(const struct sockaddr *a, const struct sockaddr *b)
{
    struct sockaddr_in a4, b4;
    struct sockaddr_in6 a6, b6;
    if (a->sa_family != b->sa_family)
        return false;
    if (a->sa_family == AF_INET) {
        memcpy(&a4, a, sizeof a4);
        memcpy(&b4, b, sizeof b4);
        return a4.sin_addr.s_addr == b4.sin_addr.s_addr;
    }
    if (a->sa_family != AF_INET6)
        return false;
    memcpy(&a6, a, sizeof a6);
    memcpy(&b6, b, sizeof b6);
    return memcmp(&a6.sin6_addr, &b6.sin6_addr, sizeof a6.sin6_addr) == 0;
}

bool address_is_own(const struct sockaddr *address)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) != 0)
        return true;
    bool own = false;
    for (const struct ifaddrs *each = all; each != NULL && !own; each = each->ifa_next)
        own = each->ifa_addr != NULL && is_same(each->ifa_addr, address);
    freeifaddrs(all);
    return own;
}

void address_format(const struct sockaddr *address, char ret_text[ADDRESS_TEXT_SIZE])
{
    char text[INET6_ADDRSTRLEN] = "?";
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    if (address->sa_family == AF_INET) {
        memcpy(&in4, address, sizeof in4);
        inet_ntop(AF_INET, &in4.sin_addr, text, sizeof text);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&in6, address, sizeof in6);
        inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text);
    }
    bool brackets = address->sa_family == AF_INET6;
    snprintf(ret_text, ADDRESS_TEXT_SIZE, "%s%s%s", brackets ? "[" : "", text, brackets ? "]" : "");
}
